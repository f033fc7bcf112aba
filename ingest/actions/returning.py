"""An offline workbook comes back: kept as it is, merged, and what was chosen is written."""

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts import audit
from accounts.models import User
from common import clock
from common.db import save_versioned
from common.errors import DomainError, NotAllowed, StaleVersion
from common.excel import gate, sandbox
from common.excel.grid import Grid
from common.excel.model import Choices
from common.excel.records import understand_records
from common.excel.text import show, tidy
from common.importing import CLEAR
from common.periods import Period
from ingest import files, offline, threeway
from ingest.models import OfflineReturn
from ingest.offline import FIELDS, MONTH
from ingest.threeway import MINE, Line
from investment.actions import submit_month
from investment.models import MonthlyEntry
from projects.actions import edit_project
from projects.import_columns import model_values
from projects.models import Project


class MergeOutdated(DomainError):
    """Somebody changed a project after the page was shown: it is shown again."""

    status = 409
    code = "merge_outdated"


def take_back(*, upload: UploadedFile, by: User) -> OfflineReturn:
    """Keep a returned workbook and read it. Raises FileRefused, DomainError: one sentence."""
    content, name, extension = files.take(upload)
    grids = sandbox.read_grids(content, gate.check(content, name))
    columns = offline.columns(Period.of(clock.today()))
    month = next(column for column in columns if column.field == MONTH)
    headers = {text: MONTH for grid in grids for text in _headers(grid) if text.endswith("月完成投资（万元）")}
    choices = Choices(values={source: {CLEAR: ""} for source in FIELDS}, aliases=headers)
    found = understand_records(grids, name, choices, [month, *(column for column in columns if column is not month)])
    told = {column.field for sheet in found.sheets if sheet.imported for column in sheet.columns}
    if offline.TOKEN not in told:
        raise DomainError("这不是从平台下载的“我的项目”工作簿：没有识别码列。请重新下载后填写，或用“导入清单”。")
    by_name = {grid["name"]: Grid(grid) for grid in grids}
    places = {(sheet.name, column.field): column.index for sheet in found.sheets for column in sheet.columns}
    for row in found.projects:
        grid = by_name[row["sheet"]]
        cells = {source: places[row["sheet"], source] for source in FIELDS if (row["sheet"], source) in places}
        row["clear"] = [s for s, index in cells.items() if tidy(show(grid.value(row["row"] - 1, index))) == CLEAR]
    reading = {"rows": found.projects, "errors": found.errors}
    with transaction.atomic():
        kept = OfflineReturn.objects.create(
            file=files.store_list(content, name=name, kind=extension, by=by),
            reading=reading,
            created_by=by,
            created_at=clock.now(),
        )
        audit.record(by=by, action="交回“我的项目”", subject=kept)
    return kept


def _headers(grid: Mapping[str, Any]) -> list[str]:
    return [tidy(show(value)) for cells in grid["rows"][:5] for value in cells if isinstance(value, str)]


def lines_of(back: OfflineReturn, by: User) -> list[Line]:
    """The merge as it stands now."""
    return threeway.merge(back.reading["rows"], back.reading["errors"], by, clock.today())


@transaction.atomic
def apply_return(
    *, back: OfflineReturn, chosen: Mapping[str, str], seen: str, reason: str, by: User, version: int
) -> OfflineReturn:
    """Write what only the person changed, and of the conflicts what the person chose; all or nothing.

    `chosen` answers conflicts: c_<row>_<source> or r_<row> → mine or theirs. `seen` is the fingerprint of the page.
    The receipt keeps every value that was not written. Raises MergeOutdated, DomainError, StaleVersion.
    """
    if back.created_by_id != by.pk:
        raise NotAllowed("只有交回文件的本人可以继续。")
    if back.applied_at:
        raise DomainError("这份工作簿已经处理过，结果在下面。要再改，请重新下载。")
    lines = lines_of(back, by)
    if threeway.fingerprint(lines) != seen:
        raise MergeOutdated("您打开这一页之后有人改过其中的项目，还没有写入任何内容。请核对下面最新的对照，再提交。")
    undecided = [line for line in lines for cell in line.conflicts if not threeway.choice(line, cell, chosen)]
    if undecided:
        rows = "、".join(dict.fromkeys(f"第 {line.row} 行" for line in undecided[:5]))
        raise DomainError(f"还有 {len(undecided)} 处两边都改过，请选择用哪一个（{rows}）。")
    if not reason.strip() and any(line.moves_a_date(chosen) for line in lines):
        raise DomainError("计划日期有改变，请填写理由。")
    receipt = [_write(line, chosen, reason.strip(), by) for line in lines]
    save_versioned(back, version=version, applied_at=clock.now(), receipt=receipt)
    written = sum(len(item["written"]) for item in receipt)
    audit.record(by=by, action="写入“我的项目”", subject=back, changes={"写入": ["", f"{written} 处"]}, reason=reason)
    return back


def _write(line: Line, chosen: Mapping[str, str], reason: str, by: User) -> dict[str, Any]:
    """One row, through the actions that people use; what became of each of its cells."""
    written = [cell for cell in line.cells if threeway.taken(line, cell, chosen)]
    left = [cell for cell in line.cells if cell not in written]
    fields = {cell.field: cell.value for cell in written if cell.source != MONTH}
    if fields:
        project = Project.objects.get(pk=line.project)
        if project.version != line.version:
            raise StaleVersion(project)
        note = reason or "离线填写后交回"
        edit_project(project=project, by=by, version=line.version, reason=note, **model_values(fields))
    month = next((cell for cell in written if cell.source == MONTH), None)
    if month is not None and line.period is not None:
        project = Project.objects.get(pk=line.project)
        entry = MonthlyEntry.objects.filter(project=project, year=line.period.year, month=line.period.month).first()
        submit_month(
            project=project,
            period=line.period,
            completed=month.value,
            by=by,
            today=clock.today(),
            version=entry.version if entry else None,
            covers_from=entry.covers_from if entry else None,
        )
    told = [[(c.label, c.before, c.after) for c in cells] for cells in (written, left)]
    return {
        "row": line.row,
        "name": line.name,
        "project": line.project,
        "refusal": line.refusal,
        "problems": line.problems,
        "written": told[0],
        "left": told[1],
    }


__all__ = ["MINE", "MergeOutdated", "apply_return", "lines_of", "take_back"]
