"""Sending many months at once: every row is a report of its own, and one that fails holds back no other."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.models import Unit, User
from accounts.roles import Can
from common.errors import DomainError, NotAllowed, StaleVersion
from common.periods import Period
from investment.actions.reporting import decide_month
from investment.models import MonthlyEntry, ReportReminder


@dataclass
class Decided:
    """What came of deciding on many figures: `refused` pairs a figure with the reason."""

    done: int = 0
    stale: int = 0
    refused: list[tuple[MonthlyEntry, str]] = field(default_factory=list)


def decide_months(
    *, entries: Iterable[MonthlyEntry], seen: dict[int, int], approve: bool, by: User, note: str = ""
) -> Decided:
    """Approve or return figures, each held to the version that the reviewer saw (`seen`: key → version)."""
    result = Decided()
    for entry in entries:
        try:
            decide_month(entry=entry, approve=approve, by=by, version=seen[entry.pk], note=note)
            result.done += 1
        except StaleVersion:
            result.stale += 1
            result.refused.append((entry, "审核期间数据已有变动，请核对新的数再审。"))
        except DomainError as error:
            result.refused.append((entry, error.message))
    return result


def remind_units(*, owed: dict[Unit, int], period: Period, by: User, today: date) -> int:
    """Ask units for the figures they still owe (unit → how many); once a day each. Returns how many were asked now.

    The rows are what the alert rule `report_missing` reads: the next scan tells the people responsible again.
    """
    if not by.may(Can.DECIDE_FIGURES):
        raise NotAllowed("催报由发改局办理。")
    asked = 0
    for unit, number in owed.items():
        try:
            with transaction.atomic():
                ReportReminder.objects.create(
                    unit=unit, year=period.year, month=period.month, on=today, owed=number, by=by
                )
                changes: dict[str, list[Any]] = {f"{period.label}欠报": ["", number]}
                audit.record(by=by, action="催报", subject=unit, changes=changes)
                asked += 1
        except IntegrityError:
            continue  # asked today already
    return asked
