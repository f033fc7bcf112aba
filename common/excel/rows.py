"""What each row below a header is: project, section, total, note, continuation or blank.

The table is looked at as a whole first (are projects numbered? how many cells do they fill?), because a bare row is a
section in one list and a project in another. A row with an Arabic serial of its own is a project unless it says
otherwise; doubtful rows stay projects, so that none is lost.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise, zip_longest
from statistics import median
from typing import Any

from common.excel import labels
from common.excel.columns import plain_field
from common.excel.headers import Table, is_numbering, is_repeat
from common.excel.text import counted, is_blank, show, squash, strip_brackets, tidy, uncounted

_CHINESE = "一二三四五六七八九十百"
_STYLES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("part", re.compile(rf"^(?:第[{_CHINESE}\d]+[部分类章批]分?|附?表[{_CHINESE}\d]+)[、.:：]?")),
    ("chinese", re.compile(rf"^[{_CHINESE}]{{1,4}}(?:[、.．,，:：]|$|\s+)")),
    ("chinese_paren", re.compile(rf"^[(（][{_CHINESE}]{{1,4}}[)）][、.．]?")),
    ("roman", re.compile(r"^(?:[Ⅰ-Ⅻ]+|[IVX]{1,4}(?=[.、]|$))[、.．]?")),
    ("circled", re.compile(r"^[①-⑳]")),
    ("arabic_paren", re.compile(r"^[(（]\d{1,3}[)）][、.．]?")),
    ("child", re.compile(r"^\d{1,4}(?:[-—–.．]\d{1,3})+(?:[、.．]|$)")),
    ("arabic", re.compile(r"^\d{1,4}(?:[、.．](?!\d)|$)")),
    ("dash", re.compile(r"^[-—–]{1,2}(?:\d{1,2}[\s、.]+)?(?=[^\d\s—–-])")),
)
_TOTAL = re.compile(
    r"^(?:[^\d,，。;；(（]{0,10}?(?:合计|总计|小计)|共计|总合计|汇总)(?:[(（:：].*|\d+(?:个|项)?.*)?$"
    r"|^(?:全区|全市|全县|全省|全州|全盟)(?:项目)?(?:[(（].*|\d+(?:个|项))?$"
    r"|^其中[:：].*$"
)
_NUMBERED_SUM = re.compile(rf"^(?:[(（][{_CHINESE}]+[)）]|[{_CHINESE}]+[、.．])(?![(（]).{{2,}}(?:小计|合计)$")
_AMONG = re.compile(r"^其中[:：]?$")
_EXAMPLE = re.compile(r"^(?:填写)?(?:示例|样例|范例|举例|例如|例)\d*[:：]?$")
_CONTINUED = re.compile(r"[(（]?(?:续表?|接上表|续[一二三四五六七八九十\d]+)[)）]?$")
_NOTE = re.compile(
    r"^(?:注|备注|说明|填表说明|填报说明|编制说明|注释|填报要求)\d*[:：、.．]|^(?:填报人|填表人|制表人?|审核人?|联系人|单位负责人|分管领导|签字|填报时间"
    r"|填报单位|联系电话|备注)[(（]?.{0,10}[:：]|^注[:：\d]|^[*※]注|^第\d+页|^[(（]?以下(?:空白|无正文)|^\d{4}年\d{1,2}月(?:\d{1,2}日)?$|^下列\d*|^以下\d*.*[个项]"
)
_UNIT_NAME = re.compile(
    r"(局|厅|委|委员会|办|办公室|政府|街道|街办|镇|乡|管委会|开发区|园区管委会|公司|集团|指挥部|领导小组|部门|新区|高新区|经开区)$"
)
_LEVEL_NAME = re.compile(r"^(?:国家|省市|省|自治区|市|区|县)级?(?:重点|重大|统筹)(?:建设)?(?:项目|工程)?$")
_PLACE_NAME = re.compile(
    r"^(?!.*(?:项目|类|业|产业|工程))[\u3400-\u9fff]{1,8}(市|区|县|州|盟|旗|市直|区直|省直|县直)$|^(市|区|省|县)(直|本级|属)$"
)
_GROUP_WORD = re.compile(r"^[【〔《][^】〕》]+[】〕》]$|..[类板]块?$|..领域$")
_SENTENCE = re.compile(r"[。；;]$")
MIN_OVERVIEW = 40
CHILD = "上一项目的子项"
REMARK = "上一项目的说明"
NAME = "上一项目名称的后半"
_SECTION_FIELDS = ("responsible", "owner", "industry", "location", "area", "stage", "nature", "level")
_REMARK = re.compile(r"^([^:：\d]{2,12})[:：]\s*(?=\S)")
_TEXT_FIELDS = ("scale", "progress_text", "problems", "annual_goal", "remark", "location", "owner")


@dataclass
class Row:
    """A row of a table with what was found out about it. `row` counts from 0."""

    row: int
    kind: str = "blank"
    why: str = ""
    serial: str = ""
    name: str = ""
    style: str = ""
    rich: int = 0
    numbers: int = 0
    wide: bool = False
    sections: tuple[str, ...] = ()
    lines: list[int] = field(default_factory=list)
    parent: int | None = None
    children: list[int] = field(default_factory=list)
    remarks: list[int] = field(default_factory=list)


@dataclass
class Profile:
    """What is usual for the projects of a table."""

    serial: int | None
    name: int | None
    numbered: float = 0.0
    rich: float = 0.0
    numbers: float = 0.0
    chinese_projects: bool = False
    paren_children: bool = False


@lru_cache(maxsize=20_000)
def numbering(text: str) -> tuple[str, str]:
    """(style, rest) of a text that begins with a serial or section number; ("", text) without one."""
    stripped = text.strip()
    for style, pattern in _STYLES:
        found = pattern.match(stripped)
        if found:
            return style, stripped[found.end() :].strip()
    return "", stripped


def is_total(text: str) -> bool:
    """合计, 总计, 小计, 全区 …, also with counts."""
    return bool(_TOTAL.match(squash(text)))


def section_label(text: str) -> str:
    """The name of a section without numbering, brackets, counts and a closing 项目: 一、工业项目（42项） → 工业."""
    text = re.sub(r"^\s*[【〔《]([^】〕》]+)[】〕》]", r"\1", numbering(text)[1])
    label = tidy(uncounted(re.sub(r"(?<=..)(?:小计|合计|总计)$", "", tidy(text))))
    told = re.match(r"([^:：]{2,6})[:：](?=.)", label)
    if told and plain_field(told[1]) in _SECTION_FIELDS:
        label = label[told.end() :]
    label = re.split(r"[,，:：;；(（].*?(?:投资|亿元|万元)", label)[0].strip(" :：,，、;；")
    short = re.sub(r"(?<=..)项目$", "", label)
    return short or label


def section_role(label: str) -> str:
    """What a section gives its rows: stage (or nature), level, unit, place or category."""
    if labels.label_of(label):
        return "stage"
    if _LEVEL_NAME.match(label):
        return "level"
    if _PLACE_NAME.match(label):
        return "place"
    if _UNIT_NAME.search(label) and len(label) <= 20:
        return "unit"
    return "category"


def remark(text: str) -> tuple[str, str] | None:
    """(field, text) of a line that tells one thing about the project above it: 建设内容：新建桥梁一座。"""
    found = _REMARK.match(text)
    field_name = plain_field(found[1]) if found else None
    return (field_name, text[found.end() :]) if found and field_name in _TEXT_FIELDS else None


def profile_of(table: Table) -> tuple[Profile, list[Row]]:
    """Count cells, then say what is usual."""
    name, serial = table.column("name"), table.column("serial") or table.column("project_number")
    profile = Profile(serial.index if serial else None, name.index if name else None)
    rows = [_count(table, profile, row) for row in range(table.first, table.last + 1)]
    candidates = [row for row in rows if row.name and not is_total(row.name) and not _NOTE.match(squash(row.name))]
    numbered = [row for row in candidates if row.style in ("arabic", "child")]
    if candidates:
        profile.numbered = len(numbered) / len(candidates)
        base = numbered if profile.numbered >= 0.3 else candidates
        profile.rich = median(row.rich for row in base)
        profile.numbers = median(row.numbers for row in base)
        chinese = [row for row in candidates if row.style == "chinese"]
        paren = [row.rich == 0 and row.style in ("arabic_paren", "circled") for row in rows if row.name or row.serial]
        profile.paren_children = any(one and two for one, two in pairwise(paren))
        profile.chinese_projects = profile.numbered < 0.2 and len(chinese) > len(candidates) / 2
    return profile, rows


def _count(table: Table, profile: Profile, row: int) -> Row:
    grid = table.grid
    found = Row(row, lines=[row])
    for column in grid.filled(row, table.left, table.right):
        value = grid.value(row, column)
        if column == profile.serial:
            found.serial = show(value).strip()
        elif column == profile.name:
            found.name = show(value).strip()
        elif isinstance(value, (int, float)) or _is_number(show(value)):
            found.numbers += 1
        else:
            found.rich += 1
    style, _ = numbering(found.serial)
    found.style = style or numbering(found.name)[0]
    if isinstance(grid.value(row, profile.serial), int) if profile.serial is not None else False:
        found.style = "arabic"
    filled = grid.filled(row, table.left, table.right)
    if len(filled) == 1:
        area = grid.merged.get((row, filled[0]))
        found.wide = bool(area and area[0] == area[2] and area[3] - area[1] >= min(2, table.right - table.left))
    return found


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"[+-]?[\d,，]+(?:\.\d+)?", squash(text)))


def classify(table: Table, forced: dict[int, str] | None = None) -> list[Row]:
    """All rows of a table with kind, reason, sections above them and continuation lines. `forced` counts from 0."""
    profile, rows = profile_of(table)
    stack = _opened(table, profile, rows)
    current: Row | None = None
    above = {squash(table.grid.text(r, c)) for r in table.preamble for c in table.grid.filled(r)}
    above |= {strip_brackets(text) for text in above} - {""}
    among = broken_down = False
    noted = False
    for row, following in zip_longest(rows, rows[1:]):
        row.kind, row.why = _kind(table, profile, row, current, above)
        if row.kind == "project" and _heads(row, following):
            row.kind, row.why = "section", "分组行"
        if noted and not row.rich + row.numbers and _SENTENCE.search(row.name):
            row.kind, row.why = "note", "说明文字"
        noted = row.why == "说明文字"
        if broken_down and row.kind == "section" and row.numbers and not row.serial:
            row.kind, row.why = "total", "合计的分项"
        broken_down = (row.kind == "total" and (row.name or row.serial).startswith("其中")) or row.why == "合计的分项"
        if forced and row.row in forced:
            row.kind, row.why = forced[row.row], "人工指定"
        if row.kind == "section":
            _push(stack, row)
        row.sections = tuple(text for _, text in stack)
        if row.kind == "project":
            among = bool(_AMONG.match(row.serial)) or (among and not row.serial)
            sibling = current is not None and current.parent is None and current.style == row.style and not among
            if (among or row.style in ("child", "arabic_paren", "circled")) and current is not None and not sibling:
                row.parent = current.row if current.parent is None else current.parent
            current = row
        elif row.kind == "continuation" and current is not None:
            lines = {CHILD: current.children, REMARK: current.remarks}.get(row.why, current.lines)
            lines.append(row.row)
            if row.why == NAME:
                current.name += row.name
        elif row.kind in ("section", "total"):
            current = None
    return rows


def _kind(table: Table, profile: Profile, row: Row, current: Row | None, above: set[str]) -> tuple[str, str]:
    grid = table.grid
    filled = grid.filled(row.row, table.left, table.right)
    inside = _within(table, profile.name, row.row)
    if not filled:
        return ("continuation", "上一项目的合并单元格") if inside and current else ("blank", "空行")
    first = show(grid.value(row.row, filled[0])).strip()
    if is_repeat(table, row.row):
        return "note", "重复的表头"
    if is_numbering(table, row.row):
        return "note", "列号行"
    if len(filled) <= 2 and _CONTINUED.sub("", squash(first)) in above:
        return "note", "重复的标题"
    if row.serial and _EXAMPLE.match(squash(row.serial)):
        return "note", "填写示例"
    if re.match(r"^(?:金额)?单位[:：]", squash(first)):
        return "note", "单位行"
    if _AMONG.match(row.serial) and row.name and row.rich:
        return "project", ""
    if _NUMBERED_SUM.match(squash(first)):
        return "section", "分组行"
    if (row.wide or len(filled) == 1) and current is not None and remark(first):
        return "continuation", REMARK
    if any(is_total(text) for text in (row.serial, row.name)) or (is_total(first) and not row.serial):
        return "total", "合计行"
    if not row.serial.isdecimal() and _NOTE.match(squash(row.name or first)):
        return "note", "说明文字"
    single = len(filled) == 1
    if single and len(first) >= MIN_OVERVIEW and re.search(r"[。；;]|其中|总投资|共\d+", first):
        return "note", "说明文字"
    if inside and current is not None:
        return "continuation", "上一项目的后续行"
    if row.name and not row.rich + row.numbers and current is not None and _within(table, profile.serial, row.row):
        return "continuation", NAME
    if not row.name:
        return _nameless(profile, row, current, first, single)
    return _named(profile, row, current)


def _opened(table: Table, profile: Profile, rows: list[Row]) -> list[tuple[str, str]]:
    """The sections open before the first row: a heading, or 一、 above the first of several printed headers."""
    stack = [("heading", table.heading)] if table.heading else []
    for above in table.preamble:
        texts = [table.grid.text(above, column) for column in table.grid.filled(above)]
        style = numbering(texts[0])[0] if len(texts) == 1 and not profile.chinese_projects else ""
        if style in ("part", "chinese", "chinese_paren") and any(row.style == style for row in rows):
            _push(stack, Row(above, name=texts[0], style=style))
    return stack


def _heads(row: Row, following: Row | None) -> bool:
    """A numbered row that says nothing of itself, over numbered parts that do (1 交通; 1.1 某某桥) groups them."""
    parts = following is not None and following.style in ("child", "arabic_paren", "circled") and following.rich
    return bool(parts) and row.style == "arabic" and not row.rich


def _within(table: Table, column: int | None, row: int) -> bool:
    """Does the cell of this column belong to a merged area that began on a row above?"""
    area = table.grid.merged.get((row, column)) if column is not None else None
    return bool(area and table.first <= area[0] < row and area[1] == column)


def _nameless(profile: Profile, row: Row, current: Row | None, first: str, single: bool) -> tuple[str, str]:
    text = row.serial or first
    style, rest = numbering(text)
    if row.serial and style in ("arabic", "child") and not rest:
        if row.rich:
            return "project", "有序号，但没有项目名称"
        return "note", "只有序号的空行"
    if row.serial and (rest or style) and row.rich == 0:
        return "section", "分组行"
    if row.wide or (single and style):
        return "section", "分组行"
    if current is not None and (row.rich or row.numbers) and not row.serial:
        return "continuation", "上一项目的后续行"
    if row.rich == 0:
        return "total", "没有名称、只有数字的行"
    return "note", "没有项目名称的行"


def _named(profile: Profile, row: Row, current: Row | None) -> tuple[str, str]:
    style = row.style
    label = numbering(row.name)[1] if not numbering(row.serial)[0] else row.name
    evident = counted(label) or bool(labels.label_of(label) or _GROUP_WORD.search(squash(label)))
    bare = row.rich == 0
    if style in ("part", "chinese", "chinese_paren", "roman"):
        if profile.chinese_projects and style == "chinese":
            return "project", ""
        return ("section", "分组行") if bare or row.rich * 2 <= profile.rich or evident else ("project", "")
    if style in ("arabic", "child"):
        if bare and profile.rich >= 2 and evident and row.numbers <= profile.numbers:
            return "section", "分组行"
        return "project", ""
    if style in ("arabic_paren", "circled", "dash"):
        if bare and profile.paren_children and style != "dash" and current is not None and not evident:
            return "continuation", CHILD
        if bare and (profile.rich >= 1 or (evident and profile.numbered >= 0.3)):
            return "section", "分组行"
        return "project", ""
    if row.wide:
        return "section", "分组行"
    if profile.serial is not None and profile.numbered >= 0.5:
        if bare or (evident and row.rich * 2 < profile.rich):
            return "section", "没有序号的分组行"
        return "project", ""
    if bare and evident and (profile.rich >= 1 or row.numbers < max(profile.numbers, 1)):
        return "section", "分组行"
    if bare and (profile.rich >= 2 or (profile.rich and profile.numbers >= 1 and not row.numbers)):
        return ("section", "分组行") if section_role(section_label(row.name)) != "category" else ("project", "")
    return "project", ""


def _push(stack: list[tuple[str, str]], row: Row) -> None:
    """Put a section on the stack of open ones: the same numbering style replaces, a new one nests."""
    style, rest = numbering(row.serial)
    text = row.name or rest or row.serial
    if row.name and not style:
        text = f"{row.serial}{row.name}" if numbering(row.serial + row.name)[0] else row.name
    key = row.style or style or numbering(text)[0] or f"plain-{section_role(section_label(text))}"
    keys = [known for known, _ in stack]
    if key in keys:
        del stack[keys.index(key) :]
    elif key in ("part", "chinese"):
        del stack[:]
    stack.append((key, text if row.name or rest else row.serial))


def raw(table: Table, row: Row, column: int) -> Any:
    """The value of a project's cell: merged areas reach all their rows; later lines of a block fill what is blank."""
    grid = table.grid
    value = grid.spread(row.row, column)
    for line in row.lines[1:]:
        if not is_blank(value):
            break
        value = grid.value(line, column)
    return value


def plain_name(text: str, serial: str = "") -> str:
    """A name cell without the serial glued to it: 1.某某工程 → 某某工程; 3.5万吨…… stays.

    Beside a serial of its own only that very number is one: 1、2号楼改造 may be the name of number 5.
    """
    style, rest = numbering(text)
    if style not in ("arabic", "arabic_paren", "chinese_paren", "circled") or len(strip_brackets(rest)) < 2:
        return text
    number = text[: text.rindex(rest)] if rest else text
    same = not serial or re.findall(r"\w+", squash(number)) == re.findall(r"\w+", squash(serial))
    return rest if same else text
