"""Step 4: what is asked about the values of a list."""

import re
from collections import Counter
from typing import Any

from accounts.models import User
from accounts.roles import Can
from common import clock
from common.excel.aliases import FIELDS
from common.excel.preamble import title_year
from ingest.actions.batch import imported_sheets
from ingest.decisions import Decisions
from ingest.matching import SURE_FROM, site_of
from ingest.models import ImportBatch, ValueMapping
from ingest.registry import KINDS
from ingest.resolving import PERSON, Resolver, namesake_key
from projects.import_columns import split_units

_MONTH = re.compile(r"(?<!\d)(1[0-2]|0?[1-9])月(?!\d)")


def value_questions(batch: ImportBatch, user: User) -> dict[str, Any]:
    """Everything the values step asks, once per batch."""
    kind = KINDS[batch.kind]
    decisions = Decisions.of(batch)
    projects = batch.reading["projects"]
    resolver = Resolver(decisions, kind)
    asked = kind.asks(projects)
    year, month, evidence = _period(batch)
    names = {name for project in projects for key in kind.people for name in project.get(key) or ()}
    namesakes = {name: resolver.namesakes(name) for name in names}
    labels = _label_questions(batch, projects, resolver, decisions)
    return {
        "has_units": bool(kind.units),
        "nothing": not (kind.units or labels or asked.year or asked.stageless),
        "people": _people_questions(batch, projects, resolver, decisions),
        "units": _unit_questions(projects, kind.units, resolver, decisions),
        "dates": _date_questions(batch, decisions),
        "labels": labels,
        "asks_year": asked.year,
        "asks_month": asked.month,
        "year": decisions.year or year or clock.today().year,
        "month": decisions.month or month,
        "evidence": evidence,
        "stageless": asked.stageless,
        "stageless_text": f"{asked.stageless} 个项目",
        "conflicts": asked.conflicts,
        "stage": decisions.stage,
        "all_units": resolver.units.units,
        "may_create": user.may(Can.MANAGE_UNITS),
        "bare_names": sorted(name for name, users in namesakes.items() if not users),
        "known_names": sum(len(users) == 1 for users in namesakes.values()),
        "remember": decisions.remember_values,
        "period_told": bool(year or not asked.year) and bool(month or not asked.month),
    }


def nothing_to_ask(questions: dict[str, Any]) -> bool:
    """Whether the list and what is remembered answer everything: the period is written in it, no word is unknown."""
    open_items = any(not item["known"] for question in questions["labels"] for item in question["items"])
    open_items += any(not question["known"] for question in questions["people"])
    asked = questions["units"] or questions["dates"] or questions["stageless"]
    return questions["period_told"] and not asked and not open_items


def _unit_questions(
    projects: list[dict], sources: tuple[str, ...], resolver: Resolver, decisions: Decisions
) -> list[dict[str, Any]]:
    """Spellings we do not know, with the rows they are in and who may be meant. The first column's unit leads."""
    leading: Counter[str] = Counter()
    joining: Counter[str] = Counter()
    for project in projects:
        for position, source in enumerate(sources):
            first, *others = split_units(project.get(source) or "") or [""]
            if first:
                (joining if position else leading)[first] += 1
            joining.update(others)
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


def _people_questions(
    batch: ImportBatch, projects: list[dict], resolver: Resolver, decisions: Decisions
) -> list[dict[str, Any]]:
    """Names that several accounts have, once per unit of their rows; the one in that unit is suggested."""
    kind = KINDS[batch.kind]
    leading = kind.units[0] if kind.units else ""
    fixed = resolver.by_pk.get(int(decisions.fixed.get(kind.for_all_rows) or 0))
    asked: Counter[tuple[str, str]] = Counter()
    for project in projects:
        text = next(iter(split_units(project.get(leading) or "")), fixed.name if fixed else "")
        asked.update({(text, name) for key in kind.people for name in project.get(key) or ()})
    memory = dict(ValueMapping.objects.filter(kind=batch.kind, field=PERSON).values_list("key", "value"))
    questions = []
    for (text, name), rows in asked.items():
        users = resolver.namesakes(name)
        if len(users) < 2:
            continue
        unit = resolver.units.find(text) or fixed
        own = [user for user in users if unit and user.unit_id == unit.pk]
        known = memory.get(namesake_key(name, unit)) if unit else None
        known = known if known in {f"user:{user.pk}" for user in users} else None
        suggested = f"user:{own[0].pk}" if len(own) == 1 else ""
        questions.append(
            {
                "text": text,
                "name": name,
                "rows": rows,
                "users": sorted(users, key=lambda user: (f"user:{user.pk}" != suggested, user.pk)),
                "suggested": suggested,
                "known": known is not None,
                "answer": decisions.people.get(text, {}).get(name) or known or suggested,
            }
        )
    return questions


def person_rows(form: Any) -> list[dict[str, Any]]:
    """Names of several accounts with their selects."""
    return [{**question, "field": form[f"person_{number}"]} for number, question in enumerate(form.asked["people"])]


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
            known = answer is not None
            if answer is None:
                answer = (column.guess(text) if column.guess else None) or ""
            items.append({"text": text, "rows": rows, "answer": answer, "known": known})
        if items:
            questions.append(
                {"source": column.source, "label": column.label, "options": column.options, "items": items}
            )
    return questions


def _date_questions(batch: ImportBatch, decisions: Decisions) -> list[dict[str, Any]]:
    """Months that lost a nought or not (2024.1), once each; those answered before stay to be seen."""
    asked = Counter(
        (error["field"], error["column"], error["found"])
        for error in batch.reading["errors"]
        if error["code"] == "date_ambiguous_float_month"
    )
    questions = [
        {"source": field, "label": label, "text": text, "rows": rows, "answer": ""}
        for (field, label, text), rows in asked.items()
    ]
    for field, answers in decisions.choices.values.items():
        questions += [
            {"source": field, "label": FIELDS[field].label, "text": text, "rows": 0, "answer": answer}
            for text, answer in answers.items()
        ]
    for question in questions:
        year = question["text"][:4]
        question["options"] = [(f"{year}年1月", f"{year}年1月"), (f"{year}年10月", f"{year}年10月"), ("—", "留空")]
    return questions


def date_rows(form: Any) -> list[dict[str, Any]]:
    """Ambiguous months with their selects."""
    return [{**question, "field": form[f"date_{number}"]} for number, question in enumerate(form.asked["dates"])]


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


def period_label(batch: ImportBatch) -> str:
    """The period the figures of a list are entered for, as it was decided; "" where the list has none."""
    asked = KINDS[batch.kind].asks(batch.reading["projects"])
    decisions = Decisions.of(batch)
    if not asked.year or not decisions.year:
        return ""
    return f"{decisions.year} 年" + (f"，完成投资截至 {decisions.month} 月" if asked.month and decisions.month else "")


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
