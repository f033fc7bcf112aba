"""A list of a shape that was imported before: what was decided about its columns holds again."""

import pytest

from ingest.models import ImportBatch
from projects.models import Project
from tests.ingest.lists import HEADER, content_of, opened, plain, row
from tests.ingest.wizard import Wizard

pytestmark = pytest.mark.django_db

RENAMED = {"包联领导": "挂点", "累计完成投资": "1-10月完成投资", "项目代码": "业主"}
ODD = tuple(RENAMED.get(name, name) for name in HEADER)


def odd(*names, month=10, sheet="重点项目", unit="单位：万元", more=(), title="重点项目表", **told) -> bytes:
    """A list whose columns 挂点 and 业主 nobody can guess."""
    header = [name.replace("1-10月", f"1-{month}月") for name in ODD]
    rows = [(*row(i, name, **told), *more) for i, name in enumerate(names, 1)]
    book = opened(plain(*rows, header=(*header, *more), unit=unit, title=title))
    book.active.title = sheet
    return content_of(book)


def index_of(batch: ImportBatch, header: str) -> int:
    return next(c["index"] for s in batch.reading["sheets"] for c in s["columns"] if c["header"] == header)


@pytest.fixture
def first(wizard):
    """October's list, imported with 挂点 as leader and 建设性质 left out."""
    wizard.upload(odd("东河大桥"))
    columns = {f"f_0_{index_of(wizard.batch, '挂点')}": "lead_officials"}
    columns |= {f"f_0_{index_of(wizard.batch, '建设性质')}": ""}
    wizard.through({"month": "10"}, columns)
    assert wizard.commit().status_code == 302
    return wizard


def fields(batch: ImportBatch) -> dict[str, str]:
    return {c["header"]: c["field"] for s in batch.reading["sheets"] for c in s["columns"]}


def test_next_months_list_goes_on_behind_its_columns(first):
    after = Wizard(first.client)
    answer = after.upload(odd("东河大桥", "西山水厂", month=11, sheet="11月"))
    assert answer["Location"].endswith("/values/")
    assert after.batch.alike_id == first.pk
    told = fields(after.batch)
    assert told["挂点"] == "lead_officials" and told["建设性质"] is None, "taken over by their place in the table"
    page = after.get("values").content.decode()
    assert f'格式在<a href="/import/{first.pk}/">批次 {first.pk}</a> 用过，列的对应已照上次带出' in page
    assert after.post("values", {"month": "11"}).status_code == 302
    assert after.commit({"reason": "按月更新"}).status_code == 302
    assert Project.objects.filter(name="西山水厂").count() == 1


def test_what_a_person_changes_is_what_holds_next(first):
    after = Wizard(first.client)
    after.upload(odd("西山水厂", month=11))
    after.through({"month": "11"}, {f"f_0_{index_of(after.batch, '挂点')}": ""})
    assert after.commit().status_code == 302
    again = Wizard(first.client)
    again.upload(odd("南门小学", month=12))
    assert again.batch.alike_id == after.pk and fields(again.batch)["挂点"] is None


def test_a_list_that_answers_everything_itself_goes_straight_to_its_preview(first):
    after = Wizard(first.client)
    answer = after.upload(odd("西山水厂", month=11, title="2026年重点项目表"))
    assert answer["Location"].endswith("/preview/")
    page = after.get("preview").content.decode()
    assert "列的对应已照上次带出" in page and "2026 年，完成投资截至 11 月" in page
    assert after.counts() == {"new": 1}


@pytest.mark.wide
@pytest.mark.parametrize("told", [{"责任单位": "某某指挥部"}, {"是否开工": "看情况"}, {"month": 12}])
def test_new_words_and_months_to_come_are_asked_first(first, told):
    after = Wizard(first.client)
    assert after.upload(odd("西山水厂", title="2026年重点项目表", **told))["Location"].endswith("/values/")


@pytest.mark.parametrize("other", [{"unit": "单位：亿元"}, {"more": ("备注说明",)}])
def test_another_unit_or_another_column_is_another_layout(first, other):
    after = Wizard(first.client)
    assert after.upload(odd("西山水厂", **other))["Location"].endswith("/sheets/")
    assert after.batch.alike_id is None
    page = after.get("sheets").content.decode()
    assert "没有照搬上次的对应" in page and f"批次 {first.pk}</a> 相近" in page
    assert all(word in page for word in other.get("more", ())), "what is different is named"


NAMES = {"工程": "name", "业主": "responsible", "总盘子": "total_investment", "挂点": "lead_officials"}


