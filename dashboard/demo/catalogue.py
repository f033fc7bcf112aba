"""The projects of the demo district and what becomes of each of them."""

from dataclasses import dataclass

from projects.choices import ApprovalType, Category

A, C = ApprovalType, Category

# Fates, per stage. What they mean for dates and money is said in `story.py`.
OK, PLAIN, SOON, LATE = "ok", "plain", "node_soon", "node_late"
DRIFT1, DRIFT3 = "start_drifts_1", "start_drifts_3"
LAG, SLOW, SILENT1, SILENT2 = "lag", "slow", "silent_1", "silent_2"
PENDING, SUSPENDED, COMPLETED, CLOSED = "pending", "suspended", "completed", "closed"
WITHDRAWN, TERMINATED = "withdrawn", "terminated"


@dataclass(frozen=True)
class Entry:
    """One project. `total` in 万元; `traits`: L 新增用地, B 房建市政, R 高危, X 必须招标, A 招商, M 民生, E 环评豁免,
    G 节能审查."""

    stage: str
    fate: str
    name: str
    unit: str
    category: str
    approval: str
    total: int
    industry: str
    traits: str = ""
    chain: str = ""


def _rows(stage: str, *rows: tuple) -> list[Entry]:
    return [Entry(stage, *row) for row in rows]


