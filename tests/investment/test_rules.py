"""The progress light under every preset: exact, scale-free, and green exactly when the hint says so."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db.models import BigIntegerField, Value
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from common.errors import DomainError
from common.fields import MoneyField
from common.models import RuleSet
from common.periods import Period
from common.rules import CODE, THRESHOLDS, LightRules, Preset, light_rules
from investment.querysets import least_done, progress_light
from projects.models import Project

BIG = BigIntegerField()
MOST = 10**12  # 元: 1 万亿元, the most a form takes
few = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
rules = st.sampled_from([LightRules().with_preset(preset) for preset in Preset])


@st.composite
def years(draw):
    """(target, done, due, scale) in 元: a year's plan, what was done, what was due."""
    target = draw(st.integers(1, MOST))
    scale = draw(st.integers(1, 12))
    part = draw(st.integers(1, scale))
    done = draw(st.one_of(st.integers(-target, target), st.just(target * part * 8 // (scale * 10))))
    return target, done, target * part, scale


def judged(rows, rules, target, done, due, scale):
    """The light in SQL; the month's figures are those of the year."""
    money = {"target": target, "completed_to_date": done, "month_done": done}
    columns = {name: Value(Decimal(yuan) / 10_000, MoneyField()) for name, yuan in money.items()}
    columns |= {name: Value(due, BIG) for name in ("due_yuan", "month_yuan")}
    columns |= {name: Value(scale, BIG) for name in ("due_scale", "month_scale")}
    return rows.annotate(**columns).annotate(found=progress_light(rules)).values_list("found", flat=True).get()


def expected(rules, target, done, due, scale):
    """The table of vectors.md §5, in fractions."""
    exp = Fraction(due, scale)
    if done >= target:
        return "blue"
    if rules.preset == Preset.PP:
        lag = (exp - done) / target * 100
        return "red" if lag > rules.red else "yellow" if lag >= rules.yellow else "green"
    if rules.preset == Preset.SHORTFALL:
        lack = (exp - done) / exp * 100
        return "red" if lack > rules.red else "yellow" if lack > rules.yellow else "green"
    rate = done / exp * 100
    return "red" if rate < rules.red else "yellow" if rate < rules.yellow else "green"


@pytest.fixture
def row(project):
    return Project.objects.filter(pk=project.pk)


@few
@given(rules=rules, year=years())
def test_sql_judges_as_fractions_do(row, rules, year):
    assert judged(row, rules, *year) == expected(rules, *year)


@pytest.mark.parametrize(
    ("preset", "done", "light"),  # 5,000 of 10,000 are due (handbook §3.3)
    [
        ("pp", "4000.0001", "green"),
        ("pp", "4000", "yellow"),  # 10 points behind
        ("pp", "2000", "yellow"),  # 30 points, which are still yellow
        ("pp", "1999.9999", "red"),
        ("shortfall", "5000", "green"),
        ("shortfall", "4999.9999", "yellow"),
        ("shortfall", "2500", "yellow"),  # half is lacking, which is still yellow
        ("shortfall", "2499.9999", "red"),
        ("ratio", "10000", "blue"),
    ],
)
def test_the_presets_at_their_limits(row, preset, done, light):
    figures = (100_000_000, int(Decimal(done) * 10_000), 50_000_000, 1)
    assert judged(row, LightRules().with_preset(preset), *figures) == light


@pytest.mark.parametrize(("done", "light"), [("3500", "yellow"), ("3499.9999", "red")])
def test_a_shortfall_is_judged_by_the_limit_of_the_rules(row, done, light):
    figures = (100_000_000, int(Decimal(done) * 10_000), 50_000_000, 1)
    assert judged(row, LightRules(preset="shortfall", red=30, yellow=0), *figures) == light


def test_nobody_is_asked_for_more_than_the_plan():
    """All is due and no point may lack: only the whole plan is left to hope for."""
    assert least_done(LightRules(preset="pp", red=30, yellow=0), target=Decimal(100), due=1_000_000, scale=1) == 100


@few
@given(rules=rules, year=years(), factor=st.integers(2, 9))
def test_scaling_all_money_leaves_the_light(row, rules, year, factor):
    target, done, due, scale = year
    assert judged(row, rules, *year) == judged(row, rules, target * factor, done * factor, due * factor, scale)


@few
@given(rules=rules, year=years())
def test_the_hint_turns_it_green_and_one_yuan_less_does_not(row, rules, year):
    target, done, due, scale = year
    assume(expected(rules, *year) in ("red", "yellow"))
    least = int(least_done(rules, target=Decimal(target) / 10_000, due=due, scale=scale) * 10_000)
    assert least > done
    assert judged(row, rules, target, least, due, scale) in ("green", "blue")
    assert judged(row, rules, target, least - 1, due, scale) in ("yellow", "red")


def published(version: int, since: date, **values) -> None:
    RuleSet.objects.create(code=CODE, version=version, effective_from=since, values=values)


@pytest.mark.django_db
def test_a_month_is_judged_by_the_rules_then_in_force():
    assert light_rules(Period(2026, 3)) == LightRules()
    published(1, date(2026, 4, 1), preset="pp", red=30, yellow=10)
    published(2, date(2026, 7, 1), red=50)
    RuleSet.objects.create(
        code=CODE, version=3, effective_from=date(2026, 1, 1), values={"red": 1}, is_draft=True
    )  # a draft
    found = [(light_rules(Period(2026, month)).version, light_rules(Period(2026, month)).red) for month in (3, 4, 6, 7)]
    assert found == [(0, 60), (1, 30), (1, 30), (2, 50)]
    assert light_rules(Period(2026, 8)).yellow == 80, "what a version does not say is the default"


@pytest.mark.parametrize("preset", Preset)
def test_rules_survive_being_kept(preset):
    rules = LightRules(off=("fund",)).with_preset(preset)
    rules.check()
    assert (rules.red, rules.yellow) == THRESHOLDS[preset]
    assert LightRules.of(RuleSet(code=CODE, version=0, values=rules.values())) == rules


@pytest.mark.parametrize(
    "wrong",
    [
        LightRules(red=80, yellow=80),
        LightRules(red=0, yellow=80),
        LightRules(preset="pp", red=10, yellow=30),
        LightRules(start_yellow=3, start_red=3),
    ],
)
def test_rules_that_contradict_themselves_are_refused(wrong):
    with pytest.raises(DomainError):
        wrong.check()