def unreadable(name) -> bytes:
    """A header in which the reader finds nothing."""
    book = opened(plain((1, name, "工信局", 12000, "李某", "甲"), header=("号", *NAMES, "乙"), title="大事"))
    return content_of(book)


def test_a_header_that_a_person_pointed_out_is_found_the_next_time(wizard):
    wizard.upload(unreadable("东河大桥"))
    assert not any(sheet["imported"] for sheet in wizard.batch.reading["sheets"])
    wizard.post("sheets", {"from_0": "3", "to_0": "3"})
    wizard.post("sheets")
    columns = {f"f_0_{index_of(wizard.batch, header)}": field for header, field in NAMES.items()}
    columns |= {f"k_0_{index_of(wizard.batch, header)}": "on" for header in NAMES}
    assert wizard.post("columns", columns | {f"u_0_{index_of(wizard.batch, '总盘子')}": "万元"}).status_code == 302
    wizard.post("values", {"stage": "reserve"})
    assert wizard.commit().status_code == 302
    after = Wizard(wizard.client)
    assert after.upload(unreadable("西山水厂"))["Location"].endswith("/values/")
    assert fields(after.batch) == fields(wizard.batch) and after.batch.alike_id == wizard.pk


@pytest.mark.wide
def test_an_administrator_makes_a_layout_forgotten(first, login, cast):
    after = Wizard(first.client)
    after.upload(odd("西山水厂", month=11, title="2026年重点项目表"))
    after.commit()
    admin = login(cast.sysadmin)
    page = admin.get("/import/words/").content.decode()
    assert "挂点 → 包联领导" in page and f"批次 {after.pk}" in page and f"批次 {first.pk}，" not in page
    assert admin.post(f"/import/words/layouts/{after.pk}/forget/").status_code == 302
    assert "挂点 → 包联领导；" not in admin.get("/import/words/").content.decode()
    again = Wizard(login(cast.admin))
    assert again.upload(odd("南门小学"))["Location"].endswith("/sheets/")
    assert again.batch.alike_id is None and fields(again.batch)["挂点"] == "lead_officials", "the word is still known"


@pytest.mark.wide
def test_the_returned_workbook_is_of_the_layout_it_came_from(wizard):
    wizard.upload(odd("东河大桥", "西山水厂", 总投资="不清楚"))
    columns = {f"f_0_{index_of(wizard.batch, '挂点')}": "lead_officials"}
    wizard.through({"month": "10"}, columns)
    assert wizard.counts() == {"refused": 2}
    after = Wizard(wizard.client)
    returned = wizard.get("refused").content
    assert wizard.commit({"mode": "partial", "agreed": "on"}).status_code == 302
    assert after.upload(returned)["Location"].endswith("/values/") and after.batch.alike_id == wizard.pk


def test_money_without_a_unit_is_looked_at_again(wizard):
    def silent(*names):
        return plain(*[row(i, name) for i, name in enumerate(names, 1)], unit="", title="重点项目表")

    wizard.upload(silent("东河大桥"))
    wizard.post("sheets")
    units = {name: "万元" for name in wizard.form("columns")["fields"] if name.startswith("u_")}
    wizard.through({"month": "10"}, units)
    assert wizard.commit().status_code == 302
    after = Wizard(wizard.client)
    assert after.upload(silent("西山水厂"))["Location"].endswith("/columns/"), "never a factor unseen"
    assert after.batch.alike_id == wizard.pk


def test_nothing_is_taken_over_where_it_was_not_to_be_remembered(wizard):
    wizard.upload(odd("东河大桥"))
    wizard.through({"month": "10"}, {"remember": None})
    assert wizard.commit().status_code == 302
    after = Wizard(wizard.client)
    after.upload(odd("西山水厂"))
    assert after.batch.alike_id is None


def test_an_import_that_was_taken_back_is_no_example(first):
    ImportBatch.objects.filter(pk=first.pk).update(undone_at=first.batch.committed_at)
    after = Wizard(first.client)
    after.upload(odd("西山水厂"))
    assert after.batch.alike_id is None


def test_a_unit_that_a_person_set_against_the_list_is_kept_and_looked_at_again(wizard):
    wizard.upload(odd("东河大桥"))
    total = index_of(wizard.batch, "总投资")
    wizard.through({"month": "10"}, {f"u_0_{total}": "亿元"})
    assert wizard.commit().status_code == 302
    after = Wizard(wizard.client)
    assert after.upload(odd("西山水厂", month=11))["Location"].endswith("/columns/")
    assert after.form("columns")["fields"][f"u_0_{total}"] == "亿元"
