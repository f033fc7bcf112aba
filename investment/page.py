"""What this floor says on the project page: the overall light with its reasons, and the year's money."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse

from common.lights import WARNING, Light
from common.money import percent, wan_column
from common.workdays import work_calendar
from investment.lights import closed_period, light_reason, why
from investment.querysets import YELLOW_BELOW
from projects.choices import Status

RULES = {  # beside the figure: which rule was asked, in half a sentence
    "light_progress": "完成额与时序进度比",
    "light_start": "按首次计划开工月判，后来推迟的不算",
    "light_node": "逾期一天即红，按工作日计",
    "light_report": "漏报一个月为黄，两个月为红",
}


def light_fact(project: Any, today: date) -> dict:
    """The overall light, with what the worst dimensions say."""
    sub = []
    if reason := light_reason(project, today, work_calendar()):
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
    gap = percent(project.completed_to_date - project.target * project.due_part / project.due_whole, project.target)
    return f"时序 {due}%，{'超前' if gap >= 0 else '落后'} {abs(gap)} 个百分点"


def reasons(project: Any, today: date) -> dict:
    """Why the light has its colour, when it gets worse, what turns it green (components/_why)."""
    light = Light(project.light)
    if project.status != Status.NORMAL:
        rows = [
            {"name": "状态", "light": Light.GRAY, "word": "不评", "text": light_reason(project, today, work_calendar())}
        ]
    else:
        rows = [
            {
                "name": reason.label,
                "light": reason.light,
                "text": reason.text,
                "rule": RULES[reason.code] if reason.light in WARNING else "",
            }
            for reason in why(project, today, work_calendar())
        ]
    return {
        "title": f"为什么是{light.label}" if light in WARNING else f"状态：{light.label}",
        "light": light,
        "version": f"取各维度最严，投资截至{closed_period(today).label}",
        "rows": rows,
        "worse": _worse(project),
        "better": "；".join(_better(project, today)),
    }


def _worse(project: Any) -> dict | None:
    """When a yellow node turns red."""
    if project.status != Status.NORMAL or project.light_node != Light.YELLOW or project.light == Light.RED:
        return None
    return {"on": project.next_node_due + timedelta(days=1), "text": f"“{project.next_node_name}”届时仍未办结。"}


def _better(project: Any, today: date) -> list[str]:
    """One clause for each dimension that is red or yellow."""
    if project.status != Status.NORMAL:
        return []
    steps = []
    if project.light_node in WARNING:
        steps.append(f"“{project.next_node_name}”办结")
    if project.light_progress in WARNING:
        scheduled = project.target * project.due_part / project.due_whole
        lacking = scheduled * YELLOW_BELOW / 100 - project.completed_to_date
        steps.append(f"年度投资再完成 {wan_column(lacking.quantize(Decimal(1), 'ROUND_CEILING'))} 万元以上")
    if project.light_start in WARNING:
        steps.append("完成开工认定，或登记经批准的延期理由")
    if project.light_report in WARNING:
        steps.append("补报漏报月份的完成投资")
    return steps
