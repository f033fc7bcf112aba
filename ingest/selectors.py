"""What the wizard's pages show: steps, columns with their certainty, questions about values, rows and reasons."""

import re
from collections import Counter
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import User
from accounts.roles import Can
from common import clock
from common.excel.headers import title_year
from common.money import AmountError, format_amount, parse_amount
from ingest.actions.batch import ENDED, imported_sheets
from ingest.choices import Step, Verdict
from ingest.decisions import Decisions
from ingest.matching import SURE_FROM, site_of
from ingest.models import ImportBatch, ImportRow, ValueMapping
from ingest.reading import header_key, remembered
from ingest.reasons import hint_of, reason_of, title_of
from ingest.registry import KINDS
from ingest.resolving import Resolver
from projects.choices import Stage
from projects.import_columns import contradicts, split_units

ORDER = [Step.SHEETS, Step.COLUMNS, Step.VALUES, Step.PREVIEW]
SHOWN = 60  # rows of one reason on the page; the workbook has all of them
_MONTH = re.compile(r"(?<!\d)(1[0-2]|0?[1-9])月(?!\d)")
_UNITS = ("万元", "亿元", "元")


def batches(user: User) -> QuerySet[ImportBatch]:
    """All batches, newest first, without their readings."""
    return ImportBatch.objects.defer("reading", "choices").select_related("file", "created_by__unit")


def step_of(batch: ImportBatch) -> Step:
    """The step that is to be done now."""
    return Step.RECEIPT if batch.state == ImportBatch.State.COMMITTED else Step(batch.state)


def step_url(batch: ImportBatch, step: Step) -> str:
    return reverse(f"ingest:{step.value}", args=[batch.pk])


def steps(batch: ImportBatch | None, now: Step) -> list[dict[str, Any]]:
    """The bar of steps (components/_steps): those behind the batch can be opened again."""
    here = list(Step).index(now)
    bar = []
    for index, step in enumerate(Step):
        url = step_url(batch, step) if batch and step in ORDER and batch.state not in ENDED else ""
        bar.append(
            {"label": step.label, "state": "now" if index == here else "past" if index < here else "", "url": url}
        )
    return bar


def frame(batch: ImportBatch, now: Step, user: User) -> dict[str, Any]:
    """What every step shows around its own business."""
    sheets = imported_sheets(batch.reading)
    names = "、".join(f"「{name}」" for name in dict.fromkeys(sheet["name"] for sheet in sheets))
    position = ORDER.index(now) if now in ORDER else 0
    return {
        "title": now.label,
        "batch": batch,
        "steps": steps(batch, now),
        "crumbs": [{"label": "导入", "url": reverse("ingest:batch_list")}, {"label": f"批次 {batch.pk}", "url": ""}],
        "sheet_names": names,
        "row_count": len(batch.reading["projects"]),
        "back_url": step_url(batch, ORDER[position - 1]) if position else "",
        "earlier": earlier(batch),
        "is_mine": batch.created_by_id == user.pk,
    }


def earlier(batch: ImportBatch) -> ImportBatch | None:
    """The last import of the very same file."""
    same = ImportBatch.objects.filter(file__sha256=batch.file.sha256, state=ImportBatch.State.COMMITTED)
    return same.exclude(pk=batch.pk).select_related("committed_by").defer("reading", "choices").first()


# --- 列对应 --------------------------------------------------------------------------------------------------------
def column_cards(batch: ImportBatch) -> list[dict[str, Any]]:
    """One card per column and imported table: header, examples, field, unit, and how sure we are."""
    kind = KINDS[batch.kind]
    known = remembered(batch.kind)
    chosen_units = Decisions.of(batch).choices.units
    cards = []
    for number, sheet in enumerate(imported_sheets(batch.reading)):
        for column in sheet["columns"]:
            if not column["header"] and not column["samples"]:
                continue
            field = column["field"] or column["suggestion"] or ""
            ours = kind.column(field)
            memory = known.get(header_key(column["path"])[1]) if column["path"] else None
            unit = chosen_units.get(sheet["name"], {}).get(column["index"], "")
            unit = unit or column["unit"] or sheet["unit"] or (memory.unit if memory else "")
            cards.append(
                {
                    "key": f"{number}_{column['index']}",
                    "sheet": sheet["name"],
                    "sheet_label": f"{sheet['name']}" + (f"（第 {sheet['table']} 张表）" if sheet["table"] > 1 else ""),
                    "index": column["index"],
                    "letter": column["letter"],
                    "header": column["header"] or "（没有列名）",
                    "hidden": column["hidden"],
                    "samples": " / ".join(sample[:24] for sample in column["samples"]),
                    "first": next(iter(column["samples"]), ""),
                    "why": column["why"],
                    "field": ours.source if ours else "",
                    "own": column["field"] if column["field"] and not ours else None,  # read, but not ours to import
                    "suggested": bool(column["suggestion"]) and ours is not None,
                    "unit": unit,
                    "unit_known": bool(unit),
                    **certainty(column, ours is not None, memory),
                }
            )
    return cards


