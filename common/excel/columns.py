"""What a column header means.

First the alias dictionary (`aliases`, plus those of the caller), then a small grammar of amounts and header paths.
A header that is merely similar (RapidFuzz ≥ 75) yields a suggestion, never a silent match.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from common.excel.aliases import PROJECT_COLUMNS, Column
from common.excel.text import bracket_parts, squash, strip_brackets

FUZZY_FROM = 75
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
_QUARTER = re.compile(r"[一二三四1234]季度|第[一二三四]季|Q[1-4]|推进计划|上半年|下半年|分月|季度", re.I)
_FUNDING = re.compile(
    r"资金来源|财政|自有|自筹|融资|贷款|专项债|社会资本|社会投资|中央|省级|补助|债券|其中|市级|区级|预算内|银行"
    r"|其他资金|资金需求|到位"
)
_RATE = re.compile(r"率|比例|占比|%|百分比|排名|同比|增速")
_DONE_BEFORE = re.compile(
    r"(?:年度|上年|去年|上一年|上年度|去年度|前年)年?(?:底|末)|开工以来|自开工|开工至|历年|以前年度|建设以来"
)
_MONTH_ONLY = re.compile(r"^(?:年度)?(?:本月|当月|\d{1,2}月份?)(?!底|末)")
_YEAR_CONTEXT = re.compile(r"年度|计划|安排|目标|任务")
_DURATION_CONTEXT = re.compile(r"起止|年限|工期|建设期|建设时间|时间|周期")
_MONEY_LEAF = re.compile(
    r"^(合计|小计|总计|投资|总额|金额|总投资|计划总投资|计划投资|投资额|完成投资|计划|计划完成投资|总投资额|年度投资)$"
)


_NAME_LEAF = re.compile(r"^(?:单位|企业|领导)?(?:名称|姓名|全称)$")
_SUM_LEAF = re.compile(r"^(合计|小计|总计|总额|金额)$")


def canonical(header: str) -> tuple[str, int | None]:
    """Comparable form of a header and the year in it: half-width, no blanks, year words all "年度"."""
    text = squash(header).casefold()
    years = [int(year) for year in _YEAR.findall(text)]
    text = _YEAR_WORDS.sub("年度", _YEAR.sub("年度", text))
    text = re.sub(r"^年(?=(?:度|计划|目标|工作|主要|投资))", "年度", text).replace("年度度", "年度")
    return _COUNTED.sub("年度", text), (max(years) if years else None)


def bare(text: str) -> str:
    """A canonical header without brackets, unit, filling instructions after a colon, marks and hyphens."""
    text = re.split(r"[:;。]", strip_brackets(text))[0]
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


class Matcher:
    """Looks headers up: built-in aliases plus those of the caller (`{header: field}`, e.g. remembered mappings)."""

    def __init__(self, columns: Sequence[Column] = PROJECT_COLUMNS, extra: Mapping[str, str] | None = None) -> None:
        self.columns = tuple(columns)
        self.kinds = {column.field: column.kind for column in columns}
        self._exact: dict[str, tuple[str, int]] = {}
        for column in columns:
            for rank, alias in enumerate((column.label, *column.aliases)):
                for form in self._forms(alias):
                    self._exact.setdefault(form, (column.field, rank))
        for header, target in (extra or {}).items():
            self._exact[canonical(header)[0]] = (target, -1)
        self._choices = list(self._exact)
        self.match = lru_cache(maxsize=4096)(self._match)
        self.field_of = lru_cache(maxsize=50_000)(self._field_of)

    @staticmethod
    def _forms(alias: str) -> set[str]:
        text = canonical(alias)[0]
        return {text, bare(text)} - {""}

    def lookup(self, text: str) -> tuple[str, int] | None:
        """(field, rank) of one canonical header, by alias or by the grammar of amounts."""
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
            if form in self._exact:
                return self._exact[form]
        spoken = money_field(short) or date_field(short)
        return (spoken, 50) if spoken in self.kinds else None

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
        if found:
            return Match(found[0], "exact", unit, year, found[1])
        if len(path) == 1 or not self._context(path[:-1]):
            short = bare(canonical(joined)[0])
            best = process.extractOne(short, self._choices, scorer=fuzz.ratio, score_cutoff=FUZZY_FROM)
            if best and len(short) > 1:
                return Match(self._exact[best[0]][0], "suggested", unit, year, 90)
        return Match(None, "none", unit, year)

    def _by_path(self, path: tuple[str, ...]) -> tuple[str, int] | None:
        whole = canonical("".join(path))[0]
        if len(path) == 1:
            return self.lookup(whole)
        context = self._context(path[:-1])
        leaf = canonical(path[-1])[0]
        short = bare(leaf)
        if _NAME_LEAF.match(short) and (parent := self.lookup(canonical("".join(path[:-1]))[0])):
            return parent
        if context is None:
            if _SUM_LEAF.match(short):
                return self.lookup(whole) or self.lookup(canonical("".join(path[:-1]))[0])
            return self.lookup(whole) or self.lookup(leaf)
        if context == "quarter":
            return None
        if context == "duration":
            if re.match(r"^(起|开始|开工|自|始)", short):
                return "start", 60
            if re.match(r"^(止|结束|竣工|完工|至|建成)", short):
                return "end", 60
            return self.lookup(whole) or self.lookup(leaf)
        if context == "funding":
            is_total = re.match(r"^(计划总投资|总投资|合计)$", short) and not year_in(path)
            return ("total_investment", 60) if is_total else None
        return self._in_year(whole, leaf, short)

    def _in_year(self, whole: str, leaf: str, short: str) -> tuple[str, int] | None:
        """A column under "2024年投资计划" and the like: its amounts are the year's."""
        if _FUNDING.search(short):
            return None
        whole_match = self.lookup(whole)
        dated = "年度" in whole or not re.search("总投资", short)
        if (
            dated
            and whole_match
            and whole_match[0] in ("annual_plan", "completed_ytd", "completed_total", "annual_goal")
        ):
            return whole_match
        if _MONEY_LEAF.match(short):
            parents = whole[: len(whole) - len(leaf)]
            if "总投资" in short and "年度" not in parents:
                return self.lookup(leaf)
            if "完成" in whole and "计划" not in whole:
                return ("completed_total" if _DONE_BEFORE.search(parents) else "completed_ytd"), 55
            return "annual_plan", 55
        leaf_match = self.lookup(leaf)
        if leaf_match and leaf_match[0] in ("scale", "progress_text"):
            return "annual_goal", 55
        return leaf_match

    @staticmethod
    def _context(parents: tuple[str, ...]) -> str | None:
        text = canonical("".join(parents))[0]
        if _QUARTER.search(text):
            return "quarter"
        if re.search(r"资金来源|资金构成|资金筹措|其中", text):
            return "funding"
        if re.search(r"(年度|上年|去年).*(计划|投资|任务|目标|安排|完成)|累计完成|完成投资|投资计划|计划投资", text):
            return "year"
        if _DURATION_CONTEXT.search(text):
            return "duration"
        return None


