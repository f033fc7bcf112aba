"""Finding the tables of a sheet: where the header is, how many rows it has, what its columns mean, which unit holds.

A header is looked for in the first 30 rows; further ones below start a new table, or repeat the same one on a new
page. Two tables side by side are split where the serial and name columns begin again.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from common.excel.columns import Matcher
from common.excel.grid import Grid
from common.excel.labels import label_of
from common.excel.model import ColumnReading
from common.excel.preamble import NO_TITLE, Lead, read_lead, rows_above, title_year
from common.excel.text import bracket_parts, letter, show, squash

SEARCH_ROWS = 30
MAX_DEPTH = 3
MAX_HEADER_TEXT = 120
_STAGE_HINT = re.compile(r"完工|在建|续建|新开工|竣工|前期")
_NUMBERING = re.compile(r"^[(（]?(?:\d{1,2}|[甲乙丙丁戊己庚辛]|[a-zA-Z])[)）]?(?:=[\d+*/()-]+)?$|^[栏列行][次号目]$")
_YEARS = range(2000, 2051)  # a bare number may head the column of its year
_SINCE_START = re.compile(r"(?:截[至止]|至|到)(?!目前|本月).*累计")
_COUNT_HEADER = re.compile(r"^(?:项目)?(?:个数|数量|项数|数)(?:[(（][个项][)）])?$")


@dataclass
class Table:
    """One table of a sheet. `header` are 0-based rows (empty for a list without one); data is first..last."""

    grid: Grid
    header: list[int]
    columns: list[ColumnReading]
    first: int
    last: int
    left: int = 0
    right: int = 0
    title: str = ""
    unit: str | None = None
    unit_from_above: bool = False  # of the table before, which this one seems to continue
    preamble: list[int] = field(default_factory=list)
    year: int | None = None
    heading: str = ""  # over this one of several tables side by side: 续建项目 | 新开工项目

    @cached_property
    def header_texts(self) -> set[str]:
        """Every text of the header rows, squashed."""
        return {squash(show(value)) for row in self.header for value in self.grid.rows[row] if value is not None}

    def column(self, name: str) -> ColumnReading | None:
        """The column that carries a field."""
        return next((column for column in self.columns if column.field == name), None)


def find_tables(grid: Grid, matcher: Matcher, year: int | None = None) -> list[Table]:
    """All tables of a sheet, in reading order; empty when no header can be found.

    `year` is the one the file speaks of, for tables whose own title names none.
    """
    start = _best_header(grid, matcher, 0, min(SEARCH_ROWS, grid.height)) or _lone_header(grid, matcher)
    if start and is_card(grid, matcher, start[0]):
        return []
    tables: list[Table] = []
    floor = 0
    while start is not None:
        row, depth = start
        header = list(range(row, row + depth))
        top = rows_above(grid, row, floor) if tables else 0
        for table in tables:
            table.last = min(table.last, top - 1)
        lead = read_lead(grid, header, range(top, row))
        following = _next_header(grid, matcher, row, depth, lead.unit)
        year = title_year(lead.title) or title_year(grid.name) or year
        found = _split(grid, matcher, header, lead, year)
        for table in found:
            if table.unit is None and tables and tables[-1].unit:
                table.unit, table.unit_from_above = tables[-1].unit, True
        tables += found
        floor, start = row + depth, following
    return tables


def table_at(grid: Grid, matcher: Matcher, header: list[int], year: int | None = None) -> Table:
    """The table under a header that a person pointed out (0-based rows, may be empty: then columns have no names)."""
    lead = read_lead(grid, header, range(header[0] if header else 0))
    year = title_year(lead.title) or title_year(grid.name) or year
    return _table(grid, matcher, header, lead, year, 0, grid.width - 1)


def _header_like(grid: Grid, row: int) -> bool:
    """Could this row be (part of) a header? Short texts only, at least two of them different."""
    texts = set()
    for column in grid.filled(row):
        value = grid.value(row, column)
        if (not isinstance(value, str) and value not in _YEARS) or len(show(value)) > MAX_HEADER_TEXT:
            return False
        if not NO_TITLE.match(squash(show(value))) or value in _YEARS:
            texts.add(squash(show(value)))
    return len(texts) >= 2


def _continues(grid: Grid, top: int, row: int) -> bool:
    """May this row belong to the header that starts at `top`? A unit row or split words may be a single text."""
    if row >= grid.height or not grid.filled(row):
        return any(area[0] <= top and area[2] >= row for area in _areas(grid, top))
    return all(
        isinstance(grid.value(row, column), str) and len(grid.value(row, column)) <= MAX_HEADER_TEXT
        for column in grid.filled(row)
    )


def _areas(grid: Grid, row: int) -> set[tuple[int, int, int, int]]:
    return {area for (at, _), area in grid.merged.items() if at == row} if grid.merged else set()


def _best_header(grid: Grid, matcher: Matcher, first: int, stop: int) -> tuple[int, int] | None:
    """(row, depth) of the first convincing header that starts in first..stop-1: at least half as good as the best."""
    found: list[tuple[float, int, int]] = []
    for row in range(first, stop):
        if not _header_like(grid, row):
            continue
        best = (0.0, row, 0)
        for depth in range(1, MAX_DEPTH + 1):
            if depth > 1 and not _continues(grid, row, row + depth - 1):
                break
            score = _score(grid, matcher, list(range(row, row + depth)))
            if score and depth > 1 and _is_subheader(grid, matcher, row, row + depth - 1):
                score += 0.3
            if score > best[0] + 1e-9:
                best = (score, row, depth)
        found.append(best)
    top = max((score for score, _, _ in found), default=0)
    for score, row, depth in found:
        if score and score >= top / 2:
            depth = max(depth, _merged_depth(grid, matcher, row))
            return (row + 1, depth - 1) if depth > 1 and _only_heads(grid, matcher, row) else (row, depth)
    return None


def _lone_header(grid: Grid, matcher: Matcher) -> tuple[int, int] | None:
    """The header of a list of nothing but names, in one column."""
    for row in range(min(SEARCH_ROWS, grid.height)):
        filled = grid.filled(row)
        if len(filled) == 1 and matcher.field_of(grid.text(row, filled[0])) == "name":
            below = [cells for at in range(row + 1, grid.height) if (cells := grid.filled(at))]
            others = sum(cells != filled for cells in below)  # a line of signatures may have more cells
            return (row, 1) if others <= max(1, len(below) // 10) else None
    return None


def _only_heads(grid: Grid, matcher: Matcher, row: int) -> bool:
    """Does this row merely give each table below a heading (续建项目 | 新开工项目)? Then it stands over names."""
    names = [column for column in grid.filled(row + 1) if matcher.field_of(grid.text(row + 1, column)) == "name"]
    over = [show(grid.spread(row, column)).strip() for column in names]
    return len(names) > 1 and all(text and (label_of(text) or not matcher.field_of(text + "项目名称")) for text in over)


def is_card(grid: Grid, matcher: Matcher, row: int) -> bool:
    """One project as a form (项目名称 | 某某 | 责任单位 | 某某): labels stand below labels, values beside them."""
    labels = [column for column in grid.filled(row) if matcher.field_of(grid.text(row, column))]
    below = next((at for at in range(row + 1, min(row + 4, grid.height)) if grid.filled(at)), None)
    if below is None or not labels or len(labels) == len(grid.filled(row)):
        return False
    return all(matcher.field_of(grid.text(below, column)) not in (None, "name") for column in labels)


def _is_subheader(grid: Grid, matcher: Matcher, top: int, row: int) -> bool:
    """A row of children: several texts, and nothing under the serial and name headers."""
    if not _header_like(grid, row):
        return False
    for column in grid.filled(top):
        if matcher.field_of(grid.text(top, column)) in ("serial", "name") and grid.text(row, column):
            return False
    return True


def _merged_depth(grid: Grid, matcher: Matcher, row: int) -> int:
    """Header rows as the vertical merges of recognised header cells say it; 1 without merges."""
    depth = 1
    for column in range(grid.width):
        area = grid.merged.get((row, column))
        if area and area[0] == row and area[2] > row and area[2] - row < MAX_DEPTH:
            text = grid.text(row, area[1])
            if text and matcher.field_of(text):
                depth = max(depth, area[2] - row + 1)
    return depth


def _score(grid: Grid, matcher: Matcher, rows: list[int]) -> float:
    """How much of a project list these rows name; 0 when it is no header of one."""
    fields: dict[str, int] = {}
    units = named = 0
    counts = proper = False
    for path in _paths(grid, rows, 0, grid.width - 1):
        if path:
            named += 1
            match = matcher.match(tuple(path))
            counts = counts or bool(_COUNT_HEADER.match(squash(path[-1])))
            proper = proper or (match.field == "name" and "名" in path[-1])
            if match.field and match.confidence == "exact":
                fields[match.field] = fields.get(match.field, 0) + 1
                units += match.unit is not None
    known = len(fields)
    if counts and not proper:  # 项目 | 个数 | 总投资 are statistics
        return 0
    if "name" not in fields or known + sum(n - 1 for n in fields.values()) < 2:
        if known < 4:
            return 0
        return known * 0.5
    return 5 + known + 0.2 * units + known / max(named, 1)


def _next_header(grid: Grid, matcher: Matcher, row: int, depth: int, unit: str | None) -> tuple[int, int] | None:
    """The next header below that differs from this one. Repeats under the same unit of money are left in the table."""
    same = _line(grid, row)
    for below in range(row + depth, grid.height):
        if _quick_hits(grid, matcher, below) >= 3:
            above = read_lead(grid, [], range(rows_above(grid, below, row + depth), below))
            if _line(grid, below) == same and above.unit in (None, unit):
                continue
            found = _best_header(grid, matcher, below, below + 1)
            if found and _score(grid, matcher, list(range(below, below + found[1]))) > 5:
                return found
    return None


def _line(grid: Grid, row: int) -> tuple[str, ...]:
    return tuple(squash(show(value)) for value in (grid.rows[row] if row < grid.height else []))


def _quick_hits(grid: Grid, matcher: Matcher, row: int) -> int:
    """How many fields a row of nothing but short texts names, the project name among them; else 0."""
    hits = set()
    for value in grid.rows[row]:
        if value is None:
            continue
        if not isinstance(value, str) or len(value) > MAX_HEADER_TEXT:
            return 0
        if len(value) <= 30:
            hits.add(matcher.field_of(value))
    return len(hits - {None}) if "name" in hits else 0


def is_repeat(table: Table, row: int) -> bool:
    """Is this row one of the header's own rows again (a new printed page)?"""
    cells = table.grid.rows[row]
    first = next((value for value in cells if value is not None), None)
    if not isinstance(first, str) or squash(first) not in table.header_texts:
        return False
    line = _line(table.grid, row)
    return any(line == _line(table.grid, header) for header in table.header)