def certainty(column: dict[str, Any], importable: bool, memory: Any) -> dict[str, str]:
    """Words, look and icon of how sure a column is."""
    if column["suggestion"] and importable:
        return {"word": "建议，请核对", "look": "ask", "icon": "circle-question-mark"}
    if column["field"] and not importable:
        word = "序号，用来认行" if column["field"] == "serial" else "系统没有这个字段"
        return {"word": word, "look": "no", "icon": "minus"}
    if column["field"]:
        word = "已选定" if column["confidence"] == "chosen" else "一致（上次确认）" if memory else "一致"
        return {"word": word, "look": "ok", "icon": "check"}
    word = "不导入（上次确认）" if memory else "未识别"
    return {"word": word, "look": "no", "icon": "minus"}


def unit_example(text: str, unit: str) -> str:
    """What a figure of the list becomes: 如 6.8 存为 6.80亿元."""
    try:
        if unit:
            return f"如 {text} 存为 {format_amount(parse_amount(text, default_unit=unit).wan)}"
        told = [f"按{name}是 {format_amount(parse_amount(text, default_unit=name).wan)}" for name in _UNITS[:2]]
        return f"{text}：{'，'.join(told)}"
    except (AmountError, KeyError):
        return ""


# --- 值对应 --------------------------------------------------------------------------------------------------------
def value_questions(batch: ImportBatch, user: User) -> dict[str, Any]:
    """Everything the values step asks, once per batch."""
    kind = KINDS[batch.kind]
    decisions = Decisions.of(batch)
    projects = batch.reading["projects"]
    resolver = Resolver(decisions, kind)
    figures = {
        field
        for project in projects
        for field in ("annual_plan", "completed_ytd", "completed_month")
        if field in project
    }
    year, month, evidence = _period(batch)
    stageless = sum(_is_stageless(project) for project in projects)
    names = {name for project in projects for key in ("lead_officials", "officials") for name in project.get(key) or ()}
    return {
        "units": _unit_questions(projects, resolver, decisions),
        "labels": _label_questions(batch, projects, resolver, decisions),
        "asks_year": bool(figures),
        "asks_month": bool(figures - {"annual_plan"}),
        "year": decisions.year or year or clock.today().year,
        "month": decisions.month or month,
        "evidence": evidence,
        "stageless": stageless,
        "stageless_text": f"{stageless} 个项目",
        "conflicts": sum(contradicts(project) for project in projects),
        "stage": decisions.stage,
        "all_units": resolver.units.units,
        "may_create": user.may(Can.MANAGE_UNITS),
        "bare_names": sorted(name for name in names if resolver.person(name) is None),
        "known_names": sum(resolver.person(name) is not None for name in names),
        "remember": decisions.remember_values,
    }


def _is_stageless(project: dict[str, Any]) -> bool:
    return not project.get("stage") and not project.get("stage_text") and not contradicts(project)


def _unit_questions(projects: list[dict], resolver: Resolver, decisions: Decisions) -> list[dict[str, Any]]:
    """Spellings we do not know, with the rows they are in and who may be meant."""
    leading: Counter[str] = Counter()
    joining: Counter[str] = Counter()
    for project in projects:
        first, *others = split_units(project.get("responsible") or "") or [""]
        if first:
            leading[first] += 1
        joining.update([*others, *split_units(project.get("co_responsible") or "")])
    unknown = [text for text in dict.fromkeys([*leading, *joining]) if resolver.units.find(text) is None]
    questions = []
    for text in unknown:
        suggestions = resolver.units.suggest(text)
        site = site_of(text)
        twin = next((other for other in unknown if site and other != text and _says(other, site)), None)
        best = suggestions[0] if suggestions else None
        sure = best and best[1] >= SURE_FROM and (len(suggestions) == 1 or best[1] - suggestions[1][1] >= 8)
        questions.append(
            {
                "text": text,
                "rows": leading[text] + joining[text],
                "leads": bool(leading[text]),
                "suggestions": [unit for unit, _ in suggestions],
                "twin": twin,
                "answer": decisions.units.get(text) or (f"unit:{best[0].pk}" if sure and best else ""),
            }
        )
    return questions


