"""Hostile and odd files, built on the spot (numbers refer to the table in the reliability catalogue, part C)."""

import datetime as dt
import io
import random
import re
import struct
import zipfile
from collections.abc import Callable

import openpyxl

NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PKG = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
ROOT_RELS = (
    f'<Relationships xmlns="{PKG}"><Relationship Id="rId1" Type="{REL}/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>"
)
BOOK = f'<workbook {NS} xmlns:r="{REL}"><sheets><sheet name="清单" sheetId="1" r:id="rId1"/></sheets></workbook>'
BOOK_RELS = (
    f'<Relationships xmlns="{PKG}"><Relationship Id="rId1" Type="{REL}/worksheet" Target="worksheets/sheet1.xml"/>'
    "</Relationships>"
)


def text_cell(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


HEADER_ROW = '<row r="1">' + text_cell("A1", "项目名称") + text_cell("B1", "总投资（万元）") + "</row>"
GOOD_ROWS = HEADER_ROW + '<row r="2">' + text_cell("A2", "东河大桥") + '<c r="B2"><v>1200</v></c></row>'


def sheet(rows: str = GOOD_ROWS, before: str = "", prolog: str = "") -> str:
    return f"{prolog}<worksheet {NS}>{before}<sheetData>{rows}</sheetData></worksheet>"


def workbook(parts: dict[str, str | bytes] | None = None, **replaced: str | bytes) -> bytes:
    """A minimal .xlsx; `parts` adds or replaces members (None as content removes one)."""
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": ROOT_RELS,
        "xl/workbook.xml": BOOK,
        "xl/_rels/workbook.xml.rels": BOOK_RELS,
        "xl/worksheets/sheet1.xml": sheet(),
    }
    members.update(parts or {})
    members.update(replaced)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            if content:
                archive.writestr(name, content)
    return out.getvalue()


def plain_book() -> bytes:
    """A real workbook made by openpyxl."""
    book = openpyxl.Workbook()
    for row in (["项目名称", "总投资（万元）"], ["东河大桥", 1200], ["西山道路", 3500.5]):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_member(name: str, content: bytes = b"x", data: bytes | None = None) -> bytes:
    out = io.BytesIO(data or workbook())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def far_cell() -> bytes:
    rows = '<row r="1">' + text_cell("A1", "a") + '</row><row r="1048576">' + text_cell("XFD1048576", "b") + "</row>"
    return workbook({"xl/worksheets/sheet1.xml": sheet(rows)})


def doctype(part: str = "xl/worksheets/sheet1.xml") -> bytes:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    content = {"xl/worksheets/sheet1.xml": sheet(), "_rels/.rels": ROOT_RELS, "xl/workbook.xml": BOOK}[part]
    return workbook({part: bomb + content})


def external_entity() -> bytes:
    prolog = '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    return workbook({"xl/worksheets/sheet1.xml": sheet(HEADER_ROW.replace("项目名称", "&x;"), prolog=prolog)})


def many_members() -> bytes:
    return workbook({f"xl/media/image{n}.png": b"x" for n in range(300)})


def duplicate_member() -> bytes:
    out = io.BytesIO(workbook())
    with zipfile.ZipFile(out, "a") as archive, _quiet():
        archive.writestr("xl/worksheets/sheet1.xml", sheet(HEADER_ROW))
    return out.getvalue()


def _quiet() -> "object":
    import warnings

    return warnings.catch_warnings(action="ignore")


def encrypted_flag() -> bytes:
    data = bytearray(workbook())
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(magic)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(magic, at + 4)
    return bytes(data)


def lying_size() -> bytes:
    """The directory says 1 KB, the stream holds 30 MB."""
    data = bytearray(workbook({"xl/worksheets/sheet1.xml": sheet("<!--" + " " * 30_000_000 + "-->")}))
    name = b"xl/worksheets/sheet1.xml"
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        if data[at + 46 : at + 46 + len(name)] == name:
            struct.pack_into("<I", data, at + 24, 1024)
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(data)


