"""The safety gate before any parser touches a file (architecture §1.10, reliability §4.C).

`check(data, filename)` looks at the container only and is cheap enough for the web process: size, magic bytes, the
directory of the zip, the header of an OLE file, the encoding of a CSV. What needs decompression is scanned by
`common.excel.scan` inside the limited child process.
"""

import io
import re
import zipfile
from pathlib import PurePath

from common.errors import DomainError

MAX_BYTES = 10 * 1024 * 1024
MAX_MEMBERS = 200
MAX_UNPACKED = 100 * 1024 * 1024
MAX_RATIO = 200
RATIO_FROM = 10 * 1024 * 1024  # small members of real lists compress far better than 1:200
MAX_ROWS = 20_000
MAX_COLUMNS = 100
MAX_CELL_TEXT = 32_767

RESAVE = "请用 Excel 或 WPS 打开后另存为 .xlsx 再上传"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAIN_TYPES = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml",
}
BROKEN = f"文件已损坏或不完整，无法打开：{RESAVE}。"
_EOCD = b"PK\x05\x06"
_FORBIDDEN_PARTS = (
    (re.compile(r"(^|/)vbaproject", re.I), f"文件含有宏，为安全起见不接收：{RESAVE}（不带宏）。"),
    (re.compile(r"^xl/externallinks/", re.I), f"文件含有指向其他工作簿的外部链接：请断开链接，{RESAVE}。"),
    (re.compile(r"^xl/connections\.xml$", re.I), f"文件含有外部数据连接：请删除连接，{RESAVE}。"),
    (
        re.compile(r"(^|/)(embeddings|activex)/|\.(exe|dll|com|bat|js|vbs|zip)$", re.I),
        f"文件内嵌了其他文件或控件，为安全起见不接收：请删除内嵌对象，{RESAVE}。",
    ),
)


class FileRefused(DomainError):
    """A file that is not read at all. `message` is one Chinese sentence: what is wrong and what to do."""

    code = "file_refused"


def check(data: bytes, filename: str = "") -> str:
    """The kind of a file by its content: "xlsx", "xls" or "csv". Raises FileRefused for everything else."""
    if not data:
        raise FileRefused("这是一个空文件（0 字节）：请检查后重新选择文件。")
    if len(data) > MAX_BYTES:
        raise FileRefused("文件超过 10 MB：请删除图片或不需要的工作表后再上传。")
    if data.startswith(b"PK\x03\x04"):
        check_zip(data)
        return "xlsx"
    if data.startswith(OLE_MAGIC):
        from common.excel.ole import check_ole

        check_ole(data)
        return "xls"
    if data.startswith((b"\x1f\x8b", b"BZh", b"7z\xbc\xaf", b"Rar!", b"\xfd7zXZ")):
        raise FileRefused("这是压缩包，不是表格：请先解压，再上传其中的 .xlsx、.xls 或 .csv 文件。")
    if data.startswith(b"%PDF"):
        raise FileRefused("这是 PDF 文件，不是表格：请上传 .xlsx、.xls 或 .csv 文件。")
    return check_text(data, filename)


def check_text(data: bytes, filename: str) -> str:
    """Accept real CSV text under its own name; name the impostors (HTML, XML, unknown bytes)."""
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if re.match(rb"<(!doctype html|html|head|meta|table|body|style|div|script)\b", head) or b"<table" in head:
        raise FileRefused(f"这个文件其实是网页（HTML），只是扩展名像 Excel：{RESAVE}。")
    if head.startswith(b"<?xml"):
        raise FileRefused(f"这个文件其实是 XML 文本，不是 Excel 工作簿：{RESAVE}。")
    if PurePath(filename).suffix.lower() not in {".csv", ".txt", ""}:
        try:
            decode_text(data)
        except FileRefused:
            raise FileRefused(f"无法识别的文件格式，不是 Excel 工作簿：{RESAVE}。") from None
        raise FileRefused("文件内容是文本（CSV），扩展名却不是 .csv：请改为 .csv 扩展名，或另存为 .xlsx 再上传。")
    decode_text(data)
    return "csv"


