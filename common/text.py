"""Text as people type it: one normal form, placeholders, names that mean the same, Chinese numerals, pinyin."""

import re
from functools import lru_cache
from itertools import groupby

from pypinyin import Style, lazy_pinyin, pinyin
from pypinyin.core import Pinyin

DASHES = "—–−‐‑―‒⸺⸻﹘﹣"
INVISIBLE = "\u200b\u200c\u200d\u2060\u180e\ufeff\u00ad"

_NORMAL = str.maketrans(
    {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    | {ord(dash): "-" for dash in DASHES}
    | {ord(mark): None for mark in INVISIBLE}
)
_PLACEHOLDER = re.compile(r"-*|/|无|待定|未定|暂无|N/A")
_NAME_MARKS = str.maketrans("", "", '“”"‘’《》·,。、()-_/')
_INNER_QUOTES = str.maketrans("“”", "‘’")
_NAME_SUFFIX = re.compile(r"(建设项目|建设工程|项目|工程|建设)\Z")


def fold(text: str) -> str:
    """Full-width ASCII to half-width, every dash to `-`, invisible characters removed; spaces and case stay."""
    return text.translate(_NORMAL)


@lru_cache(maxsize=50_000)
def norm(text: str) -> str:
    """The normal form in which texts are compared and parsed: folded, without any white space, upper case."""
    return "".join(fold(text).split()).upper()


def is_placeholder(text: str) -> bool:
    """Whether the text only says that there is no value (—, 无, 待定 …): never zero."""
    return _PLACEHOLDER.fullmatch(norm(text)) is not None


@lru_cache(maxsize=50_000)
def name_key(name: str) -> str:
    """Project names with equal keys are suspected duplicates (疑似重复, handbook §10.13). Numbers and 期次 stay."""
    return _NAME_SUFFIX.sub("", norm(name).translate(_NAME_MARKS))


def quoted(name: str) -> str:
    """A name in quotation marks, its own inside them single: “‘两重’建设第二批”."""
    return f"“{name.translate(_INNER_QUOTES)}”"


def yu(n: int) -> str:
    """A count the way reports say it: 8个, 40个, 30余个 (handbook §7.3)."""
    if n < 10 or n % 10 == 0:
        return f"{n}个"
    return f"{n // 10 * 10}余个"


# --- Chinese numerals ---------------------------------------------------------------------------------------------
NUMERAL = "〇零一二两三四五六七八九十百千万亿"
_DIGIT = {"〇": 0, "零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_D = "[一二两三四五六七八九]"
_SECTION = re.compile(rf"零?(?:({_D})千)?(零?)(?:({_D})百)?(零?)(?:({_D})?(十))?(零?)({_D})?")


def chinese_number(text: str) -> int | None:
    """The value of a written numeral (一亿二千万, 三十一, 零), or None when it is none or leaves a doubt.

    Spoken short forms are not guessed: 三万五 could be 35,000 or a slip, 一亿二千 could be 1.2 亿.
    """
    text = text.replace("〇", "零")
    if text == "零":
        return 0
    if not text or text.endswith("零"):
        return None
    return _value(text)


def chinese_digits(text: str) -> int | None:
    """Digits written one by one: 二〇二六 is 2026. None for anything else."""
    if not text or any(mark not in _DIGIT for mark in text):
        return None
    return int("".join(str(_DIGIT[mark]) for mark in text))


def _value(text: str) -> int | None:
    for unit, size in (("亿", 10**8), ("万", 10**4)):
        head, found, tail = text.rpartition(unit)
        if found:
            return _joined(head, tail, size)
    return _section(text)


def _joined(head: str, tail: str, size: int) -> int | None:
    """`head` units of `size`, then `tail`; a tail that skips places must say so with 零."""
    high = _value(head) if head else None
    if not high:
        return None
    if not tail:
        return high * size
    low = _value(tail)
    short_form = not tail.startswith("零") and (len(tail) == 1 or (size == 10**8 and "万" not in tail))
    if low is None or low >= size or short_form:
        return None
    return high * size + low


def _section(text: str) -> int | None:
    """A numeral below 10,000."""
    match = _SECTION.fullmatch(text)
    if not match or text.endswith("零"):
        return None
    thousands, zero1, hundreds, zero2, tens, ten, zero3, ones = match.groups()
    if ones and (thousands or hundreds) and not (ten or zero1 or zero2 or zero3):
        return None
    value = sum(_DIGIT[digit] * size for digit, size in ((thousands, 1000), (hundreds, 100), (ones, 1)) if digit)
    return value + (_DIGIT[tens or "一"] * 10 if ten else 0)


# --- pinyin -------------------------------------------------------------------------------------------------------
_WORDS = Pinyin()


def pinyin_index(text: str) -> tuple[str, str]:
    """(full, initials) for search boxes, lower case, the variants joined by spaces.

    The first character is indexed with all its readings, since surnames read differently: 单雄 →
    ("shanxiong danxiong chanxiong", "sx dx cx"). Letters and digits stay; punctuation goes.
    """
    text = "".join(mark for mark in fold(text) if mark.isalnum()).lower()
    if not text:
        return "", ""
    syllables, initials = [], ""
    for han, marks in groupby(text, key=_is_han):
        run = "".join(marks)
        spoken = [part for part in _syllables(run) if part]
        syllables += spoken
        initials += "".join(syllable[0] for syllable in spoken) if han else run
    readings = [syllables[0]]
    if _is_han(text[0]):
        readings += _readings(text[0])
    full = [reading + "".join(syllables[1:]) for reading in readings]
    short = [(reading[0] if _is_han(text[0]) else initials[0]) + initials[1:] for reading in readings]
    return " ".join(dict.fromkeys(full)), " ".join(dict.fromkeys(short))


def _syllables(text: str) -> list[str]:
    """What `lazy_pinyin` says of a text: it reads word by word, and words come again."""
    return [syllable for word in _WORDS.seg(text) for syllable in _spoken(word)]


@lru_cache(maxsize=20_000)
def _spoken(word: str) -> tuple[str, ...]:
    return tuple(lazy_pinyin([word], style=Style.NORMAL))


@lru_cache(maxsize=20_000)
def _readings(mark: str) -> tuple[str, ...]:
    return tuple(pinyin(mark, style=Style.NORMAL, heteronym=True)[0])


def _is_han(mark: str) -> bool:
    return "\u4e00" <= mark <= "\u9fff" or "\u3400" <= mark <= "\u4dbf" or mark == "〇"


def whole_number(text: str) -> int | None:
    """What somebody wrote into an address or a hidden field as a number that a key or version can be; None for
    anything else, numbers no database holds among it."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None