def symlink() -> bytes:
    out = io.BytesIO(workbook())
    with zipfile.ZipFile(out, "a") as archive:
        link = zipfile.ZipInfo("xl/link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return out.getvalue()


def many_rows(count: int) -> bytes:
    rows = HEADER_ROW + "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(2, count + 2))
    return workbook({"xl/worksheets/sheet1.xml": sheet(rows)})


def empty_rows(count: int) -> bytes:
    rows = HEADER_ROW + "".join(f'<row r="{n}"/>' for n in range(2, count + 2))
    return workbook({"xl/worksheets/sheet1.xml": sheet(rows)})


def dimension(reference: str) -> bytes:
    return workbook({"xl/worksheets/sheet1.xml": sheet(before=f'<dimension ref="{reference}"/>')})


def cell(xml: str) -> bytes:
    rows = HEADER_ROW + '<row r="2">' + text_cell("A2", "东河大桥") + xml + "</row>"
    rows += '<row r="3">' + text_cell("A3", "西山道路") + '<c r="B3"><v>7</v></c></row>'
    return workbook({"xl/worksheets/sheet1.xml": sheet(rows)})


def ole(names: list[str], stream: bytes = b"") -> bytes:
    """A small OLE file with the given streams; the first one holds `stream` (padded to the mini stream cutoff)."""
    body = stream.ljust(4096, b"\0")
    sectors = len(body) // 512
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<IIIIIIII", header, 44, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    struct.pack_into("<109I", header, 76, 0, *[0xFFFFFFFF] * 108)
    fat = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, 2 + sectors), 0xFFFFFFFE]
    fat += [0xFFFFFFFF] * (128 - len(fat))
    directory = bytearray()
    for position, (name, kind) in enumerate([("Root Entry", 5), *((name, 2) for name in names)][:4]):
        entry = bytearray(128)
        raw = name.encode("utf-16-le") + b"\0\0"
        entry[: len(raw)] = raw
        struct.pack_into("<HBB", entry, 64, len(raw), kind, 1)
        struct.pack_into("<III", entry, 68, 0xFFFFFFFF, 0xFFFFFFFF, 1 if position == 0 else 0xFFFFFFFF)
        struct.pack_into("<II", entry, 116, 0xFFFFFFFE if kind == 5 else 2, 0 if kind == 5 else len(body))
        directory += entry
    directory = directory.ljust(512, b"\0")
    return bytes(header) + struct.pack("<128I", *fat) + bytes(directory) + body


def biff(records: list[tuple[int, bytes]]) -> bytes:
    return b"".join(struct.pack("<HH", kind, len(payload)) + payload for kind, payload in records)


BOF = (0x809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 6))

