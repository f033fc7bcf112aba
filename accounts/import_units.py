"""Lists of units: found by name, short name or alias; parents may stand in the same list."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from accounts.actions import add_unit, edit_unit, remove_unit
from accounts.choices import UnitKind
from accounts.models import Unit, UnitAlias, User
from common.errors import DomainError
from common.importing import Cleaned, Facts, Fault, ImportColumn, Record
from common.text import norm

_KINDS = {
    "部门": UnitKind.GOVERNMENT,
    "局": UnitKind.GOVERNMENT,
    "街道": UnitKind.STREET,
    "乡镇": UnitKind.STREET,
    "镇": UnitKind.STREET,
    "国企": UnitKind.SOE,
    "平台公司": UnitKind.SOE,
    "开发区": UnitKind.PARK,
}
LONGEST = {"name": 100, "short_name": 40}


def kind_of(text: str) -> str | None:
    """类型 by its own name or a usual other one."""
    return UnitKind.values[UnitKind.labels.index(text)] if text in UnitKind.labels else _KINDS.get(text)


def known_units() -> dict[str, Unit]:
    """Every unit by every spelling it is known by."""
    known: dict[str, Unit] = {}
    units = Unit.objects.select_related("parent")
    for unit in units:
        known[norm(unit.name)] = unit
    for unit in units:
        if unit.short_name:
            known.setdefault(norm(unit.short_name), unit)
    for alias in UnitAlias.objects.select_related("unit__parent"):
        known.setdefault(alias.key, alias.unit)
    return known


def _record_of(unit: Unit) -> Record:
    """A unit as a row may change it."""
    held = {
        "name": unit.name,
        "short_name": unit.short_name,
        "kind": unit.kind,
        "order": unit.order,
        "parent": unit.parent.name if unit.parent else "",
    }
    return Record(norm(unit.name), held, (unit.version,), unit)


class UnitPart:
    """单位 (common.importing.RecordPart)."""

    columns: Sequence[ImportColumn] = (
        ImportColumn(
            "name", "单位名称", "name", required=True, clearable=False, aliases=("名称", "单位", "部门名称", "部门")
        ),
        ImportColumn("short_name", "简称", aliases=("单位简称", "简写")),
        ImportColumn(
            "unit_kind",
            "类型",
            "label",
            clearable=False,
            options=tuple(UnitKind.choices),
            meaning=kind_of,
            aliases=("单位类型", "单位类别", "类别"),
        ),
        ImportColumn(
            "parent",
            "上级单位",
            clearable=False,
            aliases=("主管单位", "上级", "上级部门", "隶属单位"),
            hint="平台上或本表中的单位名称；新单位不填的放在全区之下",
        ),
        ImportColumn("order", "排序", clearable=False, aliases=("排序号", "顺序"), hint="整数，小的在前"),
    )

    def clean(self, reading: Mapping[str, Any], facts: Facts) -> Cleaned:
        """Names, kind, parent and order of a unit."""
        row = Cleaned()
        for source, field in (("name", "name"), ("short_name", "short_name"), ("parent", "parent")):
            if text := reading.get(source):
                row.values[field] = " ".join(str(text).split())
                if len(row.values[field]) > LONGEST.get(field, 100):
                    row.faults.append(
                        Fault(source, "too_long", f"不超过 {LONGEST.get(field, 100)} 字", text[:20] + "…")
                    )
        if (text := reading.get("unit_kind")) and (option := facts.option("unit_kind", text)):
            row.values["kind"] = option
        if text := reading.get("order"):
            number = str(text).removesuffix(".0")
            if number.isascii() and number.isdigit() and int(number) < 100_000:
                row.values["order"] = int(number)
            else:
                row.faults.append(Fault("order", "number", "不超过 99999 的整数", str(text)))
        if "short_name" in reading.get("clear", ()):
            row.values["short_name"] = ""
        return row

    def records(self, rows: Sequence[tuple[Any, dict[str, Any]]], facts: Facts, *, by: Any) -> list[Record | Fault]:
        """The unit of each row; a parent must be known or stand in the list."""
        known = known_units()
        listed = {norm(values["name"]) for _, values in rows}
        found: list[Record | Fault] = []
        for _, values in rows:
            unit = known.get(norm(values["name"]))
            parent = values.get("parent")
            above = known.get(norm(parent)) if parent else None
            if parent and above is None and norm(parent) not in listed:
                found.append(Fault("parent", "unit_unknown", "平台上或本表中的单位", parent))
                continue
            if above is not None:
                values["parent"] = above.name
            other = known.get(norm(values.get("short_name", "")))
            if other is not None and other != unit:
                told = f"没有用过的简称（已是“{other.name}”的名称、简称或别名）"
                found.append(Fault("short_name", "name_taken", told, values["short_name"]))
                continue
            if unit is not None:
                values["name"] = unit.name  # found by another spelling: that is no new name
            found.append(_record_of(unit) if unit else Record(norm(values["name"]), None))
        return found

    def again(self, keys: Iterable[Any]) -> dict[Any, Record]:
        """The units that still have their name."""
        wanted = set(keys)
        units = Unit.objects.select_related("parent")
        return {key: _record_of(unit) for unit in units if (key := norm(unit.name)) in wanted}

    def used_since(self, record: Record, names: Iterable[str], at: datetime) -> str:
        """What hangs on a unit is found when it is to go."""
        return ""

    def take_back(
        self,
        record: Record,
        before: Mapping[str, Any],
        aside: Mapping[str, Any],
        *,
        is_new: bool,
        facts: Facts,
        by: User,
        reason: str,
    ) -> None:
        """The names and the place of before; a unit that the import added goes."""
        if is_new:
            remove_unit(unit=record.subject, by=by, reason=reason)
        else:
            self.write([(record, before)], facts, by=by, reason=reason)

    def label(self, name: str, record: Record) -> str:
        """A field in Chinese."""
        return "上级单位" if name == "parent" else str(Unit._meta.get_field(name).verbose_name)

    def show(self, name: str, value: Any) -> str:
        """A value in words."""
        return str(UnitKind(value).label) if name == "kind" and value else str(value or "")

    def write(
        self, changes: Sequence[tuple[Record, Mapping[str, Any]]], facts: Facts, *, by: User, reason: str
    ) -> None:
        """Parents before their children; a ring of new units is refused."""
        root = Unit.objects.filter(parent=None).order_by("order", "pk").first()
        known = known_units()
        left = list(changes)
        while left:
            ready = [(r, v) for r, v in left if not v.get("parent") or norm(v["parent"]) in known]
            if not ready:
                names = "、".join(f"“{values['name']}”" for _, values in left[:3])
                raise DomainError(f"{names}互为上级，没有写入：请核对“上级单位”。")
            for record, values in ready:
                parent = known.get(norm(values["parent"])) if values.get("parent") else None
                own = {name: value for name, value in values.items() if name != "parent"}
                if record.subject is None:
                    unit = add_unit(**own, parent=parent or root, by=by)
                else:
                    moved = {"parent": parent} if parent else {}
                    unit = edit_unit(unit=record.subject, version=record.subject.version, by=by, **own, **moved)
                known[norm(unit.name)] = unit
            left = [change for change in left if change not in ready]

    def rows(self) -> Iterable[dict[str, Any]]:
        """The units in use."""
        for unit in Unit.objects.active().select_related("parent").order_by("path"):
            yield {
                "name": unit.name,
                "short_name": unit.short_name,
                "unit_kind": unit.get_kind_display(),
                "parent": unit.parent.name if unit.parent else None,
                "order": unit.order,
            }


UNITS = UnitPart()
