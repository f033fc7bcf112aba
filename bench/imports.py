"""A big list from upload to receipt, step by step, beside the bare libraries.

`python -m bench.imports ROWS` imports one list in this process and prints what it took, as JSON.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import django

HEADER = (
    "序号", "项目名称", "项目代码", "责任单位", "协办单位", "建设单位", "项目类别", "项目级别", "建设性质", "项目阶段",
    "建设地点", "建设内容及规模", "总投资（万元）", "资金来源", "计划开工时间", "计划竣工时间", "年度计划投资（万元）",
    "累计完成投资（万元）", "包联领导", "责任人", "联系人", "联系电话", "施工单位", "需协调事项", "备注",
)  # fmt: skip
CATEGORIES = ("工业项目", "基础设施", "民生项目", "现代服务业", "农业项目")
STAGES = ("谋划", "储备", "开工", "建设")


def a_wide_list(rows: int, mark: str) -> bytes:
    """A workbook of 25 columns; `mark` keeps the names and codes of two lists apart."""
    from xlsxwriter import Workbook

    buffer = BytesIO()
    with Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("项目清单")
        sheet.write_row(0, 0, HEADER)
        for number in range(rows):
            sheet.write_row(number + 1, 0, _row(number, mark))
    return buffer.getvalue()


def _code(mark: str) -> str:
    """The front of the project codes of one list."""
    serial = int(mark) // 1000
    return f"{21 + serial % 5}{serial // 5 % 12 + 1:02d}-320505-{serial // 60 % 97 + 1:02d}-01"


def _row(number: int, mark: str) -> tuple[Any, ...]:
    start = f"2026-{number % 9 + 1:02d}"
    return (
        number + 1, f"{mark}第{number}号生产线技术改造", f"{_code(mark)}-{number:06d}",
        f"单位{number % 40}", f"单位{(number + 7) % 40}", f"云岭第{number % 90}实业有限公司",
        CATEGORIES[number % 5], ("省级", "市级", "区级")[number % 3], "新建", STAGES[number % 4],
        f"经开区{number % 30}号地块", f"新建厂房{number % 50 + 1}万平方米，购置设备{number % 300}台套及配套公用工程",
        5000 + number, "企业自筹", start, f"2028-{number % 12 + 1:02d}", 1200 + number % 700, 300 + number % 400,
        f"领导{number % 12}", f"经办{number % 40}", f"联系人{number % 60}", f"0512-65{number % 10000:06d}",
        "云岭建工集团", "无", f"第{number % 9}批",
    )  # fmt: skip


def import_list(content: bytes, by: Any) -> dict[str, float]:
    """Every step as a person takes it who agrees with everything; seconds of each."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from common import clock
    from ingest.actions import commit, map_values, preview, stage_file
    from ingest.actions.ordering import PARTIAL

    today = clock.today()
    told: dict[str, Any] = {}

    def step(name: str, work: Callable[[], Any]) -> Any:
        started = time.perf_counter()
        answer = work()
        told[name] = time.perf_counter() - started
        return answer

    batch = step("read", lambda: stage_file(upload=SimpleUploadedFile("清单.xlsx", content), by=by))
    answers = {
        "year": today.year,
        "month": today.month,
        "stage": "",
        "units": {},
        "labels": {},
        "dates": {},
        "remember": False,
    }

    def judged() -> None:
        map_values(batch=batch, by=by, version=batch.version, **answers)
        preview(batch=batch, by=by, version=batch.version)

    step("preview", judged)
    step("commit", lambda: commit(batch=batch, mode=PARTIAL, by=by, version=batch.version))
    return told | {"new": batch.counts["new"], "refused": batch.counts["refused"]}


def measure_wide(rows: int, by: Any, *, stock: bool, others: Callable[[], Any]) -> dict[str, float]:
    """Seconds of ours (by step) and of the floors for one list, memory growth, p95 of `others` idle and meanwhile.

    Ours runs in a process of its own, as a worker does. Each has had a short list before, and ends with its commit,
    where PostgreSQL checks every foreign key; what the floors wrote is taken away again.
    """
    from django.db import connection, transaction

    from bench.floors import imports as floors

    content = a_wide_list(rows, str(time.time_ns()))
    told: dict[str, float] = {}
    for name, floor in (("floor", floors.load_wide_list), ("stock", floors.stock_import)):
        if name == "floor" or stock:
            with _taken_away():
                floor(a_wide_list(50, str(time.time_ns())[:-1]))
            with _taken_away():
                started = time.perf_counter()
                with transaction.atomic():
                    assert floor(content) == rows
                told[name] = time.perf_counter() - started
    alone = _run(rows).communicate()[0]
    told |= json.loads(alone)
    assert told["new"] == rows, told
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # what autovacuum does in a database that lives
    told["idle_p95"] = _p95(others, lambda: False)  # with as many projects as while the second list is written
    beside = _run(rows)
    told["busy_p95"] = _p95(others, lambda: beside.poll() is None)
    beside.communicate()
    return told


@contextmanager
def _taken_away() -> Iterator[None]:
    """What is written within is deleted afterwards, with what hangs on it."""
    from django.db.models import Max

    from investment.models import AnnualPlan, MonthlyEntry
    from projects.models import Assignment, Project

    last = Project.objects.aggregate(last=Max("pk"))["last"] or 0
    yield
    for model in (AnnualPlan, MonthlyEntry, Assignment, Project.co_units.through):
        rows = model.objects.filter(project__gt=last)
        rows._raw_delete(rows.db)
    rows = Project.objects.filter(pk__gt=last)
    rows._raw_delete(rows.db)


def _run(rows: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "bench.imports", str(rows)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def _p95(page: Callable[[], Any], goes_on: Callable[[], bool]) -> float:
    """The 95th percentile of a page in seconds, at least 40 times and as long as something goes on."""
    times: list[float] = []
    while len(times) < 40 or goes_on():
        started = time.perf_counter()
        page()
        times.append(time.perf_counter() - started)
        time.sleep(0.05)
    return sorted(times)[int(len(times) * 0.95)]


def main(rows: int) -> dict[str, Any]:
    from bench.fill import people
    from config.celery import let_pages_go_first

    let_pages_go_first()
    by = people()
    import_list(a_wide_list(50, str(time.time_ns())[:-1]), by)
    content = a_wide_list(rows, str(time.time_ns()))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    told = import_list(content, by)
    return told | {"growth_mb": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024}


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(main(int(sys.argv[1]))))
