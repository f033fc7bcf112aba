"""The past of the demo district: events in the order in which they happened, each at its own hour."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from heapq import heappop, heappush
from itertools import count
from random import Random

from common import clock
from common.workdays import work_calendar


class Timeline:
    """Plays events up to `now`. An event may plan later ones; what would lie in the future does not happen."""

    def __init__(self, now: datetime, rng: Random) -> None:
        self.now = now
        self.today = now.date()
        self.calendar = work_calendar()
        self._rng = rng
        self._events: list[tuple[datetime, int, Callable[[], object]]] = []
        self._serial = count()
        self._moment: datetime | None = None  # of the event being played: what it plans comes after it

    def on(self, day: date, happen: Callable[[], object]) -> None:
        """Let `happen` happen in office hours of `day`, or of the last working day before."""
        minutes = self._rng.randrange(8 * 60 + 30, 17 * 60 + 30)
        moment = datetime.combine(self.calendar.roll_back(day), time(minutes // 60, minutes % 60), clock.SHANGHAI)
        moment = max(moment, self._moment + timedelta(minutes=1)) if self._moment else moment
        if moment <= self.now:
            heappush(self._events, (moment, next(self._serial), happen))

    def ago(self, fewest: int, most: int) -> date:
        """A working day some `fewest` to `most` calendar days before today."""
        return self.calendar.roll_back(self.today - timedelta(days=self._rng.randint(fewest, most)))

    def play(self) -> int:
        """Everything planned, and what that plans in turn. Returns how many events there were."""
        played = 0
        while self._events:
            self._moment, _, happen = heappop(self._events)
            with clock.standing_at(self._moment):
                happen()
            played += 1
        return played