REFUSED: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "1 empty": (lambda: b"", "a.xlsx", "空文件"),
    "2 too big": (lambda: b"PK\x03\x04" + bytes(10 * 1024 * 1024), "a.xlsx", "10 MB"),
    "3 truncated": (lambda: plain_book()[:2000], "a.xlsx", "损坏|多余"),
    "4 random bytes": (lambda: random.Random(4).randbytes(5000), "a.xlsx", "格式"),
    "5 csv as xlsx": (lambda: "项目名称,总投资\n东河大桥,12\n".encode(), "a.xlsx", "CSV"),
    "6 html as xls": (lambda: "<html><table><tr><td>项目名称</td></tr></table></html>".encode(), "a.xls", "网页"),
    "7 xml as xls": (lambda: b'<?xml version="1.0"?><Workbook/>', "a.xls", "XML"),
    "8 encrypted ole": (lambda: ole(["EncryptedPackage", "EncryptionInfo"]), "a.xlsx", "加密"),
    "8 encrypted biff": (lambda: ole(["Workbook"], biff([BOF, (0x2F, b"\0" * 6), (0x0A, b"")])), "a.xls", "加密"),
    "8 encrypted zip": (encrypted_flag, "a.xlsx", "加密"),
    "9 vba part": (lambda: with_member("xl/vbaProject.bin"), "a.xlsm", "宏"),
    "9 vba in xls": (lambda: ole(["Workbook", "_VBA_PROJECT_CUR"], biff([BOF, (0x0A, b"")])), "a.xls", "宏"),
    "10 macro type": (
        lambda: workbook({"[Content_Types].xml": TYPES.replace(
            "vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", "vnd.ms-excel.sheet.macroEnabled.main+xml"
        )}),
        "a.xlsx",
        "宏",
    ),
    "11 xlsb": (
        lambda: workbook({"[Content_Types].xml": TYPES.replace(
            "vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            "vnd.ms-excel.sheet.binary.macroEnabled.main",
        )}),
        "a.xlsb",
        "xlsb",
    ),
    "12 ods": (
        lambda: workbook({"[Content_Types].xml": "", "mimetype": "application/vnd.oasis.opendocument.spreadsheet"}),
        "a.xlsx",
        "ODS",
    ),
    "13 docx": (
        lambda: workbook(
            {"[Content_Types].xml": TYPES.replace("spreadsheetml.sheet.main", "wordprocessingml.document.main")}
        ),
        "a.xlsx",
        "Word",
    ),
    "13 doc": (lambda: ole(["WordDocument"]), "a.xls", "Word"),
    "14 cell bomb": (lambda: workbook({"xl/worksheets/sheet1.xml": sheet(
        '<row r="1">' + text_cell("A1", "x" * 60_000_000) + "</row>"
    )}), "a.xlsx", "庞大|过大"),
    "15 million rows": (lambda: empty_rows(300_000), "a.xlsx", "行"),
    "16 far cell": (far_cell, "a.xlsx", "行|列"),
    "19 styles": (
        lambda: workbook(
            {"xl/styles.xml": f"<styleSheet {NS}><cellXfs>" + "<xf/>" * 200_000 + "</cellXfs></styleSheet>"}
        ),
        "a.xlsx",
        "样式",
    ),
    "20 shared strings": (
        lambda: workbook({"xl/sharedStrings.xml": f"<sst {NS}>" + "<si/>" * 500_001 + "</sst>"}), "a.xlsx", "文字"
    ),
    "22 doctype in sheet": (doctype, "a.xlsx", "DOCTYPE"),
    "23 doctype in rels": (lambda: doctype("_rels/.rels"), "a.xlsx", "DOCTYPE"),
    "23 doctype in workbook": (lambda: doctype("xl/workbook.xml"), "a.xlsx", "DOCTYPE"),
    "24 external entity": (external_entity, "a.xlsx", "DOCTYPE"),
    "26 utf-16": (lambda: workbook({"xl/worksheets/sheet1.xml": sheet().encode("utf-16")}), "a.xlsx", "UTF-8"),
    "26 other encoding": (
        lambda: workbook({"xl/worksheets/sheet1.xml": '<?xml version="1.0" encoding="iso-8859-1"?>' + sheet("")}),
        "a.xlsx",
        "UTF-8",
    ),
    "27 zip in zip": (lambda: with_member("xl/inner.zip", workbook()), "a.xlsx", "内嵌"),
    "28 plain zip": (lambda: workbook({"[Content_Types].xml": ""}), "a.xlsx", "压缩包"),
    "29 lying size": (lying_size, "a.xlsx", "损坏"),
    "30 many members": (many_members, "a.xlsx", "部件过多"),
    "31 duplicate member": (duplicate_member, "a.xlsx", "重复"),
    "32 climbing name": (lambda: with_member("../../evil.xml"), "a.xlsx", "名称"),
    "32 absolute name": (lambda: with_member("/etc/evil.xml"), "a.xlsx", "名称"),
    "32 drive name": (lambda: with_member("c:evil.xml"), "a.xlsx", "名称"),
    "33 symlink": (symlink, "a.xlsx", "链接"),
    "34 external link": (lambda: with_member("xl/externalLinks/externalLink1.xml", b"<x/>"), "a.xlsx", "外部链接"),
    "34 linked image": (
        lambda: workbook({"xl/drawings/_rels/drawing1.xml.rels":
            f'<Relationships xmlns="{PKG}"><Relationship Id="r" Type="{REL}/image" Target="http://127.0.0.1/x.png" '
            'TargetMode="External"/></Relationships>'}),
        "a.xlsx",
        "外部链接",
    ),
    "35 embedding": (lambda: with_member("xl/embeddings/oleObject1.bin"), "a.xlsx", "内嵌"),
    "36 sheet missing": (lambda: workbook({"xl/worksheets/sheet1.xml": ""}), "a.xlsx", "损坏"),
    "36 workbook missing": (lambda: workbook({"xl/workbook.xml": ""}), "a.xlsx", "损坏"),
    "37 no sheets": (lambda: workbook({"xl/workbook.xml": f"<workbook {NS}><sheets/></workbook>"}), "a.xlsx", "没有"),
    "63 long cell": (lambda: cell(text_cell("B2", "长" * 40_000)), "a.xlsx", "超过"),
    "66 utf-16 csv": (lambda: "项目名称,总投资\n".encode("utf-16"), "a.csv", "编码"),
    "66 invalid byte": (lambda: "项目名称,总投资\n".encode() + b"\xff\xff\xff\n", "a.csv", "第 2 行"),
    "67 open quote": (lambda: '项目名称,总投资\n"东河大桥,12\n'.encode(), "a.csv", "第 2 行|第 3 行"),
    "67 wide csv": (lambda: ",".join(["x"] * 200).encode(), "a.csv", "列"),
    "68 gzip": (lambda: b"\x1f\x8b\x08" + bytes(100), "a.csv", "压缩包"),
    "69 pdf": (lambda: b"%PDF-1.7" + workbook(), "a.xlsx", "PDF"),
    "69 trailing data": (lambda: workbook() + b"evil" * 10, "a.xlsx", "多余|损坏"),
    "74 rows": (lambda: many_rows(20_001), "a.xlsx", "20000 行"),
    "broken ole": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3000), "a.xls", "损坏"),
}  # fmt: skip


