"""附件 and 动态: checked by content, handed out behind the project's door."""

import pytest
from django.urls import reverse

from projects.actions import attach
from projects.models import Attachment, JournalEntry
from tests.projects.files_for_tests import disguised_html, png


def files_url(project) -> str:
    return reverse("projects:project_files", args=[project.pk])


def test_several_files_are_uploaded_at_once(login, cast, project):
    page = login(cast.reporter).post(files_url(project), {"files": [png("一.png"), png("二.png")], "caption": "现场"})

    assert page.status_code == 302
    assert sorted(a.file.name for a in project.attachments.all()) == ["一.png", "二.png"]


def test_a_page_renamed_to_jpg_is_refused_with_all_its_companions(login, cast, project):
    page = login(cast.reporter).post(files_url(project), {"files": [png(), disguised_html("照片.jpg")]})

    assert page.status_code == 422
    assert "文件“照片.jpg”的内容不是可接受的格式" in page.content.decode()
    assert not Attachment.objects.exists()


def test_nothing_chosen_is_said(login, cast, project):
    page = login(cast.reporter).post(files_url(project), {})

    assert page.status_code == 422
    assert "请选择文件" in page.content.decode()


@pytest.mark.parametrize(("who", "status"), [("stranger", 404), ("reader", 403)])
def test_others_do_not_upload(login, cast, project, who, status):
    assert login(getattr(cast, who)).post(files_url(project), {"files": [png()]}).status_code == status
    assert not Attachment.objects.exists()


def test_a_stranger_cannot_download(login, cast, project):
    attachment = attach(project=project, upload=png(), by=cast.reporter)
    address = reverse("projects:attachment", args=[attachment.pk])

    assert login(cast.stranger).get(address).status_code == 404
    assert login(cast.sysadmin).get(address).status_code == 403


def test_photos_are_shown_in_place_and_everything_is_downloaded_under_its_name(login, cast, project):
    attachment = attach(project=project, upload=png("现场.png"), by=cast.reporter)
    client = login(cast.reader)
    address = reverse("projects:attachment", args=[attachment.pk])

    shown, saved = client.get(address + "?inline=1"), client.get(address)

    assert shown["Content-Disposition"].startswith("inline") and shown["Content-Type"] == "image/png"
    assert saved["Content-Disposition"].startswith("attachment")
    assert "sandbox" in shown["Content-Security-Policy"]


def test_the_journal_is_written_and_filtered(login, cast, project):
    client = login(cast.reporter)
    trail = reverse("projects:project_trail", args=[project.pk])

    assert client.post(trail, {"kind": "risk", "text": "吊装班组缺口18人"}).status_code == 302
    assert JournalEntry.objects.get().by == cast.reporter
    assert "吊装班组缺口18人" in client.get(trail).content.decode()
    assert "吊装班组缺口18人" in client.get(trail, {"kind": "note"}).content.decode()
    assert "吊装班组缺口18人" not in client.get(trail, {"kind": "report"}).content.decode()
    assert login(cast.reader).post(trail, {"kind": "risk", "text": "我也写"}).status_code == 403


def test_the_trail_pages_backward(login, cast, project):
    for n in range(35):
        JournalEntry.objects.create(project=project, kind="note", text=f"第{n:02d}条", by=cast.reporter, at=moment(n))
    client = login(cast.reader)
    trail = reverse("projects:project_trail", args=[project.pk])

    first, second = (client.get(trail, {"kind": "note", "page": page}).content.decode() for page in (1, 2))

    assert "第34条" in first and "第04条" not in first and "更早的" in first
    assert "第04条" in second and "第34条" not in second and "较新的" in second
    assert client.get(trail, {"page": "三"}).status_code == 200


def moment(n: int):
    from datetime import datetime, timedelta

    from common.clock import SHANGHAI

    return datetime(2026, 1, 1, 8, tzinfo=SHANGHAI) + timedelta(days=n)
