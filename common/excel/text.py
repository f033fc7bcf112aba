"""Small helpers on the text of cells: widths, blanks, brackets, placeholders."""

import re
import unicodedata
from functools import lru_cache
from typing import Any

MARKS = "★☆■□▲△●○◆◇*※"
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]|_x[dD][89a-fA-F]")
_DASHES = re.compile("[—–−‐‑―]")
_PLACEHOLDER = re.compile(r"^(?:-+|/+|\\+|\.{2,}|…+|无|待定|未定|暂无|暂缺|不详|n/?a|none|null)?$", re.I)
_LONGEST_PLACEHOLDER = 24
_UNTIDY = re.compile("[\\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]|_x000D_")
_CJK_GAP = re.compile(r"(?<=[^\x00-\xff])[^\S\n]+(?=[^\x00-\xff])")
ERROR_TEXTS = frozenset({"#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!"})


def show(value: Any) -> str:
    """A raw cell as the text a reader sees: 3.0 → "3", a date in ISO form, None → ""."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dict):
        return str(value.get("t", "")).replace("T", " ")
    if isinstance(value, float):
        return repr(value) if not value.is_integer() else str(int(value))
    return str(value)


@lru_cache(maxsize=50_000)
def squash(text: str) -> str:
    """Half-width (NFKC), without any white space or invisible character: for comparing, never for storing."""
    if text.isascii() and text.isalnum():
        return text
    return "".join(_INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).split())


def is_blank(value: Any) -> bool:
    """No value: empty, only blanks, or one of the placeholders people write instead (——, /, 待定, #REF!)."""
    if value is None:
        return True
    if not isinstance(value, str):
        return False
    if len(value) > _LONGEST_PLACEHOLDER:
        return value.isspace()
    return _is_placeholder(value)


def is_ditto(value: Any) -> bool:
    """同上, 〃 or the same mark typed as quotes."""
    return isinstance(value, str) and len(value) < 6 and squash(value) in ("同上", "〃", "″", "”", '"', "''", '""')


@lru_cache(maxsize=20_000)
def _is_placeholder(value: str) -> bool:
    if value in ERROR_TEXTS:
        return True
    return bool(_PLACEHOLDER.match(_DASHES.sub("-", squash(value))))


def tidy(text: str, *, keep_lines: bool = False) -> str:
    """A text for storing: no padding, no blanks between Chinese characters, lines joined unless `keep_lines`."""
    if not _UNTIDY.search(text):
        return text
    text = _INVISIBLE.sub("", text.replace("_x000D_", "\n").replace("\r\n", "\n").replace("\r", "\n"))
    if keep_lines:
        lines = [re.sub(r"[^\S\n]+", " ", line).strip() for line in text.split("\n")]
        return "\n".join(line for line in lines if line)
    return _CJK_GAP.sub("", re.sub(r"\s+", " ", text.replace("\n", "")).strip())


_COUNT = r"(?:共计?|合计|小计|总计|计)?\s*\d+\s*(?:个|项|类)(?:项目)?"
_COUNTED = re.compile(rf"[(（]\s*{_COUNT}[^)）]*[)）]|[,，:：\s]*{_COUNT}(?:[,，;；].*)?$")


def counted(text: str) -> bool:
    """Does a label say how many projects it stands for: 工业项目（42项）, 民生 12个?"""
    return bool(_COUNTED.search(squash(text)))


def uncounted(text: str) -> str:
    """A label without its count: 工业项目（42项） → 工业项目."""
    return _COUNTED.sub("", text)


def unsafe(text: str) -> bool:
    """Control characters, lone surrogates or direction overrides that have no business in a list."""
    return bool(_UNSAFE.search(text))


def strip_brackets(text: str) -> str:
    """Text without any bracketed part, nested ones included; an unclosed bracket cuts the rest."""
    kept, depth = [], 0
    for char in text:
        if char in "(（[【〔":
            depth += 1
        elif char in ")）]】〕":
            depth = max(0, depth - 1)
        elif depth == 0:
            kept.append(char)
    return "".join(kept)


def bracket_parts(text: str) -> list[str]:
    """The contents of the outermost brackets, in order."""
    parts, depth, current = [], 0, ""
    for char in text:
        if char in "(（[【〔":
            depth += 1
            if depth == 1:
                current = ""
                continue
        elif char in ")）]】〕" and depth:
            depth -= 1
            if depth == 0:
                parts.append(current)
                continue
        if depth:
            current += char
    return parts


def letter(index: int) -> str:
    """Column letter of an index from 0: 0 → A, 26 → AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
