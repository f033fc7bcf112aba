"""Money stays whole: hints exact to the 元, splits that lose nothing, conditions said once."""

from datetime import date
from decimal import Decimal
from itertools import product

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from common.periods import Period
from common.rules import light_rules
from investment.actions import report_month, set_annual_plan, split_with_money
from investment.dimensions import DIMENSIONS
from investment.fund_checks import unfit_reasons
from investment.lights import judging_of, with_lights
from investment.models import FundAmount, FundApplication, FundProgramme
from investment.querysets.funds import fitting, least_spent
from projects.actions import Part
from projects.choices import Level, Stage
from projects.models import Project
from tests.factories import make_project

TODAY = date(2026, 11, 24)
FEW = settings(
    max_examples=10,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def application(project):
    programme = FundProgramme.objects.create(kind="provincial", name="省级专项", year=2026)
    return FundApplication.objects.create(
        project=project, programme=programme, applied=Decimal(9000), usage="主体工程", created_at=timezone.now()
    )


def held(application, kind, amount, on):
    return FundAmount(application=application, kind=kind, amount=amount, on=on, at=timezone.now())


def light_of(application) -> str:
    rows = with_lights(Project.objects.filter(pk=application.project_id), TODAY)
    return rows.get().light_fund


@FEW
@given(
    received=st.integers(1, 10**9), months=st.integers(3, 14), spent_percent=st.integers(0, 49)
)  # 元; months since the receipt
def test_spending_the_hint_turns_the_light_green_and_one_yuan_less_does_not(
    application, received, months, spent_percent
):
    wan, yuan = Decimal(received) / 10_000, Decimal(1) / 10_000
    on = date(2026, 11, 24).replace(year=2026 - (months + 1) // 12, month=(10 - months) % 12 + 1)
    already = Decimal(received * spent_percent // 100) / 10_000
    application.amounts.all().delete()
    FundAmount.objects.bulk_create(
        [held(application, "received", wan, on), *([held(application, "spent", already, on)] if already else [])]
    )
    assert light_of(application) in ("yellow", "red")
    least = least_spent(wan, on, TODAY, light_rules(Period.of(TODAY)))
    row = with_lights(Project.objects.filter(pk=application.project_id), TODAY).get()
    hint = next(one for one in DIMENSIONS if one.code == "fund").hint(row, judging_of(TODAY))
    missing = Decimal(hint.split("再支出 ")[1].split(" ")[0].replace(",", ""))
    assert missing == least - already
    more = FundAmount.objects.bulk_create([held(application, "spent", missing, TODAY)])[0]
    assert light_of(application) == "green"
    if missing > yuan:
        FundAmount.objects.filter(pk=more.pk).update(amount=missing - yuan)
    else:
        more.delete()
    assert light_of(application) in ("yellow", "red")


def test_a_condition_not_met_is_said_and_only_then(cast):
    made = [
        make_project(cast.unit, industry_code=code, total_investment=total, level=level)
        for code, total, level in product(
            ("C3985", "N7620", ""), (None, Decimal("7999.9999"), Decimal(8000)), (Level.DISTRICT, Level.PROVINCIAL)
        )
    ]
    for industries, stages, levels, least in product(
        ([], ["C"], ["N76", "C39"]), ([], ["reserve"], ["planning"]), ([], ["provincial"]), (None, Decimal(8000))
    ):
        programme = FundProgramme(industries=industries, stages=stages, levels=levels, least_total=least)
        fit = {project.pk for project in fitting(Project.objects.all(), programme)}
        some = made[:: 3 if industries else 5]  # a few of each, so that it stays quick
        assert {project.pk for project in some if not unfit_reasons(project, programme)} == {
            project.pk for project in some if project.pk in fit
        }


@FEW
@given(
    totals=st.lists(st.integers(1, 10**8), min_size=2, max_size=4),
    target=st.integers(1, 10**8),
    done=st.integers(0, 10**8),
)
def test_a_split_keeps_plan_figures_and_schedule_to_the_yuan(cast, totals, target, done):
    parts = [Part(f"分项{n}", Decimal(total) / 10_000, cast.unit) for n, total in enumerate(totals)]
    project = make_project(
        cast.unit, stage=Stage.CONSTRUCTION, since=date(2026, 1, 5), total_investment=sum(p.total for p in parts)
    )
    set_annual_plan(project=project, year=2026, target=Decimal(target) / 10_000, by=None)
    report_month(project=project, period=Period(2026, 6), completed=Decimal(done) / 10_000, by=None)
    project.refresh_from_db()
    children = split_with_money(
        project=project, parts=parts, reason="分期建设", by=cast.admin, today=TODAY, version=project.version
    )
    rows = list(with_lights(Project.objects.filter(pk__in=[child.pk for child in children]), TODAY))
    assert sum(row.total_investment for row in rows) == project.total_investment
    assert sum(row.target or 0 for row in rows) == Decimal(target) / 10_000
    assert sum(row.completed_to_date or 0 for row in rows) == Decimal(done) / 10_000
    assert sum(row.due_yuan for row in rows) == target * 10  # of twelve months, through October
    assert {row.due_scale for row in rows} == {12}
