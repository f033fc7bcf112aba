"""Lists that administrators keep: industry chains, the standard node table."""

from typing import Any

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.models import User
from common.errors import DomainError
from projects.models import IndustryChain, MilestoneTemplate


@transaction.atomic
def save_chain(
    *, by: User | None, name: str, order: int, is_active: bool, chain: IndustryChain | None = None
) -> IndustryChain:
    """Add an industry chain, or change one. Chains in use are switched off, never deleted. Raises DomainError."""
    values = {"name": " ".join(name.split()), "order": order, "is_active": is_active}
    fresh = chain is None
    chain = chain or IndustryChain(name="", order=order)
    trail = audit.difference(chain, values)
    for column, value in values.items():
        setattr(chain, column, value)
    try:
        with transaction.atomic():
            chain.save()
    except IntegrityError as error:
        raise DomainError(f"已有名为“{chain.name}”的产业链。") from error
    if trail:
        audit.record(by=by, action="新增产业链" if fresh else "修改产业链", subject=chain, changes=trail)
    return chain


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
