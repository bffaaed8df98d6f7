"""Working days, and the last day on which a document is published in time."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import yaml

CALENDAR = Path(__file__).parents[2] / "rulesets" / "calendars" / "cn.yaml"
SATURDAY = 5
TERM = 20


@dataclass(frozen=True)
class Calendar:
    """The days off and the make-up working days from one day to another."""

    first: date
    last: date
    holidays: frozenset[date]
    workdays: frozenset[date]

    def works(self, day: date) -> bool:
        """Return whether a day is a working day."""
        return day in self.workdays or (day.weekday() < SATURDAY and day not in self.holidays)

    def next_working(self, day: date) -> date:
        """Return the day itself if it is a working day, else the first one after it."""
        while not self.works(day):
            day += timedelta(days=1)
        return day


def calendar() -> Calendar:
    """Return the calendar that the ruleset names."""
    data = yaml.safe_load(CALENDAR.read_text(encoding="utf-8"))
    covers = data["covers"]
    return Calendar(covers["from"], covers["to"], frozenset(data["holidays"]), frozenset(data["workdays"]))


def last_day(approved: date, reading: str, days: Calendar) -> date:
    """Return the last of the 20 days, as reading R16 counts them."""
    if reading == "approval-day-counted":
        return approved + timedelta(days=TERM - 1)
    last = approved + timedelta(days=TERM)
    return days.next_working(last) if reading == "next-day-holiday-moves" else last
