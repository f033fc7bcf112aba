"""The way back of an offline workbook: what was taken, what stands now, what the person made of it, cell by cell.

A cell is unchanged (as it was taken, or as it stands now), applied (only the person changed it) or in conflict (both
did: the person chooses). Pure reading; the same for the page and for the write.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.models import User
from accounts.roles import Can
from common.importing import Facts, Fault
from common.periods import Period
from ingest import offline
from ingest.offline import FIELDS, KEEPS, MONTH, TOKEN, Taken
from investment.actions import locks_on
from projects.import_columns import PART as PROJECTS
from projects.models import Project

APPLIED, CONFLICT = "applied", "conflict"
MINE, THEIRS = "mine", "theirs"
LABELS = {column.source: column.label for column in PROJECTS.columns}
_DATES = ("start", "end")


@dataclass
class Cell:
    """One cell that is not as it was: `before` is what stands on the platform, `after` what the person wrote."""

    source: str
    label: str
    state: str
    before: str
    after: str
    value: Any = None

    @property
    def field(self) -> str:
        return FIELDS.get(self.source, self.source)


@dataclass
class Line:
    """One row of the workbook. `refusal` is why nothing of it can be taken."""

    row: int
    name: str
    number: str = ""
    project: int | None = None
    version: int = 0
    period: Period | None = None
    refusal: str = ""
    problems: list[str] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)

    @property
    def conflicts(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.state == CONFLICT]

    @property
    def applied(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.state == APPLIED]

    def moves_a_date(self, chosen: Mapping[str, str]) -> bool:
        """Whether a planned date that had a value would change."""
        return any(c.source in _DATES and c.before and taken(self, c, chosen) for c in self.cells)


def taken(line: Line, cell: Cell, chosen: Mapping[str, str]) -> bool:
    """Whether the person's value is written, under the choices made so far."""
    return cell.state == APPLIED or choice(line, cell, chosen) == MINE


def choice(line: Line, cell: Cell, chosen: Mapping[str, str]) -> str:
    """What was chosen for a conflict: of the cell, else of its row."""
    return chosen.get(f"c_{line.row}_{cell.source}") or chosen.get(f"r_{line.row}") or ""


def merge(rows: Iterable[Mapping[str, Any]], errors: Iterable[Mapping[str, Any]], by: User, today: date) -> list[Line]:
    """Every row of a returned workbook against what stands now."""
    rows = list(rows)
    told: dict[int, list[str]] = {}
    for error in errors:
        if error["row"]:
            told.setdefault(error["row"], []).append(error["message"])
    seals = [offline.unseal(str(row.get(TOKEN) or "")) for row in rows]
    wanted = {seal.project for seal in seals if seal}
    projects = Project.objects.visible_to(by).in_bulk(wanted)
    editable = set(
        Project.objects.editable_by(by, Can.EDIT_PROJECTS).filter(pk__in=wanted).values_list("pk", flat=True)
    )
    owners = User.objects.in_bulk({seal.user for seal in seals if seal})
    periods = {seal.period for seal in seals if seal}
    held = {period: offline.states(projects, period) for period in periods}
    lines: list[Line] = []
    seen: set[int] = set()
    for row, seal in zip(rows, seals, strict=True):
        line = Line(row["row"], row["name"], problems=told.get(row["row"], []))
        lines.append(line)
        line.refusal = _refusal(seal, row, projects, editable, owners, by, today, seen)
        if line.refusal or seal is None:
            continue
        seen.add(seal.project)
        project = projects[seal.project]
        line.project, line.version, line.number, line.period = project.pk, project.version, project.number, seal.period
        _compare(line, row, seal, held[seal.period][project.pk], by, today)
    return lines


