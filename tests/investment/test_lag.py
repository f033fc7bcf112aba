"""Lag: the arithmetic of catching up against an oracle, plans that close themselves, snapshots that never change."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from common.errors import DomainError
from common.models import RuleSet
from common.periods import Period
from common.rules import CODE
from common.workdays import OFFICIAL
from investment.actions import (
    close_caught_up,
    decide_plan_change,
    finish_step,
    open_catch_up,
    report_month,
    request_plan_change,
    set_annual_plan,
    take_snapshots,
    withdraw_catch_up,
)
from investment.catchup import Pace, Verdict, assess, smallest_set, split_evenly, weekly_dates
from investment.history import light_history
from investment.lights import with_progress
from investment.models import CatchUpPlan, CatchUpStep, LightSnapshot
from investment.querysets.lag import LISTS
from investment.selectors.lag import peer_rates
from projects.choices import Stage
from projects.models import Project
from tests.factories import lag_cause, make_project

money = st.integers(0, 10**11)
few = settings(max_examples=60, deadline=None)


def pace_of(own: list[int]) -> Pace:
    """Of monthly figures, oldest first."""
    return Pace.of(len(own), sum(sorted(own)[-3:]), sum(own[-3:]))


@few
@given(
    target=st.integers(1, 10**12),
    done=money,
    month=st.integers(1, 12),
    own=st.lists(money, max_size=24),
    peers=st.fractions(0, 1),
    end=st.integers(1, 12),
)
def test_catching_up_agrees_with_walking_through_the_months(target, done, month, own, peers, end):
    found = assess(target=target, done=done, month=month, pace=pace_of(own), peer_rate=peers, end=end)
    best = Fraction(sum(sorted(own, reverse=True)[:3]), min(3, len(own))) if own else Fraction(0)
    pace = Fraction(sum(own[-3:]), min(3, len(own))) if own else Fraction(0)
    left = max(0, end - month)

    def reaches(start: Fraction, months: int, rate: Fraction) -> bool:
        for _ in range(months):
            start += rate
        return start >= target

    if done >= target:
        assert found.verdict == Verdict.MET
    elif reaches(Fraction(done), left, best):
        assert found.verdict == Verdict.ABLE
    elif reaches(Fraction(done), left, peers * target):
        assert found.verdict == Verdict.HARD
    else:
        assert found.verdict == Verdict.IMPOSSIBLE
    if found.verdict in (Verdict.ABLE, Verdict.HARD):
        ceiling = max(best, peers * target)
        lost = [
            later
            for later in range(month + 1, end + 1)
            if not reaches(done + pace * (later - month), end - later, ceiling)
        ]
        assert found.impossible_from == (lost[0] if lost else None)


@pytest.mark.parametrize(
    ("own", "peer_rate", "verdict", "lost"),
    [
        ([100] * 6, Fraction(0), Verdict.ABLE, None),  # what is required is exactly its own best
        ([50] * 6, Fraction(100, 1200), Verdict.HARD, 7),  # exactly what its peers manage
        ([120] * 3 + [0] * 3, Fraction(0), Verdict.ABLE, 8),  # in July the ceiling still reaches it to the 元
        ([99] * 6, Fraction(0), Verdict.IMPOSSIBLE, None),
    ],
)
def test_exactly_enough_is_enough(own, peer_rate, verdict, lost):
    found = assess(target=1200, done=600, month=6, pace=pace_of(own), peer_rate=peer_rate)
    assert (found.required, found.verdict, found.impossible_from) == (100, verdict, lost)


@few
@given(gaps=st.lists(st.integers(1, 50), min_size=1, max_size=8), percent=st.sampled_from([50, 80, 100]))
def test_the_smallest_set_is_the_smallest(gaps, percent):
    gaps.sort(reverse=True)
    found = smallest_set(gaps, percent)
    sizes = [
        size
        for size in range(len(gaps) + 1)
        if any(sum(some) * 100 >= sum(gaps) * percent for some in combinations(gaps, size))
    ]
    assert found == min(sizes)


@given(amount=st.integers(0, 10**13), parts=st.integers(1, 30))
def test_weeks_sum_to_the_yuan(amount, parts):
    split = split_evenly(amount, parts)
    assert sum(split) == amount and max(split) - min(split) <= 1


def test_weeks_are_fridays_before_holidays_and_the_day_itself():
    days = weekly_dates(date(2026, 9, 21), date(2026, 10, 15), OFFICIAL)
    assert days == [date(2026, 9, 24), date(2026, 9, 30), date(2026, 10, 9), date(2026, 10, 15)]  # 中秋、国庆


@pytest.fixture
def late(cast):
    """A project under construction, 1,200 planned, 100 done of the 1,000 due through October: red."""
    project = make_project(cast.unit, stage=Stage.CONSTRUCTION, since=date(2026, 1, 5))
    set_annual_plan(project=project, year=2026, target=Decimal(1200), by=None)
    report_month(project=project, period=Period(2026, 9), completed=Decimal(60), by=None)
    report_month(project=project, period=Period(2026, 10), completed=Decimal(40), by=None)
    return project


ABOUT = {"cause_note": "资本金未到位", "measures": "约谈股东，月底前到位"}


def opened(project, today, **changes) -> CatchUpPlan:
    about = {**ABOUT, "cause": lag_cause(), "target_on": date(2026, 12, 31), "by": None, **changes}
    return open_catch_up(project=project, today=today, **about)


def test_a_plan_falls_into_weeks_that_bring_the_light_to_green(late, today):
    plan = opened(late, today)
    assert (plan.light, plan.amount) == ("red", Decimal(860))  # 80 % of the 1,200 due in December, 100 done
    assert sum(step.amount for step in plan.steps.all()) == Decimal(860)
    told = report_month(project=late, period=Period(2026, 11), completed=Decimal("779.9999"), by=None)
    november = date(2026, 11, 27)  # 880 are asked for through November
    assert close_caught_up(today=november) == 0, "one 元 short"
    report_month(project=late, period=Period(2026, 11), completed=Decimal(780), by=None, version=told.version)
    assert close_caught_up(today=november) == 1
    plan.refresh_from_db()
    assert plan.outcome == "green" and "2026年11月" in plan.closing_fact


def test_a_good_light_needs_no_plan_and_one_plan_is_enough(late, today, cast):
    opened(late, today)
    with pytest.raises(DomainError), transaction.atomic():
        opened(late, today)
    calm = make_project(cast.unit)
    with pytest.raises(DomainError):
        opened(calm, today)
    with pytest.raises(IntegrityError), transaction.atomic():
        CatchUpPlan.objects.create(
            project=late,
            cause=lag_cause(),
            light="red",
            opened_on=today,
            target_on=date(2026, 12, 1),
            **ABOUT,
            amount=None,
        )


def test_missed_weeks_are_known_until_done_or_withdrawn(late, today):
    plan = opened(late, today)
    step = plan.steps.first()
    later = date(2026, 11, 30)
    assert list(CatchUpStep.objects.missed(later)) == [step]
    finish_step(step=step, note="已完成", by=None, today=later, version=step.version)
    assert not CatchUpStep.objects.missed(later).exists()
    with pytest.raises(DomainError, match="已于 2026-11-30 完成"):
        finish_step(step=step, note="再报", by=None, today=date(2026, 12, 1), version=step.version)
    withdraw_catch_up(plan=plan, reason="重新测算", by=None, today=later, version=plan.version)
    assert not CatchUpStep.objects.missed(date(2027, 1, 31)).exists()


def test_a_later_plan_leaves_the_snapshot_alone(late, today, clock_at):
    assert take_snapshots(today=today) == 1
    assert take_snapshots(today=today) == 0, "once a month"
    before = LightSnapshot.objects.values().get()
    assert (before["light"], before["month"], before["scheduled"]) == ("red", 10, Decimal(1000))
    plan = late.annual_plans.get()
    set_annual_plan(project=late, year=2026, target=Decimal(100), by=None, version=plan.version, reason="调减")
    take_snapshots(today=today)
    assert LightSnapshot.objects.values().get() == before
    with pytest.raises(TypeError):
        LightSnapshot.objects.get().save()
    with pytest.raises(TypeError):
        LightSnapshot.objects.update(light="green")


def test_a_snapshot_says_by_which_rules_and_that_nothing_was_told(cast, today):
    """Missing is not zero in what is kept either (§10.8)."""
    project = make_project(cast.unit, stage=Stage.CONSTRUCTION, since=date(2026, 1, 5))
    set_annual_plan(project=project, year=2026, target=Decimal(1200), by=None)
    for version, since in ((4, date(2026, 10, 1)), (5, date(2026, 11, 1))):
        RuleSet.objects.create(code=CODE, version=version, effective_from=since, values={})
    assert take_snapshots(today=today) == 1
    kept = LightSnapshot.objects.get()
    assert (kept.rules_version, kept.completed_to_date, kept.target) == (4, None, 1200)
    assert (kept.lights["progress"], kept.lights["report"]) == ("gray", "red")


@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    changes=st.lists(
        st.tuples(
            st.one_of(st.none(), st.integers(0, 10**9)),  # 元 of the year; none = 待下达
            st.integers(1, 12),  # the month from which the time runs
            st.sampled_from(["linear", "curve", "season"]),
            st.booleans(),  # by request and decision, or set by the bureau
        ),
        min_size=1,
        max_size=4,
    )
)
def test_no_change_of_a_plan_alters_what_was_kept_or_how_a_closed_month_is_judged(late, cast, today, changes):
    def judged() -> dict[int, tuple]:
        rows = {month: with_progress(Project.objects.all(), Period(2026, month)) for month in range(1, 11)}
        return {month: rows[month].values_list("light_progress", "target", "due_yuan").get() for month in rows}

    with transaction.atomic():
        take_snapshots(today=today)
        kept, before = list(LightSnapshot.objects.values()), judged()
        for yuan, start, split, asked in changes:
            plan = late.annual_plans.get()
            terms = {
                "project": late,
                "year": 2026,
                "target": None if yuan is None else Decimal(yuan) / 10_000,
                "start_month": start,
                "split": split,
                "version": plan.version,
                "reason": "调整",
            }
            if asked:
                request = request_plan_change(**terms, by=cast.reporter, today=today)
                decide_plan_change(request=request, approve=True, by=cast.reviewer, today=today)
            else:
                set_annual_plan(**terms, by=None)
        take_snapshots(today=today)
        assert list(LightSnapshot.objects.values()) == kept
        assert judged() == before
        transaction.set_rollback(True)


def test_a_red_month_made_good_later_is_late_yellow(late, today, cast):
    def kept(month: int, light: str, **lights: str) -> None:
        LightSnapshot.objects.create(
            project=late, year=2026, month=month, light=light, lights=lights, lead_unit=cast.unit, taken_on=today
        )

    kept(7, "red", progress="red", node="green")
    kept(8, "red", progress="green", node="red")
    kept(9, "yellow", progress="yellow", node="yellow")
    kept(10, "red", progress="red", node="green")
    words = {month.period.month: month.word for month in light_history(late, Period(2026, 10))}
    assert words[7] == "迟黄" and words[8] == "迟黄" and words[9] == "黄灯" and words[10] == "红灯"
    assert words[6] == "无存档"
    red = LightSnapshot.objects.consecutive_red
    assert list(red(Period(2026, 8), 2)) == [{"project": late.pk}]
    assert not red(Period(2026, 10), 2).exists()


def numbers(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def test_the_gap_is_the_sum_of_its_rows_and_of_its_groups(login, cast, late, django_assert_max_num_queries):
    other = make_project(cast.other_unit, stage=Stage.CONSTRUCTION, since=date(2026, 1, 5))
    set_annual_plan(project=other, year=2026, target=Decimal("700.0001"), by=None)
    report_month(project=other, period=Period(2026, 10), completed=Decimal("333.3333"), by=None)
    client = login(cast.leader)
    with django_assert_max_num_queries(40):
        page = client.get(reverse("investment:lag")).context
    gaps = [numbers(row["gap"]) for row in page["rows"]]
    assert len(gaps) == 2 and sum(gaps) == numbers(page["gap_total"]) == numbers(
        page["stats"][1]["exact"].removesuffix(" 万元")
    )
    for table in page["groups"]:
        assert sum(numbers(row["gap"]) for row in table["rows"]) == sum(gaps)
        for row in table["rows"]:
            behind = client.get(row["url"]).context
            assert numbers(behind["gap_total"]) == numbers(row["gap"]) and behind["total"] == row["count"]
    for stat in page["stats"][2:]:
        assert client.get(stat["url"]).context["total"] == stat["value"]


def test_every_list_opens_as_many_projects_as_it_says(login, cast, late):
    Project.objects.filter(pk=late.pk).update(planned_completion_to=date(2026, 6, 30))
    make_project(cast.unit, stage=Stage.RESERVE, planned_start_to=date(2026, 6, 30))
    idle = make_project(cast.unit, stage=Stage.COMMENCED, actual_start_date=date(2026, 3, 1))
    set_annual_plan(project=idle, year=2026, target=Decimal(10), by=None)
    client = login(cast.leader)
    counts = {one["label"]: one["count"] for one in client.get(reverse("investment:lag")).context["lists"]}
    assert counts == {"批而未开": 0, "开而未建": 1, "建而未竣": 1, "应开未开": 1, "应投未投": 1, "应统未统": 1}
    for one in LISTS:
        shown = client.get(reverse("projects:project_list"), {"lag": one.code}).context["total"]
        assert shown == counts[one.label], one.label


def test_the_page_of_a_late_project_offers_and_keeps_a_plan(login, cast, late):
    client = login(cast.reporter)
    tab = reverse("investment:project_lag", args=[late.pk])
    assert "制定追赶计划" in client.get(tab).content.decode()
    new = reverse("investment:catch_up_new", args=[late.pk])
    assert client.post(new, ABOUT | {"target_on": "2026-12-31"}).status_code == 422, "without a cause"
    about = ABOUT | {"cause": lag_cause().pk}
    assert client.post(new, about | {"target_on": "2026-11-01"}).status_code == 422
    assert "太远" in client.post(new, about | {"target_on": "2028-01-01"}).content.decode()
    assert client.post(new, about | {"target_on": "2026-12-31"}).status_code == 302
    second = client.post(new, about | {"target_on": "2026-12-30"})
    assert second.status_code == 422, "a second plan is refused in its form"
    assert "已经有追赶计划" in second.content.decode() and "约谈股东" in second.content.decode()
    text = client.get(tab).content.decode()
    assert "资本金未到位" in text and "完成投资" in text
    assert "近 12 个月" in client.get(late.get_absolute_url()).content.decode()


def test_the_gap_by_cause_opens_its_rows_and_says_where_nobody_told_why(login, cast, late, today):
    other = make_project(cast.unit, stage=Stage.CONSTRUCTION, since=date(2026, 1, 5))
    set_annual_plan(project=other, year=2026, target=Decimal(600), by=None)
    report_month(project=other, period=Period(2026, 10), completed=Decimal(1), by=None)
    opened(late, today)
    client = login(cast.leader)
    groups = {one["label"]: one["rows"] for one in client.get(reverse("investment:lag")).context["groups"]}
    told = {row["label"]: row for row in groups["滞后原因"]}
    assert set(told) == {"资金不到位", "未制定追赶计划"}
    for label, project in (("资金不到位", late), ("未制定追赶计划", other)):
        shown = client.get(told[label]["url"]).context
        assert [row["name"] for row in shown["rows"]] == [project.name] and shown["gap_total"] == told[label]["gap"]


def test_causes_are_kept_by_administrators_and_stay_with_their_plans(login, cast, late, today):
    new = reverse("investment:cause_new")
    assert login(cast.reporter).post(new, {"name": "用地指标", "order": 1}).status_code == 403
    admin = login(cast.admin)
    assert admin.post(new, {"name": "用地指标", "order": 1, "is_active": "on"}).status_code == 302
    assert "已有名为" in admin.post(new, {"name": "用地指标", "order": 1}).content.decode()
    plan = opened(late, today, cause=lag_cause("用地指标"))
    edit = reverse("investment:cause_edit", args=[plan.cause_id])
    assert admin.post(edit, {"name": "用地指标不足", "order": 1}).status_code == 302  # renamed and switched off
    reporter = login(cast.reporter)
    assert "用地指标不足" in reporter.get(reverse("investment:project_lag", args=[late.pk])).content.decode()
    form = reporter.get(reverse("investment:catch_up_new", args=[late.pk])).content.decode()
    assert "用地指标" not in form
    page = login(cast.admin).get(reverse("investment:cause_list")).content.decode()
    assert "用地指标不足" in page and "已停用" in page


def test_peers_are_measured_by_the_plan_of_the_year(cast):
    """The plans of other years are no denominators, and do not count a figure twice."""
    for number, target in enumerate((1000, 2000, 4000)):
        project = make_project(cast.unit, stage=Stage.CONSTRUCTION, category="industry", since=date(2024, 1, 5))
        set_annual_plan(project=project, year=2025, target=Decimal(10), by=None)
        set_annual_plan(project=project, year=2026, target=Decimal(target), by=None)
        report_month(project=project, period=Period(2026, 9), completed=Decimal(100 * (number + 1)), by=cast.reporter)
    assert peer_rates(Period(2026, 9)) == {"industry": Fraction(1, 10)}  # of 1/10, 1/10, 3/40 the p90


def test_peers_p90_is_the_nearest_rank(cast):
    shares = [Fraction(n, 100) for n in range(1, 12)]
    for share in shares:
        project = make_project(cast.unit, stage=Stage.CONSTRUCTION, category="service", since=date(2024, 1, 5))
        set_annual_plan(project=project, year=2026, target=Decimal(700), by=None)
        completed = Decimal(700 * share.numerator) / share.denominator
        report_month(project=project, period=Period(2026, 9), completed=completed, by=cast.reporter)
    assert peer_rates(Period(2026, 9)) == {"service": Fraction(10, 100)}  # the tenth of eleven
