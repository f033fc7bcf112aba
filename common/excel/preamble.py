"""What stands above a header: the title and its year, the unit line."""

import re
from dataclasses import dataclass, field

from common.excel.columns import UNITS
from common.excel.grid import Grid
from common.excel.text import show, squash, strip_brackets

_UNIT_LINE = re.compile(
    r"单位[:：;]?(?:人民币|[^\w]|[为个项亩台套家米人户平方公里]){0,6}?(亿元|百万元|万元|千元|元)"
    r"|以(?:人民币)?(亿元|百万元|万元|千元)(?:计|为单位)"
)
_UNIT_BRACKET = re.compile(r"[(（](?:单位[:：])?(亿元|万元|元)[)）]")
NO_TITLE = re.compile(
    r"^(?:(?:金额)?单位[:：]|附[件表]?\d*[:：]?$|(?:填报|编制|填表|制表)(?!人$|单位$|时间$)|\d+(?:\.\d+)?$)"
)


@dataclass
class Lead:
    """What stands above a header: its rows, the title, the unit line."""

    title: str = ""
    unit: str | None = None
    rows: list[int] = field(default_factory=list)


def rows_above(grid: Grid, row: int, floor: int) -> int:
    """First of the title and unit rows directly above a header further down."""
    top = row
    while top > max(floor, row - 5):
        filled = grid.filled(top - 1)
        if len(filled) > 2 or any(not isinstance(grid.value(top - 1, column), str) for column in filled):
            break
        if any(re.match(r"^[(（]?\d+[)）.、]?$", grid.text(top - 1, column)) for column in filled):
            break
        top -= 1
    return top


def stated_unit(text: str) -> str | None:
    """The money unit a title, a unit line or a note states for the whole table."""
    found = _UNIT_LINE.search(text) or _UNIT_BRACKET.search(text)
    return UNITS[next(group for group in found.groups() if group)] if found else None


def read_lead(grid: Grid, header: list[int], above: range) -> Lead:
    """Title and unit from the rows above the header; a unit cell may also have slipped into the header itself."""
    lead = Lead()
    titles: list[str] = []
    for row in above:
        texts = [show(grid.value(row, column)).strip() for column in grid.filled(row)]
        if texts:
            lead.rows.append(row)
        for text in texts:
            flat = squash(text)
            lead.unit = stated_unit(flat) or lead.unit
            if len(flat) >= 4 and not NO_TITLE.match(flat):
                titles.append(re.sub(r"\s+", "", text))
        lead.unit = lead.unit or stated_unit(squash("".join(texts)))
    if titles:
        lead.title = max(
            titles, key=lambda text: (bool(re.search(r"项目|清单|计划|名单|表", text)), -titles.index(text))
        )
    for row in header if lead.unit is None else ():
        for column in grid.filled(row):
            flat = squash(grid.text(row, column))
            lead.unit = (stated_unit(flat) if _UNIT_LINE.match(flat) else None) or lead.unit
    return lead


def title_year(title: str) -> int | None:
    """The year a title speaks of: the latest one named."""
    years = [
        int(year) for year in re.findall(r"(?<!\d)(20\d{2}|19\d{2})(?=年|[^\d]|$)", strip_brackets(title) or title)
    ]
    return max(years) if years else None
