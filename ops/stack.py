"""`make stack`: the production processes on one machine without Docker, on real PostgreSQL, Redis and SMTP.

It is a rehearsal of production, not a replacement: the mail goes to a sink, and a secret is made on the spot.
Everything may be set from the environment; what is not is filled in here. Data lies under var/stack.
"""

import os
import secrets
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from psycopg2 import errors, sql

from common import supervisor

ROOT = Path(__file__).resolve().parent.parent
MAINTENANCE_DATABASE = "postgres"


def environment() -> dict[str, str]:
    """What production settings demand, with defaults for this machine under whatever is set already."""
    port, smtp_port = os.environ.get("PORT", "8000"), os.environ.get("SMTP_PORT", "2525")
    var = Path(os.environ.get("VAR_DIR", ROOT / "var" / "stack"))
    var.mkdir(parents=True, exist_ok=True)
    defaults = {
        "DJANGO_SETTINGS_MODULE": "config.settings.prod",
        "VAR_DIR": str(var),
        "STATIC_ROOT": str(var / "static"),
        "DATABASE_URL": "postgres://root@127.0.0.1:5432/dongliang_stack",
        "REDIS_URL": "redis://127.0.0.1:6379/1",
        "EMAIL_URL": f"smtp://127.0.0.1:{smtp_port}",
        "SMTP_PORT": smtp_port,
        "HOST": "127.0.0.1",
        "PORT": port,
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "BASE_URL": f"http://127.0.0.1:{port}",
        "HTTPS": "0",
        "ALLOW_DEMO_REGION": "1",
        "DEMO": "1",
    }
    if "SECRET_KEY" not in os.environ and "SECRET_KEY_FILE" not in os.environ:
        defaults["SECRET_KEY_FILE"] = str(secret_in(var / "secret_key"))
    return {**defaults, **os.environ}


def secret_in(path: Path) -> Path:
    """A file with a secret key of its own, readable by its owner only."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path


def create_database(url: str) -> None:
    """Create the database that the URL names, unless it is there."""
    parts = urlsplit(url)
    connection = psycopg2.connect(urlunsplit(parts._replace(path=f"/{MAINTENANCE_DATABASE}")), connect_timeout=5)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(parts.path.lstrip("/"))))
    except errors.DuplicateDatabase:
        pass
    finally:
        connection.close()


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """Prepare, start, watch. Exit code 0 after a signal, 1 when something does not stay up, 2 when it cannot begin."""
    os.chdir(ROOT)
    env = environment()
    os.environ.update(env)
    if not supervisor.port_is_free(env["HOST"], int(env["PORT"])):
        say(f"端口 {env['PORT']} 已被占用，请换一个：make stack PORT=8001")
        return 2
    try:
        create_database(env["DATABASE_URL"])
    except psycopg2.OperationalError as error:
        say(f"连不上 PostgreSQL：{error}请检查 DATABASE_URL。")
        return 2
    manage = [sys.executable, "manage.py"]
    demo = ["--demo"] if env["DEMO"] == "1" else []
    for step in (["prepare", *demo], ["collectstatic", "--noinput", "--verbosity", "0"]):
        if subprocess.run([*manage, *step]).returncode:
            return 2
    mails = Path(env["VAR_DIR"]) / "mails"
    services = [
        supervisor.Service("邮件接收器", [*manage, "smtp_sink", "--port", env["SMTP_PORT"], "--dir", str(mails)]),
        supervisor.web(),
        supervisor.worker(),
        supervisor.beat(),
    ]
    url = f"http://127.0.0.1:{env['PORT']}/"

    database = env["DATABASE_URL"].rpartition("@")[2]  # without the password

    def announce() -> None:
        say(f"\n就绪：{url}　状态：{url}readyz　邮件：{mails}　数据库：{database}　按 Ctrl-C 停止。")

    return supervisor.Supervisor(services, say=say).run(
        ready=lambda: supervisor.answers(f"{url}readyz"), on_ready=announce
    )


if __name__ == "__main__":
    sys.exit(main())
