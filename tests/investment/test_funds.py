"""State funds: the flow, the money on its way, checks, lights, programmes that fit, figures that open their rows."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common.errors import DomainError, StaleVersion
from common.models import SiteSetting
from common.periods import Period
from common.workdays import work_calendar
from investment import actions
from investment.choices import AmountKind, FundKind
from investment.fund_text import STEPS
from investment.lights import with_lights
from investment.models import FundAmount, FundApplication, FundProgramme, FundStep
from investment.papers import fund_gate
from investment.querysets.funds import fitting, slow_funds
from projects.actions import report_progress
from projects.models import Project
from tests.architecture.world import PIXEL
from tests.factories import make_project, supply_all
from tests.totals import broken_promises, promises

OVERVIEW, LIST = reverse("investment:fund_overview"), reverse("investment:fund_list")
ROAD = (("approve", "approved"), ("issue", "issued"), ("receive", "received"), ("pay", "paid"), ("spend", "spent"))
_codes = iter(range(100_000, 200_000))


def programme_of(kind=FundKind.SPECIAL_BOND, **fields):
    values = {"kind": kind, "name": f"{FundKind(kind).label}第一批", "year": 2026} | fields
    return actions.save_programme(by=None, **values)


def mature(project, *kinds):
    Project.objects.filter(pk=project.pk).update(national_code=f"2107-320505-89-01-{next(_codes)}")
    for kind in kinds:
        supply_all(project, fund_gate(kind))
    project.refresh_from_db()
    return project


def ask(project, programme, applied=5000, **fields):
    values = {"usage": "主体工程", "unit_person": "甲某", "regulator_person": "乙某"} | fields
    return actions.apply_for_fund(project=project, programme=programme, by=None, applied=Decimal(applied), **values)


def submit(project, programme, applied=5000, **fields):
    mature(project, programme.kind)
    if draft := project.fund_applications.filter(programme=programme).first():
        values = {"applied": Decimal(applied), **fields}
        application = actions.edit_application(application=draft, by=None, **values)
    else:
        application = ask(project, programme, applied, **fields)
    return actions.submit_application(application=application, by=None, today=date(2026, 1, 5))


def reported(application, today=date(2026, 1, 6)):
    actions.step_application(application=application, step="review", by=None, today=today)
    return actions.step_application(application=application, step="report", by=None, today=today, document_no="1号")


def money(application, kind, amount, on):
    return actions.record_amount(
        application=application, kind=kind, amount=Decimal(amount), on=on, by=None, today=date(2026, 11, 24),
        document_no="2号",
    )  # fmt: skip


def led(application, **amounts):
    """Report it and record the amounts, each a month after the one before."""
    reported(application)
    for month, (kind, amount) in enumerate(amounts.items(), 2):
        money(application, kind, amount, date(2026, month, 1))
    application.refresh_from_db()
    return application


def with_money(application):
    return FundApplication.objects.with_amounts().get(pk=application.pk)


@pytest.fixture
def bond(cast):
    return programme_of()


@pytest.fixture
def application(project, bond):
    return submit(project, bond)


def test_the_whole_road(application):
    led(application, approved=4000, issued=4000, received=3000, paid=3000, spent=2500)
    assert application.state == "spent"
    money(application, "received", 1000, date(2026, 8, 1))
    row = with_money(application)
    assert [getattr(row, kind) for kind in AmountKind.values] == [5000, 4000, 4000, 4000, 3000, 2500]
    assert row.first_received_on == date(2026, 4, 1)
    done = actions.step_application(application=row, step="evaluate", by=None, today=date(2026, 11, 1), score=88)
    assert (done.state, done.score) == ("evaluated", 88)
    assert FundStep.objects.count() == 10


def test_no_kind_exceeds_the_one_before(application):
    led(application, approved=4000)
    with pytest.raises(DomainError, match="累计下达 4,001 万元，超过累计批复 4,000 万元"):
        money(application, "issued", 4001, date(2026, 3, 1))
    assert not FundAmount.objects.filter(kind="issued").exists()
    assert FundApplication.objects.get().state == "approved"


def test_nothing_comes_before_its_time(application):
    with pytest.raises(DomainError, match="不能登记到位"):
        money(application, "received", 1, date(2026, 3, 1))
    with pytest.raises(DomainError, match="晚于今天"):
        money(reported(application), "approved", 1, date(2026, 11, 25))
    with pytest.raises(DomainError, match="文号或凭证号"):
        actions.record_amount(
            application=application, kind="approved", amount=Decimal(1), on=date(2026, 3, 1), by=None,
            today=date(2026, 11, 24),
        )  # fmt: skip


def test_money_does_not_come_before_what_it_comes_from(application):
    led(application, approved=4000, issued=4000)
    with pytest.raises(DomainError, match="到位日期 2026-02-28 早于首次下达 2026-03-01"):
        money(application, "received", 1000, date(2026, 2, 28))
    assert FundApplication.objects.get().state == "issued"
    money(application, "received", 1000, date(2026, 3, 1))


def test_a_refusal_names_amounts_to_the_yuan(application):
    led(application, approved=4000)
    with pytest.raises(DomainError, match=r"累计下达 4,000\.0001 万元，超过累计批复 4,000 万元"):
        money(application, "issued", "4000.0001", date(2026, 3, 1))


def test_what_was_typed_stays_when_a_programme_was_changed_meanwhile(login, cast, bond):
    client = login(cast.admin)
    url = reverse("investment:programme_edit", args=[bond.pk])
    FundProgramme.objects.filter(pk=bond.pk).update(industries=["C", "N76"])
    body = {"kind": bond.kind, "name": "我改的名称", "year": "2026", "version": bond.version + 1, "industries": "C"}
    page = client.post(url, body)
    assert page.status_code == 409
    assert {"label": "行业代码", "theirs": "C、N76", "mine": "C"} in page.context["conflict"]["rows"]
    assert "内容刚被他人修改" in page.content.decode() and "我改的名称" in page.content.decode()


def test_a_correction_quotes_and_the_first_row_stays(application):
    led(application, approved=4000, issued=4000)
    row = FundAmount.objects.get(kind="issued")
    fix = {"row": row, "on": date(2026, 5, 1), "by": None, "today": date(2026, 11, 24)}
    with pytest.raises(DomainError, match="更正须写明原因"):
        actions.correct_amount(**fix, correct=Decimal(3500), note="")
    correction = actions.correct_amount(**fix, correct=Decimal(3500), note="文件为3500万元")
    assert (correction.amount, correction.corrects, row.amount) == (-500, row, 4000)
    assert with_money(application).issued == 3500
    with pytest.raises(DomainError, match="超过累计批复"):
        actions.correct_amount(**fix, correct=Decimal(4001), note="再更正")


def test_what_is_submitted_is_frozen_until_it_comes_back(application):
    with pytest.raises(DomainError, match="退回以后才能修改"):
        actions.edit_application(application=application, by=None, applied=Decimal(1))
    with pytest.raises(DomainError, match="退回须写明原因"):
        actions.step_application(application=application, step="send_back", by=None, today=date(2026, 1, 8))
    back = actions.step_application(
        application=application, step="send_back", by=None, today=date(2026, 1, 8), note="测算依据不足"
    )
    assert back.times_returned == 1
    actions.edit_application(application=back, by=None, applied=Decimal(4500))
    back.refresh_from_db()
    actions.submit_application(application=back, by=None, today=date(2026, 1, 9))
    assert with_money(application).asked == 4500
    assert list(FundAmount.objects.order_by("pk").values_list("amount", flat=True)) == [5000, -500]


def test_papers_conditions_and_deadline_are_named_together(project):
    late = programme_of(
        FundKind.CENTRAL_BUDGET, industries=["N"], least_total=Decimal(20000), deadline=date(2026, 1, 4)
    )
    asked = ask(project, late, unit_person="")
    with pytest.raises(DomainError, match="不在申报期内"):
        actions.submit_application(application=asked, by=None, today=date(2026, 1, 5))
    with pytest.raises(DomainError) as refusal:
        actions.submit_application(application=asked, by=None, today=date(2026, 1, 4))
    for words in ("行业代码C3985不在支持范围", "总投资不足 2.00亿元", "还缺 4 项材料：项目代码", "两个责任人"):
        assert words in refusal.value.message
    assert not FundAmount.objects.exists()


def test_sources_stay_within_the_total(project, application):
    second = programme_of(FundKind.PROVINCIAL)
    with pytest.raises(DomainError, match="申报 7,001 万元，超过总投资扣除已落实资金后的 7,000 万元"):
        submit(project, second, applied=7001)
    third = programme_of(FundKind.DISTRICT, most_percent=50)
    with pytest.raises(DomainError, match=r"占总投资 .*超过支持比例 50%"):
        submit(project, third, applied="6000.0001")
    led(application, approved=1000)  # what was approved counts, no longer what was asked
    assert submit(project, second, applied=7001).state == "submitted"


def test_the_same_works_take_one_central_fund(project):
    submit(project, programme_of(FundKind.CENTRAL_BUDGET), 1000)
    second = programme_of(FundKind.ULTRA_LONG_BOND)
    with pytest.raises(DomainError, match="不得重复申报不同的中央资金"):
        submit(project, second, 1000)
    told = submit(project, second, 1000, duplicate_note="一期管网与二期泵站，内容不重复")
    assert told.state == "submitted"


def test_a_second_application_to_the_same_programme_is_refused(project, application, bond):
    with pytest.raises(DomainError, match="已经申报过"):
        ask(project, bond)


def test_two_people_do_not_decide_over_each_other(application):
    seen = application.version
    reported(application)
    with pytest.raises(StaleVersion):
        actions.step_application(
            application=application, step="reject", by=None, today=date(2026, 1, 8), note="1", version=seen
        )


@pytest.mark.parametrize(
    ("today", "spent", "colour"),
    [
        (date(2026, 6, 30), "1", "green"),  # not yet three months
        (date(2026, 7, 1), "1499.9999", "yellow"),
        (date(2026, 7, 1), "1500", "green"),
        (date(2026, 10, 1), "2399.9999", "red"),
        (date(2026, 10, 1), "2400", "green"),
    ],
)
def test_the_light_of_slow_money(project, application, today, spent, colour):
    led(application, approved=4000, issued=4000, received=3000, paid=3000, spent=spent)
    assert with_lights(Project.objects.filter(pk=project.pk), today).get().light_fund == colour
    assert slow_funds(FundApplication.objects.all(), today).exists() == (colour in ("yellow", "red"))


def test_money_issued_and_not_here_is_slow_and_so_is_a_start_that_does_not_come(project):
    bond = programme_of(start_by=date(2026, 9, 30))
    led(submit(project, bond), approved=4000, issued=4000)  # issued on 1 March
    rows = FundApplication.objects.all()
    days = {date(2026, 3, 31): False, date(2026, 4, 1): True}
    assert {day: slow_funds(rows, day).exists() for day in days} == days
    money(rows.get(), "received", 4000, date(2026, 9, 1))
    days = {date(2026, 9, 30): False, date(2026, 10, 1): True}
    assert {day: slow_funds(rows, day).exists() for day in days} == days


@pytest.mark.parametrize(("physical", "ahead"), [("60.0", 0), ("59.9", 1), (None, 0)])
def test_money_more_than_15_points_ahead_of_the_works(project, application, physical, ahead):
    led(application, approved=4000, issued=4000, received=4000, paid=3000)  # 75 % paid
    if physical:
        report_progress(
            project=project, period=Period(2026, 10), text="主体施工", by=None,
            key="11111111-1111-4111-8111-111111111111", physical_percent=Decimal(physical),
        )  # fmt: skip
    assert FundApplication.objects.with_amounts().with_physical(Project).get().ahead == ahead


def test_programmes_due_and_projects_that_fit(cast, project):
    open_ = programme_of(deadline=date(2026, 12, 8))
    programme_of(FundKind.DISTRICT, deadline=date(2026, 11, 23))
    programmes, calendar = FundProgramme.objects.all(), work_calendar()
    assert list(programmes.due_within(date(2026, 11, 24), calendar, 10)) == [open_]
    assert not programmes.due_within(date(2026, 11, 24), calendar, 9).exists()
    water = make_project(cast.unit, industry_code="N7620", total_investment=Decimal(8000))
    for conditions, found in (
        ({}, {project, water}),
        ({"industries": ["N76"]}, {water}),
        ({"least_total": Decimal("8000.0001")}, {project}),
        ({"stages": ["construction"]}, set()),
        ({"levels": ["district"], "industries": ["C", "N"]}, {project, water}),
    ):
        assert set(fitting(Project.objects.all(), FundProgramme(**conditions))) == found


@pytest.fixture
def district(cast):
    """Funds of several kinds, units and fates; more than one page of them."""
    kinds = (FundKind.SPECIAL_BOND, FundKind.PROVINCIAL, FundKind.DISTRICT)
    made = {kind: programme_of(kind, deadline=date(2026, 12, 8)) for kind in kinds}
    for n in range(22):
        unit = cast.other_unit if n % 3 == 2 else cast.unit
        application = submit(make_project(unit), made[kinds[n % 3]], applied=f"{1000 + n}.5")
        if n % 4 == 0:
            led(application, approved="900.25", issued="800.125", received=700, paid=600, spent="100.0001")
        elif n % 4 == 1:
            led(application, approved=500)
    row = FundAmount.objects.filter(kind="spent").first()
    actions.correct_amount(
        row=row, correct=Decimal(50), on=date(2026, 8, 1), by=None, today=date(2026, 11, 24), note="重复登记"
    )
    ask(make_project(cast.unit), made[FundKind.DISTRICT])
    return made


@pytest.mark.wide
def test_every_figure_opens_its_rows_for_every_role(login, cast, district):
    pages = [OVERVIEW, f"{OVERVIEW}?by=unit", f"{OVERVIEW}?year=2026&until=2026-03-31"]
    pages += [reverse("investment:programme_list")]
    for who in ("leader", "reporter", "stranger"):
        for page in pages:
            assert broken_promises(login(getattr(cast, who)), page) == [], who
    detail = reverse("investment:programme_detail", args=[district[FundKind.DISTRICT].pk])
    for who in ("admin", "reviewer", "supervisor", "stat", "reader", "counter", "steward", "member", "scout"):
        assert broken_promises(login(getattr(cast, who)), detail) == [], who
    figures = [one for one in promises(login(cast.leader), OVERVIEW) if one.label == "申报"]
    assert [one.figure for one in figures][-1] == sum(Decimal(f"{1000 + n}.5") for n in range(22))


def test_the_denominator_of_spending_is_a_setting(login, cast, district):
    client = login(cast.leader)
    assert "支出进度 = 支出 ÷ 到位" in client.get(OVERVIEW).content.decode()
    SiteSetting.objects.create(key="fund_spend_denominator", value="issued")
    assert "支出进度 = 支出 ÷ 下达" in client.get(OVERVIEW).content.decode()


def test_the_export_is_the_list(login, cast, district):
    response = login(cast.leader).get(reverse("investment:fund_export"), {"kind": "special_bond"})
    assert response["Content-Type"].endswith("sheet")
    assert response.content[:2] == b"PK"


def test_queries_do_not_grow(login, cast, bond):
    client = login(cast.leader)
    counts = {page: [] for page in (OVERVIEW, LIST, reverse("investment:programme_detail", args=[bond.pk]))}
    for more in (1, 4):
        for _ in range(more):
            submit(make_project(cast.unit), bond)
        for page in counts:
            client.get(page)
            with CaptureQueriesContext(connection) as queries:
                client.get(page)
            counts[page].append(len(queries))
    assert all(few == many < 45 for few, many in counts.values()), counts


def test_from_the_programme_to_the_first_payment_over_http(login, cast, project):
    mature(project, FundKind.SPECIAL_BOND)
    body = {"kind": "special_bond", "name": "新增专项债", "year": 2026, "industries": "C、N76", "version": 0}
    assert login(cast.reviewer).post(reverse("investment:programme_new"), body).status_code == 302
    bond = FundProgramme.objects.get()
    assert bond.industries == ["C", "N76"]
    client = login(cast.reporter)
    fit = reverse("investment:programme_detail", args=[bond.pk])
    assert project.name in client.get(fit).content.decode()
    new = reverse("investment:fund_new", args=[project.pk])
    values = {"programme": bond.pk, "applied": "0", "usage": "管网", "version": 0}
    assert client.post(new, values).status_code == 422
    assert client.post(new, values | {"applied": "3,000"}).status_code == 302
    application = FundApplication.objects.get()
    page = reverse("investment:fund_detail", args=[application.pk])
    step = reverse("investment:fund_step", args=[application.pk, "submit"])
    assert client.post(step, {"version": 1}).status_code == 302
    assert client.post(step, {"version": 1}).status_code == 409
    reviewer = login(cast.reviewer)
    for code, values in (
        ("review", {}),
        ("report", {"document_no": "云发改〔2026〕3号"}),
        ("approve", {"amount": "2,500", "on": "2026-11-20", "file": _paper()}),
        ("issue", {"amount": "2,000", "on": "2026-11-23", "document_no": "云财〔2026〕9号"}),
    ):
        application.refresh_from_db()
        decide = reverse("investment:fund_decide", args=[application.pk, code])
        assert reviewer.get(decide).status_code == 200
        assert reviewer.post(decide, values | {"version": application.version}).status_code == 302, code
    text = reviewer.get(page).content.decode()
    assert "云财〔2026〕9号" in text
    assert "2,000" in reviewer.get(reverse("investment:project_funds", args=[project.pk])).content.decode()
    row = FundAmount.objects.get(kind="approved")
    assert reviewer.get(reverse("investment:fund_paper", args=[row.pk])).status_code == 200


def test_money_that_has_all_come_is_not_offered_again(application, login, cast):
    def offered():
        page = login(cast.reviewer).get(reverse("investment:fund_detail", args=[application.pk]))
        return [step["label"] for step in page.context["steps"]]

    led(application, approved=4000, issued=3000, received=3000)
    assert offered() == ["登记下达", "登记拨付", "调出", "收回"]
    money(application, "issued", 1000, date(2026, 5, 1))
    assert offered() == ["登记到位", "登记拨付", "调出", "收回"]


def _paper():
    return SimpleUploadedFile("批复.png", PIXEL, "image/png")


def test_the_lists_of_papers_of_two_kinds_of_funds_are_told_apart(login, cast, project, bond):
    for programme in (bond, programme_of(FundKind.PROVINCIAL)):
        ask(project, programme)

    page = login(cast.reviewer).get(reverse("investment:project_funds", args=[project.pk])).content.decode()

    for kind in (FundKind.SPECIAL_BOND, FundKind.PROVINCIAL):
        assert page.count(f"申报{kind.label}须具备的材料") == 1


def test_what_was_registered_is_said_once():
    assert [step.done for step in STEPS.values() if step.amount][:2] == ["批复已登记。", "下达已登记。"]