def is_numbering(table: Table, row: int) -> bool:
    """A row that only numbers the columns: 1 2 3 4, (1) (2) (3), 甲 乙 1 2."""
    texts = [squash(table.grid.text(row, column)) for column in table.grid.filled(row, table.left, table.right)]
    if len(texts) < 3 or not all(_NUMBERING.match(text) for text in texts):
        return False
    numbers = [int(found[0]) for text in texts if (found := re.search(r"\d+", text))]
    return len(texts) - len(numbers) <= 3 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _paths(grid: Grid, rows: list[int], left: int, right: int) -> Iterator[list[str]]:
    """Header texts of each column from top to leaf; merged parents and parents over blanks reach their children."""
    for column in range(left, right + 1):
        path: list[str] = []
        under = True  # nothing but the texts of neighbours so far: a column with a text of its own has no other parent
        for position, row in enumerate(rows):
            text = show(grid.spread(row, column)).strip()
            if text:
                under = under and (row, column) in grid.merged
            elif under and (row, column) not in grid.merged and position < len(rows) - 1:
                text = _parent(grid, rows[position:], column, left)
            if text and (not path or text != path[-1]):
                path.append(text)
        if not rows:
            yield []
            continue
        area = grid.merged.get((rows[-1], column)) or (grid.merged.get((rows[0], column)) if len(path) == 1 else None)
        nameless = area and area[1] < column and show(grid.value(area[0], area[1])).strip() == "".join(path[-1:])
        yield [] if nameless else path


