"""kill -9 on the way of an alert, at every named point and of every process, and what must hold then (reliability B1).

`rehearse` does one round or more in a world; `report` writes build/rig.json. Called by tests/rig/test_kill.py.
"""

import json
import os
import random
import shutil
import signal
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from pathlib import Path

from common.workdays import OFFICIAL
from tests.rig.browser import log_in
from tests.rig.seed import FIRST_DAY, NODES
from tests.rig.world import ROOT, World, until

PEOPLE = 24
POINTS = {  # in the order of an alert's way, and how often one process passes at least: the kill hits any passing
    "task.received": 1,
    "job.claimed": 1,
    "scan.before": 3,
    "scan.computed": 3,
    "scan.after_insert": 3,
    "scan.committed": 3,
    "digest.inserted": 8,
    "bell.rung": 1,
    "mail.leased": 1,
    "mail.rcpt_accepted": 4,
    "mail.data_sent": 4,
    "mail.after_smtp": 4,
    "mail.marked": 4,
    "task.done": 1,
}
WINDOW = ("mail.data_sent", "mail.after_smtp")  # S8, S9: the server has the mail and we have not marked it
FLIGHT = 2.0  # seconds a mail may be between the server's 250 and our mark on a loaded machine
PROCESSES = ("child", "parent", "workers", "beat")  # who is killed while a child stands at the point
WORKERS = ("worker-a", "worker-b")
OVERDUE = "SELECT 'milestone:' || id FROM projects_milestone WHERE due_on < %s AND is_applicable AND done_on IS NULL"
DUE = "SELECT 'milestone:' || id FROM projects_milestone WHERE due_on BETWEEN %s AND %s AND is_applicable"
SCANNED = "SELECT count(*) FROM alerts_jobrun WHERE job = 'scan' AND business_date = %s AND finished_at IS NOT NULL"
BOOKS = """
    SELECT count(*),
        count(*) FILTER (WHERE notice.state IN ('sent', 'pending', 'dead', 'suppressed', 'undeliverable')),
        count(*) FILTER (WHERE notice.state <> CASE mail.state
            WHEN 'cancelled' THEN 'suppressed' ELSE coalesce(mail.state, notice.state) END
            OR mail.id IS NULL AND notice.state IN ('sent', 'dead'))
    FROM alerts_alertnotice AS notice LEFT JOIN alerts_mail AS mail ON mail.id = notice.mail_id"""

REPORTED: dict[str, "Point"] = {}  # in this run, by point


@dataclass
class Point:
    """What became of the kills at one point (contract of build/rig.json)."""

    point: str
    seed: int
    kills: int = 0
    expected: int = 0
    records: int = 0
    missing: int = 0
    duplicate_records: int = 0
    duplicate_mails: int = 0
    duplicates_in_window: int = 0
    same_message_id: bool = True


@dataclass
class Books:
    """The conservation law, looked at again and again: created = sent + pending + dead + suppressed + undeliverable,
    no notice says something else than its mail, and none ever disappears."""

    world: World
    samples: int = 0
    created: int = 0
    broken: list[tuple] = field(default_factory=list)

    def sample(self) -> None:
        created, accounted, astray = self.world.query(BOOKS)[0]
        if created != accounted or astray or created < self.created:
            self.broken.append((self.created, created, accounted, astray))
        self.samples, self.created = self.samples + 1, created


