"""A list arrives, is replaced by a corrected one, or is given up."""

from dataclasses import replace
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts import audit
from accounts.models import User
from common import clock
from common.db import save_versioned
from common.errors import DomainError, NotAllowed
from common.excel.model import Choices
from ingest import files, reading
from ingest.decisions import Decisions, row_key
from ingest.layouts import carried, last_alike, layout_of, meanings, money_units, speaks_for_itself
from ingest.models import ImportBatch
from ingest.reading import imported_sheets
from ingest.registry import KINDS

ENDED = (ImportBatch.State.COMMITTED, ImportBatch.State.DISCARDED)
CLOSED = (*ENDED, ImportBatch.State.COMMITTING)  # nothing can be answered any more, or while it is being written


def stage_file(*, upload: UploadedFile, by: User, kind: str = "project") -> ImportBatch:
    """Take a list and understand it as far as the reader can. One of a layout that was imported before goes on where
    its columns are settled. Raises FileRefused (one sentence), NotAllowed."""
    must_be_allowed(kind, by)
    content, name, extension = files.take(upload)
    untold = _read(content, name, kind, Decisions())
    layout = layout_of(untold)
    alike, decisions, understood = _read_as_before(content, name, kind, layout, untold)
    state = ImportBatch.State.SHEETS
    if alike:
        is_settled = speaks_for_itself(untold, understood, Decisions.of(alike), kind)
        state = ImportBatch.State.VALUES if is_settled else ImportBatch.State.COLUMNS
    with transaction.atomic():
        return ImportBatch.objects.create(
            kind=kind,
            file=files.store_list(content, name=name, kind=extension, by=by),
            choices=decisions.to_json(),
            reading=understood,
            layout=layout,
            alike=alike,
            state=state,
            created_by=by,
            created_at=clock.now(),
        )


def replace_file(*, batch: ImportBatch, upload: UploadedFile, by: User, version: int) -> ImportBatch:
    """The corrected list takes the place of the first: same columns, same answers, nothing to map again.

    Goes back to the sheets when its columns are not the same. Raises FileRefused, DomainError, StaleVersion.
    """
    must_be_open(batch, by)
    content, name, extension = files.take(upload)
    decisions, understood, same = _read_likewise(batch, content, name)
    with transaction.atomic():
        save_versioned(
            batch,
            version=version,
            file=files.store_list(content, name=name, kind=extension, by=by),
            choices=decisions.to_json(),
            reading=understood,
            layout=batch.layout if same else layout_of(understood),
            alike=batch.alike if same else None,
            staged_hash="",
            state=batch.state if same else ImportBatch.State.SHEETS,
        )
        batch.rows.all().delete()
    return batch


def follow_up(*, batch: ImportBatch, upload: UploadedFile, by: User) -> tuple[ImportBatch, bool]:
    """The corrected rows of an import that has ended: a batch of their own, with the answers of the first.

    The second value tells whether its columns are the same, so that nothing is to be mapped again. Raises FileRefused,
    DomainError, NotAllowed.
    """
    must_be_allowed(batch.kind, by)
    must_be_own(batch, by)
    if batch.state != ImportBatch.State.COMMITTED:
        raise DomainError(f"批次 {batch.pk} 还没有导入完，请直接在这一批里换成改好的文件。")
    content, name, extension = files.take(upload)
    decisions, understood, same = _read_likewise(batch, content, name)
    with transaction.atomic():
        after = ImportBatch.objects.create(
            kind=batch.kind,
            parent=batch,
            file=files.store_list(content, name=name, kind=extension, by=by),
            choices=decisions.to_json(),
            reading=understood,
            layout=batch.layout if same else layout_of(understood),
            state=ImportBatch.State.COLUMNS if same else ImportBatch.State.SHEETS,
            created_by=by,
            created_at=clock.now(),
        )
        audit.record(by=by, action="上传改正后的清单", subject=after, reason=f"接着批次 {batch.pk}")
    return after, same


