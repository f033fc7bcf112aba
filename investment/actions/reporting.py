"""Writing months: reporting, correcting, reviewing, unlocking, asking (handbook §8.2, §10.3, ADR 0006)."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from accounts import audit
from accounts.models import User
from accounts.roles import Can
from common import clock, settings
from common.db import save_versioned
from common.errors import DomainError, NotAllowed, StaleVersion
from common.money import wan_column
from common.periods import Period
from common.workdays import work_calendar
from investment.actions.to_date import keep_to_date, lock_figures
from investment.choices import EntryState
from investment.models import MonthlyEntry, MonthUnlock, ReportDraft
from investment.statistics import logic_faults, month_return
from projects.models import Project
from projects.permissions import may

COMPOSITION = {"works": "建筑安装工程", "equipment": "设备工器具购置", "other_costs": "其他费用"}
PARTS = ("statistics", *COMPOSITION)


@transaction.atomic
def report_month(
    *,
    project: Project,
    period: Period,
    completed: Decimal,
    by: User | None,
    version: int | None = None,
    covers_from: int | None = None,
    corrects: Period | None = None,
    note: str = "",
    **parts: Decimal | None,
) -> MonthlyEntry:
    """Set what was done in a month (万元). `parts` may name statistics (统计数) and the composition (works, equipment,
    other_costs: all or none, summing to `completed`); what is not named stays.

    A negative figure says which earlier month it `corrects` and why (`note`). `version` is the one the person saw,
    None when there was no figure. Raises StaleVersion.
    """
    lock_figures([project.pk])
    entry = MonthlyEntry.objects.filter(project=project).of(period).first()
    if entry is None and version:
        raise StaleVersion(project)
    if entry is not None and version is None:
        raise StaleVersion(entry, f"{period.label}的完成投资刚被他人填报，您的内容还没有保存。")
    before = entry.completed if entry else None
    now = clock.now()
    values = {
        "completed": completed,
        "covers_from": covers_from,
        "reported_by": by,
        "reported_at": now,
        "state": EntryState.SUBMITTED,
        **figures_of(period, completed, before, parts),
        **quote(completed, corrects, note, period),
    }
    if entry is None:
        late = 0 if covers_from else late_workdays(period, now.date())
        entry = _create(project=project, year=period.year, month=period.month, late_workdays=late, **values)
    else:
        save_versioned(entry, version=version, **values)
    keep_to_date([project.pk], period.year)
    if before != completed:
        changes = {f"{period.label}完成投资": [before, completed]}
        audit.record(by=by, action="填报投资", subject=project, changes=changes, reason=note)
    return entry


@transaction.atomic
def retract_month(*, project: Project, period: Period, by: User | None, reason: str) -> None:
    """Take a month's figure away: it was never reported (handbook §10.8: no row is not zero). The trail keeps it."""
    lock_figures([project.pk])
    entry = MonthlyEntry.objects.filter(project=project).of(period).first()
    if entry is None:
        return
    audit.record(
        by=by,
        action="撤回投资",
        subject=project,
        changes={f"{period.label}完成投资": [entry.completed, ""]},
        reason=reason,
    )
    entry.delete()
    keep_to_date([project.pk], period.year)


@transaction.atomic
def submit_month(
    *, project: Project, period: Period, completed: Decimal, by: User, today: date, note: str = "", **figures: Any
) -> MonthlyEntry:
    """Report a month as the unit does: `report_month` within the window. A month whose days of grace are over can
    still be told for the first time (补报, with a note); a figure in it is locked until the bureau unlocks it."""
    if today > locks_on(period):
        entry = MonthlyEntry.objects.filter(project=project).of(period).first()
        if entry is None and not note.strip():
            raise DomainError(f"{period.label}已过报送期，补报须说明原因。", code="late")
        if entry and entry.state != EntryState.RETURNED and not is_unlocked(project, period, today):
            raise DomainError(
                f"{period.label}已锁定，不能直接修改。请在当月以负数或正数更正，或请发改局解锁。", code="locked"
            )
    if period > Period.of(today):
        raise DomainError(f"{period.label}还没有开始，不能填报。")
    return report_month(project=project, period=period, completed=completed, by=by, note=note, **figures)


