"""One-column pastes of a numbered document: no header, numbers glued to the names, children (1) (2) under a parent."""

import re
from typing import Any

from common.excel import labels
from common.excel.build import Issues
from common.excel.grid import Grid
from common.excel.labels import split_marks, title_label
from common.excel.model import RowReading, SheetReading
from common.excel.preamble import NO_TITLE
from common.excel.rows import numbering, section_label, section_role
from common.excel.text import show, squash, tidy
from common.excel.values import read

_DETAIL = re.compile(r"投资|新建|改造|建设|位于|占地|建筑面积")
_TOTAL = re.compile(r"总?投资(?:额|约|为|共|估算)*([\d.,]+(?:亿|万)元?)")
_SECTIONS = ("part", "chinese", "chinese_paren", "roman")


def text_column(grid: Grid) -> int | None:
    """The (almost) only used column of a numbered text list; None when the sheet is something else."""
    used: dict[int, int] = {}
    numbered = 0
    for row in range(grid.height):
        for column in grid.filled(row):
            used[column] = used.get(column, 0) + 1
            style, rest = numbering(squash(grid.text(row, column)))
            numbered += style in ("arabic", "arabic_paren") and bool(rest)
    main = max(used, key=used.__getitem__, default=None)
    if main is None or numbered < 3 or sum(used.values()) - used[main] > max(1, used[main] // 10):
        return None  # a line of signatures may have a second cell
    return main


def read_text_list(grid: Grid, column: int, issues: Issues) -> tuple[SheetReading, list[dict[str, Any]]]:
    """The projects of a text list; children are attached to their parent as `sub_items`."""
    sheet = SheetReading(grid.name, hidden=grid.hidden, imported=True, why="逐行编号的文字名单")
    projects: list[dict[str, Any]] = []
    sections: list[tuple[str, str]] = []
    plain = any(numbering(squash(grid.text(row, column)))[0] == "arabic" for row in range(grid.height))
    for row in range(grid.height):
        text = show(grid.value(row, column)).strip()
        if not text:
            continue
        style, rest = numbering(text)
        reading = RowReading(row + 1, "note", "说明文字", [tidy(text)], [label for _, label in sections])
        reading.hidden = row in grid.hidden_rows
        if style in _SECTIONS:
            keys = [key for key, _ in sections]
            if style in keys:
                del sections[keys.index(style) :]
            sections.append((style, tidy(text)))
            reading.kind, reading.why = "section", "分组行"
        elif style == "arabic_paren" and plain and projects and rest:
            name, marks = split_marks(tidy(rest))
            item = {"row": row + 1, "name": name} | ({"mark": marks} if marks else {})
            projects[-1].setdefault("sub_items", []).append(item)
            projects[-1]["last_row"] = row + 1
            reading.kind, reading.why, reading.parent = "continuation", "上一项目的子项", projects[-1]["row"]
        elif style in ("arabic", "arabic_paren", "circled") and rest:
            projects.append(_project(grid.name, row + 1, rest, [label for _, label in sections], sheet.title))
            reading.kind, reading.why = "project", ""
        elif not projects and not sections and not sheet.title and not NO_TITLE.match(squash(text)):
            sheet.title, reading.why = tidy(text), "标题"
        elif projects and not style:
            message = f"第 {row + 1} 行：没有编号的文字“{tidy(text)[:40]}”没有导入，请核对。"
            issues.warn(grid.name, row + 1, None, "unplaced_row", message)
        sheet.rows.append(reading)
    return sheet, projects


def split_sentence(text: str) -> tuple[str, str]:
    """(name, what is said of it) of a line that goes on after the name: 某某项目：总投资2.6亿元，…"""
    found = re.search(r"[:：]|[(（](?=[^()（）]*投资)|[,，](?=(?:计划|项目)?总投资)", text)
    detail = text[found.end() :].strip() if found else ""
    if not found or found.start() < 4 or not _DETAIL.search(detail):
        return text, ""
    return text[: found.start()].strip(), detail.rstrip("）)。 ")


def _amounts(detail: str) -> dict[str, str]:
    """Total investment out of a sentence."""
    found = _TOTAL.search(squash(detail))
    value = read("money", found[1]).value if found else None
    return {"total_investment": value} if value else {}


def _project(sheet: str, row: int, text: str, sections: list[str], title: str) -> dict[str, Any]:
    called, detail = split_sentence(text)
    name, marks = split_marks(tidy(called))
    project: dict[str, Any] = {"sheet": sheet, "row": row, "last_row": row, "name": name}
    if detail:
        project |= {"scale": tidy(detail, keep_lines=True), **_amounts(detail)}
    names = [section_label(section) for section in sections]
    categories = [label for label in names if section_role(label) == "category"]
    if categories:
        project["industry"] = "/".join(categories)
    found = [*(labels.label_of(label) for label in reversed(names)), title_label(title)]
    for key in ("stage", "nature"):
        value = next((getattr(label, key) for label in found if label and getattr(label, key)), None)
        if value:
            project[key] = value
    if marks:
        project["mark"] = marks
    return project
