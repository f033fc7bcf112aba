"""Names of people out of one cell, separated in every way seen: lines, blanks, 、, commas, or not at all.

Two-character names are often padded ("李  敏", also with non-breaking blanks): single characters that follow
each other are one name. "张立新李  敏" are two people.
"""

import re

from common.excel.text import bracket_parts, is_blank, squash, strip_brackets

SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳"
    "鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊"
    "纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫经房裘缪干解应宗丁宣邓郁单杭"
    "洪包诸左石崔吉钮龚程嵇邢裴陆荣翁荀羊惠甄曲封芮储靳焦巴弓牧隗山谷车侯宓全班仰秋仲伊宫宁仇栾暴甘厉戎祖武符刘景詹束龙叶幸司"
    "韶黎薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰雍桑桂濮牛寿通边扈燕冀浦尚农温别庄晏柴瞿阎"
    "慕连茹习宦艾鱼容向古易慎戈廖庚终居衡步都耿满弘匡国文寇广禄东殴沃利蔚越隆师巩聂晁勾敖融冷辛阚那简饶空曾沙关相查荆红游权盖益"
    "桓公仝肖付代覃区佟岳闫涂冼麦辜禤邝岩"
)
_COMPOUND = re.compile(r"^(欧阳|司马|上官|诸葛|夏侯|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|端木|呼延|南宫|轩辕|独孤)")
_HARD = re.compile(r"[\n\r、,，;；/|\\]|(?<=\S)\s*[和及与]\s+")
_TITLES = re.compile(
    r"(区委|县委|市委|区政府|县政府|市政府|人大|政协|常务|党组|党委|纪委|组织部|宣传部|统战部|政法委)*"
    r"(副?书记|副?区长|副?县长|副?市长|副?主任|副?主席|副?部长|副?局长|副?镇长|副?乡长|常委|调研员|部长|秘书长|同志)$"
)
_TITLE_ALONE = re.compile(
    r"(?:省|市|区|县|镇|乡|街道|州|旗)?(?:委|政府|人大|政协|纪委|监委|党组|党委|工委|组织部|宣传部|统战部|政法委|常委会|办)*"
    r"(?:常务|党组|党委|一级|二级|三级|四级|正|主管|分管)?(?:副)?"
    r"(?:书记|区长|县长|市长|镇长|乡长|主任|主席|部长|局长|厅长|常委|委员|调研员|秘书长|科长|处长|科员|组长|组员|成员|同志|会长|院长|校长"
    r"|总经理|经理|董事长|总监)"
)
_TITLE_BEFORE = re.compile(_TITLE_ALONE.pattern + "[:：]?")
_PHONE = re.compile(r"[(（]?\d[\d\s-]{5,}\d[)）]?|(?:电话|手机|联系方式|联系电话)[:：]?")
_OFFICE = re.compile(r"(局|办|办公室|委|委员会|中心|街道|镇|乡|区|县|市|公司|集团|部|处|科|组|牵头|主办|协办)$")
_HAN = re.compile(r"^[\u3400-\u9fff·•]+$")


def split_people(text: str) -> list[str]:
    """The people of a cell in order, each once. Placeholders give none; brackets (offices) are dropped."""
    names: list[str] = []
    for piece in _HARD.split(_PHONE.sub("\n", strip_brackets(text.replace("\u3000", " ")))):
        names += _from_tokens([token for token in piece.split() if not _TITLE_ALONE.fullmatch(token)])
    people: list[str] = []
    for name in names:
        bare = _TITLES.sub("", name)
        name = bare if len(bare) > 1 else name
        title = _TITLE_BEFORE.match(name)
        if title and 2 <= len(name) - title.end() <= 4 and name[title.end()] in SURNAMES:
            name = name[title.end() :]
        name = re.sub(r"(?<=..)等(?:\d*人|同志)?$", "", name)
        if not is_blank(name) and name not in people:
            people.append(name)
    return people


def _from_tokens(tokens: list[str]) -> list[str]:
    if tokens and not all(_HAN.match(token) for token in tokens):
        return [" ".join(tokens)]
    names: list[str] = []
    open_name = ""
    for token in tokens:
        if open_name:
            names.append(open_name + token)
            open_name = ""
        elif len(token) > 1:
            names += _unglue(token)
        elif names and names[-1][-1] in SURNAMES and len(names[-1]) >= 3 + (token in SURNAMES):
            names[-1:] = [names[-1][:-1], names[-1][-1] + token]
        else:
            open_name = token
    if open_name:
        if names and len(names[-1]) == 2:
            names[-1] += open_name
        else:
            names.append(open_name)
    return names


def _unglue(token: str) -> list[str]:
    """Two or more names written without any separator, when there is exactly one way to read them."""
    if len(token) < 5 or _COMPOUND.match(token) or "·" in token or "•" in token or _TITLES.search(token):
        return [token]
    readings = list(_readings(token))
    return readings[0] if len(readings) == 1 else [token]


def _readings(token: str) -> list[list[str]]:
    if not token:
        return [[]]
    found = []
    for size in (2, 3):
        if len(token) >= size and token[0] in SURNAMES and len(token) - size != 1:
            found += [[token[:size], *rest] for rest in _readings(token[size:])]
    return found


def is_people(text: str, *, expected: bool = False) -> bool:
    """Does a text consist of nothing but Chinese names (two to four characters each)?

    Unless names are expected there, each must begin with a known surname.
    """
    names = split_people(text)
    return bool(names) and all(
        2 <= len(name) <= 4
        and _HAN.match(name)
        and not _OFFICE.search(name)
        and (expected or name[0] in SURNAMES or _COMPOUND.match(name))
        for name in names
    )


def cut_leaders(text: str, *, expected: bool = False) -> tuple[str, list[str]]:
    """(unit, leaders) of a unit cell that also names its leaders in a last bracket.

    The bracket belongs to the unit when it is no list of names ("（办公室设在…）"). Names are believed when the header
    says so (`expected`) or when the bracket stands on a line of its own; a header that says so allows them without one.
    """
    found = re.search(r"(\s*)[(（]([^()（）]*)[)）]\s*$", text)
    if not found and expected:
        for gap in re.finditer(r"(?<=\S)\s+", text):
            if is_people(text[gap.end() :]):
                return text[: gap.start()], split_people(text[gap.end() :])
    if not found or not text[: found.start()].strip():
        return text, []
    own_line = "\n" in found[1]
    if (expected or own_line) and is_people(found[2], expected=expected):
        return text[: found.start()], split_people(found[2])
    return text, []


def names_in_brackets(header: str) -> bool:
    """Does a unit header announce leaders too ("责任单位（责任领导）", "责任单位及责任人")?"""
    flat = squash(header)
    return bool(re.search(r"(?:及|和|、|/|与)(?:责任|包保|包联|分管)?(?:领导|责任人|负责人|联系人)", flat)) or any(
        re.search(r"领导|责任人|负责人|联系人", part) for part in bracket_parts(flat)
    )
