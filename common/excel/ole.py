"""Just enough of OLE compound files and BIFF records to judge an old .xls before it is parsed.

`check_ole` refuses encrypted workbooks, macros and other OLE documents; `scan_biff` reads what the parser does not
tell: hidden rows and columns, the extent of real cells, cells that hold an error.
Sources: [MS-CFB] §2 (header, FAT, directory), [MS-XLS] §2.4 (BoundSheet8, ColInfo, Row, FilePass and cell records).
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from common.excel.gate import BROKEN, MAX_COLUMNS, MAX_ROWS, RESAVE, FileRefused

_FREE, _END = 0xFFFFFFFF, 0xFFFFFFFE
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip


@dataclass
class SheetFacts:
    """What a scan knows of one sheet beyond its values. Rows and columns count from 0."""

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    uncached: list[tuple[int, int]] = field(default_factory=list)
    cells: int = 0


class Ole:
    """A compound file held in memory: directory and streams."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        if len(data) < 1536:
            raise FileRefused(BROKEN)
        self.sector = 1 << struct.unpack_from("<H", data, 30)[0]
        self.mini = 1 << struct.unpack_from("<H", data, 32)[0]
        if self.sector not in (512, 4096) or self.mini != 64:
            raise FileRefused(BROKEN)
        self.cutoff = struct.unpack_from("<I", data, 56)[0]
        self.fat = self._fat()
        self.entries = self._directory(struct.unpack_from("<I", data, 48)[0])

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self.sector
        return self.data[start : start + self.sector]

    def _fat(self) -> list[int]:
        limit = len(self.data) // self.sector + 1
        numbers = [n for n in struct.unpack_from("<109I", self.data, 76) if n < limit]
        following = struct.unpack_from("<I", self.data, 68)[0]
        for _ in range(limit):
            if following >= limit:
                break
            block = struct.unpack(f"<{self.sector // 4}I", self._sector(following).ljust(self.sector, b"\xff"))
            numbers += [n for n in block[:-1] if n < limit]
            following = block[-1]
        fat: list[int] = []
        for number in numbers[:limit]:
            fat += struct.unpack(f"<{self.sector // 4}I", self._sector(number).ljust(self.sector, b"\xff"))
        return fat

    def chain(self, start: int) -> bytes:
        """All sectors of a chain; a loop or a dangling link is a broken file."""
        parts, seen = [], 0
        while start not in (_END, _FREE):
            seen += 1
            if start >= len(self.fat) or seen > len(self.fat):
                raise FileRefused(BROKEN)
            parts.append(self._sector(start))
            start = self.fat[start]
        return b"".join(parts)

    def _directory(self, start: int) -> dict[str, tuple[int, int, int]]:
        entries: dict[str, tuple[int, int, int]] = {}
        raw = self.chain(start)
        for offset in range(0, len(raw) - 127, 128):
            length = struct.unpack_from("<H", raw, offset + 64)[0]
            kind = raw[offset + 66]
            if kind and 2 <= length <= 64:
                name = raw[offset : offset + length - 2].decode("utf-16-le", "replace")
                first, size = struct.unpack_from("<II", raw, offset + 116)
                entries.setdefault(name, (kind, first, size))
        return entries

    def stream(self, name: str) -> bytes | None:
        """The bytes of a stream, or None. Streams below the cutoff live in the mini stream of the root entry."""
        if name not in self.entries:
            return None
        _, first, size = self.entries[name]
        if size >= self.cutoff:
            return self.chain(first)[:size]
        root = next((entry for entry in self.entries.values() if entry[0] == 5), None)
        if root is None:
            raise FileRefused(BROKEN)
        container = self.chain(root[1])
        raw = self.chain(struct.unpack_from("<I", self.data, 60)[0])
        table = struct.unpack(f"<{len(raw) // 4}I", raw)
        parts, steps = [], 0
        while first not in (_END, _FREE):
            steps += 1
            if first >= len(table) or steps > len(table):
                raise FileRefused(BROKEN)
            parts.append(container[first * 64 : first * 64 + 64])
            first = table[first]
        return b"".join(parts)[:size]


def check_ole(data: bytes) -> None:
    """Refuse what is no plain .xls workbook. Cheap: header, FAT and directory; the stream is searched for a lock."""
    try:
        _check_ole(data)
    except (struct.error, IndexError, ValueError, OverflowError):
        raise FileRefused(BROKEN) from None


