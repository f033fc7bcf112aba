"""Streamed look at the parts of an .xlsx before the parser: every byte is counted, every element capped.

Runs in the limited child process. Nothing is resolved, no entity is ever declared: a DOCTYPE is refused on sight.
Besides the verdict it yields what the parser does not tell: hidden rows and columns, error cells, formulas that were
saved without a result. Member sizes are those really inflated, never those the directory claims.
"""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from xml.parsers import expat

from common.excel.gate import (
    BROKEN,
    MAX_CELL_TEXT,
    MAX_COLUMNS,
    MAX_ROWS,
    MAX_UNPACKED,
    RESAVE,
    FileRefused,
)
from common.excel.ole import SheetFacts

MAX_ROW_ELEMENTS = 200_000  # WPS writes formatted empty rows far below the data; a million of them is an attack
MAX_ELEMENTS = 12_000_000
MAX_STYLES = 64_000
MAX_STRINGS = 500_000
MAX_STRING_BYTES = 64 * 1024 * 1024
_CHUNK = 256 * 1024
_REFERENCE = re.compile(r"^([A-Z]{1,3})([0-9]{1,7})$")


def column_number(letters: str) -> int:
    """Column index from 0: A → 0, Z → 25, AA → 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def scan_xlsx(data: bytes) -> list[tuple[str, SheetFacts]]:
    """(sheet name, facts) in workbook order. Raises FileRefused with the reason."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    members = {member.filename: member for member in archive.infolist()}
    handlers: dict[str, Part] = {}
    total = 0
    for name, member in members.items():
        part = _part_for(name)
        for chunk in inflate(data, member):
            total += len(chunk)
            if total > MAX_UNPACKED:
                raise FileRefused("文件解压后超过 100 MB，过大：请删除不需要的工作表和空白行列后再上传。")
            if part is not None:
                part.feed(chunk)
        if part is not None:
            part.close()
            handlers[name] = part
    return _sheets(handlers)


