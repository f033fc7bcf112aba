"""Words that lists use for our columns and values: added and forgotten by administrators, learned from imports."""

from django.db import transaction

from accounts import audit
from accounts.models import User
from common.errors import DomainError
from ingest.models import ColumnMapping, ValueMapping
from ingest.reading import header_key
from ingest.registry import KINDS


@transaction.atomic
def add_header(*, kind: str, header: str, field: str, by: User) -> ColumnMapping:
    """From now on a column with this header is that field. An older entry for the same header gives way."""
    shown, key = header_key([header.strip()])
    if not key:
        raise DomainError("请填写列名。")
    word, _ = ColumnMapping.objects.update_or_create(
        kind=kind, header_key=key, defaults={"header": shown, "field": field, "unit": ""}
    )
    audit.record(by=by, action="登记列名写法", subject=word, changes={"列名": ["", f"{shown} → {_label(kind, field)}"]})
    return word


@transaction.atomic
def forget_header(*, word: ColumnMapping, by: User) -> None:
    """Lists with this header are asked about again; what was imported stays as it is."""
    told = f"{word.header} → {_label(word.kind, word.field)}"
    audit.record(by=by, action="删除列名写法", subject=word, changes={"列名": [told, ""]})
    word.delete()


@transaction.atomic
def forget_value(*, word: ValueMapping, by: User) -> None:
    """Likewise for a value."""
    audit.record(by=by, action="删除内容写法", subject=word, changes={"内容": [str(word), ""]})
    word.delete()


def _label(kind: str, field: str) -> str:
    column = KINDS[kind].column(field) if kind in KINDS else None
    return column.label if column else "不导入"
