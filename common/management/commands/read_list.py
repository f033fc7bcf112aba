"""`manage.py read_list FILE`: a project list as JSON (contract: decisions, "Commands"). Touches no database."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from common.excel.gate import MAX_BYTES, FileRefused
from common.excel.model import SheetReading, Understanding
from common.excel.understand import read_workbook

_RENAMED = {
    "total_investment": "total_investment_wan",
    "annual_plan": "annual_plan_wan",
    "completed_ytd": "completed_ytd_wan",
    "completed_month": "completed_month_wan",
    "completed_total": "completed_total_wan",
}


class Command(BaseCommand):
    help = "读取一份项目清单（.xlsx、.xls、.csv），把读到的内容以 JSON 输出；不访问数据库。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="清单文件的路径")

    def handle(self, *args: object, **options: Any) -> None:
        path = Path(options["file"])
        try:
            with path.open("rb") as source:
                data = source.read(MAX_BYTES + 1)
            result = contract(read_workbook(data, path.name))
        except FileRefused as refusal:
            self.refuse(refusal.message)
        except OSError:
            self.refuse(f"打不开文件“{path.name}”：请检查路径是否正确、文件是否存在。")
        except Exception:  # a refusal is promised for whatever happens; the cause is for the log of the caller
            self.refuse("文件无法读取（内容异常）：请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。")
        else:
            self.stdout.write(json.dumps(result, ensure_ascii=False, allow_nan=False))

    def refuse(self, message: str) -> None:
        """One sentence and exit status 1, nothing else."""
        self.stdout.write(message)
        sys.exit(1)


def contract(understanding: Understanding) -> dict[str, Any]:
    """The understanding in the words of the contract: one entry per sheet, amounts named `_wan`."""
    sheets: dict[str, dict[str, Any]] = {}
    for sheet in understanding.sheets:
        entry = sheets.setdefault(sheet.name, _sheet(sheet))
        if sheet.imported and not entry["imported"]:
            sheets[sheet.name] = _sheet(sheet)
    projects = [{_RENAMED.get(key, key): value for key, value in item.items()} for item in understanding.projects]
    return {
        "sheets": list(sheets.values()),
        "needs_mapping": understanding.needs_mapping,
        "projects": projects,
        "ignored": understanding.ignored,
        "warnings": understanding.warnings,
        "errors": understanding.errors,
    }


def _sheet(sheet: SheetReading) -> dict[str, Any]:
    return {
        "name": sheet.name,
        "header_rows": sheet.header_rows,
        "unit": sheet.unit,
        "imported": sheet.imported,
        "why": sheet.why,
    }