CATALOGUE: list[Entry] = [
    *_rows(
        "planning",
        (OK, "云岭固态电池材料研发及中试基地", "gxj", C.INDUSTRY, A.RECORD, 68000, "C3841", "LBA", "新能源"),
        (OK, "东河湿地公园提升工程", "hbj", C.ECOLOGY, A.APPROVAL, 12600, "N7850", "XM"),
        (OK, "西山镇高标准农田建设（2027年度）", "nyj", C.AGRICULTURE, A.APPROVAL, 8600, "A0190", "EXM"),
        (SOON, "云岭区第三实验小学新建工程", "jyj", C.LIVELIHOOD, A.APPROVAL, 23500, "P8321", "LBXM"),
        (SOON, "经开区标准厂房四期", "jkq", C.INDUSTRY, A.RECORD, 46000, "C3599", "LBA", "装备制造"),
        (DRIFT1, "百里画廊文旅综合体", "wlj", C.TOURISM, A.RECORD, 92000, "R9030", "LBA", "文化旅游"),
        (PLAIN, "云岭区冷链物流集散中心", "swj", C.SERVICE, A.RECORD, 31500, "G5930", "LBA", "现代物流"),
        (PLAIN, "云岭区城市停车设施补短板项目（二期）", "zjj", C.INFRASTRUCTURE, A.APPROVAL, 15800, "E4819", "BX"),
        (OK, "区级数字档案馆", "yljd", C.LIVELIHOOD, A.APPROVAL, 6200, "R8832", "BXE"),
        (WITHDRAWN, "西山镇光伏制氢示范项目", "xsz", C.INDUSTRY, A.RECORD, 54000, "C2619", "LBRA", "新能源"),
    ),
    *_rows(
        "reserve",
        (OK, "云岭新材料产业园二期", "jkq", C.INDUSTRY, A.RECORD, 125000, "C2651", "LBRAG", "新材料"),
        (OK, "云岭区妇幼保健院迁建工程", "wjj", C.LIVELIHOOD, A.APPROVAL, 38600, "Q8432", "LBXM"),
        (OK, "东河片区雨污分流改造二期", "slj", C.INFRASTRUCTURE, A.APPROVAL, 21800, "N7620", "BXM"),
        (OK, "北塘水库除险加固工程", "slj", C.INFRASTRUCTURE, A.APPROVAL, 9800, "N7630", "XE"),
        (OK, "云岭绿色食品精深加工产业园", "nyj", C.INDUSTRY, A.RECORD, 57000, "C1391", "LBA", "绿色食品"),
        (OK, "智能网联汽车零部件生产线技术改造项目", "gxj", C.INDUSTRY, A.RECORD, 18500, "C3670", "BG", "装备制造"),
        (LATE, "云岭大道北延工程", "jtj", C.INFRASTRUCTURE, A.APPROVAL, 64000, "E4812", "LX"),
        (LATE, "云岭区中医院康养综合楼", "wjj", C.LIVELIHOOD, A.APPROVAL, 27400, "Q8412", "BXM"),
        (SOON, "生物医药孵化器及公共实验平台", "jkq", C.INDUSTRY, A.RECORD, 42000, "C2760", "BA", "生物医药"),
        (SOON, "老旧小区改造（2027批）", "zjj", C.LIVELIHOOD, A.APPROVAL, 16900, "E4710", "BXME"),
        (DRIFT3, "西山古镇保护与活化利用工程", "wlj", C.TOURISM, A.APPROVAL, 35200, "R8840", "BX", "文化旅游"),
        (PENDING, "云岭智慧仓储物流中心二期", "swj", C.SERVICE, A.RECORD, 28800, "G5990", "BA", "现代物流"),
        (TERMINATED, "东河特种玻璃生产线", "dhjd", C.INDUSTRY, A.RATIFY, 76000, "C3051", "LBRG", "新材料"),
    ),
    *_rows(
        "commenced",
        (OK, "云岭区城乡供水一体化工程（西山镇、北塘乡片区管网延伸及水厂扩建）", "slj", C.INFRASTRUCTURE, A.APPROVAL,
         33800, "D4610", "BXM"),
        (OK, "高性能电子铜箔生产基地", "jkq", C.INDUSTRY, A.RECORD, 158000, "C3985", "LBAG", "电子信息"),
        (OK, "云岭一中新校区", "jyj", C.LIVELIHOOD, A.APPROVAL, 52000, "P8334", "LBXM"),
        (OK, "东河街道社区养老服务综合体", "dhjd", C.LIVELIHOOD, A.APPROVAL, 8800, "Q8514", "BXME"),
        (LAG, "新能源商用车电控系统项目", "gxj", C.INDUSTRY, A.RECORD, 36500, "C3812", "BA", "新能源"),
        (SLOW, "云岭区生活垃圾分类转运中心", "hbj", C.ECOLOGY, A.APPROVAL, 14200, "N7820", "BXM"),
        (SILENT1, "西山镇农产品产地仓", "xsz", C.AGRICULTURE, A.RECORD, 7600, "G5951", "BE", "绿色食品"),
        (PENDING, "城市书房与社区文化空间建设", "yljd", C.LIVELIHOOD, A.APPROVAL, 5400, "R8831", "BXME"),
    ),
    *_rows(
        "construction",
        (OK, "云岭新材料产业园一期", "jkq", C.INDUSTRY, A.RECORD, 236000, "C2651", "LBRA", "新材料"),
        (OK, "云岭大道改造工程", "jtj", C.INFRASTRUCTURE, A.APPROVAL, 48600, "E4812", "X"),
        (OK, "东河片区雨污分流改造", "slj", C.INFRASTRUCTURE, A.APPROVAL, 29700, "N7620", "BXM"),
        (OK, "云岭区人民医院急诊医技综合楼", "wjj", C.LIVELIHOOD, A.APPROVAL, 41300, "Q8411", "BXM"),
        (OK, "智慧仓储物流中心", "swj", C.SERVICE, A.RECORD, 38200, "G5990", "LBA", "现代物流"),
        (OK, "老旧小区改造（2026批）", "zjj", C.LIVELIHOOD, A.APPROVAL, 18600, "E4710", "BXME"),
        (OK, "精密减速器智能制造基地", "gxj", C.INDUSTRY, A.RECORD, 86000, "C3453", "LBA", "装备制造"),
        (OK, "云岭区污水处理厂提标扩容工程", "hbj", C.ECOLOGY, A.APPROVAL, 31200, "D4620", "BXM"),
        (OK, "半导体封装测试基地", "jkq", C.INDUSTRY, A.RECORD, 192000, "C3973", "LBAG", "电子信息"),
        (OK, "棚户区改造安置房（东河三期）", "ctgs", C.LIVELIHOOD, A.APPROVAL, 73500, "K7010", "LBXM"),
        (LATE, "中医院综合楼", "wjj", C.LIVELIHOOD, A.APPROVAL, 34800, "Q8412", "BXM"),
        (LAG, "云岭水镇旅游度假区一期", "wlj", C.TOURISM, A.RECORD, 118000, "R9030", "LBA", "文化旅游"),
        (SLOW, "云岭区职业教育实训中心", "jyj", C.LIVELIHOOD, A.APPROVAL, 19800, "P8336", "BXM"),
        (SLOW, "装配式建筑构件生产基地", "ctgs", C.INDUSTRY, A.RECORD, 45600, "C3022", "LBR", "新材料"),
        (SILENT2, "绿色建材循环利用产业园", "yljd", C.INDUSTRY, A.RECORD, 26400, "C4220", "LB", "新材料"),
        (SILENT1, "农村公路提质改造（西山片区）", "jtj", C.INFRASTRUCTURE, A.APPROVAL, 11800, "E4812", "XM"),
        (SUSPENDED, "云岭国际会展中心", "ctgs", C.SERVICE, A.APPROVAL, 135000, "L7284", "LBX"),
        (COMPLETED, "滨河绿道及慢行系统", "zjj", C.INFRASTRUCTURE, A.APPROVAL, 9600, "N7850", "XE"),
        (COMPLETED, "原料药及制剂一体化扩建项目", "gxj", C.INDUSTRY, A.RECORD, 62000, "C2710", "BR", "生物医药"),
        (PENDING, "云岭区应急物资储备库", "xsz", C.LIVELIHOOD, A.APPROVAL, 6800, "G5949", "BX"),
    ),
    *_rows(
        "production",
        (OK, "5万吨食用菌精深加工项目", "nyj", C.INDUSTRY, A.RECORD, 21500, "C1371", "BA", "绿色食品"),
        (OK, "工业机器人关节模组生产线", "gxj", C.INDUSTRY, A.RECORD, 33600, "C3491", "BA", "装备制造"),
        (OK, "云岭区全民健身中心", "wlj", C.LIVELIHOOD, A.APPROVAL, 24800, "R8921", "BXM"),
        (OK, "云岭区公交枢纽站", "jtj", C.INFRASTRUCTURE, A.APPROVAL, 13900, "G5412", "BXM"),
        (OK, "车规级芯片模组封装线", "jkq", C.INDUSTRY, A.RECORD, 88000, "C3973", "BAG", "电子信息"),
        (OK, "西山镇污水管网工程", "xsz", C.ECOLOGY, A.APPROVAL, 7400, "N7620", "XM"),
        (CLOSED, "云岭区政务服务中心改造", "yljd", C.LIVELIHOOD, A.APPROVAL, 5200, "S9224", "BXE"),
        (CLOSED, "智能家电配套产业园", "jkq", C.INDUSTRY, A.RECORD, 57800, "C3859", "LBA", "装备制造"),
        (SUSPENDED, "东河农贸市场智慧化改造", "dhjd", C.LIVELIHOOD, A.APPROVAL, 3800, "F5229", "BE"),
    ),
]  # fmt: skip