def strict() -> bytes:
    """ISO 29500 strict namespaces, as few programs write them."""
    swap = {
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main": "http://purl.oclc.org/ooxml/spreadsheetml/main",
        REL: "http://purl.oclc.org/ooxml/officeDocument/relationships",
    }
    parts = {"_rels/.rels": ROOT_RELS, "xl/workbook.xml": BOOK, "xl/_rels/workbook.xml.rels": BOOK_RELS}
    parts["xl/worksheets/sheet1.xml"] = sheet()
    for old, new in swap.items():
        parts = {name: text.replace(old, new) for name, text in parts.items()}
    return workbook(dict(parts))


def prefixed() -> bytes:
    """Every element of the sheet under a namespace prefix."""
    text = re.sub(r"<(/?)(\w)", r"<\1x:\2", sheet()).replace('xmlns="', 'xmlns:x="')
    return workbook({"xl/worksheets/sheet1.xml": text})


def hidden_sheet_first() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["草稿", 1])
    book.active.sheet_state = "hidden"
    for line in (["项目名称", "总投资（万元）"], ["东河大桥", 1200]):
        (book["清单"] if "清单" in book.sheetnames else book.create_sheet("清单")).append(line)
    return _saved(book)


def hidden_rows() -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(plain_book()))
    book.active.row_dimensions[2].hidden = True
    book.active.column_dimensions["B"].hidden = True
    book.active.auto_filter.ref = "A1:B3"
    return _saved(book)


def epoch_1904() -> bytes:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active.append(["项目名称", "总投资（万元）", "开工时间"])
    book.active.append(["东河大桥", 1200, dt.date(2026, 3, 1)])
    return _saved(book)


def write_only() -> bytes:
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("清单")
    for line in (["项目名称", "总投资（万元）"], ["东河大桥", 1200]):
        page.append(line)
    return _saved(book)


def named(text: str) -> bytes:
    """A list whose only project has this name."""
    rows = HEADER_ROW + '<row r="2">' + text_cell("A2", text) + "</row>"
    return workbook({"xl/worksheets/sheet1.xml": sheet(rows)})


def _saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