def _says(other: str, site: str) -> bool:
    return other == site or (other.removeprefix("区") == site.removeprefix("区"))


def _label_questions(
    batch: ImportBatch, projects: list[dict], resolver: Resolver, decisions: Decisions
) -> list[dict[str, Any]]:
    """Labels without a sure meaning, by column."""
    memory = {(mapping.field, mapping.key): mapping.value for mapping in ValueMapping.objects.filter(kind=batch.kind)}
    questions = []
    for column in KINDS[batch.kind].columns:
        if not column.options or column.meaning is None:
            continue
        source = "stage_text" if column.source == "stage" else column.source
        found = Counter(str(project[source]) for project in projects if project.get(source))
        items = []
        for text, rows in found.items():
            if column.meaning(text) is not None:
                continue
            answered = decisions.labels.get(column.source, {}).get(text)
            answer = answered if answered is not None else memory.get((column.source, text[:200]))
            if answer is None:
                answer = (column.guess(text) if column.guess else None) or ""
            items.append({"text": text, "rows": rows, "answer": answer})
        if items:
            questions.append(
                {"source": column.source, "label": column.label, "options": column.options, "items": items}
            )
    return questions


def _period(batch: ImportBatch) -> tuple[int | None, int | None, str]:
    """(year, month, where they stand) as title, headers and file name say it; to be confirmed by a person."""
    sheets = imported_sheets(batch.reading)
    columns = [
        column
        for sheet in sheets
        for column in sheet["columns"]
        if column["field"] in ("annual_plan", "completed_ytd", "completed_month", "progress_text")
    ]
    year = max((column["year"] for column in columns if column["year"]), default=None)
    titles = [*(sheet["title"] for sheet in sheets), batch.file.name]
    year = year or next((found for title in titles if (found := title_year(title))), None)
    for text in (*(column["header"] for column in columns), *titles):
        if months := _MONTH.findall(text):
            where = f"表中写着“{text[:40]}”"
            return year, int(months[-1]), where
    return year, None, f"标题写着“{titles[0][:40]}”" if year and titles[0] else ""


# --- 预检与结果 -----------------------------------------------------------------------------------------------------
def tally(batch: ImportBatch, shown: str, url: str) -> list[dict[str, Any]]:
    """Counts by verdict, each a filter (components/_tally)."""
    return [
        {
            "label": "未导入（需改正）"
            if batch.state == ImportBatch.State.COMMITTED and verdict == Verdict.REFUSED
            else verdict.label,
            "count": batch.counts.get(verdict, 0),
            "url": f"{url}?show={verdict.value}",
            "active": verdict == shown,
            "tone": "bad" if verdict == Verdict.REFUSED else "",
        }
        for verdict in Verdict
    ]


def first_shown(batch: ImportBatch) -> str:
    """The rows to look at first: what is to be corrected, then what changes."""
    order = (Verdict.REFUSED, Verdict.CHANGED, Verdict.NEW, Verdict.UNCHANGED, Verdict.SKIPPED)
    return next((verdict.value for verdict in order if batch.counts.get(verdict)), Verdict.NEW.value)


