"""Random facts of indicators 14 and 15: documents published around the last day, over holidays and week-ends."""

from datetime import date, timedelta
from functools import cache
from typing import Any

from tests.oracle.days import TERM, Calendar, calendar
from tests.oracle.draw import Draw

FIRST, LAST = date(2023, 1, 1), date(2026, 10, 1)


def documents(draw: Draw) -> list[dict[str, Any]]:
    """Return the budget and the final accounts, seldom classified or unpublished."""
    return [_document(draw, name) for name in ("预算", "决算")]


def _document(draw: Draw, name: str) -> dict[str, Any]:
    approved = _approved(draw)
    document = {"document": name, "classified": draw.chance(8), "approved_on": f"{approved}"}
    if draw.chance(8 if not document["classified"] else 50):
        return document
    checks = draw.count(1, 12)
    passed = draw.among([0, checks, checks, draw.count(0, checks)])
    return {**document, "published_on": f"{_published(draw, approved)}", "checks": checks, "checks_passed": passed}


def _approved(draw: Draw) -> date:
    """Return a day of approval, mostly one whose 20th day is not a working day."""
    approved = draw.day(FIRST, LAST)
    if draw.chance(70):
        while _days().works(approved + timedelta(days=TERM)):
            approved += timedelta(days=1)
    return approved


def _published(draw: Draw, approved: date) -> date:
    last = approved + timedelta(days=TERM)
    moved = _days().next_working(last)
    after = [draw.count(0, 60), draw.count(0, TERM), TERM - 1, TERM, TERM + 1]
    return draw.among([*(approved + timedelta(days=n) for n in after), moved, moved, moved + timedelta(days=1)])


def performance_documents(draw: Draw) -> list[dict[str, Any]]:
    """Return the goals and the self-evaluation."""
    return [_performance_document(draw, name) for name in ("绩效目标", "绩效自评")]


def _performance_document(draw: Draw, name: str) -> dict[str, Any]:
    deadline = draw.day(FIRST + timedelta(days=30), LAST)
    document = {"document": name, "deadline": f"{deadline}"}
    if draw.chance(15):
        return document
    return {**document, "published_on": f"{deadline + timedelta(days=draw.among([-30, -1, 0, 0, 1, 20]))}"}


@cache
def _days() -> Calendar:
    return calendar()
