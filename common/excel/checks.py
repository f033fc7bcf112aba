"""Rows that are readable but improbable: told as warnings, never changed."""

from decimal import Decimal
from typing import Any

from common.excel.build import Issues
from common.excel.text import squash


def check_projects(projects: list[dict[str, Any]], issues: Issues) -> None:
    """Warnings on single projects and on names that occur twice."""
    for project in projects:
        for code, column, message in problems_of(project):
            issues.warn(project["sheet"], project["row"], column, code, f"第 {project['row']} 行：{message}，请核对。")
    seen: dict[tuple[str, str], int] = {}
    for project in projects:
        for kind, key in (("name", project["name"]), ("code", project.get("national_code") or "")):
            flat = squash(key).casefold()
            if not flat:
                continue
            first = seen.setdefault((kind, flat), project["row"])
            if first != project["row"]:
                what = "项目名称" if kind == "name" else "项目代码"
                message = f"第 {project['row']} 行：{what}与第 {first} 行相同，请核对是否重复。"
                issues.warn(project["sheet"], project["row"], what, f"repeated_{kind}", message)


def problems_of(project: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(code, column, text) of what is odd about one project."""
    found = []
    total, plan, done = (_decimal(project.get(key)) for key in ("total_investment", "annual_plan", "completed_ytd"))
    if plan is not None and total is not None and plan > total > 0:
        found.append(("plan_exceeds_total", "年度计划投资", f"年度计划投资（{plan:,}万元）大于总投资（{total:,}万元）"))
    if done is not None and plan is not None and done > plan > 0:
        found.append(("done_exceeds_plan", "累计完成投资", f"累计完成投资（{done:,}万元）大于年度计划（{plan:,}万元）"))
    if plan == 0 and total:
        found.append(("plan_zero", "年度计划投资", "年度计划投资为 0，可能是没有填写"))
    for key, label in (("total_investment", "总投资"), ("annual_plan", "年度计划投资")):
        amount = _decimal(project.get(key))
        if amount is not None and amount < 0:
            found.append(("negative_amount", label, f"{label}是负数"))
    percent = _decimal(str(project.get("progress_percent") or "").rstrip("%％"))
    if percent is not None and percent > 100:
        found.append(("progress_over_100", "形象进度", "形象进度超过 100%"))
    start, end = project.get("start"), project.get("end")
    if start and end:
        short = min(len(start), len(end))
        if start[:short] > end[:short]:
            found.append(("dates_reversed", "建设起止年限", f"开工时间（{start}）晚于竣工时间（{end}）"))
        elif len(start) == len(end) == 10 and start[:7] == end[:7]:
            found.append(
                ("dates_too_close", "建设起止年限", f"开工（{start}）与竣工（{end}）在同一个月，像是录入当天的日期")
            )
    return found


def _decimal(text: Any) -> Decimal | None:
    try:
        return Decimal(text) if text not in (None, "") else None
    except ArithmeticError:
        return None
