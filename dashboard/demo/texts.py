"""What the officials of the demo district write."""

from random import Random

from projects.choices import Category

EARLY = (
    "场地平整和临时设施搭设完成，施工围挡已封闭，桩基施工单位进场。",
    "完成土方开挖约{part}%，基坑支护同步推进，材料堆场硬化完成。",
    "桩基施工累计完成{part}%，承台钢筋绑扎开始，第三方检测已进场。",
    "管线迁改完成，主干道路基处理完成{part}%，雨季施工措施已落实。",
)
MIDDLE = (
    "主体结构施工至{floor}层，二次结构穿插施工，机电预留预埋同步进行。",
    "钢结构吊装完成{part}%，屋面板开始安装，设备基础浇筑完成。",
    "主管网铺设完成{part}%，沿线检查井砌筑基本完成，路面恢复分段推进。",
    "外立面施工完成{part}%，室内管线安装全面展开，消防系统进入安装阶段。",
)
LATE = (
    "设备安装完成{part}%，单机调试开始，配套变电站已通电。",
    "装饰装修完成{part}%，室外管网及绿化施工收尾，正在准备分项验收。",
    "完成联合调试，消防、规划核实等专项验收资料已报送。",
    "道路标线、照明和绿化基本完成，正在整改初验发现的问题。",
)
PROBLEMS = (
    ("施工用电增容手续未办结，影响塔吊进场。", "请供电部门协调加快增容审批。"),
    ("红线内尚有2户未签订搬迁协议。", "请属地街道牵头，本月底前完成签约。"),
    ("进口设备到货延期约20天。", ""),
    ("上游材料价格上涨，总包单位提出调价。", "请财政、审计部门指导合同变更程序。"),
    ("雨水较多，土方作业有效工日不足。", ""),
    ("建设资金本期到位较计划少一成。", "请区金融办协调银行加快放款。"),
)
PLANS = (
    "完成主体结构施工，外立面开始施工。",
    "推进设备安装调试，完成室外管网施工。",
    "完成剩余土方，启动承台施工。",
    "完成专项验收，组织竣工初验。",
    "完成下一标段进场准备，力争当月投资不低于计划。",
)
NOTES = (
    ("note", "现场调度会：总包、监理、属地街道参加，明确每周五报送进度。"),
    ("result", "列入市级重点项目名单，用地指标获得保障。"),
    ("risk", "临近汛期，要求总包单位备足防汛物资并落实24小时值守。"),
    ("problem", "施工道路与既有管线交叉，已请产权单位现场交底。"),
    ("note", "区领导现场调研，要求倒排工期、挂图作战。"),
)
RETURNED = (
    "建设内容与可研初稿不一致，请核对规模后重新提交。",
    "资金落实证明未加盖公章，请补正。",
    "拟选址意见为复印件，请补充原件扫描件。",
)
CONTENT = {
    Category.INDUSTRY: "新建生产厂房、研发楼及配套用房约{area}万平方米，购置生产线{n}条，达产后年产值约{value}亿元。",
    Category.SERVICE: "建设仓储及配套用房约{area}万平方米，配套智能分拣、信息平台和停车设施。",
    Category.TOURISM: "建设游客中心、特色街区、民宿集群及配套基础设施，总建筑面积约{area}万平方米。",
    Category.AGRICULTURE: "实施土地平整、灌排渠系、田间道路和智慧农业设施建设，配套建设用房{area}万平方米。",
    Category.INFRASTRUCTURE: "建设主体工程约{km}公里及配套管网、照明、绿化、交通设施。",
    Category.LIVELIHOOD: "总建筑面积约{area}万平方米，建设主体工程及室外管网、道路、绿化等配套设施。",
    Category.ECOLOGY: "建设处理设施及配套管网约{km}公里，日处理能力提升{n}万吨，实施生态修复。",
}
SUPPLY = "企业自筹", "财政资金、专项债券", "财政资金", "企业自筹、银行贷款", "中央预算内投资、财政资金"


def content_of(category: str, total: int, rng: Random) -> str:
    """建设内容与规模; `total` in 万元."""
    return CONTENT[Category(category)].format(
        area=round(total / 9000 + 0.4, 1), n=rng.randint(2, 8), value=round(total / 7000, 1), km=round(total / 3200, 1)
    )


def progress_of(percent: float, rng: Random) -> str:
    """当前进展 at a physical progress of `percent` (0–100)."""
    phrases = EARLY if percent < 30 else MIDDLE if percent < 75 else LATE
    return rng.choice(phrases).format(part=rng.randrange(35, 96, 5), floor=rng.randint(2, 12))