@transaction.atomic
def decide_month(
    *, entry: MonthlyEntry, approve: bool, by: User, version: int, note: str = "", today: date | None = None
) -> MonthlyEntry:
    """One reviewer's word on a figure: the unit's second person (单位已复核), or the bureau (已审定); or back it goes.

    `version` is the one the reviewer saw. Raises StaleVersion when the figure changed meanwhile.
    """
    bureau = by.may(Can.DECIDE_FIGURES)
    if not may(by, entry.project, Can.REVIEW_FIGURES):
        raise NotAllowed("您没有审核这个项目月报的权限。")
    if by == entry.reported_by and not settings.get("requester_may_approve"):
        raise NotAllowed("填报人不能审核自己报送的数据。")
    if not approve and not note.strip():
        raise DomainError("退回须填写理由。")
    open_to = [EntryState.SUBMITTED, EntryState.REVIEWED] if bureau else [EntryState.SUBMITTED]
    if not approve and bureau:
        open_to.append(EntryState.ACCEPTED)
    if entry.state not in open_to:
        raise DomainError(f"这条月报{EntryState(entry.state).label}，不需要再审核。")
    if approve:
        state = EntryState.ACCEPTED if bureau else EntryState.REVIEWED
        changes: dict[str, Any] = {"state": state}
    else:
        changes = {"state": EntryState.RETURNED, "times_returned": F("times_returned") + 1}
    lock_figures([entry.project_id])
    save_versioned(entry, version=version, decided_by=by, decided_at=clock.now(), decision_note=note.strip(), **changes)
    keep_to_date([entry.project_id], entry.year)
    label = f"{Period(entry.year, entry.month).label}完成投资"
    action = {EntryState.ACCEPTED: "审定月报", EntryState.REVIEWED: "复核月报", EntryState.RETURNED: "退回月报"}
    audit.record(
        by=by,
        action=action[EntryState(entry.state)],
        subject=entry.project,
        changes={label: [entry.completed, entry.completed]},
        reason=note,
    )
    return entry


@transaction.atomic
def unlock_month(*, project: Project, period: Period, reason: str, until: date, by: User, today: date) -> MonthUnlock:
    """Open a locked month of a project through `until`; the row stays as the trace."""
    if not by.may(Can.DECIDE_FIGURES):
        raise NotAllowed("锁定的月份由发改局解锁。")
    if not reason.strip():
        raise DomainError("解锁须说明理由。")
    if until < today:
        raise DomainError("开放截止日期不能早于今天。")
    if today <= locks_on(period):
        raise DomainError(f"{period.label}还没有锁定，可以直接修改。")
    row = MonthUnlock.objects.create(
        project=project, year=period.year, month=period.month, until=until, reason=reason, by=by, at=clock.now()
    )
    audit.record(
        by=by, action="解锁月份", subject=project, changes={f"{period.label}开放至": ["", until]}, reason=reason
    )
    return row


def save_draft(*, user: User, period: Period, rows: dict[str, Any]) -> None:
    """Keep what was typed and not sent; an empty one goes."""
    mine = {"user": user, "year": period.year, "month": period.month}
    if rows:
        ReportDraft.objects.update_or_create(**mine, defaults={"rows": rows, "saved_at": clock.now()})
    else:
        ReportDraft.objects.filter(**mine).delete()


def locks_on(period: Period) -> date:
    """The last day on which a month's figure may be changed freely: the closing day and the days of grace."""
    calendar = work_calendar()
    return calendar.add(period.due(settings.get("report_day"), calendar), settings.get("report_grace_workdays"))


def is_unlocked(project: Project, period: Period, today: date) -> bool:
    """Whether the bureau holds the month open."""
    return project.month_unlocks.filter(year=period.year, month=period.month, until__gte=today).exists()


def late_workdays(period: Period, today: date) -> int:
    """Working days after the closing day; 0 in time."""
    calendar = work_calendar()
    return max(0, calendar.between(period.due(settings.get("report_day"), calendar), today))


def quote(completed: Decimal, corrects: Period | None, note: str, period: Period | None = None) -> dict[str, Any]:
    """The columns by which a figure says what it corrects; a negative one must (handbook §10.3)."""
    if completed < 0 and (corrects is None or not note.strip()):
        raise DomainError("负数是对以前月份的更正，请写明更正哪个月、为什么更正。", code="correction")
    if corrects and period and corrects >= period:
        raise DomainError(f"只能更正{period.label}以前的月份。", code="correction")
    return {
        "corrects_year": corrects.year if corrects and completed < 0 else None,
        "corrects_month": corrects.month if corrects and completed < 0 else None,
        "note": note.strip(),
    }


def figures_of(
    period: Period, completed: Decimal, before: Decimal | None, parts: dict[str, Decimal | None]
) -> dict[str, Decimal | None]:
    """The columns named, checked; a composition that no longer fits a changed figure is dropped, never kept wrong."""
    if unknown := set(parts) - set(PARTS):
        raise TypeError(f"unknown parts {unknown}")
    held = [parts[name] for name in COMPOSITION if parts.get(name) is not None]
    if held and len(held) < len(COMPOSITION):
        raise DomainError(
            "投资构成须三项都填（没有的填 0）：" + "、".join(COMPOSITION.values()) + "。", code="composition"
        )
    if held and "composition" in logic_faults(month_return(completed, held)):
        gap = completed - sum(held, Decimal(0))
        words = "少" if gap > 0 else "多"
        raise DomainError(
            f"{period.label}投资构成三项之和比完成投资{words} {wan_column(abs(gap))} 万元，请核对。", code="composition"
        )
    if not held and before is not None and before != completed:
        return parts | dict.fromkeys(COMPOSITION)
    return dict(parts)


def _create(**values: Any) -> MonthlyEntry:
    """Insert; the unique key decides when two come at once."""
    try:
        with transaction.atomic():
            return MonthlyEntry.objects.create(**values)
    except IntegrityError as error:
        raise StaleVersion(values["project"]) from error
