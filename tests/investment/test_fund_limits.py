"""State funds: how much may be asked, the same works twice, money ahead of the works, rates (handbook §4.2, §4.3)."""

from datetime import date
from decimal import Decimal

import pytest
from django.http import QueryDict

from common import clock
from common.errors import DomainError
from common.models import SiteSetting
from common.money import year_on_year
from common.periods import Period
from investment.actions import correct_amount, record_amount, step_application
from investment.choices import FundKind, FundState
from investment.fund_checks import duplicates_of, other_money, over_request
from investment.models import FundAmount, FundApplication, FundProgramme
from investment.selectors.funds import detail_page, overview_page, tab_of
from projects.actions import report_progress
from projects.models import Project
from tests.factories import make_project

TODAY = date(2026, 11, 24)
NEW_YEAR = date(2026, 1, 5)


def programme(kind=FundKind.PROVINCIAL, name="甲", **fields):
    return FundProgramme.objects.create(kind=kind, name=name, year=2026, **fields)


def application(project, of=None, applied=5000, state=FundState.SUBMITTED, **amounts):
    """Where it stands, with its amounts; each is one (amount, day) or a list of them."""
    one = FundApplication.objects.create(
        project=project, programme=of or programme(), applied=Decimal(applied), usage="主体", state=state,
        created_at=clock.now(),
    )  # fmt: skip
    for kind, told in amounts.items():
        for amount, on in told if isinstance(told, list) else [(told, NEW_YEAR)]:
            FundAmount.objects.create(application=one, kind=kind, amount=Decimal(amount), on=on, at=clock.now())
    return one


@pytest.mark.parametrize(
    ("state", "amounts", "counts"),
    [
        ("submitted", {"asked": 5000}, 5000),
        ("approved", {"asked": 5000, "approved": 4000}, 4000),
        ("spent", {"asked": 5000, "approved": 4000, "issued": 3000}, 4000),
        ("evaluated", {"asked": 5000, "approved": 4000}, 4000),
        ("draft", {}, 0),
        ("returned", {"asked": 5000}, 0),
        ("rejected", {"asked": 5000}, 0),
        ("adjusted", {"asked": 5000, "approved": 4000}, 0),
        ("clawed_back", {"asked": 5000, "approved": 4000}, 0),
    ],
)
def test_what_is_secured_and_what_may_still_be_asked(project, state, amounts, counts):
    """申报额 ≤ 总投资 − 已落实; the total is 12,000."""
    application(project, programme(name="乙"), state=state, **amounts)
    mine = application(project, applied=12000 - counts, asked=12000 - counts)  # itself is not its own competitor
    assert other_money(mine) == counts
    assert over_request(mine) == ""
    mine.applied += Decimal("0.0001")
    assert "超过总投资扣除已落实资金后的" in over_request(mine)


def test_the_share_is_of_the_total_investment(project):
    application(project, programme(name="乙"), asked=3000)
    mine = application(project, programme(most_percent=50), applied=6000)  # half of 12,000, though 9,000 are free
    assert over_request(mine) == ""
    mine.applied += Decimal("0.0001")
    assert "超过支持比例 50%" in over_request(mine)
    mine.project.total_investment = None
    assert "没有登记总投资" in over_request(mine)


@pytest.mark.parametrize(
    ("mine", "other", "state", "twice"),
    [
        ("central_budget", "ultra_long_bond", "submitted", True),
        ("ultra_long_bond", "central_budget", "issued", True),
        ("central_budget", "special_bond", "submitted", False),
        ("special_bond", "central_budget", "submitted", False),
        ("provincial", "district", "submitted", False),
        ("central_budget", "ultra_long_bond", "draft", False),
        ("central_budget", "ultra_long_bond", "returned", False),
        ("central_budget", "ultra_long_bond", "rejected", False),
        ("central_budget", "ultra_long_bond", "adjusted", False),
        ("central_budget", "ultra_long_bond", "clawed_back", False),
    ],
)
def test_the_same_works_take_one_of_the_central_funds(cast, project, mine, other, state, twice):
    theirs = programme(other, "乙")
    application(make_project(cast.unit), theirs, asked=5000)  # of other works
    one = application(project, programme(mine), asked=5000)
    assert not duplicates_of(one).exists()
    application(project, theirs, state=state)
    assert duplicates_of(one).exists() is twice


@pytest.mark.parametrize(
    ("reports", "ahead"),
    [
        (["60"], 0),  # 75 % of what was issued are paid: 15 points, not more
        (["59.9"], 1),
        (["90", "59.9"], 1),  # the last one counts
        (["59.9", "90"], 0),
        (["59.9", None], 1),  # words alone change no percent
        ([None], 0),
    ],
)
def test_money_ahead_of_the_works(project, reports, ahead):
    application(project, state=FundState.PAID, issued=4000, received=3200, paid=3000, spent=100)
    for number, percent in enumerate(reports):
        report_progress(
            project=project, period=Period(2026, 10), text="施工", by=None,
            key=f"11111111-1111-4111-8111-11111111111{number}", physical_percent=percent and Decimal(percent),
        )  # fmt: skip
    assert FundApplication.objects.with_amounts().with_physical(Project).get().ahead == ahead


