"""What the labels of lists mean in our terms: sure ones, and guesses that a person must confirm."""

import re

from common.text import norm
from projects.choices import Category, ConstructionNature, Level, Stage

STAGE_OF = {stage.label: stage.value for stage in Stage}
_LEVEL_OF = {level.label: level.value for level in Level}
CATEGORY_OF = {category.label: category.value for category in Category}
_NATURES = {
    "新建": ConstructionNature.NEW,
    "扩建": ConstructionNature.EXPANSION,
    "改建": ConstructionNature.REBUILD,
    "技改": ConstructionNature.REBUILD,
    "技术改造": ConstructionNature.REBUILD,
    "改建和技术改造": ConstructionNature.REBUILD,
    "迁建": ConstructionNature.RELOCATION,
    "恢复": ConstructionNature.RESTORATION,
    "单纯建造生活设施": ConstructionNature.LIVING,
    "单纯购置": ConstructionNature.PURCHASE,
}
_NOT_A_NATURE = {"续建", "在建", "新开工", "计划新开工", "前期", "储备", "预备"}  # kinds of the year (decisions §9)
_LEVEL_WORDS = (
    (re.compile(r"国家|中央|部级"), Level.NATIONAL),
    (re.compile(r"省|自治区"), Level.PROVINCIAL),
    (re.compile(r"市"), Level.MUNICIPAL),
    (re.compile(r"区|县"), Level.DISTRICT),
)
_PLAIN_LEVEL = re.compile(r"(国家|部|省市?|自治区|市|区|县)?级?(重点|重大|级|本级)?(建设)?(项目)?")
_CATEGORY_WORDS = (
    (Category.ECOLOGY, "生态|环保|环境|治理|污水|垃圾|绿化|节能"),
    (Category.TOURISM, "文旅|旅游|文化|景区|康养"),
    (Category.AGRICULTURE, "农|林业|牧|渔|水产|乡村"),
    (Category.INFRASTRUCTURE, "基础设施|交通|市政|道路|公路|桥|水利|能源|电网|管网|铁路|通信|城建|城市更新"),
    (Category.LIVELIHOOD, "民生|教育|学校|卫生|医疗|养老|社会|保障|安置|棚改|体育|住房"),
    (Category.INDUSTRY, "工业|制造|产业园|技改|化工|建材|医药|装备|汽车|科技"),
    (Category.SERVICE, "服务|商贸|物流|金融|房地产|商业|会展"),
)


def stage(text: str) -> str | None:
    """A stage only by its own name."""
    return STAGE_OF.get(text)


def nature(text: str) -> str | None:
    """建设性质; "" where the word speaks of the year, not of the nature."""
    if text in _NOT_A_NATURE:
        return ""
    return _NATURES.get(text)


def guess_nature(text: str) -> str | None:
    if "扩" in text:
        return ConstructionNature.EXPANSION
    return ConstructionNature.REBUILD if "改" in text else ConstructionNature.NEW if "新" in text else None


def level(text: str) -> str | None:
    """省重点, 市级重点, 省市重点 …: the highest one named."""
    flat = norm(text)
    if flat in _LEVEL_OF:
        return _LEVEL_OF[flat]
    return guess_level(flat) if _PLAIN_LEVEL.fullmatch(flat) else None


def guess_level(text: str) -> str | None:
    return next((level for pattern, level in _LEVEL_WORDS if pattern.search(text)), None)


def category(text: str) -> str | None:
    """项目类别 only by its own name, with or without 类 or 项目."""
    flat = re.sub(r"(类|项目|类项目)$", "", norm(text))
    return CATEGORY_OF.get(flat)


def guess_category(text: str) -> str | None:
    return next((category for category, words in _CATEGORY_WORDS if re.search(words, text)), None)
