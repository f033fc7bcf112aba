"""What everything about a demo project stands on: its entry, its dates, its people, its place on the timeline."""

from datetime import date
from random import Random

from accounts.models import User
from common import clock
from dashboard.demo.cast import Cast
from dashboard.demo.catalogue import Entry
from dashboard.demo.timeline import Timeline
from investment.lights import closed_period
from projects.models import Project


class Subject:
    """One demo project. `project` exists once its registration has been played."""

    def __init__(self, entry: Entry, number: int, cast: Cast, timeline: Timeline, rng: Random) -> None:
        self.entry, self.number, self.cast, self.timeline, self.rng = entry, number, cast, timeline, rng
        self.today = timeline.today
        self.closed = closed_period(self.today)
        self.project: Project
        self.registered: date
        self.begun: date | None = None  # 实际开工, also of a start that is not recognised yet
        self.ended: date | None = None  # 竣工, real or planned

    @property
    def reporter(self) -> User:
        return self.cast.reporter(self.entry.unit)

    @property
    def official(self) -> User:
        return self.cast.official(self.entry.unit)

    @property
    def admin(self) -> User:
        return self.cast.people["admin"]

    def _workday(self, day: date) -> date:
        return self.timeline.calendar.roll_back(day)

    def _in_workdays(self, number: int) -> date:
        """Working days, so that a holiday does not turn the order of two events around."""
        return self.timeline.calendar.add(self._now(), number)

    def _age(self) -> int:
        return (self.today - self.registered).days

    @staticmethod
    def _now() -> date:
        return clock.today()

    def _document_no(self) -> str:
        word = self.rng.choice(("云发改审", "云自然资", "云环审", "云住建", "云行审", "云应急"))
        return f"{word}〔{self._now().year}〕{self.rng.randint(3, 290)}号"