@pytest.mark.parametrize(
    ("first", "last", "is_open"),
    [
        (None, None, True),
        (TODAY, TODAY, True),
        (date(2026, 11, 25), None, False),
        (None, date(2026, 11, 23), False),
    ],
)
def test_a_programme_is_open_from_its_first_day_to_its_last(db, first, last, is_open):
    programme(open_from=first, deadline=last)
    assert FundProgramme.objects.open(TODAY).exists() is is_open


def test_amounts_and_scores_at_their_limits(project):
    one = application(project, state=FundState.SPENT, asked=9, approved=9, issued=9, received=9, paid=9, spent=9)
    about = {"on": TODAY, "by": None, "today": TODAY}
    with pytest.raises(DomainError, match="应大于 0"):
        record_amount(application=one, kind="spent", amount=Decimal(0), document_no="1号", **about)
    row = one.amounts.get(kind="spent")
    correction = correct_amount(row=row, correct=Decimal(0), note="重复登记", **about)
    assert correction.amount == -9
    with pytest.raises(DomainError, match="在原记录上更正"):
        correct_amount(row=correction, correct=Decimal(1), note="再改", **about)
    with pytest.raises(DomainError, match="0 到 100"):
        step_application(application=one, step="evaluate", by=None, today=TODAY, score=101)
    assert step_application(application=one, step="evaluate", by=None, today=TODAY, score=100).score == 100


@pytest.fixture
def funds(cast):
    """One on the whole road (the figures of §4.3) that was also sent back elsewhere, one that only asks, one approved,
    two that wait for their money."""
    bond, provincial = programme(FundKind.SPECIAL_BOND), programme(name="乙")
    far = make_project(cast.unit, total_investment=Decimal(20000), actual_start_date=date(2026, 3, 1))
    one = application(
        far, bond, 15000, FundState.SPENT, asked=15000, approved=13000,
        issued=[(12000, date(2026, 3, 1)), (500, date(2025, 11, 24))], received=8000, paid=7000, spent=5600,
    )  # fmt: skip
    application(far, provincial, 100, FundState.RETURNED, asked=100)
    application(make_project(cast.unit), bond, 7000, FundState.APPROVED, asked=7000, approved=2000)
    application(make_project(cast.unit), bond, 1000, asked=1000)
    for amount, day in ((400, date(2026, 5, 1)), (600, date(2025, 12, 31))):
        application(
            make_project(cast.unit), provincial, amount, FundState.ISSUED, asked=amount, approved=amount,
            issued=[(amount, day)],
        )  # fmt: skip
    return one


def test_the_rates(cast, funds):
    def page(today=TODAY):
        return overview_page(cast.leader, QueryDict(), today)

    row = next(row for row in page()["rows"] if row["label"] == FundKind.SPECIAL_BOND.label)
    assert (row["approve_rate"], row["arrival_rate"], row["spend_rate"]) == (
        Decimal("66.7"), Decimal("64.0"), Decimal("70.0"),
    )  # fmt: skip
    assert [cell["n"] for cell in row["cells"]] == [3, 2, 1, 1, 1, 1]  # issued in two lots is one application
    stats = {one["label"]: (one["value"], one.get("note", "")) for one in page()["stats"]}
    assert stats["获批率（个数）"] == ("66.7%", "金额口径 66.4%")  # 4 of 6; 16,000 of 24,100
    assert stats["争取到位率"][0] == "59.3%"  # 8,000 of 13,500
    assert stats["已下达项目开工率"] == ("33.3%", "1 ÷ 3 个项目")
    assert stats["2026年下达同比"] == ("2380.0%", "12,400 万元，去年同期 500")
    leap = {one["label"]: one.get("note", "") for one in page(date(2028, 2, 29))["stats"]}
    assert "去年同期 0" in leap["2028年下达同比"]
    SiteSetting.objects.create(key="fund_spend_denominator", value="issued")
    row = next(row for row in page()["rows"] if row["label"] == FundKind.SPECIAL_BOND.label)
    assert row["spend_rate"] == Decimal("44.8")  # 5,600 of 12,500


def test_one_application_and_its_project(cast, funds):
    page = detail_page(cast.leader, funds, TODAY)
    assert (page["free"], page["paid_rate"], page["arrival_rate"]) == (20000, Decimal("56.0"), Decimal("64.0"))
    assert page["spend_rate"] == Decimal("70.0")
    tab = tab_of(funds.project, TODAY)
    assert (tab["secured"], tab["secured_rate"]) == (13000, Decimal("65.0"))  # what came back is not secured


@pytest.mark.parametrize(("previous", "growth"), [(0, None), (-20, None), (50, Decimal("100.0"))])
def test_growth_needs_a_positive_base(previous, growth):
    assert year_on_year(100, previous) == growth


def test_nothing_spent_is_a_rate_and_nothing_received_is_none(cast, project):
    one = application(project, state=FundState.ISSUED, asked=5, approved=5, issued=5)
    assert detail_page(cast.leader, one, TODAY)["spend_rate"] is None
    FundAmount.objects.create(application=one, kind="received", amount=5, on=TODAY, at=clock.now())
    assert detail_page(cast.leader, one, TODAY)["spend_rate"] == 0
