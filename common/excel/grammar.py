"""What a header says by its words when the alias dictionary does not know it: amounts, dates, leaders, contents."""

import re

QUARTER = re.compile(r"[一二三四1234]季度|第[一二三四]季|Q[1-4]|推进计划|上半年|下半年|分月|季度", re.I)
FUNDING = re.compile(
    r"资金来源|财政|自有|自筹|融资|贷款|专项债|社会资本|社会投资|中央|省级|补助|债券|其中|市级|区级|预算内|银行"
    r"|其他资金|资金需求|到位|资本金|(?:政府|社会|企业|民间|国有|外商)投资$"
)
_RATE = re.compile(r"率|比例|占比|%|百分比|排名|同比|增速")
DONE_BEFORE = re.compile(
    r"(?:年度|上年|去年|上一年|上年度|去年度|前年)年?(?:12月)?(?:底|末|前)|开工累计|开工以来|自开工|开工至|历年|以前年度|建设以来"
)
_MONTH_ONLY = re.compile(r"^(?:年度)?(?:本月|当月|\d{1,2}月份?)(?!底|末)|(?:本月|当月)$")
LAST_YEAR = re.compile(r"(?<!以)上年|上一年|去年|同期")
_DATE_WORDS = re.compile(
    r"^(?:项目|工程)*(?P<real>实际)?(?:计划|拟|预计|预期|约定|要求)*(?:新)?(?:建设|实施|施工)?"
    r"(?P<what>开竣工|开完工|起[止讫迄]|开工(?:及|和|、|至|到|-|—)?(?:计划)?(?:竣工|完工)|开工|动工|开始|起始|竣工|完工|建成|投产|投用|交付"
    r"|结束)(?:建设|投产|投用|使用|验收)?(?:时间|日期|年月|月份|年份|年度|年限|时限|期限|时点|年)(?:节点)?$"
    r"|^(?:项目|工程|计划|拟|预计)*(?P<span>建设|实施|施工)(?:年限|年月|期限|时限|周期|时间|日期|年份|年度|工期)$"
)


def date_field(text: str) -> str | None:
    """Which date a bare canonical header means: 拟开工年月, 计划完工日期, 开竣工时间 …"""
    found = _DATE_WORDS.match(text)
    if not found:
        return None
    what = found["what"]
    if found["span"]:
        return "duration"
    if what in ("开竣工", "开完工") or re.match("起[止讫迄]", what) or (what.startswith("开工") and len(what) > 2):
        return "duration"
    return ("actual_" if found["real"] else "") + ("start" if what in ("开工", "动工", "开始", "起始") else "end")