_CSV = '项目名称,总投资（万元）,建设内容\n东河大桥,1200,"全长2公里，\n双向四车道"\n'
ODD: dict[str, tuple[Callable[[], bytes], str, str]] = {  # verdict: read, or either (read or refused, never a crash)
    "17 dimension too large": (lambda: dimension("A1:XFD1048576"), "a.xlsx", "read"),
    "18 dimension too small": (lambda: dimension("A1:A1"), "a.xlsx", "read"),
    "21 string index too high": (lambda: cell('<c r="B2" t="s"><v>99</v></c>'), "a.xlsx", "either"),
    "21 string index negative": (lambda: cell('<c r="B2" t="s"><v>-1</v></c>'), "a.xlsx", "either"),
    "38 hidden sheet first": (hidden_sheet_first, "a.xlsx", "read"),
    "39 hidden rows, filter": (hidden_rows, "a.xlsx", "read"),
    "41 cached formula": (lambda: cell('<c r="B2"><f>1+1</f><v>2</v></c>'), "a.xlsx", "read"),
    "42 formula without value": (lambda: cell('<c r="B2"><f>1+1</f></c>'), "a.xlsx", "read"),
    "43 error cell": (lambda: cell('<c r="B2" t="e"><v>#DIV/0!</v></c>'), "a.xlsx", "read"),
    "44 infinite": (lambda: cell('<c r="B2"><v>1e999</v></c>'), "a.xlsx", "read"),
    "44 not a number": (lambda: cell('<c r="B2"><v>NaN</v></c>'), "a.xlsx", "either"),
    "44 minus nought": (lambda: cell('<c r="B2"><v>-0</v></c>'), "a.xlsx", "read"),
    "45 number with letters": (lambda: cell('<c r="B2"><v>abc</v></c>'), "a.xlsx", "either"),
    "47 too exact": (lambda: cell('<c r="B2"><v>1.23456</v></c>'), "a.xlsx", "read"),
    "50 epoch 1904": (epoch_1904, "a.xlsx", "read"),
    "52 header with breaks": (
        lambda: "\ufeff 项目\u3000名称 ,总投资（万元）\n东河大桥,5\n".encode(), "a.csv", "read"
    ),
    "59 formula as text": (lambda: named("=cmd|' /C calc'!A0"), "a.xlsx", "read"),
    "60 script": (lambda: named("&lt;script&gt;alert(1)&lt;/script&gt;"), "a.xlsx", "read"),
    "61 template": (lambda: named("{{7*7}}{% load x %}${x}%s"), "a.xlsx", "read"),
    "62 control characters": (lambda: named("东河_xD800_\u202e大桥"), "a.xlsx", "read"),
    "64 emoji and extension B": (lambda: named("𠮷林🚧大桥"), "a.xlsx", "read"),
    "65 csv utf-8": (lambda: _CSV.encode(), "a.csv", "read"),
    "65 csv bom": (lambda: _CSV.encode("utf-8-sig"), "a.csv", "read"),
    "65 csv gb18030": (lambda: _CSV.encode("gb18030"), "a.csv", "read"),
    "67 csv tabs": (lambda: _CSV.replace(",", "\t").encode(), "a.csv", "read"),
    "67 csv only CR": (lambda: b"\xe9\xa1\xb9\rx\r", "a.csv", "either"),
    "70 climbing name": (plain_book, "../../a.xlsx", "read"),
    "70 long name": (plain_book, "长" * 300 + ".xlsx", "read"),
    "70 device name": (plain_book, "CON.xlsx", "read"),
    "70 turned name": (plain_book, "报告\u202exslx.exe", "read"),
    "78 write-only": (write_only, "a.xlsx", "read"),
    "78 prefixed": (prefixed, "a.xlsx", "either"),
    "78 strict": (strict, "a.xlsx", "either"),
    "78 xlsx named xls": (plain_book, "a.xls", "read"),
}  # fmt: skip


def mutated(good: bytes, rng: random.Random) -> bytes:
    """A good file with bytes flipped, cut out, doubled, or a member's content exchanged."""
    kind = rng.choice(("flip", "flip", "flip", "cut", "double", "swap", "xml"))
    if kind in ("swap", "xml"):
        return _members_mutated(good, rng, kind)
    data = bytearray(good)
    at = rng.randrange(len(data))
    size = rng.randint(1, 64)
    if kind == "cut":
        del data[at : at + size]
    elif kind == "double":
        data[at:at] = data[at : at + size]
    else:
        for _ in range(rng.randint(1, 12)):
            data[rng.randrange(len(data))] = rng.randrange(256)
    return bytes(data)


def _members_mutated(good: bytes, rng: random.Random, kind: str) -> bytes:
    """The same inside the zip, so that the container stays whole and the parser is reached."""
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    names = sorted(parts)
    if kind == "swap":
        one, two = rng.choice(names), rng.choice(names)
        parts[one], parts[two] = parts[two], parts[one]
    else:
        name = rng.choice(names)
        data = bytearray(parts[name])
        for _ in range(rng.randint(1, 6)):
            data[rng.randrange(len(data))] = rng.randrange(32, 127)
        parts[name] = bytes(data)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()