_DATE_WORDS = re.compile(
    r"^(?:项目|工程)*(?P<real>实际)?(?:计划|拟|预计|预期|约定|要求)*(?:新)?(?:建设)?"
    r"(?P<what>开竣工|开完工|起止|开工(?:及|和|、|至|到|-|—)?(?:计划)?(?:竣工|完工)|开工|动工|开始|起始|竣工|完工|建成|投产|结束)"
    r"(?:建设|投产|验收)?(?:时间|日期|年月|年份|年度|年限|时限|期限|时点)$"
)


def date_field(text: str) -> str | None:
    """Which date a bare canonical header means: 拟开工年月, 计划完工日期, 开竣工时间 …"""
    found = _DATE_WORDS.match(text)
    if not found:
        return None
    what = found["what"]
    if what in ("开竣工", "开完工", "起止") or (what.startswith("开工") and len(what) > 2):
        return "duration"
    return ("actual_" if found["real"] else "") + ("start" if what in ("开工", "动工", "开始", "起始") else "end")


def year_in(path: tuple[str, ...]) -> bool:
    """Does any part of a header path name a year?"""
    return "年度" in canonical("".join(path))[0]


def money_field(text: str) -> str | None:
    """Which amount a bare canonical header means, by its words; None when it is none of the project's own amounts."""
    if not re.search(r"投资|完成", text) or _RATE.search(text) or _QUARTER.search(text) or len(text) > 24:
        return None
    if _FUNDING.search(text) or re.search(
        r"类型|主体|类别|单位|方式|情况$|性质|企业|内容|能力|进度|形象|依据|文号|人$", text
    ):
        return "completed_ytd" if re.fullmatch(r"年度投资计划完成情况", text) else None
    plans = re.search(r"计划|目标|安排|任务|预计|拟", text)
    if "完成" in text and (not plans or re.search(r"预计.*底累计", text)):
        if not re.search(r"投资|工作量|金额|额|累计完成|万元", text):
            return None
        if _DONE_BEFORE.search(text):
            return "completed_total"
        if _MONTH_ONLY.search(text) and "累计" not in text and not re.search(r"\d月?[-至~]\d", text):
            return "completed_month"
        return "completed_ytd"
    if "投资" not in text:
        return None
    if "年度" in text or re.search(r"计划完成|投资计划|计划投资", text):
        return None if re.search(r"累计|上年|去年|底|末|后|以后", text) else "annual_plan"
    if re.search(r"总投资|投资总额|总概算|投资额|投资规模|投资估算|投资概算", text):
        return "total_investment"
    return None