_OF = r"(?:[省市区县州镇乡]|地区|自治区)?(?:级|直|处级)?"
_WORDS: tuple[tuple[str, str], ...] = (
    (
        "name",
        r"(?!.*(?:单位|企业|上级|所属|原|项目.*项目)).{0,6}(?:项目|工程)(?:具体|完整|[序编]号[及和])?(?:名称|全称|标题)(?:[及和与](?:主要|建设)*(?:内容|规模)+)?",
    ),
    (
        "lead_officials",
        rf"(?:项目)?{_OF}(?:包联|包保|包抓|包挂|挂包|分包|包案|包项目|包|挂联|挂钩|挂点|联系|牵头|领衔|责任|分管|服务|帮扶|督导|主管|协调|调度"
        rf"|推进)+{_OF}领导(?:干部|同志|姓名|及?职务)?",
    ),
    ("lead_officials", r"(?:[省市区县州]级?|县处级|[市县]厅级|处级)领导(?:姓名)?"),
    ("officials", r"(?:单位|部门|项目|直接|具体)*(?:责任人|负责人)(?:姓名)?(?:[及和、]?(?:联系)?(?:电话|方式))?"),
    ("contact", r"(?:项目|业主|单位|企业)*(?:联系人|联络员)(?:姓名)?(?:[及和、]?(?:联系)?(?:电话|方式))?"),
    ("phone", r"(?:联系人?)?(?:手机|电话)(?:号码|号)?"),
    (
        "owner",
        r"(?:项目|工程)*(?:[及和与、(（)）]|业主|建设|投资|实施|法人|承担)+(?:单位|企业|公司|主体|方|业主|商|客商)(?:全称|名称)?(?:[及和、](?:项目)?(?:负责人|联系人|责任人))?"
        r"|(?:项目)承办单位|(?:投资)?(?:客|外)商(?:名称)?",
    ),
    (
        "responsible",
        rf"(?:项目)?{_OF}(?:属地|行业|招商|推进|主要|具体)*(?:牵头|责任|主管|主责|监管|推进|落实)+(?:责任)?(?:单位|部门|乡镇|主体)(?:及责任人)?"
        r"|行业部门|属地单位|(?:招商|招引|引资|引进)(?:责任)?(?:单位|部门)",
    ),
    ("co_responsible", r"(?:项目)?(?:配合|协助|协同|参与|协办)(?:责任)?(?:单位|部门)"),
    (
        "area",
        r"(?:项目)?(?:所在|所属|属地|隶属)(?:[省市区县]|乡镇|镇街|街镇|镇|街道|乡|园区|地区|区域)+(?:街道|名称)?|镇街|乡镇街道|[县区]+名称",
    ),
    (
        "location",
        r"(?:项目|工程|拟|计划|具体)*(?:建设|实施|落户|落地|选址|选|建|所在)*(?:地点|地址|位置|区域|园区|选址|(?<=[户设在])地)",
    ),
    (
        "industry",
        r"(?:项目|所属|专项债券?|债券|投向|支持|国标|主导|重点)*(?:行业|产业|领域|专项(?!.*债))(?:链条?)?(?:类别|类型|分类|名称|大类|门类|方向|领域)*",
    ),
    (
        "nature",
        r"(?:项目|建设|是否|或|及|[/、()（）])*(?:(?:新建?|续建?|扩建|改建|改扩建|技改|迁建)(?:或|及|[/、()（）])*){2,}建?(?:性质|情况)?",
    ),
    ("level", r"(?:项目)?(?:省[/、]?市|省级?|市级?)?重点(?:类别|层次|级别|等级)|省[/、]?市(?:级)?重点"),
    ("stage", r"(?:项目|建设|目前|当前|现|所处|推进|进展|实施|进度)+(?:阶段|状态)"),
    (
        "scale",
        r"(?:项目|工程|主要|拟|简要|总体|基本|实施|建设)*(?:规模|内容|概况|简况|简介)(?:[及和与、/(]*(?:项目|主要|建设|工程)*(?:规模|内容|概况|简介)\)?)*(?:简述)?",
    ),
    (
        "annual_goal",
        r"年度(?:底|末)?(?:主要|工程|项目|建设|工作|推进|形象|进度|目标|任务|内容|计划|[及和与、])*(?:目标|任务|内容|形象进度|工作计划|推进计划)",
    ),
    (
        "progress_text",
        r"(?:年度|截[至止]|\d{1,2}月份?底?|项目|工程|建设|目前|当前|当月|最新|实际|工作|前期|手续|办理|推进|总体|形象|主要)*(?:进展|进度|推进|现状|前期工作|手续办理)(?:情况)?",
    ),
    ("problems", r".{0,6}(?:问题|困难).{0,8}|(?:需|需要)(?:[省市区县]级?)?协调.{0,6}"),
)
_SPOKEN = tuple((field, re.compile(pattern)) for field, pattern in _WORDS)


def spoken_field(text: str) -> str | None:
    """The field of a bare canonical header by its words; None when they leave a doubt."""
    found = money_field(text) or date_field(text)
    return found or next((field for field, pattern in _SPOKEN if pattern.fullmatch(text)), None)


def money_field(text: str) -> str | None:
    """Which amount a bare canonical header means, by its words; None when it is none of the project's own amounts."""
    if (
        not re.search(r"投资|完成|造价", text)
        or re.search(r"未完成|剩余|尚需", text)
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
        if not re.search(r"投资|工作量|金额|额|累计完成|万元|月份?完成$", text):
            return None
        if DONE_BEFORE.search(text):
            return "completed_total"
        if _MONTH_ONLY.search(text) and "累计" not in text and not re.search(r"\d月?[-—–~～至到]\d", text):
            return "completed_month"
        return "completed_ytd"
    if re.fullmatch(r"(?:工程|项目)*(?:总)?造价", text) or re.fullmatch(
        r"(?!.*年度).*(?:总投资|投资总额)(?:金?额|规模|估算|概算|预算|情况|数)?", text
    ):
        return "total_investment"
    if "投资" not in text:
        return "annual_plan" if re.fullmatch(r"年度计划完成额", text) else None
    if DONE_BEFORE.search(text) and re.search("累计|完成", text) and not re.search("后|计划", text):
        return "completed_total"
    if "年度" in text or re.search(r"计划完成|投资计划|计划投资", text):
        return None if re.search(r"累计|上年|去年|底|末|后|以后", text) else "annual_plan"
    if re.search(r"总概算|投资(?:金)?额|投资总?规模|投资估算|投资概算|(?:概算|估算|匡算)投资|^项目投资$", text):
        return "total_investment"
    return None
