"""The first steps correct the reader: rows, headers, lists without one, doubtful months. To open is not to write."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import Project
from tests.ingest.lists import HEADER, plain, row
from tests.ingest.wizard import Page, problems

pytestmark = pytest.mark.django_db


def test_a_row_that_is_clicked_becomes_data_header_or_nothing(wizard):
    wizard.upload(plain(row(1, "东河大桥"), row(2, "西山水厂"), ("", "其他", None, "工信局")))
    assert 'for="as_0_3"' in wizard.get("sheets").content.decode()
    assert wizard.post("sheets", {"as_0_5": "note", "as_0_6": "project"}).status_code == 302
    assert [project["name"] for project in wizard.batch.reading["projects"]] == ["东河大桥", "其他"]
    fields = wizard.form("sheets")["fields"]
    assert (fields["as_0_3"], fields["as_0_5"], fields["as_0_6"]) == ("header", "note", "project")


def test_the_header_is_moved_by_its_rows(wizard):
    notes = tuple(f"{index}号栏如实填写" for index, _ in enumerate(HEADER, 1))
    wizard.upload(plain(notes, row(1, "东河大桥"), row(2, "西山水厂")))
    assert wizard.batch.reading["sheets"][0]["header_rows"] == [3]
    assert wizard.post("sheets", {"as_0_4": "header"}).status_code == 302
    assert wizard.batch.reading["sheets"][0]["header_rows"] == [3, 4]
    answer = wizard.post("sheets", {"as_0_6": "header"})
    assert answer.status_code == 422 and "连在一起" in answer.content.decode()


def test_a_list_without_a_header_asks_for_every_column(wizard):
    lines = ("东河大桥,改造,1200,工信局,储备", "西山水厂,新建,300,住建局,储备")
    wizard.upload("\n".join(lines).encode("gb18030"), "清单.csv")
    assert wizard.post("sheets").status_code == 302
    answer = wizard.post("columns")
    assert answer.status_code == 422 and "没有对应“项目名称”" in problems(answer)
    told = {"f_0_0": "name", "f_0_2": "total_investment", "f_0_3": "responsible", "f_0_4": "stage"}
    assert "没有写明金额单位" in problems(wizard.post("columns", told))
    assert wizard.post("columns", told | {"u_0_2": "万元"}).status_code == 302
    assert wizard.post("values").status_code == 302
    assert wizard.commit().status_code == 302
    assert sorted(Project.objects.values_list("name", "total_investment")) == [("东河大桥", 1200), ("西山水厂", 300)]


def test_a_month_that_may_have_lost_its_nought_is_asked_once(wizard):
    wizard.upload(plain(*(row(n, name, 计划开工时间=2026.1) for n, name in ((1, "东河大桥"), (2, "西山水厂")))))
    wizard.through_columns()
    answer = wizard.post("values")
    assert answer.status_code == 422 and "可能是 1 月" in answer.content.decode()
    assert wizard.post("values", {"date_0": "2026年10月"}).status_code == 302
    assert {project["start"] for project in wizard.batch.reading["projects"]} == {"2026-10"}
    assert wizard.form("values")["fields"]["date_0"] == "2026年10月", "it can be opened again and changed"
    wizard.post("values", {"date_0": "2026年1月"})
    assert {project["start"] for project in wizard.batch.reading["projects"]} == {"2026-01"}


def test_opening_a_step_writes_nothing(wizard):
    wizard.upload(plain(row(1, "东河大桥")))
    wizard.through()
    for state in ("preview", "sheets"):
        batch = wizard.batch
        batch.state, batch.staged_hash = state, ""
        batch.save()
        for step in ("", "sheets/", "columns/", "values/", "preview/", "receipt/"):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                wizard.client.get(f"/import/{wizard.pk}/{step}")
            written = [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
            assert [sql for sql in written if "session" not in sql] == []


def test_every_control_of_the_steps_has_a_name_that_is_read_out(wizard):
    """Keyboard and screen reader: no select or tick box without a label."""
    wizard.upload(plain(row(1, "东河大桥", "待定单位")))
    for step in ("sheets", "columns", "values"):
        text = wizard.get(step).content.decode()
        named = [
            name
            for name in Page(text).forms[-1]["options"]
            if f'for="id_{name}"' not in text and f'for="{name}"' not in text
        ]
        assert named == []
        wizard.post(step)
