"""Finding again what a list names: units by any spelling, projects by code, number or name.

Suggestions are for a person to confirm; nothing here decides.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz, process

from accounts.models import Unit, UnitAlias
from common.text import name_key, norm, pinyin_index
from projects.choices import Status
from projects.models import Project

SUGGEST_FROM = 60
SURE_FROM = 80  # preselected in the form, still confirmed by sending it
SIMILAR_NAME = 90  # ratio from which names of different units are alike; of the same unit less is enough
SIMILAR_IN_UNIT = 80
SHORTEST_PART = 5  # a name within another one is alike when it is at least so long
_SITE = re.compile(r"办公室设在(.+?)$")
_OFFICE = re.compile(
    r"(人民政府|街道办事处|街道办|街道|街办|办事处|管理委员会|管委会|委员会|管理局|分局|局|委|办公室|办)$"
)
_REMARK = re.compile(r"\([^()]*\)(?<![期段号批区]\))")
_COUNTED = re.compile(r"[0-9一二三四五六七八九十]+|东|西|南|北")


class UnitBook:
    """The units in use, by every spelling they are known by."""

    def __init__(self) -> None:
        self.units = list(Unit.objects.active())
        self.by_key: dict[str, Unit] = {}
        for unit in self.units:
            self.by_key[norm(unit.name)] = unit
        for unit in self.units:
            if unit.short_name:
                self.by_key.setdefault(norm(unit.short_name), unit)
        for alias in UnitAlias.objects.filter(unit__is_active=True).select_related("unit"):
            self.by_key.setdefault(alias.key, alias.unit)
        self._cores = [(core, unit) for key, unit in self.by_key.items() if (core := unit_core(key))]
        self._sounds: dict[str, str] = {}

    def find(self, text: str) -> Unit | None:
        """The unit a text surely names."""
        return self.by_key.get(norm(text))

    def suggest(self, text: str, limit: int = 3) -> list[tuple[Unit, int]]:
        """Units that may be meant, best first, with a score up to 100."""
        wanted = [(unit_core(norm(form)), cap) for form, cap in unit_forms(text)]
        best: dict[int, tuple[Unit, int]] = {}
        for core, unit in self._cores:
            score = max((min(self._score(form, core), cap) for form, cap in wanted if form), default=0)
            if score >= SUGGEST_FROM and score > best.get(unit.pk, (unit, 0))[1]:
                best[unit.pk] = (unit, score)
        return sorted(best.values(), key=lambda found: -found[1])[:limit]

    def _score(self, one: str, other: str) -> int:
        score = fuzz.ratio(one, other)
        short, long = sorted((one, other), key=len)
        if len(short) >= 2 and _within(short, long):
            score = max(score, 84 + 10 * len(short) / len(long))
        if len(one) > 1 and len(one) == len(other):
            score = max(score, fuzz.ratio(self._sound(one), self._sound(other)) - 8)
        return round(score)

    def _sound(self, text: str) -> str:
        if text not in self._sounds:
            self._sounds[text] = pinyin_index(text)[0].split(" ")[0]
        return self._sounds[text]


def unit_forms(text: str) -> list[tuple[str, int]]:
    """(form, highest score it may earn): the spelling itself, without brackets, and the unit in whose office it sits
    (办公室设在住建局), which is worth a look but never sure."""
    flat = text.replace("（", "(").replace("）", ")")
    forms = [(flat, 100), (re.sub(r"\([^()]*\)", "", flat), 100)]
    if site := site_of(text):
        forms.append((site, SURE_FROM - 1))
    return forms


def site_of(text: str) -> str | None:
    """The unit in whose office a 指挥部 or 领导小组 sits, as the spelling says it."""
    flat = text.replace("（", "(").replace("）", ")")
    inner = re.search(r"\(([^()]*)\)$", flat)
    site = inner and _SITE.search(inner[1])
    return site[1] if site else None


def unit_core(key: str) -> str:
    """What tells a unit from others: without the district in front and the kind of office at the end."""
    key = re.sub(r"^.{0,6}?(区|县)(?=.{2,}(局|委|办|街|镇|乡|中心|公司|大队))", "", key)
    key = _OFFICE.sub("", key)
    return key.removesuffix("镇").removesuffix("乡") if len(key) > 2 else key


def kind_of(name: str) -> str:
    """The kind of a unit to be created, by its name (accounts.choices.UnitKind)."""
    if re.search(r"(街道|街办|办事处|乡|镇)", name) and not re.search(r"局|指挥部|领导小组", name):
        return "street"
    if re.search(r"(开发区|园区|高新区|新区)(管委会|管理委员会)?$", name):
        return "park"
    return "soe" if re.search(r"(公司|集团)$", name) else "government"


def _within(short: str, long: str) -> bool:
    """Whether `short` abbreviates `long`: 发改 of 发展和改革; it begins alike and leaves out little."""
    rest = iter(long)
    return short[0] == long[0] and len(long) <= 4 * len(short) and all(char in rest for char in short)


class Known(NamedTuple):
    """A project as matching sees it."""

    pk: int
    name: str
    key: str
    unit: int
    code: str
    number: str
    status: str
    version: int

    @property
    def is_over(self) -> bool:
        return self.status in (Status.WITHDRAWN, Status.TERMINATED)


class ProjectBook:
    """Every project by code, number and name. A project that is over is not found by its name: a restart is new."""

    def __init__(self, projects: Iterable[tuple] | None = None) -> None:
        columns = ("pk", "name", "name_key", "lead_unit_id", "national_code", "number", "status", "version")
        rows = projects if projects is not None else Project.objects.order_by("pk").values_list(*columns)
        self.all = list(map(Known._make, rows))
        self.by_pk = {known.pk: known for known in self.all}
        self.by_number = {norm(known.number): known for known in self.all}
        self.by_code: dict[str, list[Known]] = {}
        self.by_key: dict[str, list[Known]] = {}
        for known in self.all:
            if known.code:
                self.by_code.setdefault(known.code, []).append(known)
            if not known.is_over:
                self.by_key.setdefault(known.key, []).append(known)
        self._alike: dict[tuple, dict[int, str]] = {}  # by what they count and by unit (None: all): key → core
        for known in self.all:
            if not known.is_over:
                core = name_core(known.name)
                for unit in (None, known.unit):
                    self._alike.setdefault((unit, *_counted(core)), {})[known.pk] = core

    def similar(self, name: str, unit: int | None = None, limit: int = 3) -> list[Known]:
        """Projects with the same or nearly the same name; different 期次 and numbers are different projects."""
        core = name_core(name)
        counted = _counted(core)
        found = {known.pk: 100.0 for known in self.by_key.get(name_key(name)[:200], ())}
        own = self._alike.get((unit, *counted), {}) if unit else {}
        for pool, cutoff in ((self._alike.get((None, *counted), {}), SIMILAR_NAME), (own, SIMILAR_IN_UNIT)):
            for _, score, pk in process.extract(core, pool, scorer=fuzz.ratio, score_cutoff=cutoff, limit=limit):
                found.setdefault(pk, score)
        for pk, other in own.items():
            short, long = (core, other) if len(core) <= len(other) else (other, core)
            if len(short) >= SHORTEST_PART and short in long:
                found.setdefault(pk, SIMILAR_IN_UNIT)
        return [self.by_pk[pk] for pk in sorted(found, key=lambda pk: -found[pk])[:limit]]


@lru_cache(maxsize=50_000)
def _counted(core: str) -> tuple[str, ...]:
    """The numbers and sides in a name: projects that differ in them are different ones."""
    return tuple(sorted(_COUNTED.findall(core)))


@lru_cache(maxsize=50_000)
def name_core(name: str) -> str:
    """A name as look-alikes are compared: its key without remarks in brackets; （一期） is no remark."""
    return name_key(_REMARK.sub("", norm(name)))
