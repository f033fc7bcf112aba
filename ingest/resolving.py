"""Answers for the units, labels and people of a list: what is known, and what a person decided."""

from datetime import date
from functools import cached_property
from typing import Protocol

from accounts.models import Unit, User
from common.importing import SKIP, Facts, ImportColumn, RowSkipped
from common.text import norm
from ingest.decisions import Decisions
from ingest.matching import UnitBook, kind_of

PERSON = "person"  # as the field of a remembered value (ValueMapping)


class Columns(Protocol):
    """What is asked of a kind here: its column of a name."""

    def column(self, source: str) -> ImportColumn | None: ...


class Resolver:
    """Answers for units, labels and people, by what is known and what a person decided."""

    def __init__(self, decisions: Decisions, kind: Columns) -> None:
        self.decisions, self.kind = decisions, kind
        self.units = UnitBook()
        self.by_pk = {unit.pk: unit for unit in self.units.units}
        self.pending: dict[str, Unit] = {}
        self._people: dict[str, list[User]] | None = None

    def unit(self, text: str, _seen: frozenset[str] = frozenset()) -> Unit | None:
        """The unit of a spelling; one to be created is a Unit without a key. None: leave empty."""
        known = self.units.find(text)
        if known:
            return known
        answer = self.decisions.units.get(text, "")
        if answer == SKIP:
            raise RowSkipped(f"单位“{text}”：已选择跳过这些行")
        if answer.startswith("unit:"):
            return self.by_pk.get(int(answer[5:]))
        if answer.startswith("as:") and text not in _seen:
            return self.unit(answer[3:], _seen | {text})
        if answer == "new":
            key = norm(text)
            return self.pending.setdefault(key, Unit(name=text[:100], kind=kind_of(text), path=""))
        return None

    def option(self, source: str, text: str) -> str | None:
        """The option of a label; "" counts as no answer needed."""
        column = self.kind.column(source)
        sure = column.meaning(text) if column and column.meaning else None
        if sure is not None:
            return sure or None
        answer = self.decisions.labels.get(source, {}).get(text, "")
        if answer == SKIP:
            raise RowSkipped(f"“{text}”：已选择跳过这些行")
        return answer or None

    def namesakes(self, name: str) -> list[User]:
        """The accounts in use that have a name."""
        if self._people is None:
            self._people = {}
            for user in User.objects.filter(is_active=True).select_related("unit"):
                self._people.setdefault(person_key(user.full_name), []).append(user)
        return self._people.get(person_key(name), [])

    def person(self, name: str, unit: Unit | None = None) -> User | None:
        """The account of a name beside a unit: the only one in use that has it, of several the one that a person chose
        (handbook §10.21)."""
        found = self.namesakes(name)
        if len(found) <= 1:
            return found[0] if found else None
        answer = self._chosen.get((person_key(name), unit.name if unit else ""))
        answer = answer or self._chosen.get((person_key(name), ""))
        return next((user for user in found if answer == f"user:{user.pk}"), None)

    @cached_property
    def _chosen(self) -> dict[tuple[str, str], str]:
        """Answers about namesakes by name and the unit that a spelling means."""
        chosen = {}
        for text, answers in self.decisions.people.items():
            try:
                unit = self.unit(text) if text else None
            except RowSkipped:
                continue
            for name, answer in answers.items():
                chosen[person_key(name), unit.name if unit else ""] = answer
        return chosen


def namesake_key(name: str, unit: Unit) -> str:
    """Under which it is remembered whom a name means beside a unit."""
    return f"{person_key(name)}（{unit.name}）"[:200]


def person_key(name: str) -> str:
    """A name as it is compared: 王 伟 is 王伟."""
    return "".join(name.split())


def facts_of(decisions: Decisions, kind: Columns, today: date) -> tuple[Resolver, Facts]:
    """What holds for a whole list, and who answers for its units, labels and people."""
    resolver = Resolver(decisions, kind)
    facts = Facts(
        today=today,
        year=decisions.year,
        month=decisions.month,
        stage=decisions.stage or None,
        unit=resolver.unit,
        option=resolver.option,
        person=resolver.person,
    )
    return resolver, facts
