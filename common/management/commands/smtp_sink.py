"""manage.py smtp_sink: a mail server that keeps what it is given, for rehearsals and the fault rig."""

import json
import signal
import threading
import time
from datetime import datetime
from email.header import decode_header, make_header
from email.parser import BytesHeaderParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from common.clock import SHANGHAI


class Keeper:
    """An aiosmtpd handler: each mail becomes an .eml file and one line of mails.jsonl, flushed before the reply."""

    def __init__(self, folder: Path, *, refuse: set[str], greylist: int, reject_all: str, delay: float) -> None:
        self.folder = folder
        self.refuse, self.greylist, self.reject_all, self.delay = refuse, greylist, reject_all, delay
        self.met: dict[str, int] = {}
        self.taken = len(list(folder.glob("*.eml")))
        self.lock = threading.Lock()

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):  # noqa: N802 (aiosmtpd's name)
        self.met[address] = self.met.get(address, 0) + 1
        if self.reject_all:
            return self.reject_all
        if address in self.refuse:
            return "550 5.1.1 no such mailbox"
        if self.met[address] <= self.greylist:
            return "450 4.2.0 greylisted, come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.delay:
            time.sleep(self.delay)
        headers = BytesHeaderParser().parsebytes(envelope.original_content)
        with self.lock:
            self.taken += 1
            name = f"{self.taken:06d}.eml"
            (self.folder / name).write_bytes(envelope.original_content)
            line = {
                "at": datetime.now(SHANGHAI).isoformat(timespec="milliseconds"),
                "message_id": headers["Message-ID"],
                "from": envelope.mail_from,
                "to": envelope.rcpt_tos,
                "subject": str(make_header(decode_header(headers["Subject"] or ""))).strip(),
                "file": name,
            }
            with (self.folder / "mails.jsonl").open("a", encoding="utf-8") as ledger:
                ledger.write(json.dumps(line, ensure_ascii=False) + "\n")
        return "250 OK"


class Command(BaseCommand):
    help = "接收邮件并存为文件（演练用）：每封一个 .eml，目录里的 mails.jsonl 每封一行。"
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1", help="监听地址")
        parser.add_argument("--port", type=int, default=2525, help="端口")
        parser.add_argument("--dir", type=Path, required=True, help="存放目录")
        parser.add_argument(
            "--refuse", action="append", default=[], metavar="地址", help="永久拒收的地址（550），可多次"
        )
        parser.add_argument("--greylist", type=int, default=0, metavar="N", help="每个地址前 N 次暂时拒收（450）")
        parser.add_argument(
            "--reject-all", default="", metavar="答复", help="对所有收件人这样答复，例如 “451 try later”"
        )
        parser.add_argument("--delay", type=float, default=0, metavar="秒", help="收信后等待再答复")

    def handle(self, *, host: str, port: int, dir: Path, refuse: list[str], **options) -> None:
        try:
            from aiosmtpd.controller import Controller
        except ImportError as error:
            raise CommandError("缺少 aiosmtpd：它只随开发依赖安装（requirements-dev.txt）。") from error
        dir.mkdir(parents=True, exist_ok=True)
        keeper = Keeper(
            dir,
            refuse=set(refuse),
            greylist=options["greylist"],
            reject_all=options["reject_all"],
            delay=options["delay"],
        )
        controller = Controller(keeper, hostname=host, port=port, data_size_limit=None)
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        try:
            controller.start()
        except OSError as error:
            raise CommandError(f"不能在 {host}:{port} 接收邮件：{error}") from error
        self.stdout.write(f"邮件接收器 {host}:{port} → {dir}")
        self.stdout.flush()
        stop.wait()
        controller.stop()
