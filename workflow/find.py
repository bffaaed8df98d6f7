"""Find evaluations, or their firings, in a ledger."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from audit.tables.criteria import Criteria
from audit.tables.making import losses
from audit.tables.records import RecordedEvaluation
from engine.base.faults import UsageFault, problem
from engine.base.folding import folded
from engine.base.messages import msg
from engine.base.numbers import Number, read_decimal, simplest
from engine.receipt import Content
from engine.receipt.model import FiringLine
from workflow.ledger import open_ledger
from workflow.settings import Settings

_MANY = 200
"""From how many evaluations on the progress is shown, and how many at least are asked for at once."""


@dataclass(frozen=True, slots=True)
class FiringFound:
    """A firing that was looked for, as the receipt has it."""

    number: int
    line: FiringLine
    lost: Number
    """What it takes, in the indicator that is asked for or in all."""


@dataclass(frozen=True, slots=True)
class Found:
    """An evaluation that was looked for; its row was compared with its entry and its receipt."""

    evaluation: RecordedEvaluation
    firings: tuple[FiringFound, ...]
    """Those that meet what is asked of firings; all where nothing is asked of them."""


def find(settings: Settings, criteria: Criteria, most: int | None = None) -> list[Found]:
    """Return what meets the criteria, the newest first, at most so many; each is checked before it is given out.

    `Damaged` where a row is not what its entry and its receipt say.
    """
    found: list[Found] = []
    with open_ledger(settings) as ledger:
        candidates = ledger.search(criteria, at_once := None if most is None else max(most, _MANY))
        shown = settings.progress(msg("Checking what was found")) if len(candidates) >= _MANY else nullcontext()
        with shown as count:
            while candidates and len(found) != most:
                for done, each in enumerate(candidates, 1):
                    content = ledger.checked(each).content
                    if criteria.meets(content):
                        found.append(_found(each, content, criteria))
                    if len(found) == most:
                        break
                    if count is not None:
                        count(done, len(candidates))
                # What the query finds may still not meet the criteria, so that there may be more further back.
                is_all = len(candidates) != at_once
                candidates = [] if is_all else ledger.search(criteria, at_once, before=candidates[-1].entry)
        if not found and criteria.department is not None:
            near = _near(criteria.department, ledger.departments())
            if near:
                settings.notify(
                    msg(
                        "The ledger knows no department “{name}”; did you mean {near}?",
                        name=criteria.department,
                        near=near,
                    )
                )
    return found


def _found(evaluation: RecordedEvaluation, content: Content, criteria: Criteria) -> Found:
    taken = losses(content, criteria.indicator)
    firings = (
        FiringFound(number, content.firings[number], simplest(taken.get(number, Fraction(0))))
        for number in criteria.firings(content)
    )
    return Found(evaluation, tuple(firings))


def _near(name: str, known: Sequence[str]) -> str:
    """Return a department that may be meant: one that holds the name, else one that is spelt like it."""
    keys = {folded(each): each for each in known}
    if folded(name) in keys:
        return ""
    holding = [each for key, each in keys.items() if folded(name) in key]
    return next(iter(holding or difflib.get_close_matches(name, known, n=1)), "")


def points_of(option: str, text: str | None) -> Number | None:
    """Return the points that an option gives; `UsageFault` where it is not a number."""
    number = None if text is None else read_decimal(text.strip())
    if text is not None and number is None:
        raise UsageFault.because(
            problem("option.not-points", "{option}: “{text}” is not a number of points.", option=option, text=text),
            msg("Write a decimal, such as 89.5."),
        )
    return number


def moment_of(option: str, text: str | None, *, after: bool = False) -> str | None:
    """Return the moment at which a day begins, or `after` its end, as entries write it; `UsageFault` if it is no day.

    A day begins at midnight UTC, as entries have their times; the last day of all has no end.
    """
    if text is None:
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise UsageFault.because(
            problem("option.not-a-day", "{option}: “{text}” is not a day.", option=option, text=text),
            msg("Write it as YEAR-MONTH-DAY, such as 2025-03-01."),
        ) from None
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    if after and day == date.max:
        return None
    return (start + timedelta(days=1) if after else start).isoformat().replace("+00:00", "Z")
