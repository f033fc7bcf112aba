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


class CatchUpOutcome(TextChoices):
    """How a catch-up plan ended."""

    GREEN = "green", "已转绿"
    STOPPED = "stopped", "不再评灯"
    WITHDRAWN = "withdrawn", "已撤销"


class EntryKind(TextChoices):
    """How the statistics see a project (handbook §3.4); real estate has no threshold, 农户 stay outside."""

    PROJECT = "project", "固定资产投资项目"
    REALESTATE = "realestate", "房地产开发"
    RURAL = "rural", "农户投资"


class EnrolmentState(TextChoices):
    """Where the entry into the statistics stands (handbook §3.4)."""

    NOT_SUBMITTED = "not_submitted", "未申报"
    SUBMITTED = "submitted", "已申报"
    RETURNED = "returned", "已退回"
    ENTERED = "entered", "已入库"
    EXITED = "exited", "已退库"


class ExitReason(TextChoices):
    """Why a project left the statistics; only 竣工 keeps it counted as entered."""

    COMPLETED = "completed", "项目竣工"
    STOPPED = "stopped", "停缓建"
    MISTAKE = "mistake", "误入库核减"


class UnenrolledReason(TextChoices):
    """未纳统原因, mandatory for a started project that is not entered."""

    PAPERS = "papers", "申报资料不齐"
    PERMIT = "permit", "未取得施工许可"
    CONTRACT = "contract", "未签施工合同或未开票"
    PART = "part", "并入其他项目统计"
    ELSEWHERE = "elsewhere", "在区外统计"
    OTHER = "other", "其他"


class ExcuseState(TextChoices):
    """What became of a reason: only an approved one stops the clock."""

    NONE = "", "未说明"
    ASKED = "asked", "待审核"
    GRANTED = "granted", "已认可"
    REFUSED = "refused", "不予认可"


class FundKind(TextChoices):
    """Kinds of funds a project may ask for (handbook §4.1)."""

    CENTRAL_BUDGET = "central_budget", "中央预算内投资"
    SPECIAL_BOND = "special_bond", "地方政府专项债券"
    ULTRA_LONG_BOND = "ultra_long_bond", "超长期特别国债"
    PROVINCIAL = "provincial", "省级专项资金"
    MUNICIPAL = "municipal", "市级配套"
    DISTRICT = "district", "区级配套"
    POLICY_BANK = "policy_bank", "政策性金融工具"


CENTRAL_FUNDS = (FundKind.CENTRAL_BUDGET, FundKind.ULTRA_LONG_BOND)  # the same works may ask for one of them only


class FundState(TextChoices):
    """Where an application stands (handbook §4.2)."""

    DRAFT = "draft", "储备"
    SUBMITTED = "submitted", "已申报"
    REVIEWED = "reviewed", "区级已审"
    REPORTED = "reported", "已报上级"
    APPROVED = "approved", "已获批"
    ISSUED = "issued", "计划已下达"
    RECEIVED = "received", "资金已到位"
    PAID = "paid", "已拨付"
    SPENT = "spent", "已形成支出"
    EVALUATED = "evaluated", "已评价"
    RETURNED = "returned", "已退回"
    REJECTED = "rejected", "未获批"
    ADJUSTED = "adjusted", "已调出"
    CLAWED_BACK = "clawed_back", "已收回"


LOST = (FundState.REJECTED, FundState.ADJUSTED, FundState.CLAWED_BACK)
IDLE = (FundState.DRAFT, FundState.RETURNED)


class FundCause(TextChoices):
    """What besides slow spending makes the light of funds red (handbook §4.3), the worst first."""

    UNSTARTED = "unstarted", "过开工期限未开工"
    UNDIVIDED = "undivided", "下达未到位"


class AmountKind(TextChoices):
    """What a dated amount of an application says; each is at most the one before it."""

    ASKED = "asked", "申报"
    APPROVED = "approved", "批复"
    ISSUED = "issued", "下达"
    RECEIVED = "received", "到位"
    PAID = "paid", "拨付"
    SPENT = "spent", "支出"

    @property
    def before(self) -> "AmountKind | None":
        """The kind that this one cannot exceed; nothing comes before what was asked."""
        kinds = list(AmountKind)
        at = kinds.index(self)
        return kinds[at - 1] if at else None
