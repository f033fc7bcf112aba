"""kill -9 in the middle of a scan and of a delivery run, and what must hold afterwards (reliability B1).

`rehearse` does one kind of kills in a world; `report` writes build/rig.json. Called by tests/rig/test_kill.py.
"""

import json
import os
import random
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from common.workdays import OFFICIAL
from tests.rig.seed import FIRST_DAY, NODES
from tests.rig.world import ROOT, World, until

PEOPLE = 24
SCAN_POINTS = ("job.claimed", "scan.before", "scan.after_insert", "scan.committed", "digest.inserted")
MAIL_POINTS = ("mail.leased", "mail.after_smtp", "mail.marked")
MOST_PASSINGS = {  # how often a process passes the point in one run, at least: the kill hits any of them
    "job.claimed": 1,
    "scan.before": 3,
    "scan.after_insert": 3,
    "scan.committed": 3,
    "digest.inserted": PEOPLE,
    "mail.leased": 1,
    "mail.after_smtp": 8,
    "mail.marked": 8,
}
WINDOW = "mail.after_smtp"  # between the server's 250 and the commit: here a mail may arrive twice
OVERDUE = "SELECT 'milestone:' || id FROM projects_milestone WHERE due_on < %s AND is_applicable AND done_on IS NULL"
DUE = "SELECT 'milestone:' || id FROM projects_milestone WHERE due_on BETWEEN %s AND %s AND is_applicable"


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


def projects_for(kills: int) -> int:
    """Projects per person, so that every working day of the rehearsal brings a node to miss."""
    return -(-(kills + 5) // len(NODES))


def rehearse(world: World, points: Sequence[str], days: Sequence[date], seed: int) -> list[Point]:
    """One kill per day, going round the points; every second one hits the whole worker, the others its child."""
    chance = random.Random(seed)
    results = {point: Point(point, seed) for point in points}
    world.start_worker()
    for serial, day in enumerate(days):
        point = points[serial % len(points)]
        turn = chance.randint(1, MOST_PASSINGS[point])
        world.set_day(day)
        before = world.arrived()
        world.arm(point, turn, serial)
        pid = until(world.victim, seconds=60, what=f"process at {point}", each=0.1, meanwhile=world.ring)
        _kill(world, pid, whole_worker=serial % 2 == 0, point=f"{point}:{turn}")
        until(
            lambda day=day: _settled(world, day),
            seconds=120,
            what=f"end of {day} after a kill at {point}",
            each=0.5,
            meanwhile=world.ring,
        )
        _judge(world, day, results[point], before)
    world.kill("worker")
    return list(results.values())


def _kill(world: World, pid: int, *, whole_worker: bool, point: str) -> None:
    world.note(f"kill -9 at {point}: pid {pid} ({'whole worker' if whole_worker else 'child'})")
    if whole_worker:
        world.kill("worker")
        world.start_worker()
    else:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _scanned(world: World, day: date) -> bool:
    done = "SELECT count(*) FROM alerts_jobrun WHERE business_date = %s AND finished_at IS NOT NULL"
    return world.value(done, day) == 1


def _settled(world: World, day: date) -> bool:
    """The day's scan is done, everybody has been written to, nothing waits."""
    return (
        _scanned(world, day)
        and world.value("SELECT count(*) FROM alerts_mail WHERE business_date = %s AND state = 'sent'", day) >= PEOPLE
        and world.value("SELECT count(*) FROM alerts_mail WHERE state = 'pending'") == 0
    )


def _judge(world: World, day: date, result: Point, before) -> None:
    """Count what should be there, what is, and what came twice."""
    expected = {("node_overdue", subject) for (subject,) in world.query(OVERDUE, day)}
    expected |= {("node_due", subject) for (subject,) in world.query(DUE, day, OFFICIAL.add(day, 3))}
    found = world.query("SELECT rule, subject FROM alerts_alert WHERE closed_at IS NULL")
    arrived = world.arrived()
    mails = {key for (key,) in world.query("SELECT message_id FROM alerts_mail WHERE state = 'sent'")}
    again = sum(count - max(before[key], 1) for key, count in arrived.items() if count > max(before[key], 1))
    episodes = "SELECT count(*) FROM (SELECT 1 FROM alerts_alert GROUP BY rule, subject HAVING count(*) > 1) AS twice"
    result.kills += 1
    result.expected += len(expected)
    result.records += len(set(found) & expected)
    result.missing += len(expected - set(found)) + len(mails - set(arrived))
    result.duplicate_records += len(found) - len(set(found)) + world.value(episodes)
    result.duplicate_mails += again
    result.duplicates_in_window += again if result.point == WINDOW else 0
    result.same_message_id = result.same_message_id and set(arrived) <= mails and _books_balance(world)


def _books_balance(world: World) -> bool:
    """Every notice is in one of the five states, and agrees with its mail."""
    return not world.value(
        """SELECT count(*) FROM alerts_alertnotice AS notice LEFT JOIN alerts_mail AS mail ON mail.id = notice.mail_id
        WHERE notice.state NOT IN ('pending', 'sent', 'dead', 'suppressed', 'undeliverable')
           OR (notice.state = 'sent') <> (mail.state IS NOT DISTINCT FROM 'sent')"""
    )


def working_days(count: int, after: date | None = None) -> list[date]:
    """The next `count` working days of the rehearsal."""
    day, days = after or OFFICIAL.sub(FIRST_DAY, 1), []
    for _ in range(count):
        day = OFFICIAL.add(day, 1)
        days.append(day)
    return days


def report(results: list[Point]) -> Path:
    """Write build/rig.json and print the table."""
    target = ROOT / "build" / "rig.json"
    target.parent.mkdir(exist_ok=True)
    rows = [asdict(result) for result in results]
    names = {row["point"] for row in rows}
    others = json.loads(target.read_text()) if target.exists() else []
    kept = [row for row in others if row["point"] not in names]  # of the other rehearsals
    target.write_text(json.dumps(kept + rows, indent=1, ensure_ascii=False) + "\n")
    columns = [name for name in asdict(results[0]) if name != "seed"]
    lines = ["  ".join(columns)]
    lines += ["  ".join(str(getattr(row, name)).rjust(len(name)) for name in columns) for row in results]
    sys.stdout.write("\n".join(lines) + f"\nseed {results[0].seed} → {target.relative_to(ROOT)}\n")
    return target