def _parent(grid: Grid, rows: list[int], column: int, left: int) -> str:
    """The unmerged text to the left that stands over this column too: both have a text of their own below."""
    row, below = rows[0], rows[1]
    if not grid.text(below, column):
        return ""
    for other in range(column - 1, left - 1, -1):
        text = grid.text(row, other)
        if text:
            area = grid.merged.get((row, other))
            return "" if area and area[3] < column else (text if grid.text(below, other) else "")
        if not grid.text(below, other):
            return ""
    return ""


def _split(grid: Grid, matcher: Matcher, header: list[int], lead: Lead, year: int | None) -> list[Table]:
    """One table, or several side by side when serial/name and another field begin again further right."""
    columns = _read_columns(grid, matcher, header, 0, grid.width - 1)
    for key in ("serial", "name"):
        starts = [column.index for column in columns if column.field == key]
        if len(starts) < 2:
            continue
        bounds = list(zip([0, *starts[1:]], [*(start - 1 for start in starts[1:]), grid.width - 1], strict=True))
        parts = [{c.field for c in columns if c.field and low <= c.index <= high} for low, high in bounds]
        if all("name" in part for part in parts) and len(set.intersection(*parts)) >= 2:
            tables = [_table(grid, matcher, header, lead, year, low, high) for low, high in bounds]
            for table in tables:
                table.heading = _heading(grid, table, lead)
            return tables
    return [_table(grid, matcher, header, lead, year, 0, grid.width - 1)]


