"""What this floor says on the project page: the overall light with its reasons, and the year's money."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse

from common.lights import WARNING, Light
from common.money import percent, wan_column
from investment.dimensions import share
from investment.history import light_history
from investment.lights import closed_period, judging_of, light_reason, why
from investment.timing import lead_pp
from projects.choices import Status


def light_fact(project: Any, today: date) -> dict:
    """The overall light, with what the worst dimensions say."""
    sub = []
    if reason := light_reason(project, judging_of(today)):
        sub.append({"text": reason})
    if project.light in WARNING and project.status == Status.NORMAL:
        url = reverse("projects:project_detail", args=[project.pk]) + "#why"
        sub.append({"text": f"为什么是{Light(project.light).label}", "url": url})
    return {"label": "状态灯", "light": project.light, "light_label": Light(project.light).label, "sub": sub}


def money_fact(project: Any, today: date) -> dict:
    """The year's money through the last closed month, against plan and 时序."""
    period = closed_period(today)
    if not project.target:
        told = wan_column(project.completed_to_date)
        return {"label": f"{period.year}年投资（万元）", "value": told, "sub": [{"text": "本年没有投资计划"}]}
    done = percent(project.completed_to_date, project.target)
    due = percent(project.due_part, project.due_whole)
    return {
        "label": f"{period.year}年投资（万元），截至{period.month}月",
        "value": wan_column(project.completed_to_date),
        "unit": f"/ {wan_column(project.target)}",
        "rate": {"done": done, "due": due, "light": project.light_progress},
        "sub": [{"text": _against_schedule(project, due)}],
    }


def _against_schedule(project: Any, due: Decimal | None) -> str:
    if project.completed_to_date is None:
        return f"时序 {due}%，还没有填报完成投资"
    if not project.due_part:
        return "尚未到计划起始月"
    gap = lead_pp(project.completed_to_date, project.target, share(project))
    return f"时序 {due}%，{'超前' if gap >= 0 else '落后'} {abs(gap)} 个百分点"


def reasons(project: Any, today: date) -> dict:
    """Why the light has its colour, when it gets worse, what turns it green (components/_why)."""
    judging = judging_of(today)
    light = Light(project.light)
    found = why(project, judging)
    if project.status != Status.NORMAL:
        rows = [{"name": "状态", "light": Light.GRAY, "word": "不评", "text": light_reason(project, judging)}]
    else:
        rows = [{"name": one.label, "light": one.light, "text": one.text, "rule": one.basis} for one in found]
    return {
        "title": f"为什么是{light.label}" if light in WARNING else f"状态：{light.label}",
        "light": light,
        "version": f"{judging.rules.label}，取各维度最严，投资截至{judging.period.label}",
        "rows": rows,
        "months": light_history(project, judging.period),
        "worse": _worse(project),
        "better": "；并".join(one.hint for one in found if one.hint),
    }


def _worse(project: Any) -> dict | None:
    """When a yellow node turns red."""
    if project.status != Status.NORMAL or project.light_node != Light.YELLOW or project.light == Light.RED:
        return None
    return {"on": project.next_node_due + timedelta(days=1), "text": f"“{project.next_node_name}”届时仍未办结。"}