def grouped(rows: QuerySet[ImportRow], level: str) -> list[dict[str, Any]]:
    """Errors or warnings by reason: rows once per reason, the most frequent reason first."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows.exclude(**{level: []}).only("sheet", "row", "name", level):
        for item in getattr(row, level):
            groups.setdefault(reason_of(item["code"]), []).append({"row": row, **item})
    found = [
        {
            "reason": reason,
            "title": title_of(reason),
            "hint": hint_of(reason),
            "rows": len({(item["row"].sheet, item["row"].row) for item in items}),
            "items": items[:SHOWN],
            "more": len(items) - SHOWN,
        }
        for reason, items in groups.items()
    ]
    return sorted(found, key=lambda group: -group["rows"])


def questions_of(batch: ImportBatch) -> list[ImportRow]:
    """Rows that wait for a decision of the person, or had one."""
    return list(batch.rows.exclude(asks={}))


# --- rows of the forms, with their fields ---------------------------------------------------------------------------
STAGES = dict(Stage.choices)


def tables(batch: ImportBatch, form: Any) -> list[dict[str, Any]]:
    """Sheets of step 2: verdict, first rows with what each is taken for, and what else is left out."""
    forced = Decisions.of(batch).choices.rows
    found = []
    for sheet in batch.reading["sheets"]:
        number = form.names.index(sheet["name"])
        first = sheet["table"] <= 1
        kinds = sheet["kinds"]
        rows = [_head_row(row, cells, sheet, forced.get(sheet["name"], {})) for row, cells in sheet["head"]]
        seen = {row["row"] for row in rows}
        ignored = [
            {"row": int(row), "why": why, "text": text}
            for row, (kind, why, text) in kinds.items()
            if int(row) not in seen and kind != "continuation" and int(row) not in sheet["header_rows"]
        ]
        found.append(
            {
                **sheet,
                "number": number,
                "first": first,
                "use": form[f"use_{number}"] if first else None,
                "from": form[f"from_{number}"] if f"from_{number}" in form.fields else None,
                "to": form[f"to_{number}"] if f"to_{number}" in form.fields else None,
                "skip": form[f"skip_{number}"] if first and sheet["imported"] else None,
                "rows": rows if sheet["imported"] or not sheet["hidden"] else [],
                "ignored": ignored if sheet["imported"] else [],
                "header_label": "—".join(
                    dict.fromkeys(
                        str(row) for row in (sheet["header_rows"] or [0])[:: max(1, len(sheet["header_rows"]) - 1)]
                    )
                ),
            }
        )
    return found


def _head_row(row: int, cells: list[str], sheet: dict[str, Any], forced: dict[int, str]) -> dict[str, Any]:
    kind, why, _ = sheet["kinds"].get(str(row), ["project", "", ""])
    if row in sheet["header_rows"]:
        kind, why = "header", "表头"
    elif not any(cells):
        kind, why = "blank", "空行"
    elif not sheet["imported"]:
        kind, why = "other", ""
    below = bool(sheet["header_rows"]) and row > sheet["header_rows"][-1]
    text = " ".join(dict.fromkeys(cell for cell in cells if cell))
    flip = {"project": "note", "note": "project", "section": "project", "total": "project"}.get(kind) if below else None
    return {"row": row, "cells": cells, "kind": kind, "why": why, "text": text, "flip": flip, "forced": row in forced}


def column_groups(form: Any) -> list[dict[str, Any]]:
    """Cards of step 3 with their fields, by table, and what is to be confirmed."""
    groups: dict[str, dict[str, Any]] = {}
    for card in form.cards:
        field, unit = form[f"f_{card['key']}"], form[f"u_{card['key']}"]
        column = form.kind.column(form.value(f"f_{card['key']}"))
        is_money = bool(column and column.kind == "money")
        look = "must" if field.errors or unit.errors else card["look"]
        word, icon = card["word"], card["icon"]
        if is_money and not card["unit_known"]:
            look, word, icon = ("must" if unit.errors else "ask"), "请选择单位", "circle-question-mark"
        group = groups.setdefault(card["sheet_label"], {"label": card["sheet_label"], "cards": [], "asks": []})
        shown = {
            **card,
            "f": field,
            "u": unit if is_money or unit.errors else None,
            "k": form[f"k_{card['key']}"] if f"k_{card['key']}" in form.fields else None,
            "example": unit_example(card["first"], form.value(f"u_{card['key']}"))
            if is_money and card["first"]
            else "",
            "look": look,
            "word": word,
            "icon": icon,
            "problems": [*field.errors, *unit.errors],
        }
        group["cards"].append(shown)
        if look in ("ask", "must"):
            group["asks"].append(shown)
    for group in groups.values():
        looks = Counter(card["look"] for card in group["cards"])
        asked = looks["ask"] + looks["must"]
        group["told"] = f"共 {len(group['cards'])} 列：一致 {looks['ok']}，待确认 {asked}，不导入 {looks['no']}"
    return list(groups.values())


def unit_rows(form: Any) -> list[dict[str, Any]]:
    """Unknown spellings with their selects."""
    return [{**question, "field": form[f"unit_{number}"]} for number, question in enumerate(form.asked["units"])]


def label_rows(form: Any) -> list[dict[str, Any]]:
    """Unknown labels with their selects, by column."""
    return [
        {
            **question,
            "rows": [
                {**item, "field": form[f"label_{question['source']}_{number}"]}
                for number, item in enumerate(question["items"])
            ],
        }
        for question in form.asked["labels"]
    ]
