"""An import goes on: corrected rows after the receipt, decided twins on it, the list of imports as a workbook."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from projects.models import Project
from tests.factories import make_project
from tests.ingest.lists import content_of, opened, plain, row

pytestmark = pytest.mark.django_db


def test_corrected_rows_go_on_with_the_answers_of_their_import(wizard, login, cast):
    wizard.upload(plain(row(1, "东河大桥"), row(2, "西山水厂", 总投资="不清楚")))
    wizard.through()
    assert wizard.commit({"mode": "partial", "agreed": "on"}).status_code == 302
    first = wizard
    book = opened(first.get("refused").content)
    cell = next(c for sheet in book for line in sheet for c in line if c.value == "不清楚")
    cell.value = 9000
    for stranger, status in ((cast.reporter, 403), (cast.sysadmin, 404)):
        upload = SimpleUploadedFile("改好.xlsx", content_of(book))
        assert login(stranger).post(f"/import/{first.pk}/follow/", {"file": upload}).status_code == status
    assert first.batch.followers.count() == 0
    login(cast.admin)
    upload = SimpleUploadedFile("改好.xlsx", content_of(book))
    answer = first.client.post(f"/import/{first.pk}/follow/", {"file": upload})
    assert answer.status_code == 302
    after = type(first)(first.client)
    after.pk = int(answer["Location"].strip("/").rsplit("/", 1)[1])
    assert after.batch.parent_id == first.pk and after.batch.state == "preview", "nothing is to be mapped again"
    assert after.commit().status_code == 302
    assert Project.objects.get(name="西山水厂").total_investment == 9000
    assert f"批次 {after.pk}" in first.get("receipt").content.decode()
    assert f"批次 {first.pk}" in after.get("receipt").content.decode()
    exported = first.client.get("/import/export/")
    sheet = load_workbook(io.BytesIO(b"".join(exported.streaming_content))).active
    told = [line for line in sheet.iter_rows(values_only=True) if line[0] in (first.pk, after.pk)]
    assert [line[0] for line in told] == [after.pk, first.pk] and told[1][6] == 1 and told[1][10] == 1


@pytest.mark.wide
def test_what_was_decided_on_a_row_holds_for_its_corrected_file(wizard):
    rows = [row(1, "东河大桥"), row(2, "东河大桥"), row(3, "西山水厂", 总投资="不清楚")]
    wizard.upload(plain(*rows))
    wizard.through()
    first, second = wizard.batch.rows.filter(name="东河大桥").order_by("row")
    wizard.post("preview", {f"match_{first.pk}": "new", f"match_{second.pk}": "skip"}, to="decide")
    assert wizard.counts() == {"new": 1, "skipped": 1, "refused": 1}
    upload = SimpleUploadedFile("改.xlsx", plain(rows[0], rows[1], row(3, "西山水厂", 总投资="还不清楚")))
    wizard.client.post(f"/import/{wizard.pk}/replace/", {"file": upload})
    assert wizard.counts() == {"new": 1, "skipped": 1, "refused": 1}
    assert wizard.commit({"mode": "partial", "agreed": "on"}).status_code == 302
    upload = SimpleUploadedFile("改好.xlsx", plain(rows[0], rows[1], row(3, "西山水厂")))
    after = type(wizard)(wizard.client)
    after.pk = int(wizard.client.post(f"/import/{wizard.pk}/follow/", {"file": upload})["Location"].split("/")[-2])
    assert after.counts() == {"new": 1, "unchanged": 1, "skipped": 1}, "made once, not twice"
    upload = SimpleUploadedFile("动过.xlsx", plain(rows[0], row(3, "西山水厂"), rows[1]))
    moved = wizard.client.post(f"/import/{wizard.pk}/follow/", {"file": upload})["Location"].split("/")[-2]
    after.pk = int(moved)
    assert after.counts() == {"new": 1, "refused": 2}, "a decision does not move to another project"


@pytest.mark.wide
def test_a_corrected_file_that_cannot_be_read_is_told_where_it_was_sent_from(wizard):
    wizard.upload(plain(row(1, "东河大桥"), row(2, "西山水厂", 总投资="不清楚")))
    wizard.through()
    broken = {"content": b"%PDF-1.7", "name": "改好.xlsx"}
    for door, page in (("replace", "需改正 1 行"), ("follow", "改正后的行")):
        upload = SimpleUploadedFile(**broken)
        answer = wizard.client.post(f"/import/{wizard.pk}/{door}/", {"file": upload})
        text = answer.content.decode()
        assert answer.status_code == 422 and "PDF" in text and page in text
        if door == "replace":
            assert wizard.commit({"mode": "partial", "agreed": "on"}).status_code == 302


def test_unfinished_imports_take_the_corrected_file_themselves(wizard):
    wizard.upload(plain(row(1, "东河大桥")))
    upload = SimpleUploadedFile("改好.xlsx", plain(row(1, "东河大桥")))
    answer = wizard.client.post(f"/import/{wizard.pk}/follow/", {"file": upload})
    assert "直接在这一批里换" in answer.content.decode()


def test_a_row_that_was_decided_to_be_a_known_project_says_so(wizard, cast):
    known = make_project(cast.other_unit, name="东河大桥建设工程")
    wizard.upload(plain(row(1, "东河大桥")))
    wizard.through()
    asked = wizard.batch.rows.get(verdict="refused")
    wizard.post("preview", {f"match_{asked.pk}": str(known.pk)}, to="decide")
    assert "将并入" in wizard.get("preview").content.decode()
    assert wizard.commit({"reason": "按清单更新"}).status_code == 302
    assert "已并入" in wizard.get("receipt").content.decode()


def test_import_words_stand_under_dictionaries(wizard):
    page = wizard.client.get("/import/words/")
    here = [item["label"] for group in page.context["menu"] for item in group if item["active"]]
    assert here == ["字典"]
