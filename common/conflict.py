"""Two people edited one record: both sides are shown, and what was typed is kept (decisions §4)."""

from collections.abc import Callable
from typing import Any

from django import forms

from common.errors import StaleVersion

AsItStands = Callable[[], tuple[dict[str, Any], int]]
DASH = "—"
MESSAGE = "这条记录刚被他人修改过，您的内容还没有保存。"


def compare(form: forms.Form, *, now: dict[str, Any], version: int, message: str = MESSAGE) -> dict[str, Any]:
    """What stands in the record beside what was typed, field by field: the context of components/_conflict.html.

    `now` maps names of fields to what the record holds now, as it would open the form; fields that it does not name
    (a reason, a file) are not compared. The bound form keeps what was typed and takes the `version` of now, so that
    sending it again is a decision, not an accident. Answer with status 409.
    """
    rows = []
    for name, field in form.fields.items():
        if name not in now or form[name].is_hidden:
            continue
        mine = form[name].data
        if field.has_changed(now[name], mine):
            rows.append({"label": field.label, "theirs": _words(field, now[name]), "mine": _words(field, mine)})
    form.data = form.data.copy()
    form.data[form.add_prefix("version")] = str(version)
    return {"message": message, "rows": rows}


def overtaken(form: forms.Form, error: StaleVersion, standing: AsItStands | None = None) -> dict[str, Any]:
    """`compare` for a refused save. `standing()` gives the fields as the record has them now, and its version; without
    it they are the record's own fields of the same names. A record that is gone is compared with nothing."""
    if standing:
        now, version = standing()
    else:
        record = type(error.record)._base_manager.filter(pk=error.record.pk).first()  # type: ignore[attr-defined]
        names = [name for name in form.fields if name != "version" and hasattr(record, name)] if record else []
        now, version = {name: getattr(record, name) for name in names}, getattr(record, "version", 0)
    return compare(form, now=now, version=version, message=error.message)


def _words(field: forms.Field, value: Any) -> str:
    """A value, cleaned or as typed, in the words of the page."""
    if isinstance(field, forms.BooleanField):
        return "是" if field.to_python(value) else "否"
    if isinstance(field, forms.ModelMultipleChoiceField):
        return "、".join(_record(field, one) for one in value or ()) or DASH
    if isinstance(field, forms.ModelChoiceField):
        return _record(field, value) if value else DASH
    if isinstance(field, forms.MultipleChoiceField):
        labels = dict(field.choices)
        return "、".join(str(labels.get(one, one)) for one in value or ()) or DASH
    if isinstance(field, forms.ChoiceField) and value:
        return str(dict(field.choices).get(str(value), value))
    shown = field.prepare_value(value)
    return DASH if shown is None or shown == "" else str(shown)


def _record(field: forms.ModelChoiceField, value: Any) -> str:
    """The label of a record or of its key; one that cannot be chosen here is named all the same."""
    model = field.queryset.model
    if not isinstance(value, model):
        value = model._base_manager.filter(pk=value).first() if str(value).isdecimal() else None
    return field.label_from_instance(value) if value else DASH
