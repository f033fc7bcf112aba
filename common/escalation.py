"""督办升级: the ladder that a missed date climbs by working days (handbook §6.2, rule issue.escalation)."""

from dataclasses import dataclass
from datetime import date

from common.workdays import WorkCalendar

THRESHOLDS = (3, 5, 15)  # 提醒 from so many working days before; 督办 up to, 约谈 up to so many after, then 通报
NAMES = ("正常", "提醒", "督办", "约谈", "通报")
DONE = "已销号"


@dataclass(frozen=True, slots=True)
class Escalation:
    """A rung of the ladder (0–4), its name, and the working days by which the date was missed."""

    level: int
    name: str
    overdue_wd: int


def escalation_level(
    due: date,
    today: date,
    calendar: WorkCalendar,
    *,
    ext: date | None = None,
    closed_on: date | None = None,
    thresholds: tuple[int, int, int] = THRESHOLDS,
) -> Escalation:
    """Where something due on `due` stands today. `ext` is an approved later date that replaces it.

    Closed things climb no further, their delay is still counted. Weekends and holidays do not count: after the due
    date, while no working day has passed, it is still 提醒.
    """
    due = ext or due
    if closed_on:
        return Escalation(0, DONE, max(calendar.between(due, closed_on), 0))
    before, supervised, interviewed = thresholds
    late = calendar.between(due, today)
    if today <= due:
        return _rung(0 if -late > before else 1, 0)
    if late == 0:
        return _rung(1, 0)
    return _rung(2 if late <= supervised else 3 if late <= interviewed else 4, late)


def _rung(level: int, overdue_wd: int) -> Escalation:
    return Escalation(level, NAMES[level], overdue_wd)
