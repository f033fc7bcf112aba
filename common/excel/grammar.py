"""What a header says by its words when the alias dictionary does not know it: amounts, dates, leaders, contents."""

import re

QUARTER = re.compile(r"[一二三四1234]季度|第[一二三四]季|Q[1-4]|推进计划|上半年|下半年|分月|季度", re.I)
FUNDING = re.compile(
    r"资金来源|财政|自有|自筹|融资|贷款|专项债|社会资本|社会投资|中央|省级|补助|债券|其中|市级|区级|预算内|银行"
    r"|其他资金|资金需求|到位"
)
_RATE = re.compile(r"率|比例|占比|%|百分比|排名|同比|增速")
DONE_BEFORE = re.compile(
    r"(?:年度|上年|去年|上一年|上年度|去年度|前年)年?(?:底|末)|开工以来|自开工|开工至|历年|以前年度|建设以来"
)
_MONTH_ONLY = re.compile(r"^(?:年度)?(?:本月|当月|\d{1,2}月份?)(?!底|末)")
_DATE_WORDS = re.compile(
    r"^(?:项目|工程)*(?P<real>实际)?(?:计划|拟|预计|预期|约定|要求)*(?:新)?(?:建设)?"
    r"(?P<what>开竣工|开完工|起止|开工(?:及|和|、|至|到|-|—)?(?:计划)?(?:竣工|完工)|开工|动工|开始|起始|竣工|完工|建成|投产|结束)"
    r"(?:建设|投产|验收)?(?:时间|日期|年月|年份|年度|年限|时限|期限|时点)$"
)


def date_field(text: str) -> str | None:
    """Which date a bare canonical header means: 拟开工年月, 计划完工日期, 开竣工时间 …"""
    found = _DATE_WORDS.match(text)
    if not found:
        return None
    what = found["what"]
    if what in ("开竣工", "开完工", "起止") or (what.startswith("开工") and len(what) > 2):
        return "duration"
    return ("actual_" if found["real"] else "") + ("start" if what in ("开工", "动工", "开始", "起始") else "end")


_LEADERS = re.compile(
    r"^(?:项目)?(?:[省市区县州镇]级?)?(?:包联|包保|包抓|包挂|挂联|挂钩|挂点|联系|牵头|责任|分管|服务|帮扶|督导|主管|协调|推进)+"
    r"(?:[省市区县州镇]级?)?领导(?:干部|同志|姓名)?$"
)
_TOWNS = re.compile(
    r"^(?:项目)?(?:所在|所属|属地|隶属)(?:乡镇|镇街|镇|街道|乡|县区|区县|县市区|市县区|园区)+(?:街道|名称)?$"
    r"|^(?:镇街|乡镇街道)$"
)
_CONTENTS = re.compile(
    r"^(?:项目|工程|主要|拟|简要|总体)*(?:建设)?(?:规模|内容)(?:[及和与、/]*(?:项目|主要|建设|工程)*(?:规模|内容))*(?:简介|概况|简述)?$"
)


def spoken_field(text: str) -> str | None:
    """The field of a bare canonical header by its words; None when they leave a doubt."""
    if _LEADERS.match(text):
        return "lead_officials"
    if _TOWNS.match(text):
        return "area"
    if _CONTENTS.match(text):
        return "scale"
    return money_field(text) or date_field(text)


def money_field(text: str) -> str | None:
    """Which amount a bare canonical header means, by its words; None when it is none of the project's own amounts."""
    if (
        not re.search(r"投资|完成", text)
        or re.search(r"十[一二三四五六]五|[三五]年", text)
        or _RATE.search(text)
        or QUARTER.search(text)
        or len(text) > 24
    ):
        return None
    if FUNDING.search(text) or re.search(
        r"类型|主体|类别|单位|方式|情况$|性质|企业|内容|能力|进度|形象|依据|文号|人$", text
    ):
        return "completed_ytd" if re.fullmatch(r"年度投资计划完成情况", text) else None
    plans = re.search(r"计划|目标|安排|任务|预计|拟", text)
    if "完成" in text and (not plans or re.search(r"预计.*底累计", text)):
        if not re.search(r"投资|工作量|金额|额|累计完成|万元", text):
            return None
        if DONE_BEFORE.search(text):
            return "completed_total"
        if _MONTH_ONLY.search(text) and "累计" not in text and not re.search(r"\d月?[-—–~～至到]\d", text):
            return "completed_month"
        return "completed_ytd"
    if "投资" not in text:
        return None
    if "年度" in text or re.search(r"计划完成|投资计划|计划投资", text):
        return None if re.search(r"累计|上年|去年|底|末|后|以后", text) else "annual_plan"
    if re.search(r"总投资|投资总额|总概算|投资额|投资规模|投资估算|投资概算", text):
        return "total_investment"
    return None