def decode_text(data: bytes) -> str:
    """Text of a CSV: UTF-8 (with or without BOM), else GB18030; anything else is refused with the line number."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in data:
        raise FileRefused("CSV 的编码无法识别（可能是 UTF-16）：请另存为“CSV UTF-8”或 .xlsx 再上传。")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as utf8:
        try:
            return data.decode("gb18030")
        except UnicodeDecodeError as gb:
            line = data.count(b"\n", 0, max(utf8.start, gb.start)) + 1
            raise FileRefused(
                f"CSV 第 {line} 行附近的编码无法识别（只支持 UTF-8 和 GB18030）：请另存为“CSV UTF-8”或 .xlsx 再上传。"
            ) from None


def check_zip(data: bytes) -> None:
    """Look at the directory of a zip only: nothing is unpacked except the small [Content_Types].xml."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeDecodeError):
        raise FileRefused(BROKEN) from None
    if len(members) > MAX_MEMBERS:
        raise FileRefused(f"文件内部的部件过多（{len(members)} 个，上限 {MAX_MEMBERS} 个）：{RESAVE}。")
    check_layout(data, members)
    check_names(members)
    for member in members:
        if member.flag_bits & 0x1:
            raise FileRefused("文件已加密：请去掉打开密码后再上传。")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise FileRefused(f"文件使用了不支持的压缩方式：{RESAVE}。")
        if member.file_size > RATIO_FROM and member.file_size > MAX_RATIO * max(member.compress_size, 1):
            raise FileRefused(f"文件解压后异常庞大，为安全起见不接收：请删除空白行列和多余内容，{RESAVE}。")
    if sum(member.file_size for member in members) > MAX_UNPACKED:
        raise FileRefused("文件解压后超过 100 MB，过大：请删除不需要的工作表和空白行列后再上传。")
    check_purpose(archive, {member.filename for member in members})


def check_layout(data: bytes, members: list[zipfile.ZipInfo]) -> None:
    """Members must follow each other from the first byte on, and the directory must end the file."""
    tail = data.rfind(_EOCD)
    comment = int.from_bytes(data[tail + 20 : tail + 22], "little") if tail >= 0 else 0
    if tail < 0 or tail + 22 + comment != len(data):
        raise FileRefused(f"文件末尾附有多余内容，结构异常：{RESAVE}。")
    end = 0
    for position, member in enumerate(sorted(members, key=lambda item: item.header_offset)):
        start = member.header_offset
        if (position == 0 and start != 0) or start < end or data[start : start + 4] != b"PK\x03\x04":
            raise FileRefused(f"文件内部结构异常（部件重叠或前面附有多余内容）：{RESAVE}。")
        names = int.from_bytes(data[start + 26 : start + 28], "little")
        extra = int.from_bytes(data[start + 28 : start + 30], "little")
        end = start + 30 + names + extra + member.compress_size
    if end > tail:
        raise FileRefused(BROKEN)


def check_names(members: list[zipfile.ZipInfo]) -> None:
    """No duplicate, absolute, climbing or linked names; nothing that runs or reaches outside."""
    seen: set[str] = set()
    for member in members:
        name = member.orig_filename
        folded = name.lower()
        if folded in seen:
            raise FileRefused(f"文件内部有重复的部件，内容可能被篡改：{RESAVE}。")
        seen.add(folded)
        climbs = ".." in re.split(r"[\\/]", name)
        if climbs or name.startswith(("/", "\\")) or "\\" in name or "\x00" in name or re.match(r"^[a-z]:", name, re.I):
            raise FileRefused(f"文件内部的部件名称不合规：{RESAVE}。")
        if (member.external_attr >> 16) & 0o170000 == 0o120000:
            raise FileRefused(f"文件内部含有符号链接：{RESAVE}。")
        for pattern, message in _FORBIDDEN_PARTS:
            if pattern.search(name):
                raise FileRefused(message)


def check_purpose(archive: zipfile.ZipFile, names: set[str]) -> None:
    """The zip must be a plain Excel workbook: its content type decides, not its extension."""
    if "[Content_Types].xml" not in names:
        if "mimetype" in names or "content.xml" in names:
            raise FileRefused(f"这是 ODS 表格（OpenDocument），暂不支持：{RESAVE}。")
        raise FileRefused("这是普通压缩包，不是 Excel 工作簿：请先解压，再上传其中的表格文件。")
    if archive.getinfo("[Content_Types].xml").file_size > 1024 * 1024:
        raise FileRefused(BROKEN)
    try:
        types = archive.read("[Content_Types].xml")[: 1024 * 1024].decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileRefused(f"文件内部的编码不是 UTF-8：{RESAVE}。") from None
    except Exception:  # zipfile raises half a dozen kinds here: zlib.error, BadZipFile, EOFError, NotImplementedError …
        raise FileRefused(BROKEN) from None
    found = set(re.findall(r"""ContentType\s*=\s*["']([^"']+)["']""", types))
    if any("macroenabled" in kind.lower() and "binary" not in kind.lower() for kind in found):
        raise FileRefused(f"文件含有宏，为安全起见不接收：{RESAVE}（不带宏）。")
    if any("sheet.binary" in kind.lower() for kind in found):
        raise FileRefused(f"这是二进制工作簿（.xlsb），暂不支持：{RESAVE}。")
    if any("wordprocessingml" in kind for kind in found) and not found & MAIN_TYPES:
        raise FileRefused("这是 Word 文档，不是表格：请把其中的表格复制到 Excel，另存为 .xlsx 再上传。")
    if any("presentationml" in kind for kind in found) and not found & MAIN_TYPES:
        raise FileRefused("这是演示文稿，不是表格：请上传 .xlsx、.xls 或 .csv 文件。")
    if not found & MAIN_TYPES:
        raise FileRefused(f"文件里没有 Excel 工作簿：{RESAVE}。")
