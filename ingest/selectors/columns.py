"""Step 3: the columns of a list and how sure we are of them."""

from collections import Counter
from typing import Any

from common.money import AmountError, format_amount, parse_amount
from ingest.decisions import Decisions
from ingest.models import ImportBatch
from ingest.reading import header_key, mappable_sheets, remembered
from ingest.registry import KINDS

IDLE = 3  # columns of no use, from which they are put away
_UNITS = ("万元", "亿元", "元")


def column_cards(batch: ImportBatch) -> list[dict[str, Any]]:
    """One card per column and imported table: header, examples, field, unit, and how sure we are."""
    kind = KINDS[batch.kind]
    known = remembered(batch.kind)
    chosen_units = Decisions.of(batch).choices.units
    cards = []
    for number, sheet in enumerate(mappable_sheets(batch.reading)):
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
    amount: Any = parse_amount  # takes any unit; those it does not know give no example
    try:
        if unit:
            return f"如 {text} 存为 {format_amount(amount(text, default_unit=unit).wan)}"
        told = [f"按{name}是 {format_amount(amount(text, default_unit=name).wan)}" for name in _UNITS[:2]]
        return f"{text}：{'，'.join(told)}"
    except (AmountError, KeyError):
        return ""


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
            "is_idle": look == "no" and not card["samples"] and not form.value(f"f_{card['key']}"),
        }
        group["cards"].append(shown)
        if look in ("ask", "must"):
            group["asks"].append(shown)
    for group in groups.values():
        idle = sum(card["is_idle"] for card in group["cards"])
        group["idle"] = idle if idle > IDLE else 0
        for card in group["cards"]:
            card["is_idle"] = card["is_idle"] and bool(group["idle"])
        looks = Counter(card["look"] for card in group["cards"])
        asked = looks["ask"] + looks["must"]
        group["told"] = f"共 {len(group['cards'])} 列：一致 {looks['ok']}，待确认 {asked}，不导入 {looks['no']}"
    return list(groups.values())
