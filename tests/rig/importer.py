"""python -m tests.rig.importer stage ROWS MARK | web BATCH: a person at the wizard, in a process that can be killed.

`stage` goes as far as the order and prints the key of the batch; `web` carries an order out in the request, as a
person may when there is no broker.
"""

import io
import sys
from datetime import date

import django


def importer():
    """The administrator of the bureau."""
    from accounts.models import User

    return User.objects.get(username="boss")


def a_list(rows: int, mark: str) -> bytes:
    """So many projects, named apart by `mark`."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("清单")
    sheet.append(["项目名称", "责任单位", "总投资（万元）", "年度计划投资（万元）", "项目阶段", "包联领导"])
    for number in range(rows):
        sheet.append([f"{mark}第{number}号厂房", f"第{number % 6 + 1}局", 5000 + number, 900, "谋划", "李某"])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def stage(rows: int, mark: str) -> int:
    """A batch up to its order."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from ingest.actions import map_values, order_commit, preview, stage_file

    by = importer()
    batch = stage_file(upload=SimpleUploadedFile(f"{mark}.xlsx", a_list(rows, mark)), by=by)
    answers = {
        "year": date.today().year,
        "month": None,
        "stage": "",
        "units": {},
        "labels": {},
        "dates": {},
        "remember": False,
    }
    map_values(batch=batch, by=by, version=batch.version, **answers)
    preview(batch=batch, by=by, version=batch.version)
    assert batch.counts["new"] == rows, batch.counts
    order_commit(batch=batch, mode="all", by=by, version=batch.version)
    return batch.pk


def web(pk: int) -> None:
    """The request of 继续导入 while the broker is away."""
    from django.test import Client
    from django.test.utils import setup_test_environment

    from common import bell

    setup_test_environment()
    bell.ring = lambda *_, **__: False
    client = Client()
    client.force_login(importer())
    assert client.post(f"/import/{pk}/resume/").status_code == 302


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "stage":
        sys.stdout.write(str(stage(int(sys.argv[2]), sys.argv[3])))
    else:
        web(int(sys.argv[2]))
