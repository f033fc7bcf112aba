"""Words for stage, nature and level: what 续建, 新开工, 在建 or ★ say (value inventory of real lists).

新建 alone says nothing about the stage; together with 是否开工 it does. 续建 but not started is a contradiction.
"""

import re
from dataclasses import dataclass

from common.excel.text import MARKS, squash, strip_brackets

PLANNING, RESERVE, COMMENCED, CONSTRUCTION, PRODUCTION = "谋划", "储备", "开工", "建设", "投产"


@dataclass(frozen=True)
class Label:
    """What a word says of a project; either part may be unknown."""

    stage: str | None = None
    nature: str | None = None


_WORDS: dict[str, Label] = {}
for _stage, _nature, _list in (
    (PLANNING, None, "前期 谋划 前期谋划 推进前期 前期推进 策划 前期工作 谋划储备"),
    (
        RESERVE,
        None,
        "预备 储备 前期准备 未开工 拟开工 拟新开工 待开工 重点预备 否 计划开工 计划新开工 尚未开工 预开工 拟建",
    ),
    (COMMENCED, "新建", "新开工 计划新开工已开工"),
    (COMMENCED, None, "开工 已开工 集中开工 刚开工 开工在建"),
    (CONSTRUCTION, "续建", "续建 结转 结转续建 续建结转"),
    (
        CONSTRUCTION,
        None,
        "在建 收尾 推进 建设中 正在建设 建设 施工中 正在施工 是 在建续建 建设阶段 计划建成 计划竣工 计划完工 计划投产",
    ),
    (
        PRODUCTION,
        None,
        "建成 竣工 完工 投产 竣工投产 建成投产 已建成 已竣工 已完工 已投产 建成投用 竣工投产或部分竣工投产 "
        "全部竣工 完工投产 建成或部分建成 已竣工投产 运营 已投用 投用",
    ),
    (None, "新建", "新建"),
    (None, "扩建", "扩建"),
    (None, "改建", "改建"),
    (None, "改扩建", "改扩建 改建扩建"),
    (None, "技改", "技改 技术改造 技改扩能"),
    (None, "迁建", "迁建"),
):
    for _word in _list.split():
        _WORDS[_word] = Label(_stage, _nature)

STAGES = (PLANNING, RESERVE, COMMENCED, CONSTRUCTION, PRODUCTION)
_WORDS["谋划"] = Label(PLANNING)
_FILLER = re.compile(
    r"国家级?|自治区级?|省级?|市级?|区级?|县级?|本级|重点|重大|项目|工程|类|计划表|清单|名单|年度|当年|本年|年内|今年|全年|\d{4}年?"
    r"|[\d、.（）()【】\[\]《》:：]|个|项|阶段|情况"
)
_TITLE_WORDS = re.compile(r"计划新?开工|拟新?开工|新开工|集中开工|续建|在建|前期|储备|预备|竣工|完工|投产")


def label_of(text: str) -> Label | None:
    """What a label says when it says nothing but stage or nature ("省在建重点项目", "新建项目38个"); else None."""
    flat = re.sub(r"^[【〔《]([^】〕》]+)[】〕》]", r"\1", squash(text))
    if not flat or len(flat) > 30:
        return None
    for form in (flat, strip_brackets(flat)):
        if form in _WORDS:
            return _WORDS[form]
    core = _FILLER.sub("", strip_brackets(flat))
    core = core if core in _WORDS else core.removesuffix("中")
    if core in ("是", "否"):
        return None
    if core in _WORDS:
        return _WORDS[core]
    planned = re.sub(r"^(计划|拟)", "", core)
    return _WORDS.get(planned) if planned != core and planned in ("续建", "在建") else None


def title_label(title: str) -> Label | None:
    """What a title says of all its projects: only when it names exactly one stage."""
    found = set(_TITLE_WORDS.findall(title))
    labels = {label.stage: label for word in found if (label := label_of(word))}
    return next(iter(labels.values())) if len(labels) == 1 else None


def yes_no(text: str) -> bool | None:
    """是/已开工 → True, 否/未开工 → False, anything else → None."""
    flat = squash(text).rstrip("。")
    if re.fullmatch(r"是|已|已开工|开工|√|y|yes|1|true|已经开工|在建", flat, re.I):
        return True
    if re.fullmatch(r"否|未|未开工|没有|×|n|no|0|false|尚未开工|不是|待开工", flat, re.I):
        return False
    return None


def stage_from(nature: str | None, started: bool | None) -> tuple[str | None, bool]:
    """(stage, contradiction) from 建设性质 and 是否开工."""
    if started is None:
        label = _WORDS.get(nature or "")
        return (label.stage if label else None), False
    if nature == "续建":
        return (CONSTRUCTION, False) if started else (None, True)
    if nature is None:
        return (CONSTRUCTION if started else RESERVE), False
    return (COMMENCED if started else RESERVE), False


def finished(progress: str) -> bool:
    """A progress text that says nothing but 该项目已竣工."""
    return bool(
        re.fullmatch(
            r"(该|本)?(项目|工程)?(现|目前)?(已经?)?(全部|全面)?(建成|竣工|完工|投产|建成投产|竣工投产)",
            squash(progress).rstrip("。"),
        )
    )


def split_marks(name: str) -> tuple[str, str]:
    """(name without marks at its ends, the marks)."""
    core = name.strip().strip(MARKS).strip()
    return core, "".join(char for char in name if char in MARKS and char not in core)


_DEFAULT_LEVELS = {"★": "省重点", "■": "市重点", "▲": "市重点"}
_DEFINITION = re.compile(
    rf"(国家|省市|省|自治区|市|区|县)级?(重点|重大)(?:建设)?项目[^{MARKS}。;；]{{0,16}}?([{MARKS}])"
    rf"|([{MARKS}])[^{MARKS}。;；]{{0,8}}?(国家|省市|省|自治区|市|区|县)级?(重点|重大)"
    rf"|([{MARKS}])[^{MARKS}。;；\w]{{0,4}}(?:表示|代表|为|是)?[^{MARKS}。;；\w]{{0,3}}(结转|续建|新开工)"
)


def mark_levels(notes: list[str]) -> dict[str, str]:
    """Levels as the list's own notes define its marks ("省重点项目请于名称前标注★")."""
    levels: dict[str, str] = {}
    for note in notes:
        for found in _DEFINITION.finditer(note):
            if found[3]:
                levels.setdefault(found[3], found[1] + found[2])
            elif found[4]:
                levels.setdefault(found[4], found[5] + found[6])
            else:
                levels.setdefault(found[7], found[8])
    return levels


def mark_level(mark: str, defined: dict[str, str]) -> tuple[str | None, bool]:
    """(level, assumed) of the first known mark: as the list defines it; the usual meaning when it defines none."""
    for char in mark:
        if char in defined:
            return defined[char], False
    if defined:
        return None, False
    for char in mark:
        if char in _DEFAULT_LEVELS:
            return _DEFAULT_LEVELS[char], True
    return None, False
