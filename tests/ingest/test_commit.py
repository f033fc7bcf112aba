"""The import in the background: ordered, carried out once, resumed, cancelled."""

from datetime import timedelta

import pytest
from django.core.cache import cache

from accounts.models import AuditEntry
from common import clock
from common.errors import DomainError
from ingest import tasks
from ingest.actions import carry_out, carry_out_waiting
from ingest.models import ImportBatch
from ingest.progress import ask_to_stop, followed, tell
from projects.actions import edit_project
from projects.models import Project
from tests.ingest.lists import plain, row

pytestmark = pytest.mark.django_db
State = ImportBatch.State


@pytest.fixture
def ordered(wizard, django_capture_on_commit_callbacks, monkeypatch):
    """A wizard whose import of two projects is ordered and not yet carried out; `rung` holds what was rung for it."""
    wizard.rung = []
    monkeypatch.setattr("common.bell.current_app.send_task", lambda task, **how: wizard.rung.append((task, how)))
    wizard.upload(plain(row(1, "东河大桥"), row(2, "西山水厂")))
    wizard.through()
    with django_capture_on_commit_callbacks(execute=True):
        assert wizard.order().status_code == 302
    return wizard


def test_the_request_only_orders_and_rings(ordered):
    assert Project.objects.count() == 0 and ordered.batch.state == State.COMMITTING
    ((task, how),) = ordered.rung
    assert task == "ingest.tasks.commit_batch" and how["args"] == [ordered.pk]
    page = ordered.get("progress").content.decode()
    assert "正在导入 2 行" in page and "取消导入" in page and "后台还没有开始" not in page
    for step in ("sheets", "preview", "receipt"):
        assert (
            ordered.client.get(f"/import/{ordered.pk}/{step}/", follow=True).redirect_chain[-1][0].endswith("progress/")
        )
    tasks.commit_batch(ordered.pk)
    assert Project.objects.count() == 2
    answer = ordered.client.get(f"/import/{ordered.pk}/progress/", headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == f"/import/{ordered.pk}/"
    assert "导入完成" in ordered.get("receipt").content.decode()


def test_a_dead_broker_costs_a_minute_not_the_order(wizard, django_capture_on_commit_callbacks, monkeypatch):
    def refuse(*args, **kwargs):
        raise OSError("connection refused")

    monkeypatch.setattr("common.bell.current_app.send_task", refuse)
    wizard.upload(plain(row(1, "东河大桥")))
    wizard.through()
    with django_capture_on_commit_callbacks(execute=True):
        assert wizard.order().status_code == 302
    assert tasks.commit_waiting() == 1
    assert wizard.batch.state == State.COMMITTED and Project.objects.count() == 1
    assert tasks.commit_waiting() == 0


def test_an_order_is_carried_out_by_one_worker_at_a_time(ordered):
    ImportBatch.objects.filter(pk=ordered.pk).update(lease_until=clock.now() + timedelta(seconds=60), attempt=1)
    assert not carry_out(ordered.pk) and carry_out_waiting(clock.now()) == 0
    assert Project.objects.count() == 0


def test_a_worker_that_died_is_replaced_by_the_sweep_or_by_a_person(ordered, clock_at, monkeypatch):
    monkeypatch.setattr("ingest.actions.ordering.write", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        carry_out(ordered.pk)
    monkeypatch.undo()
    monkeypatch.setattr("common.bell.current_app.send_task", lambda *_, **__: (_ for _ in ()).throw(OSError))
    clock_at(clock.now() + timedelta(seconds=200))
    assert "后台还没有开始处理" in ordered.get("progress").content.decode()
    answer = ordered.client.post(f"/import/{ordered.pk}/resume/")
    assert answer.status_code == 302 and ordered.batch.state == State.COMMITTED
    assert Project.objects.count() == 2 and ordered.batch.attempt == 2


def test_who_was_taken_over_writes_nothing(ordered, monkeypatch):
    from ingest.actions import committing

    original = committing.remember

    def overtaken(batch, *args):
        ImportBatch.objects.filter(pk=batch.pk).update(attempt=7)
        original(batch, *args)

    monkeypatch.setattr(committing, "remember", overtaken)
    carry_out(ordered.pk)
    assert Project.objects.count() == 0 and ordered.batch.state != State.COMMITTED


def test_a_cancelled_order_writes_nothing(ordered, cast):
    assert ordered.client.post(f"/import/{ordered.pk}/cancel/").status_code == 302
    assert ordered.batch.state == State.PREVIEW and not carry_out(ordered.pk)
    assert Project.objects.count() == 0
    assert "已取消导入" in ordered.get("preview").content.decode()
    assert AuditEntry.objects.filter(action="取消导入", object_id=ordered.pk).exists()
    assert ordered.commit().status_code == 302 and Project.objects.count() == 2


def test_a_running_commit_stops_when_asked(ordered):
    batch = ordered.batch
    batch.attempt = 1
    ask_to_stop(batch)
    assert carry_out(ordered.pk)
    assert Project.objects.count() == 0 and ordered.batch.state == State.PREVIEW


def test_too_late_to_cancel(ordered):
    carry_out(ordered.pk)
    answer = ordered.client.post(f"/import/{ordered.pk}/cancel/")
    assert answer.status_code == 422 and "来不及取消" in answer.content.decode()
    assert Project.objects.count() == 2


def test_an_order_that_cannot_be_carried_out_says_so_and_is_given_up(ordered, monkeypatch, clock_at):
    monkeypatch.setattr("ingest.kinds.projects.load_projects", lambda **_: 1 / 0)
    for turn in range(3):
        assert ordered.batch.state == State.COMMITTING
        clock_at(clock.now() + timedelta(seconds=200))
        assert carry_out_waiting(clock.now()) == 1, turn
    assert ordered.batch.state == State.PREVIEW
    assert "系统在写入时出错" in ordered.get("preview").content.decode()


def test_without_a_cache_only_the_bar_is_lost(ordered, monkeypatch):
    monkeypatch.setattr(cache, "set", lambda *_: 1 / 0)
    monkeypatch.setattr(cache, "get", lambda *_: 1 / 0)
    with followed(ordered.batch):
        tell(0.5, "核对")
    assert ordered.get("progress").status_code == 200
    carry_out(ordered.pk)
    assert ordered.batch.state == State.COMMITTED


def test_only_new_or_only_changed_rows_are_written_when_asked(imported, wizard):
    imported(plain(row(1, "东河大桥")))
    wizard.upload(plain(row(1, "东河大桥", 总投资=13000), row(2, "西山水厂")))
    wizard.through()
    assert wizard.counts() == {"new": 1, "changed": 1}
    for writes, counts in (("changed", {"changed": 1, "skipped": 1}), ("new", {"new": 1, "skipped": 1})):
        assert wizard.order({"writes": writes})["Location"].endswith("/preview/"), (
            "judged again before anything is written"
        )
        assert wizard.counts() == counts
    assert wizard.commit().status_code == 302
    assert Project.objects.get(name="西山水厂") and Project.objects.get(name="东河大桥").total_investment == 12000
    assert "本次只新增" in wizard.get("receipt", "?show=skipped").content.decode()


def test_commit_in_this_process_raises_what_stood_in_the_way(wizard, cast):
    from ingest.actions import commit

    wizard.upload(plain(row(1, "东河大桥")))
    wizard.through()
    wizard.commit()
    wizard.upload(plain(row(1, "东河大桥", 总投资=13000)))
    wizard.through()
    project = Project.objects.get()
    edit_project(project=project, by=cast.reporter, version=project.version, location="东河两岸")
    with pytest.raises(DomainError, match="整批没有写入"):
        commit(batch=wizard.batch, mode="partial", by=cast.admin, version=wizard.batch.version)


def test_a_list_that_was_no_workbook_comes_back_as_one_and_goes_on(wizard):
    from django.core.files.uploadedfile import SimpleUploadedFile

    from tests.ingest.lists import HEADER, content_of, opened

    lines = [HEADER, row(1, "东河大桥"), row(2, "西山水厂", 总投资="不清楚")]
    text = "\r\n".join(",".join("" if cell is None else str(cell) for cell in line) for line in lines)
    wizard.upload(text.encode("gb18030"), "清单.csv")
    wizard.through({"year": "2026", "month": "10"}, {"u_0_6": "万元", "u_0_7": "万元", "u_0_8": "万元"})
    assert wizard.counts() == {"new": 1, "refused": 1}
    book = opened(wizard.get("refused").content)
    sheet = book.worksheets[1]
    assert sheet.cell(1, len(HEADER) + 1).value == "错误原因" and "不清楚" in sheet.cell(3, len(HEADER) + 1).value
    sheet["G3"] = 9000
    upload = SimpleUploadedFile("清单改.xlsx", content_of(book))
    assert wizard.client.post(f"/import/{wizard.pk}/replace/", {"file": upload}).status_code == 302
    assert wizard.batch.state == State.PREVIEW and wizard.counts() == {"new": 2}
    assert wizard.commit().status_code == 302
    assert Project.objects.get(name="西山水厂").total_investment == 9000