def _heading(grid: Grid, table: Table, lead: Lead) -> str:
    """The text directly above one of several tables side by side; none when it stands over all of them."""
    row = table.header[0] - 1
    texts = [grid.text(row, column) for column in grid.filled(row, table.left, table.right)]
    alone = len(grid.filled(row)) > 1 and len(texts) == 1 and not NO_TITLE.match(squash(texts[0]))
    return texts[0] if alone and texts[0] != lead.title else ""


def _table(
    grid: Grid, matcher: Matcher, header: list[int], lead: Lead, year: int | None, left: int, right: int
) -> Table:
    columns = _read_columns(grid, matcher, header, left, right)
    _unique(columns, year)
    first = header[-1] + 1 if header else 0
    return Table(
        grid, header, columns, first, grid.height - 1, left, right, lead.title, lead.unit, preamble=lead.rows, year=year
    )


def _read_columns(grid: Grid, matcher: Matcher, header: list[int], left: int, right: int) -> list[ColumnReading]:
    columns = []
    for offset, path in enumerate(_paths(grid, header, left, right)):
        index = left + offset
        match = matcher.match(tuple(path))
        parts = [squash(part) for part in path]
        reading = ColumnReading(index, letter(index), "/".join(parts), parts, hidden=index in grid.hidden_columns)
        reading.unit, reading.year, reading.rank = match.unit, match.year, match.rank
        reading.confidence = match.confidence
        if match.confidence == "suggested":
            reading.suggestion = match.field
        else:
            reading.field = match.field
        if reading.field == "industry" and _STAGE_HINT.search("".join(bracket_parts("".join(path)))):
            reading.field = "stage"
        columns.append(reading)
    return columns


def _unique(columns: list[ColumnReading], year: int | None) -> None:
    """Let each field have one column: the current figure, then the most usual name.

    Last year's plan must not pass for this year's: figures older than the file's year (without one, than the latest
    year in the header) are left out altogether; of the rest the one without a year or of that very year wins.
    """
    dated = ("annual_plan", "completed_ytd")
    current = year or max((column.year for column in columns if column.year and column.field in dated), default=None)
    by_field: dict[str, list[ColumnReading]] = {}
    for column in columns:
        if column.field in dated and current and column.year and column.year < current:
            column.field, column.confidence = None, "none"
            column.why = f"是 {column.year} 年的数，不是 {current} 年的"
        elif column.field:
            by_field.setdefault(column.field, []).append(column)
    for rivals in by_field.values():
        best = min(
            rivals,
            key=lambda c: (
                c.year not in (None, current),
                bool(_SINCE_START.match(c.header)),
                (c.year is None) == bool(year),
                c.rank,
                c.index,
            ),
        )
        for column in rivals:
            if column is not best:
                column.field, column.confidence = None, "none"
                column.why = f"与第 {best.letter} 列含义相同，只取其一"
