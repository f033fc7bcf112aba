"""Registering and editing projects: reach, typing, reasons, the second of two people, what a form may not set."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from projects.actions import assign, edit_project
from projects.actions.project import next_number
from projects.choices import Duty, Precision, Stage, Status
from projects.forms import ProjectEditForm, standing
from projects.models import IndustryChain, Project
from tests.factories import make_project

NEW = "/projects/new/"


def typed(cast, **changes) -> dict:
    """What an official would type."""
    return {
        "name": "云岭新材料产业园一期",
        "lead_unit": cast.unit.pk,
        "approval_type": "record",
        "construction_nature": "new",
        "eia_kind": "required",
        "level": "district",
        "total_investment": "1.2亿",
        "planned_start": "2026年12月",
        "planned_completion": "2028年四季度",
        "has_building": "on",
        **changes,
    }


def refilled(project, user, today, **changes) -> dict:
    """The edit form as the browser would send it back, with some fields typed anew."""
    form = ProjectEditForm(project=project, user=user, today=today)
    data = {}
    for field in form:
        value = field.value()
        if isinstance(value, bool):
            value = "on" if value else None
        elif hasattr(value, "pk"):
            value = value.pk
        if value is not None:
            data[field.html_name] = [getattr(one, "pk", one) for one in value] if isinstance(value, list) else value
    return {**data, **changes}


def edit(project) -> str:
    return reverse("projects:project_edit", args=[project.pk])


# --- registering --------------------------------------------------------------------------------------------------


def test_a_reporter_registers_a_project_of_the_own_unit(login, cast):
    chain = IndustryChain.objects.create(name="新材料")
    body = typed(cast, chain=chain.pk, co_units=[cast.other_unit.pk], national_code="2601-990101-04-01-123456")
    response = login(cast.reporter).post(NEW, body)

    project = Project.objects.get(name="云岭新材料产业园一期")
    assert response["Location"] == project.get_absolute_url()
    assert (project.stage, project.lead_unit, project.created_by) == (Stage.PLANNING, cast.unit, cast.reporter)
    assert project.total_investment == Decimal(12000)
    assert (project.planned_start_from, project.planned_start_to) == (date(2026, 12, 1), date(2026, 12, 31))
    assert (project.planned_completion_to, project.planned_completion_precision) == (date(2028, 12, 31), "quarter")
    assert project.baseline_start_to == date(2026, 12, 31)
    assert list(project.co_units.all()) == [cast.other_unit]
    assert project.chain == chain and project.milestones.exists()


def test_units_out_of_reach_cannot_be_chosen(login, cast):
    client = login(cast.reporter)
    page = client.get(NEW).content.decode()
    options = page.split('name="lead_unit"')[1].split("</select>")[0]
    assert "工信局产业科" in options and "住建局" not in options

    response = client.post(NEW, typed(cast, lead_unit=cast.other_unit.pk))
    assert response.status_code == 422 and not Project.objects.exists()
    assert login(cast.admin).post(NEW, typed(cast, lead_unit=cast.other_unit.pk)).status_code == 302


def test_who_may_not_register_is_refused(login, cast):
    for person in (cast.reader, cast.steward, cast.leader, cast.sysadmin):
        assert login(person).get(NEW).status_code == 403
        assert login(person).post(NEW, typed(cast)).status_code == 403
    assert not Project.objects.exists()


def test_nothing_that_the_form_does_not_show_can_be_set(login, cast):
    extra = {
        "stage": "production", "status": "terminated", "number": "1999-0001", "actual_start_date": "2020-01-01",
        "created_by": cast.admin.pk, "version": "77", "baseline_start_to": "2020-01-01", "name_key": "x",
        "public_id": "00000000-0000-0000-0000-000000000000", "reporting_since": "2020-01-01", "start_excuse": "有理由",
    }  # fmt: skip
    login(cast.reporter).post(NEW, typed(cast, **extra))

    project = Project.objects.get()
    assert (project.stage, project.status, project.number) == (Stage.PLANNING, Status.NORMAL, "2026-0001")
    assert project.actual_start_date is None and project.created_by == cast.reporter and project.version == 1
    assert project.baseline_start_to == date(2026, 12, 31) and project.start_excuse == ""
    assert str(project.public_id) != extra["public_id"] and project.reporting_since is None


def test_numbers_go_on_after_the_9999th_of_a_year(cast):
    steps = (("2026-9999", "2026-10000"), ("2026-00001", "2026-10000"), ("2026-10000", "2026-10001"))
    for number, following in steps:
        make_project(cast.unit, number=number)
        assert next_number(2026) == following


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("name", "", "必填"),
        ("name", "名" * 201, "200"),
        ("total_investment", "好多钱", "看不懂金额“好多钱”"),
        ("total_investment", "-5", "0 到 1 万亿元"),
        ("planned_start", "明年", "看不懂日期“明年”"),
        ("planned_start", "2026-02-30", "不存在"),
        ("planned_start", "已开工", "不是计划日期"),
        ("planned_completion", "2025年", "早于计划开工"),
        ("national_code", "123", "20 位数字"),
        ("industry_code", "3985", "一个字母"),
        ("floor_area", "-1", "0"),
        ("floor_area", "NaN", "数字"),
        ("soil_ha", "0.123456", "4"),
        ("sub_no", "-1", "0"),
        ("lead_unit", "999999", "请"),
        ("level", "planet", "planet"),
        ("chain", "1 OR 1=1", "请"),
    ],
)
def test_a_slip_is_named_at_its_field_and_what_was_typed_stays(login, cast, field, value, says):
    response = login(cast.reporter).post(NEW, typed(cast, owner_name="某某公司", **{field: value}))

    assert response.status_code == 422
    form = response.context["form"]
    assert says in "".join(form.errors[field]) or field in ("name", "lead_unit", "chain")
    assert list(form.errors) == [field]
    text = response.content.decode()
    assert ("还没有提交" in text and "某某公司" in text and "1.2亿" in text) or field == "total_investment"
    assert not Project.objects.exists()


def test_the_same_name_is_asked_about_and_may_be_confirmed(login, cast):
    make_project(cast.unit, name="云岭新材料产业园（一期）项目")
    client = login(cast.reporter)

    asked = client.post(NEW, typed(cast))
    assert asked.status_code == 422 and "疑似重复" in asked.content.decode()
    assert client.post(NEW, typed(cast, same_name="on")).status_code == 302
    assert Project.objects.count() == 2


def test_the_name_of_a_project_one_cannot_see_is_not_given_away(login, cast):
    make_project(cast.other_unit, name="云岭新材料产业园一期")
    assert login(cast.reporter).post(NEW, typed(cast)).status_code == 302


def test_a_code_in_use_is_refused_with_the_way_out(login, cast):
    make_project(cast.unit, national_code="2601-990101-04-01-123456")
    client = login(cast.reporter)
    body = typed(cast, national_code="2601990101040112 3456")

    refused = client.post(NEW, body)
    assert refused.status_code == 422 and "子项目序号" in refused.content.decode()
    assert client.post(NEW, {**body, "sub_no": "1"}).status_code == 302


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("", ""),
        ("2601-990101-04-01-123456", "格式正确"),
        ("2601", "格式不对"),
        ("<script>", "&lt;script&gt;"),
        ("9" * 4000, "格式不对"),
    ],
)
def test_a_code_is_judged_while_it_is_typed(login, cast, code, says):
    response = login(cast.reader).get(reverse("projects:code_check"), {"national_code": code})
    assert response.status_code == 200 and says in response.content.decode()


# --- editing ------------------------------------------------------------------------------------------------------


def test_sending_the_form_back_unchanged_changes_nothing(login, cast, project, today):
    project.co_units.set([cast.other_unit])
    before = Project.objects.values().get(pk=project.pk)
    response = login(cast.reporter).post(edit(project), refilled(project, cast.reporter, today))

    assert response.status_code == 302
    assert Project.objects.values().get(pk=project.pk) == before
    assert not AuditEntry.objects.filter(action="修改项目").exists()


@pytest.mark.parametrize("precision", list(Precision))
def test_every_precision_of_a_planned_date_survives_the_form(login, cast, today, precision):
    words = {
        "day": "2027-03-15", "xun": "2027年3月上旬", "month": "2027年3月", "month_end": "2027年3月底",
        "quarter": "2027年一季度", "quarter_end": "2027年一季度末", "half": "2027年上半年", "year": "2027年",
        "year_begin": "2027年初", "year_mid": "2027年中", "year_end": "2027年底", "plan5": "十五五",
        "range_year": "2027-2029", "range": "2027年3月-2028年5月",
    }  # fmt: skip
    client = login(cast.reporter)
    body = typed(cast, planned_start=words[precision], planned_completion="")
    client.post(NEW, body)
    project = Project.objects.get()
    assert project.planned_start_precision == precision
    before = standing(project)

    client.post(edit(project), refilled(project, cast.reporter, today, location="新地址"))
    project.refresh_from_db()
    assert project.location == "新地址"
    assert standing(project) == before | {"location": "新地址", "version": 2}


def test_an_edit_is_kept_with_its_trail_in_words(login, cast, project, today):
    body = refilled(
        project, cast.reporter, today, approval_type="approval", total_investment="2亿", co_units=[cast.other_unit.pk]
    )
    login(cast.reporter).post(edit(project), body)

    project.refresh_from_db()
    assert (project.approval_type, project.total_investment, project.version) == ("approval", Decimal(20000), 2)
    changes = AuditEntry.objects.get(action="修改项目").changes
    assert changes == {
        "管理方式": ["备案制", "审批制"],
        "总投资（万元）": ["12000", "20000"],
        "协办单位": ["", "住建局"],
    }


def test_moving_a_planned_date_asks_for_a_reason(login, cast, project, today):
    client = login(cast.reporter)
    body = refilled(project, cast.reporter, today, planned_start="2027年9月")

    refused = client.post(edit(project), body)
    assert refused.status_code == 422 and "须说明理由" in refused.content.decode()
    assert client.post(edit(project), body | {"reason": "土地未落实"}).status_code == 302
    project.refresh_from_db()
    assert (project.planned_start_to, project.baseline_start_to) == (date(2027, 9, 30), date(2027, 3, 31))
    assert AuditEntry.objects.get(action="修改项目").reason == "土地未落实"


def test_knowing_a_date_more_exactly_is_not_moving_it(login, cast, project, today):
    body = refilled(project, cast.reporter, today, planned_start="2027-03-31")
    assert login(cast.reporter).post(edit(project), body).status_code == 302


def test_the_second_of_two_people_sees_both_sides_and_decides(login, cast, project, today):
    body = refilled(
        project, cast.reporter, today, location="我写的地址", owner_name="我写的公司", total_investment="3亿"
    )
    edit_project(project=project, by=cast.admin, version=1, location="他写的地址")

    client = login(cast.reporter)
    stale = client.post(edit(project), body)
    text = stale.content.decode()
    assert stale.status_code == 409
    rows = {row["label"]: (row["theirs"], row["mine"]) for row in stale.context["conflict"]["rows"]}
    assert rows["建设地点"] == ("他写的地址", "我写的地址")
    assert rows["建设单位"] == ("—", "我写的公司") and rows["总投资"] == ("12000", "3亿")
    assert 'value="我写的地址"' in text and 'value="我写的公司"' in text and 'value="3亿"' in text
    project.refresh_from_db()
    assert project.location == "他写的地址" and project.owner_name == ""

    again = body | {"version": stale.context["form"]["version"].value()}
    assert client.post(edit(project), again).status_code == 302
    project.refresh_from_db()
    assert (project.location, project.owner_name, project.version) == ("我写的地址", "我写的公司", 3)


def test_the_form_cannot_touch_what_it_does_not_show(login, cast, project, today):
    body = refilled(project, cast.reporter, today, location="新", stage="production", status="withdrawn", number="1")
    login(cast.reporter).post(edit(project), body)
    project.refresh_from_db()
    assert (project.location, project.stage, project.status) == ("新", Stage.PLANNING, Status.NORMAL)
    assert project.number != "1"


def test_readers_may_not_edit_and_strangers_do_not_find_it(login, cast, project, today):
    body = refilled(project, cast.admin, today, location="新")
    assert login(cast.reader).get(edit(project)).status_code == 403
    assert login(cast.reader).post(edit(project), body).status_code == 403
    assert login(cast.stranger).post(edit(project), body).status_code == 404


def test_a_steward_edits_but_does_not_hand_the_project_to_another_unit(login, cast, project, today):
    assign(project=project, duty=Duty.STEWARD, user=cast.steward, starts_on=today, by=None)
    client = login(cast.steward)
    assert 'name="lead_unit"' not in client.get(edit(project)).content.decode()

    body = refilled(project, cast.steward, today, location="新", lead_unit=cast.other_unit.pk)
    assert client.post(edit(project), body).status_code == 302
    project.refresh_from_db()
    assert (project.location, project.lead_unit) == ("新", cast.unit)


def test_another_lead_unit_gets_the_duty(login, cast, project, today):
    body = refilled(project, cast.admin, today, lead_unit=cast.other_unit.pk)
    login(cast.admin).post(edit(project), body)
    assert project.assignments.get(duty=Duty.LEAD_UNIT, ends_on=None).unit == cast.other_unit


def test_an_ended_project_is_not_edited_any_more(login, cast, project, today):
    Project.objects.filter(pk=project.pk).update(status=Status.TERMINATED)
    project = Project.objects.get(pk=project.pk)
    response = login(cast.admin).post(edit(project), refilled(project, cast.admin, today, location="新"))
    assert response.status_code == 422 and "更正单" in response.content.decode()
