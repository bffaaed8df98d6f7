"""Find evaluations, or their firings, in a ledger."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from audit.tables.criteria import Criteria
from audit.tables.making import losses
from audit.tables.records import RecordedEvaluation
from engine.base.faults import UsageFault, problem
from engine.base.folding import folded
from engine.base.messages import listing, msg
from engine.base.numbers import Number, simplest
from engine.receipt import Content
from engine.receipt.model import FiringLine
from workflow.ledger import open_ledger
from workflow.settings import Settings

if TYPE_CHECKING:
    from audit.ledger.ledger import Ledger

_MANY = 200
"""From how many evaluations on the progress is shown, and how many at least are asked for at once."""


@dataclass(frozen=True, slots=True)
class FiringFound:
    """A firing that was looked for, as the receipt has it; one that acts on several indicators is there for each."""

    number: int
    line: FiringLine
    indicator: int | None
    lost: Number
    """What it takes in the indicator."""
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
    _refuse_empty_ranges(criteria)
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
        if not found:
            _say_why(ledger, settings, criteria)
    return found


def _refuse_empty_ranges(criteria: Criteria) -> None:
    """Refuse a range that nothing can be in."""
    low, high = criteria.at_least, criteria.at_most
    if low is not None and high is not None and low > high:
        raise UsageFault.because(
            problem("option.empty-range", "--from is more than --to: no total is between them."),
            msg("Give the lower one with --from."),
        )
    if criteria.since is not None and criteria.until is not None and criteria.since >= criteria.until:
        raise UsageFault.because(
            problem("option.empty-range", "--since is after --until: no day is between them."),
            msg("Give the earlier day with --since."),
        )


def _say_why(ledger: Ledger, settings: Settings, criteria: Criteria) -> None:
    """Say which of the criteria nothing meets, even alone; of a department, which one may be meant."""
    alone = [
        f"--{name} {value}"
        for name, value in criteria.words.items()
        if not ledger.search(replace(Criteria(in_force=criteria.in_force), **{name: value}), 1)
    ]
    if alone:
        settings.notify(msg("Nothing in the ledger meets these, each by itself: {options}.", options=listing(alone)))
    if criteria.department is not None and (near := _near(criteria.department, ledger.departments())):
        settings.notify(
            msg("The ledger knows no department “{name}”; did you mean {near}?", name=criteria.department, near=near)
        )


def _found(evaluation: RecordedEvaluation, content: Content, criteria: Criteria) -> Found:
    acts = {(posting.firing, posting.indicator) for posting in content.postings}
    found = []
    for number in criteria.firings(content):
        line = content.firings[number]
        places = [indicator for firing, indicator in acts if firing == number] or [line.indicator]
        for indicator in sorted(places, key=lambda place: (place is None, place)):
            lost = losses(content, indicator).get(number, Fraction(0))
            if criteria.indicator in (None, indicator) and (lost > 0 or not criteria.lost):
                found.append(FiringFound(number, line, indicator, simplest(lost)))
    return Found(evaluation, tuple(found))


def _near(name: str, known: Sequence[str]) -> str:
    """Return a department that may be meant: one that holds the name, else one that is spelt like it."""
    keys = {folded(each): each for each in known}
    if folded(name) in keys:
        return ""
    holding = [each for key, each in keys.items() if folded(name) in key]
    return next(iter(holding or difflib.get_close_matches(name, known, n=1)), "")
