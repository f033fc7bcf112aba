"""专项资金滞后: money that is here is not spent, money issued has not arrived, the start is overdue (handbook §4.3)."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from alerts.choices import Audience, Level, Severity
from alerts.rules.base import RESPONSIBLE, Finding, Rule, Tuning, key_of
from common.lights import Light
from common.periods import Period
from common.rules import light_rules
from investment.fund_text import light_words
from investment.models import FundApplication
from investment.querysets.funds import slow_funds

TOLD = {Level.REMIND: RESPONSIBLE, Level.SUPERVISE: (*RESPONSIBLE, Audience.UNIT, Audience.LEADER)}


def find(today: date, tuning: Tuning) -> Iterator[Finding]:
    """Applications whose money lags."""
    columns = ("pk", "light_fund", "fund_cause", "programme__name", "project", "project__name", "project__lead_unit")
    rows = slow_funds(FundApplication.objects.all(), today).order_by("pk")
    rules = light_rules(Period.of(today))
    for pk, light, cause, programme, project, name, unit in rows.values_list(*columns):
        red = light == Light.RED
        yield Finding(
            subject=f"fund:{pk}",
            project_id=project,
            unit_id=unit,
            severity=Severity.RED if red else Severity.YELLOW,
            level=Level.SUPERVISE if red else Level.REMIND,
            title=name,
            detail=f"{programme}：{light_words(light, cause, rules)}",
            path=reverse("investment:fund_detail", args=[pk]),
            window=f"light:{light}",
        )


def cleared(subjects: list[str], today: date) -> dict[str, str]:
    """The money moved, or the application ended."""
    rows = FundApplication.objects.filter(pk__in=[key_of(subject) for subject in subjects])
    return {f"fund:{row.pk}": f"资金进度已正常，申报状态“{row.get_state_display()}”" for row in rows}


FUND_SLOW = Rule(
    code="fund_slow",
    name="专项资金滞后",
    section="专项资金滞后",
    explanation="资金灯黄、红：到账后支付慢，或下达满一个月没有到账，或没有按期开工；红灯同时通知责任单位和包联领导。",
    find=find,
    cleared=cleared,
    told=lambda level: TOLD[level],
    repeat_days=30,
)
