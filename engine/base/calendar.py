"""The working-day calendar: data of the ruleset, never the machine's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_FRIDAY = 4


class OutsideCalendar(Exception):
    """A day is asked about that the calendar does not cover."""

    def __init__(self, day: date) -> None:
        super().__init__(day)
        self.day = day


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked: Monday to Friday, except the days off, and the make-up days listed."""

    first: date
    last: date
    holidays: frozenset[date]
    workdays: frozenset[date]

    def is_workday(self, day: date) -> bool:
        """Return whether a day is worked; `OutsideCalendar` if the calendar does not cover it."""
        if not self.first <= day <= self.last:
            raise OutsideCalendar(day)
        return day in self.workdays or (day.weekday() <= _FRIDAY and day not in self.holidays)

    def next_workday(self, day: date) -> date:
        """Return the day itself if it is worked, else the next that is (民法典第二百零三条)."""
        return next(d for d in self._from(day) if self.is_workday(d))

    def workdays_after(self, day: date, count: int) -> date:
        """Return the working day that is `count` working days after a day; the day itself is not counted."""
        found = day
        for _ in range(count):
            found = self.next_workday(found + timedelta(days=1))
        return found

    def _from(self, day: date) -> Iterator[date]:
        while True:
            yield day
            day += timedelta(days=1)