def _refusal(
    seal: Taken | None,
    row: Mapping[str, Any],
    projects: Mapping[int, Project],
    editable: set[int],
    owners: Mapping[int, User],
    by: User,
    today: date,
    seen: set[int],
) -> str:
    """Why a row is not taken, in a sentence; "" when it is."""
    if seal is None:
        if row.get(TOKEN):
            return "识别码不对，可能被改动过。请从平台重新下载“我的项目”，把修改抄过去。"
        return "没有识别码，不是从平台下载的行。新项目请在平台上登记，或用“导入清单”。"
    if seal.user != by.pk:
        owner = owners.get(seal.user)
        return f"这一行是{owner.display_name if owner else '别人'}下载的，只能由本人交回。请用您自己下载的文件。"
    if today - seal.on > KEEPS:
        return f"这一行是 {seal.on} 下载的，已超过 {KEEPS.days} 天。请重新下载“我的项目”，把修改抄过去。"
    if seal.project not in projects:
        return "这个项目您已看不到，没有写入。如工作需要，请联系本单位管理员。"
    if seal.project not in editable:
        return "您现在不能修改这个项目，没有写入。如工作需要，请联系本单位管理员。"
    if seal.project in seen:
        return "同一个项目出现了两次，只取前面的一行。"
    return ""


def _compare(line: Line, row: Mapping[str, Any], seal: Taken, held: Mapping[str, Any], by: User, today: date) -> None:
    values, faults = _values(row, today)
    line.problems += [f"「{LABELS.get(fault.source, '完成投资')}」应为{fault.expected}" for fault in faults]
    faulty = {fault.source for fault in faults}
    if MONTH in values and values[MONTH] != held[MONTH]:
        if not offline.reports(held["stage"]):
            line.problems.append("项目还没有开工，不填报完成投资。")
            faulty.add(MONTH)
        elif not by.may(Can.REPORT):
            line.problems.append("您的账号不能填报完成投资。")
            faulty.add(MONTH)
        elif today > locks_on(seal.period):
            line.problems.append(f"{seal.period.label}已过报送期，请在项目页补报并说明原因。")
            faulty.add(MONTH)
        elif values[MONTH] < 0:
            line.problems.append("负数（冲减）要说明冲减哪个月，请在项目页填报。")
            faulty.add(MONTH)
    for source in (MONTH, *FIELDS):
        if source not in values or source in faulty:
            continue
        mine, now = offline.shown(source, values[source]), offline.shown(source, held[source])
        base = seal.digests[source]
        if mine == now or offline.digest(mine) == base:
            continue
        state = APPLIED if offline.digest(now) == base else CONFLICT
        label = f"{seal.period.label}完成投资（万元）" if source == MONTH else LABELS[source]
        line.cells.append(Cell(source, label, state, now, mine, values[source]))


def _values(row: Mapping[str, Any], today: date) -> tuple[dict[str, Any], list[Fault]]:
    """The cells of a row in our terms, by source; blank ones give none."""
    columns = {column.source: column for column in PROJECTS.columns}

    def option(source: str, text: str) -> str | None:
        meaning = columns[source].meaning
        return (meaning(text) if meaning else None) or None

    facts = Facts(today, None, None, None, lambda text: None, option, lambda name: None)
    reading = {"name": row["name"], "clear": [s for s in row.get("clear", ()) if s in FIELDS]}
    reading |= {source: row[source] for source in FIELDS if row.get(source) is not None}
    cleaned = PROJECTS.clean(reading, facts)
    values = {source: cleaned.values[field] for source, field in FIELDS.items() if field in cleaned.values}
    faults = list(cleaned.faults)
    unknown = [source for source in ("industry", "level", "nature") if source in reading and source not in values]
    faults += [Fault(source, "label_unknown", "下拉列表中的一项", str(reading[source])) for source in unknown]
    if row.get(MONTH) is not None:
        values[MONTH] = Decimal(row[MONTH])
    return values, faults


def fingerprint(lines: Iterable[Line]) -> str:
    """What a person has seen: when it differs at the write, it is shown again."""
    told = [
        [line.row, line.refusal, line.version, [[c.source, c.state, c.before, c.after] for c in line.cells]]
        for line in lines
    ]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()
