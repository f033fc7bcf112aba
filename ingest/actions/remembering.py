"""What a person confirmed for one list is known for the next: columns, spellings of units, labels."""

from accounts.actions import add_alias
from accounts.models import User
from common.importing import SKIP
from ingest.actions.batch import imported_sheets
from ingest.decisions import Decisions
from ingest.layouts import layout_of
from ingest.matching import UnitBook
from ingest.models import ColumnMapping, ImportBatch, ValueMapping
from ingest.reading import header_key
from ingest.registry import KINDS
from ingest.resolving import PERSON, Resolver, namesake_key


def remember(batch: ImportBatch, decisions: Decisions, by: User) -> None:
    """Learn from the decisions of a batch, as far as the person wished."""
    if decisions.remember_columns:
        _columns(batch, decisions)
        ImportBatch.objects.filter(pk=batch.pk).update(settled_layout=layout_of(batch.reading))
    if decisions.remember_values:
        _units(decisions, by)
        _labels(batch, decisions)
        _people(batch, decisions)


def _columns(batch: ImportBatch, decisions: Decisions) -> None:
    for sheet in imported_sheets(batch.reading):
        for column in sheet["columns"]:
            if column["confidence"] == "exact" or not column["path"]:
                continue
            header, key = header_key(column["path"])
            money = decisions.choices.units.get(sheet["name"], {}).get(column["index"], "")
            ColumnMapping.objects.update_or_create(
                kind=batch.kind,
                header_key=key,
                defaults={"header": header, "field": column["field"] or "", "unit": money},
            )


def _units(decisions: Decisions, by: User) -> None:
    book = UnitBook() if decisions.units else None
    for spelling, answer in decisions.units.items():
        assert book is not None
        target = spelling
        for _ in decisions.units:
            if not decisions.units.get(target, "").startswith("as:"):
                break
            target = decisions.units[target][3:]
        final = decisions.units.get(target, "")
        unit = next((u for u in book.units if final == f"unit:{u.pk}"), None) or book.find(target)
        if unit and answer not in ("new", "blank", SKIP) and book.find(spelling) is None:
            add_alias(unit=unit, name=spelling[:100], by=by)


def _labels(batch: ImportBatch, decisions: Decisions) -> None:
    for source, answers in decisions.labels.items():
        for text, option in answers.items():
            if option != SKIP:
                ValueMapping.objects.update_or_create(
                    kind=batch.kind, field=source, key=text[:200], defaults={"value": option}
                )


def _people(batch: ImportBatch, decisions: Decisions) -> None:
    """Which account a name means beside a unit, unless that unit has several of that name: then every list asks."""
    resolver = Resolver(decisions, KINDS[batch.kind])
    for text, answers in decisions.people.items():
        unit = resolver.units.find(text)
        for name, answer in answers.items() if unit else ():
            own = [user for user in resolver.namesakes(name) if user.unit_id == unit.pk]
            if answer.startswith("user:") and len(own) <= 1:
                ValueMapping.objects.update_or_create(
                    kind=batch.kind, field=PERSON, key=namesake_key(name, unit), defaults={"value": answer}
                )