def inflate(data: bytes, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """The real content of a member in pieces; more or less than the directory says is a broken or lying file."""
    start = member.header_offset
    names = int.from_bytes(data[start + 26 : start + 28], "little")
    extra = int.from_bytes(data[start + 28 : start + 30], "little")
    body = memoryview(data)[start + 30 + names + extra :][: member.compress_size]
    size = 0
    if member.compress_type == zipfile.ZIP_STORED:
        size = len(body)
        yield from (bytes(body[at : at + _CHUNK]) for at in range(0, size, _CHUNK))
    else:
        engine = zlib.decompressobj(-15)
        rest: bytes | memoryview = body
        try:
            while not engine.eof:
                piece = engine.decompress(rest, _CHUNK)
                rest = engine.unconsumed_tail
                size += len(piece)
                if size > member.file_size or (not piece and not rest):
                    raise FileRefused(BROKEN)
                yield piece
        except zlib.error:
            raise FileRefused(BROKEN) from None
    if size != member.file_size:
        raise FileRefused(BROKEN)


class Part:
    """One XML member under the eyes of expat. Subclasses look at start and end tags by local name."""

    def __init__(self) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.XmlDeclHandler = self._declaration
        self._parser = parser
        self._first = True
        self.wire(parser)

    def wire(self, parser: expat.XMLParserType) -> None:
        """Attach handlers; a plain part needs none beyond the refusals."""

    def feed(self, chunk: bytes) -> None:
        if self._first and chunk:
            self._first = False
            if chunk.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00")):
                raise FileRefused(f"文件内部的编码不是 UTF-8：{RESAVE}。")
        self._run(chunk, False)

    def close(self) -> None:
        self._run(b"", True)

    def _run(self, chunk: bytes, final: bool) -> None:
        try:
            self._parser.Parse(chunk, final)
        except expat.ExpatError:
            raise FileRefused(BROKEN) from None

    def _doctype(self, *_: object) -> None:
        raise FileRefused(f"文件内部含有 DOCTYPE 声明，为安全起见不接收：{RESAVE}。")

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding and encoding.lower() not in ("utf-8", "utf8", "us-ascii", "ascii"):
            raise FileRefused(f"文件内部的编码不是 UTF-8：{RESAVE}。")


class Relations(Part):
    """A .rels part: targets by id; anything outside the file except a hyperlink is refused."""

    def __init__(self) -> None:
        self.targets: dict[str, str] = {}
        super().__init__()

    def wire(self, parser: expat.XMLParserType) -> None:
        parser.StartElementHandler = self._start

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(" ")[2] != "Relationship":
            return
        kind = attributes.get("Type", "").rpartition("/")[2]
        if attributes.get("TargetMode", "").lower() == "external":
            if kind != "hyperlink":
                raise FileRefused(f"文件含有外部链接（图片或数据指向文件之外）：请断开链接，{RESAVE}。")
        else:
            self.targets[attributes.get("Id", "")] = attributes.get("Target", "")


class Workbook(Part):
    """xl/workbook.xml: the sheets with their relation ids."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []
        super().__init__()

    def wire(self, parser: expat.XMLParserType) -> None:
        parser.StartElementHandler = self._start

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(" ")[2] == "sheet":
            relation = next((value for key, value in attributes.items() if key.endswith(" id")), "")
            self.sheets.append((attributes.get("name", ""), relation))


class Counted(Part):
    """Styles or shared strings: only their number and length matter."""

    def __init__(self, limits: dict[str, tuple[int, str]], max_text: int | None = None) -> None:
        self.limits = limits
        self.counts = dict.fromkeys(limits, 0)
        self.max_text = max_text
        self.bytes = 0
        super().__init__()

    def wire(self, parser: expat.XMLParserType) -> None:
        parser.StartElementHandler = self._start

    def feed(self, chunk: bytes) -> None:
        self.bytes += len(chunk)
        if self.max_text and self.bytes > self.max_text:
            raise FileRefused("表格中的文字总量过大：请删除不需要的内容后再上传。")
        super().feed(chunk)

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        if local in self.counts:
            self.counts[local] += 1
            limit, message = self.limits[local]
            if self.counts[local] > limit:
                raise FileRefused(message)


class Worksheet(Part):
    """A sheet: the extent of real cells, hidden rows and columns, error cells, formulas without a result."""

    def __init__(self) -> None:
        self.facts = SheetFacts()
        self.rows = self.elements = 0
        self.row = self.column = -1
        self.text = 0
        self.kind = ""
        self.has_formula = self.has_value = False
        self._collect: list[str] | None = None
        super().__init__()

    def wire(self, parser: expat.XMLParserType) -> None:
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        self.elements += 1
        if self.elements > MAX_ELEMENTS:
            raise FileRefused(f"工作表内容过多：请删除空白行列，{RESAVE}。")
        if local == "c":
            self._start_cell(attributes)
        elif local == "row":
            self.rows += 1
            if self.rows > MAX_ROW_ELEMENTS:
                raise FileRefused(f"工作表行数过多（上限 {MAX_ROWS} 行）：请删除下方的空白行，{RESAVE}。")
            self.row = _number(attributes.get("r"), self.row + 2) - 1
            self.column = -1
            if attributes.get("hidden") in ("1", "true") and self.row < MAX_ROWS:
                self.facts.hidden_rows.add(self.row)
        elif local == "v":
            self.has_value = True
            self._hear()
        elif local == "f":
            self.has_formula = True
        elif local in ("is", "t"):
            self.has_value = True
            if self.text == 0:
                self._hear()
        elif local == "col" and attributes.get("hidden") in ("1", "true"):
            first, last = _number(attributes.get("min"), 1), _number(attributes.get("max"), 1)
            self.facts.hidden_columns.update(range(first - 1, min(last, MAX_COLUMNS)))

    def _start_cell(self, attributes: dict[str, str]) -> None:
        found = _REFERENCE.match(attributes.get("r", ""))
        if found:
            self.column, self.row = column_number(found[1]), int(found[2]) - 1
        else:
            self.column += 1
        self.kind = attributes.get("t", "")
        self.has_formula = self.has_value = False
        self.text = 0

    def _hear(self) -> None:
        self._collect = []
        self._parser.CharacterDataHandler = self._characters

    def _characters(self, text: str) -> None:
        self.text += len(text)
        if self.text > MAX_CELL_TEXT:
            raise FileRefused(f"第 {self.row + 1} 行有一个单元格的文字超过 {MAX_CELL_TEXT} 个字：请缩短后再上传。")
        if self._collect is not None and self.kind == "e":
            self._collect.append(text)

    def _end(self, name: str) -> None:
        local = name.rpartition(" ")[2]
        if local == "c":
            self._end_cell()

    def _end_cell(self) -> None:
        self._parser.CharacterDataHandler = None
        if not (self.has_value or self.has_formula):
            return
        if self.row >= MAX_ROWS:
            raise FileRefused(f"表格超过 {MAX_ROWS} 行：请拆分成几个文件再上传。")
        if self.column >= MAX_COLUMNS:
            raise FileRefused(f"表格超过 {MAX_COLUMNS} 列：请删除右侧多余的列再上传。")
        self.facts.cells += 1
        if self.kind == "e":
            self.facts.errors[self.row, self.column] = "".join(self._collect or []) or "#N/A"
        elif self.has_formula and not self.text and self.kind != "str":
            self.facts.uncached.append((self.row, self.column))


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 9 else default


_STYLES = {"xf": (2 * MAX_STYLES, f"工作簿的单元格样式过多（上限 {MAX_STYLES} 种）：请清除格式，{RESAVE}。")}
_STRINGS = {"si": (MAX_STRINGS, "表格中的文字条目过多：请拆分成几个文件再上传。")}
_PARTS: tuple[tuple[re.Pattern[str], Callable[[], Part]], ...] = (
    (re.compile(r"^xl/workbook\.xml$", re.I), Workbook),
    (re.compile(r"\.rels$", re.I), Relations),
    (re.compile(r"^xl/(worksheets|chartsheets|dialogsheets|macrosheets)/[^/]+\.xml$", re.I), Worksheet),
    (re.compile(r"^xl/styles\.xml$", re.I), lambda: Counted(_STYLES)),
    (re.compile(r"^xl/sharedstrings\.xml$", re.I), lambda: Counted(_STRINGS, MAX_STRING_BYTES)),
    (re.compile(r"\.(xml|vml)$", re.I), Part),
)


def _part_for(name: str) -> Part | None:
    return next((make() for pattern, make in _PARTS if pattern.search(name)), None)


def _sheets(parts: dict[str, Part]) -> list[tuple[str, SheetFacts]]:
    book = next((part for part in parts.values() if isinstance(part, Workbook)), None)
    links = next((p for n, p in parts.items() if n.lower() == "xl/_rels/workbook.xml.rels"), None)
    if book is None or not isinstance(links, Relations):
        raise FileRefused(BROKEN)
    if not book.sheets:
        raise FileRefused(f"工作簿里没有工作表：{RESAVE}。")
    lower = {name.lower(): part for name, part in parts.items()}
    result = []
    for name, relation in book.sheets:
        target = links.targets.get(relation, "")
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
        part = lower.get(path.lower())
        if not isinstance(part, Worksheet):
            raise FileRefused(BROKEN)
        result.append((name, part.facts))
    return result
