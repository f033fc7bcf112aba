"""Backward scheduling against plans drawn by hand and against an oracle that walks every path."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.workdays import OFFICIAL
from projects.scheduling import Network, NetworkError, Node, backward, forward, plan, shortfall


def d(text: str) -> date:
    return date.fromisoformat(text)


# 立项 (5) → 可研 (10) → 招标 (25) → 许可 (5) → 开工 (0); 环评 (20) beside 可研 and 招标.
CHAIN = Network(
    {
        "立项": Node(5),
        "可研": Node(10, ("立项",)),
        "环评": Node(20, ("立项",)),
        "招标": Node(25, ("可研",)),
        "许可": Node(5, ("招标", "环评")),
        "开工": Node(0, ("许可",)),
    }
)


def test_latest_dates_by_hand():
    latest = backward(CHAIN, d("2026-03-29"), OFFICIAL)  # a Sunday: counted from Friday the 27th
    assert latest["开工"] == (d("2026-03-27"), d("2026-03-27"))
    assert latest["许可"] == (d("2026-03-20"), d("2026-03-27"))
    assert latest["招标"] == (d("2026-02-09"), d("2026-03-20"))  # over 春节, 14 and 28 February work
    assert latest["环评"] == (d("2026-02-14"), d("2026-03-20"))
    assert latest["可研"] == (d("2026-01-26"), d("2026-02-09"))
    assert latest["立项"] == (d("2026-01-19"), d("2026-01-26"))


def test_earliest_dates_by_hand():
    earliest = forward(CHAIN, d("2026-01-17"), OFFICIAL)  # a Saturday, not rolled: counting starts on Monday
    assert earliest["立项"] == (d("2026-01-17"), d("2026-01-23"))
    assert earliest["可研"] == (d("2026-01-23"), d("2026-02-06"))
    assert earliest["环评"][1] == d("2026-02-27")
    assert earliest["招标"] == (d("2026-02-06"), d("2026-03-19"))
    assert earliest["开工"] == (d("2026-03-26"), d("2026-03-26"))


def test_the_critical_path_has_the_least_float():
    result = plan(CHAIN, target=d("2026-03-27"), start=d("2026-01-19"), calendar=OFFICIAL)
    assert [code for code in CHAIN.order if result.nodes[code].is_critical] == ["立项", "可研", "招标", "许可", "开工"]
    assert {code: node.float_workdays for code, node in result.nodes.items()} == {
        "立项": 0, "可研": 0, "环评": 15, "招标": 0, "许可": 0, "开工": 0,
    }  # fmt: skip
    assert result.feasible
    assert result.shortfall == 0
    assert result.forecast == d("2026-03-27")
    assert result.compressible == ("招标", "可研", "立项", "许可")


def test_a_plan_with_reserve_still_has_a_critical_path():
    result = plan(CHAIN, target=d("2026-04-03"), start=d("2026-01-19"), calendar=OFFICIAL)
    assert result.shortfall == -5
    assert result.nodes["招标"].is_critical
    assert result.nodes["招标"].float_workdays == 5
    assert not result.nodes["环评"].is_critical


def test_an_infeasible_target_is_said_and_not_moved():
    result = plan(CHAIN, target=d("2026-03-20"), start=d("2026-01-19"), calendar=OFFICIAL)
    assert not result.feasible
    assert result.shortfall == 5
    assert result.target == d("2026-03-20")
    assert result.nodes["开工"].latest_finish == d("2026-03-20")


def test_done_nodes_stand_on_their_day_and_are_not_critical():
    late = plan(CHAIN, target=d("2026-03-27"), start=d("2026-01-30"), done={"立项": d("2026-01-30")}, calendar=OFFICIAL)
    assert late.nodes["立项"].earliest_finish == d("2026-01-30")
    assert not late.nodes["立项"].is_critical
    assert late.nodes["可研"].earliest_start == d("2026-01-30")
    assert late.forecast == d("2026-04-02")
    assert late.shortfall == 4
    assert late.compressible == ("招标", "可研", "许可")


def test_open_nodes_cannot_be_done_before_today():
    result = plan(
        CHAIN, target=d("2026-06-30"), start=d("2026-03-02"), done={"立项": d("2026-01-05")}, calendar=OFFICIAL
    )
    assert result.nodes["可研"].earliest_start == d("2026-03-02")
    assert result.nodes["立项"].earliest_finish == d("2026-01-05")


def test_when_all_is_done_nothing_is_critical():
    done = dict.fromkeys(CHAIN.nodes, d("2026-03-20"))
    result = plan(CHAIN, target=d("2026-03-27"), start=d("2026-04-01"), done=done, calendar=OFFICIAL)
    assert not any(node.is_critical for node in result.nodes.values())
    assert result.compressible == ()
    assert result.shortfall == -5


def test_calendar_days_are_natural_days_that_end_on_a_working_day():
    network = Network({"征迁": Node(30, (), "CD"), "开工": Node(0, ("征迁",))})
    earliest = forward(network, d("2026-04-06"), OFFICIAL)
    assert earliest["征迁"][1] == d("2026-05-06")  # the 30th day
    assert forward(network, d("2026-04-01"), OFFICIAL)["征迁"][1] == d("2026-05-06")  # 1 May rests
    assert backward(network, d("2026-05-06"), OFFICIAL)["征迁"] == (d("2026-04-03"), d("2026-05-06"))  # 清明 4–6 April


def test_the_part_that_leads_to_a_node():
    part = CHAIN.upstream_of("环评")
    assert set(part.nodes) == {"立项", "环评"}
    assert backward(part, d("2026-03-20"), OFFICIAL)["环评"][1] == d("2026-03-20")


def test_scheduling_reaches_into_years_nobody_announced():
    latest = backward(CHAIN, d("2028-03-31"), OFFICIAL)
    assert latest["立项"][0] < latest["开工"][1] == d("2028-03-31")


def test_cycles_and_unknown_predecessors_are_named():
    with pytest.raises(NetworkError, match="乙") as caught:
        Network({"甲": Node(1, ("乙",))})
    assert caught.value.code == "unknown_dep"
    with pytest.raises(NetworkError, match="互为前置") as caught:
        Network({"甲": Node(1, ("乙",)), "乙": Node(1, ("丙",)), "丙": Node(1, ("甲",)), "丁": Node(1)})
    assert caught.value.code == "cycle"
    assert "丁" not in caught.value.message
    with pytest.raises(NetworkError):
        Network({"甲": Node(1, ("甲",))})


@pytest.mark.parametrize(
    ("forecast", "target", "days"),
    [
        ("2026-07-14", "2026-06-30", 10),
        ("2026-06-30", "2026-06-30", 0),
        ("2026-06-26", "2026-06-30", -2),
        ("2026-06-28", "2026-06-26", 0),  # a weekend is no delay
    ],
)
def test_shortfall(forecast, target, days):
    assert shortfall(d(forecast), d(target), OFFICIAL) == days


@st.composite
def networks(draw) -> Network:
    """Up to seven nodes; every node may depend on any earlier one; names in no order."""
    names = draw(st.permutations("ABCDEFG"))[: draw(st.integers(1, 7))]
    nodes = {}
    for i, name in enumerate(names):
        deps = draw(st.lists(st.sampled_from(names[:i]), unique=True)) if i else []
        nodes[name] = Node(draw(st.integers(0, 40)), tuple(deps))
    return Network({name: nodes[name] for name in sorted(nodes)})


def paths_to(network: Network, goal: str) -> list[list[str]]:
    """Every path from a node without predecessors to `goal`."""
    deps = network.nodes[goal].deps
    return [[*path, goal] for dep in deps for path in paths_to(network, dep)] if deps else [[goal]]


def all_paths(network: Network) -> list[list[str]]:
    inner = {dep for node in network.nodes.values() for dep in node.deps}
    return [path for goal in network.nodes if goal not in inner for path in paths_to(network, goal)]


@given(networks(), st.dates(date(2024, 6, 1), date(2027, 12, 31)))
def test_forward_is_the_longest_path(network, start):
    earliest = forward(network, start, OFFICIAL)
    for goal in network.nodes:
        finishes = []
        for path in paths_to(network, goal):
            day = start
            for code in path:
                day = OFFICIAL.add(day, network.nodes[code].duration)
            finishes.append(day)
        assert earliest[goal][1] == max(finishes)


@given(networks(), st.dates(date(2025, 6, 1), date(2027, 12, 31)))
def test_backward_is_the_tightest_path(network, target):
    latest = backward(network, target, OFFICIAL)
    starts: dict[str, list[date]] = {code: [] for code in network.nodes}
    for path in all_paths(network):
        day = OFFICIAL.roll_back(target)
        for code in reversed(path):
            day = OFFICIAL.sub(day, network.nodes[code].duration)
            starts[code].append(day)
    assert {code: slot[0] for code, slot in latest.items()} == {code: min(days) for code, days in starts.items()}


@given(networks(), st.dates(date(2025, 6, 1), date(2026, 6, 30)), st.integers(-60, 200))
def test_float_says_exactly_whether_the_target_can_be_met(network, target, days):
    start = target - timedelta(days=days)
    result = plan(network, target=target, start=start, calendar=OFFICIAL)
    least = min(node.float_workdays for node in result.nodes.values())
    assert result.feasible == (least >= 0)
    assert result.shortfall == -least
    critical = {code for code, node in result.nodes.items() if node.is_critical}
    assert any(set(path) <= critical for path in all_paths(network)), "a whole path is critical"
    durations = [network.nodes[code].duration for code in result.compressible]
    assert all(a >= b > 0 for a, b in pairwise([*durations, 1])) or not durations
    assert set(result.compressible) <= critical


@given(networks(), st.dates(date(2025, 6, 1), date(2026, 12, 31)))
def test_starting_at_the_latest_start_just_meets_the_target(network, target):
    latest = backward(network, target, OFFICIAL)
    begin = min(slot[0] for slot in latest.values())
    result = plan(network, target=target, start=begin, calendar=OFFICIAL)
    assert result.shortfall == 0
