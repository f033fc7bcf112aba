"""全年预测 and 接续指数: known rates come out again, bands hold what they promise."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from django.http import QueryDict
from django.urls import reverse

from common.periods import Period
from investment.actions import report_month, set_annual_plan, set_annual_target
from investment.forecast import Record, estimate, quantile
from investment.pipeline import (
    MONTH,
    Rates,
    expected,
    quarters_after,
    rates_of,
    spread_investment,
    start_chances,
)
from investment.selectors.board import Board
from investment.selectors.forecast import forecast
from investment.selectors.pipeline import pipeline, spells_of
from projects.choices import Stage
from projects.models import StageChange
from tests.factories import make_project

LAST = Period(2026, 8)


def record(ratios, last=LAST, scheduled=100) -> Record:
    made = Record()
    for back, ratio in enumerate(reversed(ratios)):
        made.add(last.shift(-back), Decimal(str(ratio)) * scheduled, Fraction(scheduled))
    return made


def test_a_steady_record_goes_on():
    found = estimate(Decimal(640), Fraction(400), [("自身历史", record([0.8] * 30))], LAST)
    assert (found.low, found.middle, found.high, found.basis) == (960, 960, 960, "自身历史")


def test_a_short_record_is_replaced_by_that_of_the_unit():
    pairs = [("自身历史", record([0.1] * 8)), ("单位历史", record([0.5] * 20))]
    assert estimate(Decimal(0), Fraction(400), pairs, LAST).basis == "单位历史"
    assert estimate(Decimal(0), Fraction(400), pairs[:1], LAST).middle is None


def test_months_without_figures_make_no_stretch():
    made = record([0.5] * 12)
    del made.scheduled[LAST.shift(-6)]
    assert len(made.ratios(LAST, 4)) == 3 + 2


def test_at_the_end_of_the_year_nothing_is_guessed():
    found = estimate(Decimal(77), Fraction(0), [], Period(2026, 12))
    assert (found.low, found.middle, found.high) == (77, 77, 77)


def test_quantiles_lie_between_neighbours():
    values = [Fraction(n) for n in (0, 10, 20)]
    assert [quantile(values, Fraction(n, 4)) for n in range(5)] == [0, 5, 10, 15, 20]


def test_the_band_holds_most_of_what_comes():
    rng, held, rounds = Random(4), 0, 120
    for _ in range(rounds):
        past = [max(0.0, rng.gauss(0.9, 0.25)) for _ in range(36)]
        found = estimate(Decimal(0), Fraction(400), [("", record(past))], LAST)
        comes = sum(max(0.0, rng.gauss(0.9, 0.25)) for _ in range(4)) * 100
        held += float(found.low) <= comes <= float(found.high)
    assert 0.6 <= held / rounds <= 0.95


@pytest.fixture
def unit_with_record(cast):
    """A year and ten months at four fifths of the plan."""
    project = make_project(cast.unit, name="有记录的", stage=Stage.CONSTRUCTION, since=date(2025, 1, 5))
    for year, months in ((2025, 12), (2026, 10)):
        set_annual_plan(project=project, year=year, target=Decimal(1200), by=None)
        for month in range(1, months + 1):
            report_month(project=project, period=Period(year, month), completed=Decimal(80), by=None)
    return project


def test_unit_and_project_by_their_own_record(login, cast, unit_with_record, today):
    line = forecast(Board(cast.leader, QueryDict(), today), "1")["lines"][0]
    assert (line["label"], line["done"], line["middle"], line["basis"]) == ("工信局", "800", "960", "自身历史")
    assert (line["gap"], line["sure"]) == ("-240", True)
    page = login(cast.leader).get(line["url"]).content.decode()
    assert "有记录的" in page
    assert "960" in page
    assert "最近 36 个月" in page


# --- 接续指数 ---------------------------------------------------------------------------------------------------------


def simulated(rng, admit, start, leave, projects, today):
    """Projects living by known monthly rates, told as moves."""
    for _ in range(projects):
        day = today - timedelta(days=rng.randrange(30, 1050))
        moves, state = [("planning", day)], "planning"
        while state in ("planning", "reserve"):
            day += timedelta(days=MONTH)
            if day > today:
                break
            luck = rng.random()
            if luck < leave:
                state = "withdrawn"
            elif luck < leave + (admit if state == "planning" else start):
                state = "reserve" if state == "planning" else "commenced"
            else:
                continue
            moves.append((state, day))
        yield spells_of(moves, today)


def test_known_rates_are_recovered(today):
    spells = [s for one in simulated(Random(7), 0.10, 0.06, 0.01, 1500, today) for s in one]
    rates = rates_of(spells, today)
    assert rates.monthly("planning", "reserve") == pytest.approx(0.10, rel=0.12)
    assert rates.monthly("reserve", "commenced") == pytest.approx(0.06, rel=0.15)
    assert rates.monthly("planning", "out") == pytest.approx(0.01, rel=0.4)


def test_the_band_of_starts_holds_what_happens():
    rates = Rates({"reserve": 1000.0}, {("reserve", "commenced"): 80})
    chance = start_chances("reserve", rates, 1)[0]
    low, mean, high = expected([chance] * 40)
    rng, rounds = Random(5), 300
    held = sum(low - 0.5 <= sum(rng.random() < chance for _ in range(40)) <= high + 0.5 for _ in range(rounds))
    assert mean == pytest.approx(40 * 0.92 * (1 - 0.92**3))
    assert 0.75 <= held / rounds <= 0.97


def test_no_record_gives_no_hope():
    assert start_chances("reserve", Rates(), 1) == [0, 0, 0, 0]
    assert expected([]) == (0, 0, 0)


def test_money_of_new_starts_is_spread_over_the_time_of_building():
    assert spread_investment([240.0, 0, 0, 0], 24.0) == [15, 30, 30, 30]
    assert sum(spread_investment([100.0, 0, 0, 0], 3.0)) == pytest.approx(100)


@pytest.mark.parametrize(
    ("day", "lead", "first"),
    [(date(2026, 11, 24), 1, "2027Q1"), (date(2026, 10, 2), 3, "2027Q1"), (date(2026, 12, 31), 0, "2027Q1")],
)
def test_the_next_four_quarters(day, lead, first):
    found, names = quarters_after(day)
    assert (found, names[0], len(names)) == (lead, first, 4)


def test_an_empty_next_year_is_seen_today(login, cast, unit_with_record, today):
    set_annual_plan(project=unit_with_record, year=2026, target=Decimal(40000), by=None, version=1)
    page = pipeline(Board(cast.leader, QueryDict(), today))
    assert len(page["weak"]) == 4
    assert "接不上" in login(cast.leader).get(reverse("investment:pipeline")).content.decode()


def test_what_waits_opens_its_rows(login, cast, today):
    for category in ("industry", "industry", "tourism"):
        make_project(cast.unit, stage=Stage.RESERVE, category=category)
    make_project(cast.unit, category="tourism")
    assert StageChange.objects.count() == 4
    client = login(cast.leader)
    for line in pipeline(Board(cast.leader, QueryDict(), today))["lines"]:
        for key in ("planning", "reserve"):
            assert f"共 <b>{line[key]['n']}</b>" in client.get(line[key]["url"]).content.decode()


def test_each_quarter_is_held_against_the_target_of_its_own_year(cast, today, unit_with_record):
    set_annual_plan(project=unit_with_record, year=2026, target=Decimal(40000), by=None, version=1)
    due = make_project(cast.unit, stage=Stage.RESERVE, category="tourism", planned_start_to=date(2027, 5, 31))

    def goals(user, on=today):
        page = pipeline(Board(user, QueryDict(), on))
        cells = {line["label"]: [cell["goal"] for cell in line["cells"]] for line in [*page["lines"], page["total"]]}
        return cells, [one["year"] for one in page["missing"]]

    assert goals(cast.leader)[1] == [2027]  # for want of a target the plans of this year, and the page says so
    assert goals(cast.leader)[0]["合计"] == ["10,000"] * 4
    set_annual_target(unit=cast.root, year=2026, amount=Decimal(999), by=None)
    set_annual_target(unit=cast.root, year=2027, amount=Decimal(8000), by=None)
    set_annual_target(unit=cast.root, year=2027, category="agriculture", amount=Decimal(800), by=None)
    set_annual_target(unit=cast.unit, year=2027, amount=Decimal(400), by=None)
    found, missing = goals(cast.leader)
    assert (found["合计"], missing) == (["2,000"] * 4, [])
    assert found["农业"] == ["200"] * 4  # a target, and nothing at all to meet it
    assert goals(cast.reporter)[0]["合计"] == ["100"] * 4  # of the own unit
    assert goals(cast.leader, date(2026, 6, 2))[0]["合计"] == ["250", "250", "2,000", "2,000"]
    line = next(one for one in pipeline(Board(cast.leader, QueryDict(), today))["lines"] if one["label"] == "文旅")
    assert [cell["due"] for cell in line["cells"]] == [0, 1, 0, 0]
    assert due.category == "tourism"


@pytest.mark.parametrize("name", ["forecast", "pipeline", "output"])
def test_pages_of_an_empty_district(login, cast, name):
    assert login(cast.leader).get(reverse(f"investment:{name}")).status_code == 200