def _check_ole(data: bytes) -> None:
    book = Ole(data)
    names = {name.lower() for name in book.entries}
    if "encryptedpackage" in names or "encryptioninfo" in names:
        raise FileRefused("文件已加密（设有打开密码）：请去掉密码后再上传。")
    if names & {"_vba_project_cur", "_vba_project", "vba", "macros"}:
        raise FileRefused(f"文件含有宏，为安全起见不接收：{RESAVE}（不带宏）。")
    if "worddocument" in names or "powerpoint document" in names:
        raise FileRefused("这是 Word 文档或演示文稿，不是表格：请上传 .xlsx、.xls 或 .csv 文件。")
    stream = workbook_stream(book)
    for kind, _ in records(stream):
        if kind == 0x2F:
            raise FileRefused("文件已加密（设有打开密码）：请去掉密码后再上传。")
        if kind == 0x0A:
            return
        if kind in (0x009, 0x209, 0x409):
            raise FileRefused(f"这是很旧的 Excel 格式（Excel 4.0 或更早）：{RESAVE}。")
    raise FileRefused(BROKEN)


def workbook_stream(book: Ole) -> bytes:
    """The BIFF records of the workbook."""
    stream = book.stream("Workbook") or book.stream("Book")
    if not stream:
        raise FileRefused(f"文件里没有 Excel 工作簿：{RESAVE}。")
    return stream


def records(stream: bytes, start: int = 0) -> Iterator[tuple[int, bytes]]:
    """(type, payload) of the BIFF records from `start` on."""
    position = start
    while position + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, position)
        yield kind, stream[position + 4 : position + 4 + size]
        position += 4 + size


def scan_biff(data: bytes) -> list[SheetFacts]:
    """Facts of every sheet in the order of the workbook. Raises FileRefused when real cells lie too far out."""
    stream = workbook_stream(Ole(data))
    offsets = []
    for kind, payload in records(stream):
        if kind == 0x85 and len(payload) >= 6:
            offsets.append(struct.unpack_from("<IBB", payload)[0::2])
        if kind == 0x0A:
            break
    return [_scan_sheet(stream, offset) for offset, sheet_type in offsets if sheet_type in (0, 1, 2, 6)]


def _scan_sheet(stream: bytes, start: int) -> SheetFacts:
    facts = SheetFacts()
    depth = 0
    for kind, payload in records(stream, start):
        if kind == 0x809:
            depth += 1
        elif kind == 0x0A:
            depth -= 1
            if depth <= 0:
                break
        elif depth != 1 or len(payload) < 4:
            continue
        elif kind == 0x7D and len(payload) >= 10:
            first, last, _, _, flags = struct.unpack_from("<5H", payload)
            if flags & 1:
                facts.hidden_columns.update(range(first, min(last, MAX_COLUMNS) + 1))
        elif kind == 0x208 and len(payload) >= 16:
            if struct.unpack_from("<I", payload, 12)[0] & 0x20:
                facts.hidden_rows.add(struct.unpack_from("<H", payload)[0])
        elif kind in (0x06, 0xFD, 0x203, 0x204, 0x205, 0x27E, 0xBD, 0xD6):
            _count_cell(facts, kind, payload)
    return facts


def _count_cell(facts: SheetFacts, kind: int, payload: bytes) -> None:
    row, column = struct.unpack_from("<HH", payload)
    if kind == 0xBD:
        column += max(0, (len(payload) - 6) // 6 - 1)
    if row >= MAX_ROWS:
        raise FileRefused(f"表格超过 {MAX_ROWS} 行：请拆分成几个文件再上传。")
    if column >= MAX_COLUMNS:
        raise FileRefused(f"表格超过 {MAX_COLUMNS} 列：请删除右侧多余的列再上传。")
    facts.cells += 1
    if kind == 0x205 and len(payload) >= 8 and payload[7] == 1:
        facts.errors[row, column] = _ERRORS.get(payload[6], "#N/A")
    elif kind == 0x06 and len(payload) >= 14 and payload[12:14] == b"\xff\xff" and payload[6] == 2:
        facts.errors[row, column] = _ERRORS.get(payload[8], "#N/A")
