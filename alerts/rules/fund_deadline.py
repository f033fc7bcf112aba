"""资金申报将截止: a programme closes within a few working days; applications not yet handed in are asked for."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from alerts.choices import Audience, Level, Severity
from alerts.rules.base import RESPONSIBLE, Finding, Parameter, Rule, Tuning, always
from common.workdays import due_text, work_calendar
from investment.models import FundApplication, FundProgramme
from investment.querysets.funds import IDLE


def find(today: date, tuning: Tuning) -> Iterator[Finding]:
    """Programmes that close soon (for the bureau), and what waits in drafts for them (for those responsible)."""
    calendar = work_calendar()
    closing = FundProgramme.objects.due_within(today, calendar, tuning["workdays"])
    for pk, name, deadline in closing.order_by("pk").values_list("pk", "name", "deadline"):
        yield Finding(
            subject=f"programme:{pk}",
            severity=Severity.YELLOW,
            level=Level.REMIND,
            due_on=deadline,
            title=name,
            detail=f"申报 {deadline} 截止，{due_text(deadline, today, calendar)}",
            path=reverse("investment:programme_detail", args=[pk]),
            window=f"due:{deadline}",
        )
    waiting = FundApplication.objects.filter(programme__in=closing, state__in=IDLE).order_by("pk")
    columns = ("pk", "programme__name", "programme__deadline", "project", "project__name", "project__lead_unit")
    for pk, name, deadline, project, title, unit in waiting.values_list(*columns):
        yield Finding(
            subject=f"application:{pk}",
            project_id=project,
            unit_id=unit,
            severity=Severity.YELLOW,
            level=Level.REMIND,
            due_on=deadline,
            title=title,
            detail=f"{name}尚未提交申报，{deadline} 截止，{due_text(deadline, today, calendar)}",
            path=reverse("investment:fund_detail", args=[pk]),
            window=f"due:{deadline}",
        )


FUND_DEADLINE = Rule(
    code="fund_deadline",
    name="资金申报将截止",
    section="资金申报将截止",
    explanation="专项资金批次在设定的工作日数内截止；尚未提交的申报同时提醒责任人和责任单位。",
    find=find,
    cleared=lambda subjects, today: dict.fromkeys(subjects, "已提交申报、已截止，或截止日期调整"),
    told=always(*RESPONSIBLE, Audience.UNIT, Audience.BUREAU),
    parameters=(Parameter("workdays", "截止前", 10, "个工作日", most=60),),
)
