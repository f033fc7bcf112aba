"""我的项目 goes out as a workbook, comes back, and is merged cell by cell; nothing is lost, nobody is overwritten."""

from datetime import datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Membership
from common.periods import Period
from ingest.models import OfflineReturn
from investment.actions import report_month
from investment.models import MonthlyEntry
from projects.actions import edit_project
from projects.choices import Stage
from projects.models import Project
from tests.factories import make_project
from tests.ingest.lists import content_of, opened
from tests.ingest.wizard import Page

pytestmark = pytest.mark.django_db
URL = "/import/offline/"


@pytest.fixture
def mine(cast):
    """Two projects of the reporter's unit and one that is none of hers."""
    make_project(cast.other_unit, name="别处的项目")
    return [
        make_project(cast.unit, name="东河大桥", stage=Stage.CONSTRUCTION, location="东河镇"),
        make_project(cast.unit, name="=西山水厂（一期）", content="日供水\n2万吨"),
    ]


@pytest.fixture
def client(login, cast):
    return login(cast.reporter)


def taken(client):
    """The workbook as it is downloaded."""
    answer = client.get(f"{URL}workbook/")
    assert answer.status_code == 200
    return opened(answer.content)


def put(book, name: str, **cells) -> None:
    """Fill in cells of a project by header."""
    page = book.worksheets[0]
    header = {cell.value: cell.column for cell in page[1]}
    row = next(row for row in range(2, page.max_row + 1) if page.cell(row, header["项目名称"]).value == name)
    for label, value in cells.items():
        page.cell(row, header[label]).value = value


def back(client, book, name: str = "我的项目.xlsx"):
    """Bring it back: the page of the merge, or the refusal."""
    answer = client.post(URL, {"file": SimpleUploadedFile(name, content_of(book))})
    return client.get(answer["Location"]) if answer.status_code == 302 else answer


def apply(client, page, **answers):
    form = next(form for form in Page(page.content.decode()).forms if "seen" in form["fields"])
    return client.post(page.request["PATH_INFO"], form["fields"] | answers)


def test_the_workbook_holds_the_own_projects_locked_where_they_stay(client, mine):
    book = taken(client)
    page = book.worksheets[0]
    header = [cell.value for cell in page[1]]
    names = [row[header.index("项目名称")].value for row in page.iter_rows(min_row=2)]
    assert names == ["东河大桥", "=西山水厂（一期）"]
    assert page["B3"].data_type == "s" and page["B3"].quotePrefix
    assert page.protection.sheet and page["B2"].protection.locked
    assert not page.cell(2, header.index("建设地点") + 1).protection.locked
    assert page.column_dimensions[page.cell(1, header.index("识别码") + 1).column_letter].hidden
    assert len(page.data_validations.dataValidation) >= 3


def test_untouched_it_changes_nothing(client, mine):
    before = list(Project.objects.order_by("pk").values())
    page = back(client, taken(client))
    assert [item["count"] for item in page.context["tally"]] == [0, 0, 0, 2]
    assert apply(client, page).status_code == 302
    assert list(Project.objects.order_by("pk").values()) == before


def test_what_only_one_side_changed_is_applied_or_left(client, mine, cast):
    bridge = mine[0]
    report_month(project=bridge, period=Period(2026, 11), completed=Decimal(10), by=None)
    book = taken(client)
    put(book, "东河大桥", 建设地点="东河镇二村", **{"总投资（万元）": 12800.5, "2026年11月完成投资（万元）": 55})
    edit_project(project=bridge, by=cast.admin, version=bridge.version, owner_name="云岭路桥公司")
    page = back(client, book)
    assert (page.context["applied_count"], page.context["conflict_count"]) == (3, 0)
    assert apply(client, page).status_code == 302
    bridge.refresh_from_db()
    assert (bridge.location, bridge.total_investment) == ("东河镇二村", Decimal("12800.5"))
    assert bridge.owner_name == "云岭路桥公司", "a cell nobody touched keeps what others wrote meanwhile"
    assert MonthlyEntry.objects.get(project=bridge).completed == 55


