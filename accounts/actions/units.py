"""Units: a tree whose paths are kept in one update; names and aliases that point to one unit each."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, ProtectedError, Value
from django.db.models.functions import Concat, Substr

from accounts import audit
from accounts.choices import UnitKind
from accounts.models import Unit, UnitAlias, User
from common.db import holders, save_versioned
from common.errors import DomainError
from common.text import norm


@transaction.atomic
def add_unit(
    *,
    name: str,
    by: User | None,
    kind: str = UnitKind.GOVERNMENT,
    parent: Unit | None = None,
    short_name: str = "",
    head: User | None = None,
    order: int = 100,
) -> Unit:
    """Add a unit beneath `parent` (None: a root). Raises DomainError when the name already means another unit."""
    _refuse_known_spellings(name, short_name)
    unit = Unit(
        name=name.strip(), short_name=short_name.strip(), kind=kind, parent=parent, head=head, order=order, path=""
    )
    unit.save()
    unit.path = f"{parent.path if parent else '/'}{unit.pk}/"
    unit.save(update_fields=["path"])
    audit.record(by=by, action="新增单位", subject=unit, changes={"单位名称": ["", unit.name]})
    return unit


@transaction.atomic
def edit_unit(*, unit: Unit, version: int, by: User | None, **changes: Any) -> Unit:
    """Change name, short_name, kind, order, parent, head or is_active.

    A new parent moves the whole subtree. Raises DomainError for a cycle, a name in use, or switching off a unit
    that still has people or units in use; StaleVersion when somebody was faster.
    """
    _refuse_known_spellings(changes.get("name", ""), changes.get("short_name", ""), own=unit)
    if changes.get("is_active") is False and unit.is_active:
        _refuse_if_in_use(unit)
    trail = audit.difference(unit, changes)
    if not trail:
        return unit
    moves = "parent" in changes and changes["parent"] != unit.parent
    if moves:
        _refuse_cycle(unit, changes["parent"])
    old_path = unit.path
    unit = save_versioned(unit, version=version, **changes)
    if moves:
        _rewrite_paths(unit, old_path)
    audit.record(by=by, action="移动单位" if moves else "修改单位", subject=unit, changes=trail)
    return unit


def move_unit(*, unit: Unit, parent: Unit | None, version: int, by: User | None) -> Unit:
    """Hang a unit, with everything beneath it, under another parent."""
    return edit_unit(unit=unit, version=version, by=by, parent=parent)


def deactivate_unit(*, unit: Unit, version: int, by: User | None) -> Unit:
    """Switch a unit off: it keeps its history and can no longer be chosen."""
    return edit_unit(unit=unit, version=version, by=by, is_active=False)


@transaction.atomic
def remove_unit(*, unit: Unit, by: User | None, reason: str) -> None:
    """Take back a unit that was added by mistake and that nothing hangs on; the trail keeps it. Raises DomainError."""
    entry = audit.draft(by=by, action="撤销新增单位", subject=unit, reason=reason)
    try:
        unit.delete()
    except ProtectedError as error:
        raise DomainError(f"单位下已有{holders(error)}，不能撤销新增；不再使用请在“单位”里停用。") from error
    audit.record_all([entry])


@transaction.atomic
def add_alias(*, unit: Unit, name: str, by: User | None) -> UnitAlias:
    """Another spelling of the unit, recognised by imports. Raises DomainError when it already means a unit."""
    key = norm(name)
    if not key:
        raise DomainError("请填写别名。")
    _refuse_known_spellings(name, own=unit)
    if key in {norm(unit.name), norm(unit.short_name)}:
        raise DomainError(f"“{name.strip()}”就是“{unit}”自己的名称或简称，不用登记为别名。")
    try:
        with transaction.atomic():
            alias = UnitAlias.objects.create(unit=unit, name=name.strip(), key=key)
    except IntegrityError as error:
        owner = UnitAlias.objects.select_related("unit").get(key=key).unit
        raise DomainError(f"别名“{name.strip()}”已登记给“{owner}”，一个别名只能对应一个单位。") from error
    audit.record(by=by, action="登记单位别名", subject=unit, changes={"别名": ["", alias.name]})
    return alias


@transaction.atomic
def remove_alias(*, alias: UnitAlias, by: User | None) -> None:
    """Forget a spelling; what was imported under it stays as it is."""
    audit.record(by=by, action="删除单位别名", subject=alias.unit, changes={"别名": [alias.name, ""]})
    alias.delete()


def _refuse_known_spellings(*names: str, own: Unit | None = None) -> None:
    """A name, a short name and an alias each mean one unit: an import must never have to guess."""
    others = Unit.objects.exclude(pk=own.pk if own else None)
    known = {}
    for other in others:
        known[norm(other.name)] = other
        known.setdefault(norm(other.short_name), other)
    aliases = UnitAlias.objects.exclude(unit=own) if own else UnitAlias.objects.all()
    known |= {alias.key: alias.unit for alias in aliases.select_related("unit")}
    for name in names:
        if (key := norm(name)) and key in known:
            raise DomainError(
                f"“{name.strip()}”已是“{known[key].name}”的名称、简称或别名。请换一个，或先修改那个单位。"
            )


def _refuse_cycle(unit: Unit, parent: Unit | None) -> None:
    """Judged on paths read under lock: two people moving two units at once cannot make a ring."""
    paths = dict(Unit.objects.select_for_update().order_by("pk").values_list("pk", "path"))
    if parent and paths[parent.pk].startswith(paths[unit.pk]):
        raise DomainError(f"“{parent}”就是“{unit}”自己或它的下级，不能作为上级单位。")
    unit.path = paths[unit.pk]


def _rewrite_paths(unit: Unit, old: str) -> None:
    new = f"{unit.parent.path if unit.parent else '/'}{unit.pk}/"
    rest = Substr(F("path"), len(old) + 1)
    Unit.objects.filter(path__startswith=old).update(path=Concat(Value(new), rest))
    unit.path = new


def _refuse_if_in_use(unit: Unit) -> None:
    units = unit.children.active().count()
    people = unit.people.filter(is_active=True).count()
    if units or people:
        raise DomainError(f"“{unit}”还有 {units} 个启用的下级单位、{people} 名在用人员，请先移走或停用他们。")
