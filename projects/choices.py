"""Choices of the projects floor."""

from django.db.models import TextChoices


class Stage(TextChoices):
    """The five stages (handbook §1.1)."""

    PLANNING = "planning", "谋划"
    RESERVE = "reserve", "储备"
    COMMENCED = "commenced", "开工"
    CONSTRUCTION = "construction", "建设"
    PRODUCTION = "production", "投产"

    @property
    def order(self) -> int:
        """0 for 谋划 … 4 for 投产."""
        return list(type(self)).index(self)


class Status(TextChoices):
    """What overlays the stage (decisions §5)."""

    NORMAL = "normal", "正常"
    SUSPENDED = "suspended", "暂停"
    WITHDRAWN = "withdrawn", "退库"
    TERMINATED = "terminated", "终止"


class Category(TextChoices):
    """项目类别 (handbook §8.4)."""

    INDUSTRY = "industry", "工业"
    SERVICE = "service", "现代服务业"
    TOURISM = "tourism", "文旅"
    AGRICULTURE = "agriculture", "农业"
    INFRASTRUCTURE = "infrastructure", "基础设施"
    LIVELIHOOD = "livelihood", "社会民生"
    ECOLOGY = "ecology", "生态环保"


class Level(TextChoices):
    """项目级别 (handbook §1.5)."""

    NATIONAL = "national", "国家级"
    PROVINCIAL = "provincial", "省级"
    MUNICIPAL = "municipal", "市级"
    DISTRICT = "district", "区级"


class ApprovalType(TextChoices):
    """项目管理方式 (handbook §1.5)."""

    APPROVAL = "approval", "审批制"
    RATIFY = "ratify", "核准制"
    RECORD = "record", "备案制"


class ConstructionNature(TextChoices):
    """建设性质, for life (handbook §8.6); not to be confused with the year's kind."""

    NEW = "new", "新建"
    EXPANSION = "expansion", "扩建"
    REBUILD = "rebuild", "改建和技术改造"
    LIVING = "living", "单纯建造生活设施"
    RELOCATION = "relocation", "迁建"
    RESTORATION = "restoration", "恢复"
    PURCHASE = "purchase", "单纯购置"


class FundingNature(TextChoices):
    """资金性质 (handbook §8.6)."""

    GOVERNMENT = "government", "政府投资"
    PRIVATE = "private", "民间投资"
    STATE = "state", "国企投资"
    FOREIGN = "foreign", "外资"
    MIXED = "mixed", "混合投资"


class EiaKind(TextChoices):
    """环评 (handbook §1.3)."""

    REQUIRED = "required", "须办理"
    EXEMPT = "exempt", "豁免"


class Precision(TextChoices):
    """How exactly a planned date is known (handbook §0.7; the words of vectors.md date.parse)."""

    DAY = "day", "日"
    XUN = "xun", "旬"
    MONTH = "month", "月"
    MONTH_END = "month_end", "月底"
    QUARTER = "quarter", "季度"
    QUARTER_END = "quarter_end", "季末"
    HALF = "half", "半年"
    YEAR = "year", "年"
    YEAR_BEGIN = "year_begin", "年初"
    YEAR_MID = "year_mid", "年中"
    YEAR_END = "year_end", "年底"
    PLAN5 = "plan5", "五年规划期"
    RANGE_YEAR = "range_year", "起止年"
    RANGE = "range", "起止"


class TargetKind(TextChoices):
    """What the backward schedule aims at (handbook §2.4)."""

    START = "start", "开工"
    PRODUCTION = "production", "投产"


class WithdrawReason(TextChoices):
    """退库原因 (handbook §1.2)."""

    POLICY = "policy_change", "政策调整"
    LAND = "land", "土地不落实"
    INVESTOR = "investor", "投资方放弃"
    DUPLICATE = "duplicate", "重复"
    STALE = "stale", "长期无进展"
    MERGED = "merged", "合并"
    OTHER = "other", "其他"


class Duty(TextChoices):
    """What a person or unit answers for on a project (glossary: assignment roles)."""

    LEAD_UNIT = "lead_unit", "责任单位"
    LEADER = "leader", "包联领导"
    OFFICIAL = "official", "责任人"
    STEWARD = "steward", "项目管家"
    TASK_FORCE = "task_force", "专班成员"


class RequestState(TextChoices):
    """State of a stage request or correction request."""

    PENDING = "pending", "待审核"
    APPROVED = "approved", "已通过"
    RETURNED = "returned", "已退回"
    CANCELLED = "cancelled", "已撤回"


class BatchKind(TextChoices):
    """What a review meeting of the reserve library is about (handbook §1.2, §3.5)."""

    ENTRY = "entry", "入库评审"
    ADJUST = "adjust", "动态调整"


class Verdict(TextChoices):
    """What a review meeting said of one project."""

    PENDING = "pending", "待评审"
    PASSED = "passed", "通过"
    DEFERRED = "deferred", "暂缓"
    REFUSED = "refused", "不通过"


class DayType(TextChoices):
    """How a duration counts (handbook §2.1)."""

    WORKDAY = "WD", "工作日"
    CALENDAR = "CD", "自然日"


class WallColumn(TextChoices):
    """Columns of the wall chart 挂图作战 (decisions §8)."""

    SITE_SELECTION = "SITE_SELECTION", "规划选址"
    PROJECT_APPROVAL = "PROJECT_APPROVAL", "立项审批"
    LAND_APPROVAL = "LAND_APPROVAL", "用地报批"
    LAND_ACQUISITION = "LAND_ACQUISITION", "征地拆迁"
    ENVIRONMENTAL_ASSESSMENT = "ENVIRONMENTAL_ASSESSMENT", "环评"
    SAFETY_ASSESSMENT = "SAFETY_ASSESSMENT", "安评"
    CONSTRUCTION_DESIGN = "CONSTRUCTION_DESIGN", "施工设计"
    TENDERING = "TENDERING", "招投标"
    CONSTRUCTION_PERMIT = "CONSTRUCTION_PERMIT", "施工许可"
    COMMENCEMENT = "COMMENCEMENT", "开工"
    COMPLETION = "COMPLETION", "竣工"
    PRODUCTION = "PRODUCTION", "投产"


class JournalKind(TextChoices):
    """工作日志的类别 (ux P2)."""

    NOTE = "note", "说明"
    RESULT = "result", "成效"
    RISK = "risk", "风险"
    PROBLEM = "problem", "问题"


class Section(TextChoices):
    """行业门类, GB/T 4754-2017: the first letter of an industry code (handbook §8.4)."""

    A = "A", "农、林、牧、渔业"
    B = "B", "采矿业"
    C = "C", "制造业"
    D = "D", "电力、热力、燃气及水生产和供应业"
    E = "E", "建筑业"
    F = "F", "批发和零售业"
    G = "G", "交通运输、仓储和邮政业"
    H = "H", "住宿和餐饮业"
    I = "I", "信息传输、软件和信息技术服务业"  # noqa: E741
    J = "J", "金融业"
    K = "K", "房地产业"
    L = "L", "租赁和商务服务业"
    M = "M", "科学研究和技术服务业"
    N = "N", "水利、环境和公共设施管理业"
    O = "O", "居民服务、修理和其他服务业"  # noqa: E741
    P = "P", "教育"
    Q = "Q", "卫生和社会工作"
    R = "R", "文化、体育和娱乐业"
    S = "S", "公共管理、社会保障和社会组织"
    T = "T", "国际组织"
