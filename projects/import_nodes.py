"""Lists of key nodes: several rows per project, one per node; planned dates move with a reason, done ones stay done."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from accounts.models import User
from common.importing import Cleaned, Facts, Fault, ImportColumn, Record
from common.text import norm
from projects.actions import complete_node, move_node, reopen_node, update_node, withdraw_due, withdraw_evidence
from projects.import_columns import planned
from projects.import_rows import KEYS
from projects.models import Evidence, Milestone

_DATES = {  # reader's field → our field; whether a month will do (then its last day)
    "due_on": ("计划完成日期", True),
    "forecast_on": ("预计完成日期", True),
    "begun_on": ("实际启动日期", False),
    "done_on": ("实际完成日期", False),
}
BLOCKER = 300


def _record_of(node: Milestone) -> Record:
    """A node as a row may change it; what a completion changes besides is kept aside."""
    held = {field: getattr(node, field) for field in (*_DATES, "blocker")}
    aside = {"begun_on": node.begun_on and node.begun_on.isoformat(), "blocker": node.blocker}
    return Record((node.project_id, node.code), held, (node.version,), node, ("due_on",), aside)


class NodePart:
    """关键节点 of known projects (common.importing.RecordPart)."""

    columns: Sequence[ImportColumn] = (
        *KEYS,
        ImportColumn(
            "node", "节点", required=True, clearable=False, aliases=("节点名称", "关键节点", "工作节点", "事项")
        ),
        ImportColumn(
            "due_on", "计划完成日期", "date", clearable=False, aliases=("计划完成时间", "计划时间", "计划日期")
        ),
        ImportColumn("forecast_on", "预计完成日期", "date", aliases=("预计完成时间", "预计时间")),
        ImportColumn("begun_on", "实际启动日期", "date", aliases=("实际启动时间", "启动时间")),
        ImportColumn(
            "done_on",
            "实际完成日期",
            "date",
            clearable=False,
            aliases=("实际完成时间", "完成时间", "实际时间", "实际日期"),
        ),
        ImportColumn(
            "document_no", "文号", clearable=False, aliases=("批文号", "批复文号"), hint="完成节点时一并登记的文号"
        ),
        ImportColumn("blocker", "卡点", aliases=("存在问题", "卡点问题"), hint=f"没有完成的原因，{BLOCKER} 字以内"),
    )

    def clean(self, reading: Mapping[str, Any], facts: Facts) -> Cleaned:
        """Node, dates, blocker. A day of the past must be a day; a plan may be a month."""
        row = Cleaned()
        node = norm(str(reading.get("node") or ""))
        row.values["node"] = node
        if not node:
            row.faults.append(Fault("node", "required", "节点名称或节点代码"))
        for field, (label, month_will_do) in _DATES.items():
            if not (text := reading.get(field)):
                continue
            if len(text) == 10 or (month_will_do and len(text) == 7):
                row.values[field] = planned(text).last
            else:
                row.faults.append(Fault(field, "date", f"{label}，写到日，如 2026-03-15", text))
        if (done := row.values.get("done_on")) and done > facts.today:
            row.faults.append(
                Fault("done_on", "date_to_come", "不晚于今天的日期（没有完成的填预计完成日期）", str(done))
            )
        if text := reading.get("blocker"):
            row.values["blocker"] = text
            if len(text) > BLOCKER:
                row.faults.append(Fault("blocker", "too_long", f"不超过 {BLOCKER} 字", text[:20] + "…"))
        if "done_on" in row.values and (text := reading.get("document_no")):
            row.values["document_no"] = text[:80]
        for source in reading.get("clear", ()):
            if source in ("forecast_on", "begun_on", "blocker"):
                row.values[source] = "" if source == "blocker" else None
        return row

    def records(self, rows: Sequence[tuple[Any, dict[str, Any]]], facts: Facts, *, by: Any) -> list[Record | Fault]:
        """The node of each project, by name or code."""
        nodes: dict[tuple[int, str], Milestone] = {}
        wanted = {pk for pk, _ in rows}
        for node in Milestone.objects.filter(project__in=wanted).select_related("project"):
            for spelling in (node.code, node.name):
                nodes.setdefault((node.project_id, norm(spelling)), node)
        return [self._record(nodes, pk, values) for pk, values in rows]

    @staticmethod
    def _record(nodes: Mapping[tuple[int, str], Milestone], pk: int, values: dict[str, Any]) -> Record | Fault:
        name = values.pop("node")
        node = nodes.get((pk, name))
        if node is None:
            names = dict.fromkeys(n.name for (project, _), n in nodes.items() if project == pk and n.is_applicable)
            return Fault("node", "node_unknown", f"这个项目的节点（{'、'.join(names)}）", name)
        found = _record_of(node)
        held = found.held or {}
        if not node.is_applicable and any(value and value != held.get(field) for field, value in values.items()):
            return Fault("node", "node_off", "适用于这个项目的节点", node.name)
        if node.done_on:
            moved = [field for field, value in values.items() if field in held and value != held[field]]
            if moved:
                told = f"空白（节点已于 {node.done_on} 完成，要改请先在项目页撤销完成）"
                return Fault(moved[0], "node_done", told, str(values[moved[0]]))
            values.pop("document_no", None)
        return found

    def again(self, keys: Iterable[Any]) -> dict[Any, Record]:
        """The nodes by project and code."""
        wanted = set(keys)
        nodes = Milestone.objects.filter(project__in={pk for pk, _ in wanted}).select_related("project")
        return {(n.project_id, n.code): _record_of(n) for n in nodes if (n.project_id, n.code) in wanted}

    def used_since(self, record: Record, names: Iterable[str], at: datetime) -> str:
        """Nothing stands on a node: what moved since shows in its dates."""
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
        """Reopened, its paper withdrawn, its dates as they were."""
        node: Milestone = record.subject
        told = {name: before[name] for name in ("begun_on", "forecast_on", "blocker") if name in before}
        if "done_on" in before:
            node = reopen_node(node=node, reason=reason, by=by, version=node.version)
            begun = aside.get("begun_on")
            told |= {"begun_on": begun and date.fromisoformat(begun), "blocker": aside.get("blocker", "")}
            for paper in Evidence.objects.filter(milestone=node, withdrawn_at=None, issued_on=record.held["done_on"]):
                withdraw_evidence(evidence=paper, reason=reason, by=by)
        if told:
            node = update_node(node=node, by=by, version=node.version, **told)
        if "due_on" in before and before["due_on"] is None:
            withdraw_due(node=node, reason=reason, by=by, version=node.version)
        elif "due_on" in before:
            due = before["due_on"]
            move_node(node=node, due_on=due, reason=reason, by=by, version=node.version, today=facts.today)

    def label(self, name: str, record: Record) -> str:
        """A field with its node."""
        words = {"blocker": "卡点", "document_no": "文号", **{field: label for field, (label, _) in _DATES.items()}}
        return f"{record.subject.name}：{words[name]}"

    def show(self, name: str, value: Any) -> str:
        """A date or text."""
        return str(value) if value else ""

    def write(
        self, changes: Sequence[tuple[Record, Mapping[str, Any]]], facts: Facts, *, by: User, reason: str
    ) -> None:
        """Move, update, complete: as people do it on the page of the project."""
        for record, values in changes:
            node: Milestone = record.subject
            if "due_on" in values:
                due = values["due_on"]
                node = move_node(node=node, due_on=due, reason=reason, by=by, version=node.version, today=facts.today)
            told = {name: values[name] for name in ("begun_on", "forecast_on", "blocker") if name in values}
            if told:
                node = update_node(node=node, by=by, version=node.version, **told)
            if "done_on" in values:
                complete_node(
                    node=node,
                    done_on=values["done_on"],
                    by=by,
                    version=node.version,
                    today=facts.today,
                    document_no=values.get("document_no", ""),
                )

    def rows(self, projects: Iterable[Mapping[str, Any]]) -> Iterable[dict[str, Any]]:
        """The applicable nodes of each project (given as its keys with `pk`)."""
        nodes: dict[int, list[Milestone]] = {}
        for node in Milestone.objects.filter(is_applicable=True, is_tracked=True).order_by("project_id", "order"):
            nodes.setdefault(node.project_id, []).append(node)
        for project in projects:
            for node in nodes.get(project["pk"], ()):
                told = {field: getattr(node, field) for field in (*_DATES, "blocker")}
                yield {**project, "node": node.name, **told}


NODES = NodePart()


def node_names() -> list[str]:
    """Every name a node has, in their order: the drop-down of a template."""
    names = Milestone.objects.order_by("order").values_list("name", flat=True).distinct()
    return list(dict.fromkeys(names))[:60]