def _read_as_before(
    content: bytes, name: str, kind: str, layout: str, untold: dict[str, Any]
) -> tuple[ImportBatch | None, Decisions, dict[str, Any]]:
    """The last import of this layout, the decisions taken over from it and the reading under them; no import where
    there is none, or where its columns do not come out again."""
    if before := last_alike(kind, layout):
        wanted = meanings(before.reading)
        if meanings(untold) == wanted and _units(untold, kind) == _units(before.reading, kind):
            return before, Decisions(), untold
        decisions = carried(before, untold)
        understood = _read(content, name, kind, decisions)
        if meanings(understood) == wanted:
            return before, decisions, understood
    return None, Decisions(), untold


def _units(understood: dict[str, Any], kind: str) -> list[str | None]:
    """The units of money in the order of the columns, whatever the sheets are called."""
    return list(money_units(understood, kind).values())


def _read_likewise(batch: ImportBatch, content: bytes, name: str) -> tuple[Decisions, dict[str, Any], bool]:
    """A corrected list under the decisions of `batch`, and whether its columns are the same; else under none."""
    decisions = Decisions.of(batch)
    choices = replace(decisions.choices, rows={})
    for sheet in imported_sheets(batch.reading):
        choices.header_rows.setdefault(sheet["name"], sheet["header_rows"])
    decisions.choices = choices
    understood = _read(content, name, batch.kind, decisions)
    same = meanings(understood) == meanings(batch.reading)
    decisions.rows = _rows_that_stayed(batch, decisions, understood) if same else {}
    if not same:
        decisions.choices = Choices()
        understood = _read(content, name, batch.kind, decisions)
    return decisions, understood, same


def _rows_that_stayed(
    batch: ImportBatch, decisions: Decisions, understood: dict[str, Any]
) -> dict[str, dict[str, str]]:
    """What was decided on rows that stand where they stood, under their names. What an import has made new since is
    found by its name now, never made again."""
    before, after = (
        {row_key(project["sheet"], project["row"]): project["name"] for project in reading_["projects"]}
        for reading_ in (batch.reading, understood)
    )
    is_over = batch.state == ImportBatch.State.COMMITTED
    return {
        key: answers
        for key, answers in decisions.rows.items()
        if before.get(key, "") == after.get(key) and not (is_over and answers.get("match") == "new")
    }


def _read(content: bytes, name: str, kind: str, decisions: Decisions) -> dict[str, Any]:
    return reading.read(content, name, kind, decisions.choices)


@transaction.atomic
def discard(*, batch: ImportBatch, by: User, version: int) -> ImportBatch:
    """Give a batch up: nothing of it was written, nothing will be."""
    must_be_open(batch, by)
    save_versioned(batch, version=version, state=ImportBatch.State.DISCARDED, staged_hash="")
    batch.rows.all().delete()
    audit.record(by=by, action="放弃导入", subject=batch)
    return batch


def must_be_allowed(kind: str, by: User) -> None:
    """Each kind of list says who may import it."""
    if not by.may(KINDS[kind].permission):
        raise NotAllowed(f"您的账号没有导入{KINDS[kind].label}的权限。")


def must_be_open(batch: ImportBatch, by: User) -> None:
    """Only the person who uploaded it goes on with a batch, and only until it has ended."""
    if batch.state == ImportBatch.State.COMMITTING:
        raise DomainError(f"批次 {batch.pk} 正在写入，请等它完成，或先取消导入。")
    if batch.state in ENDED:
        word = "已经导入" if batch.state == ImportBatch.State.COMMITTED else "已经放弃"
        raise DomainError(f"批次 {batch.pk} {word}，不能再修改。需要再次导入请重新上传文件。")
    must_be_own(batch, by)


def must_be_own(batch: ImportBatch, by: User) -> None:
    """A batch belongs to the person who uploaded it."""
    if batch.created_by_id != by.pk:
        raise NotAllowed(f"批次 {batch.pk} 由{batch.created_by}上传，请由本人继续；您也可以自己上传同一个文件。")
