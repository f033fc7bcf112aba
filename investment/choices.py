"""Choices of the investment floor."""

from django.db.models import TextChoices


class AnnualKind(TextChoices):
    """年度类型: what the project is in that year (handbook §8.6); not the construction nature."""

    NEW_START = "new_start", "新开工"
    CONTINUED = "continued", "续建"
    TO_COMPLETE = "to_complete", "计划竣工"
    PRELIMINARY = "preliminary", "前期"
    RESERVED = "reserved", "预备"


class PlanSplit(TextChoices):
    """How a year's plan falls into months (handbook §3.2). Only LINEAR needs no stored months: it is exact."""

    LINEAR = "linear", "按月平均"
    CURVE = "curve", "S 形曲线"
    SEASON = "season", "季节曲线"
    TYPED = "typed", "逐月填写"


class EntryState(TextChoices):
    """Where a month's figure stands (ADR 0006). A returned figure does not count; a draft is no figure yet."""

    SUBMITTED = "submitted", "已报送"
    REVIEWED = "reviewed", "单位已复核"
    ACCEPTED = "accepted", "已审定"
    RETURNED = "returned", "已退回"


class LagCause(TextChoices):
    """滞后原因 (features §4, 15)."""

    LAND = "land", "征地拆迁"
    PERMIT = "permit", "前期手续"
    FUNDS = "funds", "资金不到位"
    DESIGN = "design", "设计或方案变更"
    BIDDING = "bidding", "招投标"
    CONTRACTOR = "contractor", "施工组织"
    OWNER = "owner", "业主投资意愿"
    UTILITIES = "utilities", "水电路气配套"
    WEATHER = "weather", "天气及不可抗力"
    REPORTING = "reporting", "数据报送不及时"
    OTHER = "other", "其他"


class CatchUpOutcome(TextChoices):
    """How a catch-up plan ended."""

    GREEN = "green", "已转绿"
    STOPPED = "stopped", "不再评灯"
    WITHDRAWN = "withdrawn", "已撤销"
