"""Lists that administrators keep: names to choose from (industry chains, causes of lag), the standard node table."""

from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Model

from accounts import audit
from accounts.models import User
from common.errors import DomainError
from projects.models import MilestoneTemplate

Entry = TypeVar("Entry", bound=Model)  # with name, order, is_active


@transaction.atomic
def save_entry(*, entry: Entry, by: User | None, name: str, order: int, is_active: bool) -> Entry:
    """Add a name to a dictionary (a fresh `entry` of its model), or change one. Names in use are switched off, never
    deleted. Raises DomainError."""
    noun, fresh = entry._meta.verbose_name, entry._state.adding
    values = {"name": " ".join(name.split()), "order": order, "is_active": is_active}
    trail = audit.difference(entry, values)
    for column, value in values.items():
        setattr(entry, column, value)
    try:
        with transaction.atomic():
            entry.save()
    except IntegrityError as error:
        raise DomainError(f"已有名为“{values['name']}”的{noun}。") from error
    if trail:
        audit.record(by=by, action=f"新增{noun}" if fresh else f"修改{noun}", subject=entry, changes=trail)
    return entry


@transaction.atomic
def edit_template(*, template: MilestoneTemplate, by: User | None, **changes: Any) -> MilestoneTemplate:
    """Change a row of the standard node table; projects registered later take it over, plans that stand keep theirs.

    Raises DomainError when a predecessor is unknown or the nodes would wait for each other.
    """
    if "deps" in changes:
        _refuse_bad_order(template, changes["deps"])
    trail = audit.difference(template, changes)
    if not trail:
        return template
    MilestoneTemplate.objects.filter(pk=template.pk).update(**changes)
    template.refresh_from_db()
    audit.record(by=by, action="修改节点模板", subject=template, changes=trail)
    return template


def _refuse_bad_order(template: MilestoneTemplate, deps: list[str]) -> None:
    graph = dict(
        MilestoneTemplate.objects.select_for_update()
        .filter(approval_type=template.approval_type)
        .values_list("code", "deps")
    )
    unknown = [code for code in deps if not MilestoneTemplate.objects.filter(code=code).exists()]
    if unknown:
        raise DomainError(f"没有代码为“{'、'.join(unknown)}”的节点，请核对前置节点。")
    graph[template.code] = deps
    seen: set[str] = set()
    waiting = list(deps)
    while waiting:
        code = waiting.pop()
        if code == template.code:
            raise DomainError(f"“{template.name}”会反过来等待自己，前置节点不能成环。")
        if code not in seen:
            seen.add(code)
            waiting += graph.get(code, [])