def projects_for(kills: int) -> int:
    """Projects per person, so that every working day of the rehearsal brings a node to miss."""
    return -(-(kills + 5) // len(NODES))


def rehearse(world: World, books: Books, days: Sequence[date], seed: int) -> list[Point]:
    """One kill per working day: every point in turn, each round by another process, and at the end the web's."""
    chance = random.Random(seed)
    results = {point: Point(point, seed) for point in POINTS}
    for name in WORKERS:
        world.start_worker(name, children=1)
    world.start_beat()
    for serial, day in enumerate(days):
        lap, place = divmod(serial, len(POINTS))
        point = list(POINTS)[place]
        turn = chance.randint(1, POINTS[point])
        before = world.arrived()
        world.set_day(day)
        world.arm(point, turn, serial)
        pid = until(world.victim, seconds=60, what=f"process at {point}", each=0.1, meanwhile=books.sample)
        struck = _kill(world, pid, PROCESSES[(place + lap) % len(PROCESSES)], f"{point}:{turn}")
        until(lambda day=day: _settled(world, day), seconds=120, what=f"end of {day}", each=0.3, meanwhile=books.sample)
        _judge(world, day, results[point], before, struck)
    _kill_web(world, books, days[-1], results["bell.rung"])
    for name in (*WORKERS, "beat", "web"):
        world.kill(name)
    return list(results.values())


def _kill(world: World, pid: int, process: str, point: str) -> list[float]:
    """SIGKILL to one of the processes while a worker's child stands at the point; then start it again. Returns when."""
    struck = [time.time()]
    world.note(f"kill -9 at {point}: {process}, pid {pid} of {(owner := world.owner(pid))} stands there")
    if process == "child":
        os.kill(pid, signal.SIGKILL)  # its parent starts another
    elif process == "parent":
        world.kill_alone(owner)
        world.release()  # the orphan does the rest of its work beside the new worker
        world.start_worker(owner, children=1)
    elif process == "workers":
        until(lambda: _quiet(world), seconds=20, what="the other worker's rest")
        for name in WORKERS:
            struck.append(time.time())
            world.kill(name)
        for name in WORKERS:
            world.start_worker(name, children=1)
    else:
        world.kill("beat")
        world.release()
        world.start_beat()
    return struck


def _quiet(world: World) -> bool:
    """Whether no mail was marked for half a second: the other worker is not in the window with a mail of its own."""
    marked = "SELECT count(*) FROM alerts_mail WHERE state = 'sent'"
    before = world.value(marked)
    time.sleep(0.5)
    return world.value(marked) == before


def _kill_web(world: World, books: Books, day: date, result: Point) -> None:
    """The web process dies after it rang for a mail that somebody asked for."""
    boss = log_in(world.start_web())
    before, mails = world.arrived(), sum(world.arrived().values())
    world.arm(result.point, 1, -1)

    def ask() -> None:
        with suppress(OSError):
            boss.post("/alerts/operations/", "/alerts/operations/test/")

    visitor = threading.Thread(target=ask)
    visitor.start()
    pid = until(world.victim, seconds=60, what="web process at the bell", each=0.1)
    assert world.owner(pid) == "web"
    world.note(f"kill -9 at {result.point}: web, pid {pid}")
    os.kill(pid, signal.SIGKILL)
    visitor.join()
    until(boss.answers, seconds=40, what="the site again")
    world.note("web answers again")
    until(
        lambda: _settled(world, day) and sum(world.arrived().values()) > mails,
        seconds=60, what="the mail that was asked for", meanwhile=books.sample,
    )  # fmt: skip
    _judge(world, day, result, before, [])


def _settled(world: World, day: date) -> bool:
    """The day's scan is done, everybody has been written to, nothing waits."""
    return (
        world.value(SCANNED, day) == 1
        and world.value("SELECT count(*) FROM alerts_mail WHERE business_date = %s AND state = 'sent'", day) >= PEOPLE
        and world.value("SELECT count(*) FROM alerts_mail WHERE state = 'pending'") == 0
    )


def expected_on(world: World, day: date) -> set[tuple[str, str]]:
    """(rule, subject) of the nodes that are late or due, by SQL of the rig's own."""
    late = {("node_overdue", subject) for (subject,) in world.query(OVERDUE, day)}
    return late | {("node_due", subject) for (subject,) in world.query(DUE, day, OFFICIAL.add(day, 3))}


def in_flight(moments: Sequence[float], struck: Sequence[float]) -> bool:
    """Whether a mail that came more than once was in a killed process' hands: the server had just taken it (S8, S9)."""
    return any(-0.1 <= kill - first <= FLIGHT for first in moments[:-1] for kill in struck)


def _judge(world: World, day: date, result: Point, before: Counter, struck: Sequence[float]) -> None:
    """Count what should be there, what is, and what came twice: from the window the point stands for, or from that of
    a mail which the other worker was sending when it was killed too."""
    expected = expected_on(world, day)
    found = world.query("SELECT rule, subject FROM alerts_alert WHERE closed_at IS NULL")
    arrivals = world.arrivals()
    mails = {key for (key,) in world.query("SELECT message_id FROM alerts_mail WHERE state = 'sent'")}
    again = {key: len(moments) - max(before[key], 1) for key, moments in arrivals.items()}
    again = {key: count for key, count in again.items() if count > 0}
    in_window = [key for key in again if result.point in WINDOW or in_flight(arrivals[key], struck)]
    episodes = "SELECT count(*) FROM (SELECT 1 FROM alerts_alert GROUP BY rule, subject HAVING count(*) > 1) AS twice"
    result.kills += 1
    result.expected += len(expected)
    result.records += len(set(found) & expected)
    result.missing += len(expected - set(found)) + len(mails - set(arrivals))
    result.duplicate_records += len(found) - len(set(found)) + world.value(episodes)
    result.duplicate_mails += sum(again.values())
    result.duplicates_in_window += sum(again[key] for key in in_window)
    result.same_message_id = result.same_message_id and set(arrivals) <= mails


def working_days(count: int, after: date | None = None) -> list[date]:
    """The next `count` working days of the rehearsal."""
    day, days = after or OFFICIAL.sub(FIRST_DAY, 1), []
    for _ in range(count):
        day = OFFICIAL.add(day, 1)
        days.append(day)
    return days


def added(results: Sequence[Point]) -> list[Point]:
    """The results of several worlds as one row per point."""
    rows: dict[str, Point] = {}
    for result in results:
        row = rows.setdefault(result.point, Point(result.point, result.seed))
        for name, value in asdict(result).items():
            if name == "same_message_id":
                row.same_message_id = row.same_message_id and value
            elif name not in ("point", "seed"):
                setattr(row, name, getattr(row, name) + value)
    return list(rows.values())


def report(results: Sequence[Point]) -> Path:
    """Write the rows into build/rig.json, beside those of other rehearsals."""
    REPORTED.update({result.point: result for result in results})
    target = ROOT / "build" / "rig.json"
    target.parent.mkdir(exist_ok=True)
    names = {result.point for result in results}
    others = json.loads(target.read_text()) if target.exists() else []
    rows = [row for row in others if row["point"] not in names] + [asdict(result) for result in results]
    target.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n")
    return target


def keep_log(world: World, name: str) -> None:
    """The world's log to build/, where it outlives the test."""
    (ROOT / "build").mkdir(exist_ok=True)
    shutil.copyfile(world.folder / "rig.log", ROOT / "build" / name)


def table() -> str:
    """What was reported in this run, for people."""
    columns = [name.name for name in fields(Point) if name.name != "seed"]
    rows = [columns, *([str(getattr(row, name)) for name in columns] for row in REPORTED.values())]
    widths = [max(len(row[place]) for row in rows) for place in range(len(columns))]
    return "\n".join("  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