def test_a_conflict_shows_both_and_the_person_chooses(client, mine, cast):
    bridge = mine[0]
    book = taken(client)
    put(book, "东河大桥", 建设地点="我写的", 资金来源="财政")
    edit_project(project=bridge, by=cast.admin, version=bridge.version, location="别人写的", fund_source="专项债")
    page = back(client, book)
    text = page.content.decode()
    assert page.context["conflict_count"] == 2 and "我写的" in text and "别人写的" in text
    refused = apply(client, page)
    assert refused.status_code == 422 and "还有 2 处两边都改过" in refused.content.decode()
    row = page.context["conflicts"][0]["line"].row
    answers = {f"r_{row}": "theirs", f"c_{row}_location": "mine"}
    assert apply(client, page, **answers).status_code == 302
    bridge.refresh_from_db()
    assert (bridge.location, bridge.fund_source) == ("我写的", "专项债")
    receipt = client.get(page.request["PATH_INFO"]).content.decode()
    assert "您填的是 财政" in receipt, "what was not written is not lost"


def test_the_merge_is_shown_again_when_somebody_was_faster(client, mine, cast):
    bridge = mine[0]
    book = taken(client)
    put(book, "东河大桥", 建设地点="我写的")
    page = back(client, book)
    edit_project(project=bridge, by=cast.admin, version=bridge.version, location="别人写的")
    answer = apply(client, page)
    assert answer.status_code == 409 and answer.context["conflict_count"] == 1
    bridge.refresh_from_db()
    assert bridge.location == "别人写的"


def test_foreign_altered_and_old_tokens_are_refused_in_words(client, login, mine, cast, clock_at):
    book = taken(client)
    put(book, "东河大桥", 建设地点="我写的")
    text = back(login(cast.admin), book).content.decode()
    assert "丁经办下载的，只能由本人交回" in text
    login(cast.reporter)
    forged = taken(client)
    put(forged, "东河大桥", 识别码="假的", 建设地点="甲")
    assert "识别码不对" in back(client, forged).content.decode()
    put(forged, "东河大桥", 识别码=None)
    assert "没有识别码" in back(client, forged).content.decode()
    page = forged.worksheets[0]
    page.delete_cols(page.max_column)
    assert "不是从平台下载的" in back(client, forged).content.decode()
    clock_at(datetime(2027, 2, 1, 10))
    assert "已超过 60 天" in back(client, book).content.decode()
    mine[0].refresh_from_db()
    assert mine[0].location == "东河镇" and not OfflineReturn.objects.filter(applied_at__isnull=False).exists()


def test_permission_is_checked_again(client, mine, cast):
    book = taken(client)
    put(book, "东河大桥", 建设地点="我写的")
    page = back(client, book)
    assert page.context["applied_count"] == 1
    Membership.objects.filter(user=cast.reporter).update(unit=cast.other_unit)
    assert apply(client, page).status_code == 409
    mine[0].refresh_from_db()
    assert mine[0].location == "东河镇"


def test_a_moved_date_needs_a_reason_and_odd_cells_are_named(client, mine):
    book = taken(client)
    put(book, "东河大桥", 计划开工="2027年6月", 项目级别="宇宙级")
    page = back(client, book)
    assert "下拉列表中的一项" in page.content.decode()
    assert apply(client, page).status_code == 422
    assert apply(client, page, reason="拆迁推迟").status_code == 302
    mine[0].refresh_from_db()
    assert str(mine[0].planned_start_to) == "2027-06-30"


def test_nobody_opens_the_merge_of_somebody_else(client, login, mine, cast):
    page = back(client, taken(client))
    assert login(cast.admin).get(page.request["PATH_INFO"]).status_code == 404
