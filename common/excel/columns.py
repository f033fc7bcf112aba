"""What a column header means.

First the alias dictionary (`aliases`, plus those of the caller), then a small grammar of amounts and header paths.
A header that is merely similar (RapidFuzz ≥ 75) yields a suggestion, never a silent match.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from common.excel.aliases import FIELDS, PROJECT_COLUMNS, Column
from common.excel.grammar import DONE_BEFORE, FUNDING, LAST_YEAR, QUARTER, spoken_field
from common.excel.text import bracket_parts, squash, strip_brackets

FUZZY_FROM = 75
DATED = ("annual_plan", "completed_ytd", "completed_month")  # figures of a period: this one's, not the last one's
SPOKEN = 50  # rank of a field that only the words of a header tell; aliases come before it
UNITS = {"元": "元", "千元": "千元", "万元": "万元", "万": "万元", "百万元": "百万元", "亿元": "亿元", "亿": "亿元"}


@dataclass(frozen=True)
class Match:
    """What a header means. `confidence` is exact, suggested or none; `year` is the one named in the header."""

    field: str | None = None
    confidence: str = "none"
    unit: str | None = None
    year: int | None = None
    rank: int = 0


_YEAR = re.compile(r"(?:截[至止]?到?)?((?:19|20)\d{2})(?:年度|年|(?=[^\d年]))")
_YEAR_WORDS = re.compile(r"本年度|今年度?|当年度?|本年|全年|年内")
_COUNTED = re.compile(r"年度年度+")
_YEAR_CONTEXT = re.compile(r"年度|计划|安排|目标|任务")
_DURATION_CONTEXT = re.compile(r"起止|年限|工期|建设期|建设时间|时间|周期")
_MONEY_LEAF = re.compile(
    r"^(合计|小计|总计|投资|总额|金额|总投资|计划总投资|计划投资|投资额|完成投资|计划|计划完成投资|总投资额|年度投资)$"
)


_NAME_LEAF = re.compile(r"^(?:单位|企业|领导)?(?:名称|姓名|全称)$")
_FOREIGN = re.compile(r"[美欧日港]元|英镑|港币|美金|外币|USD")
_QUALIFIER = re.compile(r"^(?:计划|拟|预计|实际|[省市区县州镇]级?)$")
_SUM_LEAF = re.compile(r"^(合计|小计|总计|总额|金额)$")


def canonical(header: str) -> tuple[str, int | None]:
    """Comparable form of a header and the year in it: half-width, no blanks, year words all "年度".

    A single character in brackets inside a word is one of its own: 开（竣）工时间 → 开竣工时间.
    """
    text = re.sub(r"(?<=[^\x00-\xff])\(([^\x00-\xff])\)(?=[^\x00-\xff])", r"\1", squash(header).casefold())
    years = [int(year) for year in _YEAR.findall(text)]
    text = _YEAR_WORDS.sub("年度", _YEAR.sub("年度", text))
    text = re.sub(r"^年(?=(?:度|计划|目标|工作|主要|投资))", "年度", text).replace("年度度", "年度")
    return _COUNTED.sub("年度", text), (max(years) if years else None)


def bare(text: str) -> str:
    """A canonical header without brackets, unit, filling instructions after a colon, marks and hyphens."""
    text = re.split(r"[:;。]", strip_brackets(text))[0]
    if not text.isascii():  # 项目名称 Project
        text = re.sub(r"[a-z]{3,}", "", text)
    text = re.sub(r"[/,、_-]?(?:单位)?(?:亿元|万元|千元|百万元)$", "", text)
    return re.sub(r"[*★_·\s]|(?<!\d)[-.]|[-.](?!\d)|^\d+[、.]", "", text)


def header_unit(header: str) -> str | None:
    """The money unit a header states: in its brackets, behind a separator, or at its end."""
    text = squash(header)
    for part in bracket_parts(text):
        for word in re.split(r"[,、;/:]|单位|人民币", part):
            if word in UNITS:
                return UNITS[word]
    found = re.search(r"[/:_-](亿元|百万元|万元|千元|元|亿|万)$|(亿元|百万元|万元|千元)$", text)
    return UNITS[next(group for group in found.groups() if group)] if found else None


@lru_cache(maxsize=4096)  # the built-in aliases, of every kind of list, are the same for each file
def _forms(alias: str) -> frozenset[str]:
    text = canonical(alias)[0]
    return frozenset({text, bare(text)} - {""})


class Matcher:
    """Looks headers up: built-in aliases plus those of the caller (`{header: field}`, e.g. remembered mappings)."""

    def __init__(self, columns: Sequence[Column] = PROJECT_COLUMNS, extra: Mapping[str, str] | None = None) -> None:
        self.columns = tuple(columns)
        self.kinds = {column.field: column.kind for column in columns}
        self.spoken = {c.field for c in columns if c.field in FIELDS and c.label == FIELDS[c.field].label}
        self._exact: dict[str, tuple[str, int]] = {}
        for column in columns:
            for rank, alias in enumerate((column.label, *column.aliases)):
                for form in _forms(alias):
                    self._exact.setdefault(form, (column.field, rank))
        for header, target in (extra or {}).items():
            self._exact[canonical(header)[0]] = (target, -1)
        self._choices = list(self._exact)
        self.match = lru_cache(maxsize=4096)(self._match)
        self.field_of = lru_cache(maxsize=50_000)(self._field_of)

    def lookup(self, text: str) -> tuple[str, int] | None:
        """(field, rank) of one canonical header, by alias or by the grammar of amounts."""
        text = re.sub(r"^其中:?(?=.)", "", text)
        short = bare(text)
        undated = re.sub(r"^(?:年度)?(?:截止|截至)?\d{1,2}月份?(?=.*进展)", "", short)
        for form in (
            text,
            strip_brackets(text),
            short,
            short.removeprefix("年度"),
            short.removeprefix("项目"),
            undated,
        ):
            found = self._exact.get(form)
            if found and not (found[0] == "total_investment" and short.startswith("年度")):
                return found
        opened = bare(re.sub(r"[()（）]", "", text))
        return next(((field, SPOKEN) for form in (opened, short) if (field := spoken_field(form)) in self.spoken), None)

    def _field_of(self, text: str) -> str | None:
        """Field of a single header text, if it is exactly known."""
        found = self.lookup(canonical(text)[0])
        return found[0] if found else None

    def _match(self, path: tuple[str, ...]) -> Match:
        """Meaning of a column by its header path, top to leaf."""
        if not path:
            return Match()
        joined = "".join(path)
        _, year = canonical(joined)
        unit = next((unit for unit in (header_unit(text) for text in (joined, *reversed(path))) if unit), None)
        found = self._by_path(path)
        if found and found[0] in DATED and LAST_YEAR.search(squash(joined)) and not DONE_BEFORE.search(squash(joined)):
            found = None
        if found and found[0] == "annual_goal" and unit:
            found = ("annual_plan", 70)
        if found:
            foreign = unit is None and _FOREIGN.search(joined) and self.kinds.get(found[0]) == "money"
            return Match(found[0], "suggested" if foreign else "exact", unit, year, found[1])
        if len(path) == 1 or not self._context(path[:-1]):
            short = bare(canonical(joined)[0])
            best = process.extractOne(short, self._choices, scorer=fuzz.ratio, score_cutoff=FUZZY_FROM)
            if best and len(short) > 1:
                return Match(self._exact[best[0]][0], "suggested", unit, year, 90)
        return Match(None, "none", unit, year)

    def _by_path(self, path: tuple[str, ...]) -> tuple[str, int] | None:
        whole = canonical("".join(path))[0]
        if len(path) > 1 and not bare(canonical(path[-1])[0]):  # nothing but a unit below
            return self._by_path(path[:-1])
        if len(path) == 1:
            return ("total_investment", 80) if bare(whole) in ("投资", "金额", "资金规模") else self.lookup(whole)
        context = self._context(path[:-1])
        leaf = canonical(path[-1])[0]
        short = bare(leaf)
        if _NAME_LEAF.match(short) and (parent := self.lookup(canonical("".join(path[:-1]))[0])):
            return parent
        if context is None:
            if _SUM_LEAF.match(short):
                return self.lookup(whole) or self.lookup(canonical("".join(path[:-1]))[0])
            return self._plain(path, whole, leaf)
        if context == "quarter":
            return None
        if context == "duration":
            if re.match(r"^(起|开始|开工|自|始)", short):
                return "start", 60
            if re.match(r"^(止|结束|竣工|完工|至|建成)", short):
                return "end", 60
            return self._plain(path, whole, leaf)
        if context == "funding":
            is_total = re.match(r"^(计划总投资|总投资|合计)$", short) and not year_in(path)
            if is_total or "年度" not in leaf or FUNDING.search(re.sub("^其中", "", short)):
                return ("total_investment", 60) if is_total else None
        return self._in_year(whole, leaf, short)

    def _plain(self, path: tuple[str, ...], whole: str, leaf: str) -> tuple[str, int] | None:
        """A column under a theme: its own usual name before what the words of the whole path seem to say."""
        found, own = self.lookup(whole), self.lookup(leaf)
        if found and own and found[1] == SPOKEN > own[1] and own[0] not in DATED[:2]:
            return own
        qualified = "".join(reversed(path)) if _QUALIFIER.match(bare(leaf)) else ""
        return found or own or self.lookup(canonical(qualified)[0])

    def _in_year(self, whole: str, leaf: str, short: str) -> tuple[str, int] | None:
        """A column under "2024年投资计划" and the like: its amounts are the year's."""
        if FUNDING.search(short):
            return None
        leaf_match = self.lookup(leaf)
        parents = whole[: len(whole) - len(leaf)]
        own = ("completed_month", "completion_rate", *(() if "年度" in parents else ("total_investment",)))
        if leaf_match and leaf_match[0] in own and not _SUM_LEAF.match(short):
            return leaf_match
        whole_match = self.lookup(whole)
        dated = "年度" in whole or not re.search("总投资", short)
        if (
            dated
            and whole_match
            and whole_match[0] in ("annual_plan", "completed_ytd", "completed_total", "annual_goal")
        ):
            return whole_match
        if _MONEY_LEAF.match(short):
            if "完成" in whole and "计划" not in whole:
                return ("completed_total" if DONE_BEFORE.search(parents) else "completed_ytd"), 55
            return "annual_plan", 55
        if leaf_match and leaf_match[0] in ("scale", "progress_text"):
            return "annual_goal", 55
        return leaf_match

    @staticmethod
    def _context(parents: tuple[str, ...]) -> str | None:
        text = canonical("".join(parents))[0]
        if QUARTER.search(text):
            return "quarter"
        if re.search(r"资金来源|资金构成|资金筹措|其中", text):
            return "funding"
        if re.search(r"(年度|上年|去年).*(计划|投资|任务|目标|安排|完成)|累计完成|完成投资|投资计划|计划投资", text):
            return "year"
        if _DURATION_CONTEXT.search(text):
            return "duration"
        return None


@lru_cache(maxsize=1)
def _built_in() -> Matcher:
    return Matcher()


def plain_field(label: str) -> str | None:
    """The field of a label that stands in a text ("责任单位：区水务局"), by the built-in aliases only."""
    return _built_in().field_of(label.strip())


def year_in(path: tuple[str, ...]) -> bool:
    """Does any part of a header path name a year?"""
    return "年度" in canonical("".join(path))[0]
