"""追赶节点未完成: a week's step of a catch-up plan has passed undone (features §15)."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from alerts.choices import Level, Severity
from alerts.rules.base import CLIMB, WEEK, Finding, Rule, Tuning, key_of, thresholds
from common.escalation import escalation_level
from common.workdays import due_text, work_calendar
from investment.models import CatchUpStep


def find(today: date, tuning: Tuning) -> Iterator[Finding]:
    """Missed steps of open plans, each on its rung."""
    calendar = work_calendar()
    columns = ("pk", "due_on", "text", "plan__project", "plan__project__name", "plan__project__lead_unit")
    for pk, due, text, project, name, unit in CatchUpStep.objects.missed(today).order_by("pk").values_list(*columns):
        rung = escalation_level(due, today, calendar, thresholds=thresholds(tuning))
        yield Finding(
            subject=f"step:{pk}",
            project_id=project,
            unit_id=unit,
            severity=Severity.RED,
            level=Level(rung.level),
            due_on=due,
            title=name,
            detail=f"追赶计划“{text}”{due_text(due, today, calendar)}（{due} 前完成）",
            path=reverse("investment:project_lag", args=[project]),
            window=f"level:{rung.level}",
        )


def cleared(subjects: list[str], today: date) -> dict[str, str]:
    """Done, put off, or the plan is closed."""
    steps = CatchUpStep.objects.filter(pk__in=[key_of(subject) for subject in subjects]).select_related("plan")
    return {f"step:{step.pk}": _reason(step) for step in steps}


def _reason(step: CatchUpStep) -> str:
    if step.done_on:
        return f"已于 {step.done_on} 完成"
    return (
        f"追赶计划已于 {step.plan.closed_on} 销号"
        if step.plan.closed_on
        else f"计划完成日期为 {step.due_on}，或项目已暂停"
    )


CATCH_UP_MISSED = Rule(
    code="catch_up_missed",
    name="追赶节点未完成",
    section="追赶节点未完成",
    explanation="追赶计划的周节点过了完成日期仍未完成，按逾期工作日升级。",
    find=find,
    cleared=cleared,
    told=lambda level: CLIMB[level],
    repeat_days=WEEK,
    has_ladder=True,
)
