"""全年预测 and 接续指数: known rates come out again, bands hold what they promise."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from django.http import QueryDict
from django.urls import reverse

from common import clock
from common.periods import Period
from investment.actions import decide_month, report_month, set_annual_plan, set_annual_target, set_opening_balance
from investment.actions.to_date import keep_to_date
from investment.forecast import Record, estimate, overlap, quantile
from investment.models import MonthlyEntry
from investment.pipeline import (
    MONTH,
    Rates,
    Spell,
    expected,
    quarters_after,
    rates_of,
    spread_investment,
    start_chances,
)
from investment.selectors.board import Board
from investment.selectors.forecast import forecast, records
from investment.selectors.pipeline import pipeline, spells_of
from projects.choices import Stage
from projects.models import Project, StageChange
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


def test_six_stretches_are_a_record():
    assert estimate(Decimal(0), Fraction(400), [("自身历史", record([0.5] * 9))], LAST).middle == 200
    assert estimate(Decimal(0), Fraction(400), [("自身历史", record([0.5] * 8))], LAST).middle is None


def test_three_years_are_looked_back():
    assert len(record([0.5] * 40).ratios(LAST, 4)) == 36 - 4 + 1


@pytest.mark.parametrize(("plan", "told", "common"), [((1, 12), (8, 8), 1), ((3, 6), (1, 4), 2), ((1, 3), (5, 5), 0)])
def test_months_in_common(plan, told, common):
    assert overlap(*plan, *told) == common


def test_what_was_told_stands_beside_what_was_scheduled_for_it(cast):
    """A total of several months is held against all of them, by the plan of its year; what came back is not told."""
    project = make_project(cast.unit, stage=Stage.CONSTRUCTION, since=date(2025, 1, 5))
    set_annual_plan(project=project, year=2025, target=Decimal(9999), by=None)
    set_annual_plan(project=project, year=2026, target=Decimal(1000), by=None, start_month=3)
    for month, amount, covers in ((6, 300, 1), (7, 80, None), (8, 70, None)):
        entry = report_month(
            project=project, period=Period(2026, month), completed=Decimal(amount), by=None, covers_from=covers
        )
    decide_month(entry=entry, approve=False, by=cast.reviewer, version=entry.version, note="核对")
    told = records(Project.objects.all(), LAST, "project_id")[project.pk]
    assert dict(told.scheduled) == {Period(2026, 6): 400, Period(2026, 7): 100}
    assert dict(told.done) == {Period(2026, 6): 300, Period(2026, 7): 80}


def test_months_without_figures_make_no_stretch():
    made = record([0.5] * 12)
    del made.scheduled[LAST.shift(-6)]
    assert len(made.ratios(LAST, 4)) == 3 + 2


def test_at_the_end_of_the_year_nothing_is_guessed():
    found = estimate(Decimal(77), Fraction(0), [], Period(2026, 12))
    assert (found.low, found.middle, found.high) == (77, 77, 77)


def test_where_nothing_is_left_of_the_plan_what_was_done_is_all():
    found = estimate(Decimal(77), Fraction(0), [("自身历史", record([0.8] * 30))], LAST)
    assert (found.low, found.high, found.basis) == (77, 77, "没有余下的计划")


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


@pytest.mark.parametrize(
    ("good", "line"),
    [
        ({8: 150, 9: 150, 10: 150}, ("1,170", "-30", True, False)),  # the upper end of the band, 1,240, still meets it
        (dict.fromkeys(range(1, 11), 120) | {10: 130}, ("1,370", "170", False, False)),
        ({1: 240, 2: 240}, ("1,280", "80", False, False)),
        ({1: 240}, ("1,120", "-80", True, True)),
        ({1: 160, 2: 160, 3: 160}, ("1,200", "0", False, False)),  # just met is met
    ],
)
def test_short_by_the_middle_and_surely_short_by_the_upper_end(cast, unit_with_record, today, good, line):
    for month, amount in good.items():
        MonthlyEntry.objects.filter(year=2026, month=month).update(completed=Decimal(amount))
    keep_to_date([unit_with_record.pk])
    found = forecast(Board(cast.leader, QueryDict(), today), "1")["lines"][0]
    assert (found["middle"], found["gap"], found["short"], found["sure"]) == line


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


RESERVE, TODAY = "reserve", date(2026, 11, 24)


def test_the_record_reaches_back_three_years():
    """From 1 November 2023: of the first stay a year counts, the second was over by then, the third lasts."""
    rates = rates_of(
        [
            Spell(RESERVE, date(2023, 5, 1), date(2024, 11, 1), "commenced"),
            Spell(RESERVE, date(2023, 5, 1), date(2023, 11, 1), "commenced"),
            Spell(RESERVE, date(2026, 11, 14), TODAY),
        ],
        TODAY,
    )
    assert rates.count(RESERVE, "commenced") == 1
    assert rates.months[RESERVE] * MONTH == pytest.approx(366 + 10)


def test_a_chance_is_at_most_one():
    rates = rates_of([Spell(RESERVE, TODAY - timedelta(days=3), TODAY, "commenced")] * 2, TODAY)
    assert rates.monthly(RESERVE, "commenced") == 1
    assert rates.monthly(RESERVE, "out") == 0


def test_who_leaves_starts_no_more_and_who_is_admitted_may():
    """Worked out month by month."""
    rates = Rates({RESERVE: 10.0}, {(RESERVE, "commenced"): 1, (RESERVE, "out"): 2})
    assert start_chances(RESERVE, rates, 0)[0] == pytest.approx(0.1 + 0.07 + 0.049)
    assert start_chances(RESERVE, rates, 1)[0] == pytest.approx(0.07 + 0.049 + 0.0343)
    rates = Rates(
        {"planning": 10.0, RESERVE: 10.0},
        {("planning", RESERVE): 5, ("planning", "out"): 3, (RESERVE, "commenced"): 10},
    )
    assert start_chances("planning", rates, 0)[0] == pytest.approx(0 + 0.5 + 0.1)


def test_the_band_does_not_go_below_nothing():
    low, mean, high = expected([0.5])
    assert (low, mean) == (0, 0.5)
    assert high == pytest.approx(0.5 + 1.2816 * 0.5)


def test_a_stay_ends_with_what_comes_next():
    day = [TODAY - timedelta(days=back) for back in (400, 300, 200, 100)]
    assert spells_of([(RESERVE, day[0]), ("planning", day[1]), ("withdrawn", day[2])], TODAY) == [
        Spell(RESERVE, day[0], day[1], "out"),  # sent back: it will not start from here
        Spell("planning", day[1], day[2], "out"),
    ]
    assert spells_of([(RESERVE, day[0]), ("suspended", day[1]), (RESERVE, day[2]), ("commenced", day[3])], TODAY) == [
        Spell(RESERVE, day[0], day[1], None),
        Spell(RESERVE, day[2], day[3], "commenced"),
    ]
    assert spells_of([(RESERVE, day[0])], TODAY) == [Spell(RESERVE, day[0], TODAY, None)]


def page_of(cast, today=TODAY):
    page = pipeline(Board(cast.leader, QueryDict(), today))
    return page["total"]["cells"], {line["label"]: line for line in page["lines"]}


@pytest.fixture
def works(cast):
    """1,200 万元 to be built within a year from today, half of it done: 240 before the year, 360 since."""
    project = make_project(
        cast.unit, stage=Stage.CONSTRUCTION, since=date(2026, 1, 5), total_investment=Decimal(1200),
        category="industry", planned_completion_to=date(2027, 11, 24),
    )  # fmt: skip
    set_opening_balance(project=project, year=2026, amount=Decimal(240), by=None)
    report_month(project=project, period=Period(2026, 5), completed=Decimal(360), by=None)
    back = report_month(project=project, period=Period(2026, 6), completed=Decimal(100), by=None)
    decide_month(entry=back, approve=False, by=cast.reviewer, version=back.version, note="核对")
    return project


def test_what_is_left_is_spread_over_what_is_left_of_the_time(cast, works):
    """600 over 11.99 months, of which the one until the new year is not asked for: 50.03 a month."""
    assert [cell["money"] for cell in page_of(cast)[0]] == ["150", "150", "150", "100"]
    for change in ({"status": "suspended"}, {"completed_on": TODAY}, {"stage": "production"}):
        before = Project.objects.values(*change).get(pk=works.pk)
        Project.objects.filter(pk=works.pk).update(**change)
        assert [cell["money"] for cell in page_of(cast)[0]] == ["0"] * 4, change
        Project.objects.filter(pk=works.pk).update(**before)


@pytest.mark.parametrize(
    ("target", "index", "tone"), [(750, 80, "good"), (760, 79, "warn"), (1200, 50, "warn"), (1230, 49, "bad")]
)
def test_a_quarter_is_weak_below_80_and_poor_below_50(cast, works, target, index, tone):
    set_annual_target(unit=cast.root, year=2027, amount=Decimal(target), by=None)
    cell = page_of(cast)[0][0]
    assert (cell["index"], cell["tone"], cell["weak"]) == (index, tone, tone != "good")


def test_targets_of_categories_add_up_and_plans_of_what_ended_do_not_count(cast, works):
    set_annual_plan(project=works, year=2026, target=Decimal(800), by=None)
    assert page_of(cast)[0][0]["goal"] == "200"
    Project.objects.filter(pk=works.pk).update(status="terminated")
    assert page_of(cast)[0][0]["goal"] == "—"
    for category, amount in (("industry", 800), ("tourism", 400)):
        set_annual_target(unit=cast.root, year=2027, category=category, amount=Decimal(amount), by=None)
    assert page_of(cast)[0][0]["goal"] == "300"


def test_what_waits_brings_money_in_proportion_to_its_total(cast):
    """One of two left 储备 for 开工 within a year of waiting each."""
    for n, stage in enumerate((Stage.RESERVE, Stage.COMMENCED)):
        project = make_project(cast.unit, stage=stage, since=date(2025, 11, 24), total_investment=Decimal(240_000))
        StageChange.objects.filter(project=project).update(after="reserve")
        if n:
            moved(project, "commenced", TODAY)
            Project.objects.filter(pk=project.pk).update(status="terminated")
    money = [Decimal(cell["money"].replace(",", "")) for cell in page_of(cast)[0]]
    Project.objects.update(total_investment=Decimal(480_000))
    twice = [Decimal(cell["money"].replace(",", "")) for cell in page_of(cast)[0]]
    assert money[0] > 100
    assert [float(one) for one in twice] == pytest.approx([float(one) * 2 for one in money], abs=1)


def moved(project, after, on):
    StageChange.objects.create(project=project, edge="x", before="", after=after, on=on, at=clock.now())


@pytest.mark.parametrize(("admitted", "started", "own"), [(5, 5, True), (5, 4, False), (4, 5, False)])
def test_five_moves_of_each_kind_are_a_record_of_ones_own(cast, admitted, started, own):
    for n in range(max(admitted, started)):
        project = make_project(cast.unit, category="tourism", since=date(2025, 1, 5))
        if n < admitted:
            moved(project, "reserve", date(2025, 6, 1))
        else:
            StageChange.objects.filter(project=project).update(after="reserve")
        if n < started:
            moved(project, "commenced", date(2025, 12, 1))
    assert page_of(cast)[1]["文旅"]["own"] is own


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
    [
        (date(2026, 11, 24), 1, "2027Q1"),
        (date(2026, 11, 15), 2, "2027Q1"),  # until the middle of a month it is still to come
        (date(2026, 11, 16), 1, "2027Q1"),
        (date(2026, 10, 2), 3, "2027Q1"),
        (date(2026, 12, 31), 0, "2027Q1"),
        (date(2026, 1, 1), 3, "2026Q2"),
        (date(2026, 9, 30), 0, "2026Q4"),
    ],
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
