"""Vectors of stages, gates and responsibility: rows in a rolled-back transaction, read as the pages read them."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import Unit
from common.workdays import OFFICIAL
from projects import lifecycle
from projects.actions import sync_nodes
from projects.choices import Duty, Stage
from projects.gates import DEMANDS, read_gate
from projects.models import Assignment, Evidence, Milestone, MilestoneTemplate, Project
from projects.node_templates import template_rows

FAR = date(2999, 12, 31)
DAY = date(2026, 11, 23)  # any day: the gate vectors have no dates


def blank_project(**fields: Any) -> Project:
    """A bare row to hang the vector's facts on."""
    unit = fields.pop("unit", None) or Unit.objects.create(name="vector", path="/vector/")
    now = "2026-01-01T00:00:00+08:00"
    values = {"name": "vector", "number": "vector", "stage_since": DAY, "created_at": now, "updated_at": now, **fields}
    return Project.objects.create(lead_unit=unit, **values)


def fsm_allowed(given: dict) -> bool:
    return lifecycle.allowed(given["from"], given["to"], resume_state=given.get("resume_state"))


def gate_start(given: dict) -> dict:
    """gate.start: the facts become fields, `have` becomes papers, `waiver` the 容缺受理 of the paper's node."""
    have, waiver = set(given.get("have") or ()), set(given.get("waiver") or ())
    project = blank_project(
        stage=Stage.RESERVE,
        approval_type=given["type"],
        national_code="2107-320505-89-01-123456" if "PROJECT_CODE" in have else "",
        new_land=bool(given.get("new_land")),
        has_building=given["building"] if given.get("building") is not None else True,
        floor_area=_number(given.get("floor_area")),
        works_cost=_number(given.get("wan")),
        eia_kind=given.get("eia") or "required",
        energy_tce=_number(given.get("energy_tce")) or 0,
        power_wkwh=_number(given.get("power_wkwh")) or 0,
        high_risk=bool(given.get("high_risk")),
        bid_required=bool(given.get("bid_required")),
        soil_ha=_number(given.get("soil_ha")) or 0,
        earthwork_m3=_number(given.get("earthwork_m3")) or 0,
    )
    demands = DEMANDS[lifecycle.COMMENCED]
    Evidence.objects.bulk_create(
        Evidence(project=project, code=d.code, document_no="1", supplied_at="2026-01-01T00:00:00+08:00")
        for d in demands
        if d.place == "evidence" and d.code in have
    )
    MilestoneTemplate.objects.all().delete()  # the default table answers, not what this site made of it
    MilestoneTemplate.objects.bulk_create(MilestoneTemplate(**row) for row in template_rows())
    sync_nodes(project)
    nodes = [d.waivable_node for d in demands if d.waivable_node and d.code in waiver]
    Milestone.objects.filter(project=project, code__in=nodes).update(accepted_conditionally_until=FAR)
    report = read_gate(project, lifecycle.COMMENCED, DAY)
    return {
        "ok": report.ok,
        "missing": [item.demand.code for item in report.missing],
        "waived": [item.demand.code for item in report.waived],
    }


def responsibility_history(given: dict) -> str | None:
    project = blank_project()
    Assignment.objects.bulk_create(
        Assignment(
            project=project,
            duty=Duty.TASK_FORCE,
            name=row["person"],
            starts_on=date.fromisoformat(row["from"]),
            ends_on=date.fromisoformat(row["to"]) if row.get("to") else None,
        )
        for row in given["assignments"]
    )
    day = date.fromisoformat(given["event"])
    term = Assignment.objects.filter(project=project).in_force(day).order_by("pk").first()
    return term.person_label if term else None


def light_node(given: dict) -> str:
    project = blank_project()
    today = date.fromisoformat(given["today"])
    node = Milestone.objects.create(
        project=project,
        code="N01",
        name="vector",
        order=1,
        duration=1,
        due_on=date.fromisoformat(given["due"]) if given.get("due") else None,
        done_on=today if given.get("done") else None,
    )
    warn = given.get("warn_workdays")
    lit = Milestone.objects.filter(pk=node.pk).with_light(today, OFFICIAL, warn_workdays=10 if warn is None else warn)
    of_node = lit.get().light
    of_project = Project.objects.filter(pk=project.pk).with_node_light(
        today, OFFICIAL, warn_workdays=10 if warn is None else warn
    )
    assert of_project.get().light_node == of_node, "a project of one node must show that node's light"
    return of_node


def light_start(given: dict) -> str:
    today, planned = date.fromisoformat(given["today"]), given.get("planned_month")
    project = blank_project(
        baseline_start_to=_month_end(planned) if planned else None,
        start_excuse="1" if given.get("excused") else "",
        actual_start_date=today if given.get("started") else None,
    )
    return Project.objects.filter(pk=project.pk).with_start_light(today).get().light_start


def _month_end(month: str) -> date:
    first = date.fromisoformat(f"{month}-01")
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _number(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


RULES = {
    "fsm.allowed": fsm_allowed,
    "gate.start": gate_start,
    "responsibility.history": responsibility_history,
    "light.node": light_node,
    "light.start": light_start,
}
