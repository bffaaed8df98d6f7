"""Adding up the books of a receipt again: no points exist outside a posting, and none are lost on the way up.

A forged receipt may hold anything, so nothing here takes much longer than reading it did.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from audit.checks.acts import act_faults
from audit.checks.amounts import Line, TooLargeError, amount
from audit.checks.overrides import override_faults
from engine.base.messages import Message, msg
from engine.receipt import Content
from engine.receipt.model import BookedLine

_DEEPEST = 100
"""How many levels a form may have, far above any that is printed."""


def book_faults(content: Content) -> Iterator[Message]:
    """Report every sum in a receipt that does not come out, or that is beyond any that a form leads to."""
    try:
        yield from _part_faults(content)
        yield from _level_faults(content)
        yield from act_faults(content)
        yield from override_faults(content)
        yield from _grade_faults(content)
    except TooLargeError:
        yield msg("their numbers or levels are far beyond those of any form")


def _part_faults(content: Content) -> Iterator[Message]:
    posted: defaultdict[tuple[int | None, str], Line] = defaultdict(Line)
    firings = len(content.firings)
    for position, posting in enumerate(content.postings):
        if not 0 <= posting.firing < firings:
            yield msg("posting {number} names no firing", number=position)
        if posting.level is None:
            posted[posting.indicator, posting.part].add(posting)
    for indicator in content.indicators:
        number: int | None = indicator.number
        # What is given or taken beside the parts, as by an override, belongs to no part.
        whole = posted.pop((number, ""), Line())
        for part in indicator.parts:
            line = posted.pop((number, part.id), Line())
            if not line.balances(part):
                yield msg("part “{part}” of indicator {number} does not add up", part=part.id, number=number)
            whole.include(line)
        if not whole.balances(indicator):
            yield msg("indicator {number} does not add up", number=number)
    for number, _ in posted:
        yield msg("points are posted to no part of indicator {number}", number=number)


def _level_faults(content: Content) -> Iterator[Message]:
    above: defaultdict[tuple[str, ...], Line] = defaultdict(Line)
    for path, first, line in _lines_below_levels(content):
        if len(path) > _DEEPEST:
            raise TooLargeError
        for depth in range(first, len(path) + 1):
            above[path[:depth]].add(line)
    whole = above.pop((), Line())
    for level in content.levels:
        if not above.pop(tuple(level.path), Line()).balances(level):
            yield msg("level “{level}” does not add up", level=" / ".join(level.path))
    if above:
        yield msg("a level is missing")
    kept, lost, left = whole.sums()
    said = amount(content.total), amount(content.open)
    if (kept, left) != said or kept + lost + left != amount(content.weight):
        yield msg("the total does not add up")


def _grade_faults(content: Content) -> Iterator[Message]:
    """Report a grade that is not the only possible one, or several of a total that is known.

    Which grade a total has is in the ruleset: replay decides that.
    """
    for outcome in (content, content.before_override):
        if outcome is None:
            continue
        grades = outcome.grades
        if outcome.grade != (grades[0] if len(grades) == 1 else None):
            yield msg("its grade is not the only one that is possible")
        if len(grades) > 1 and (amount(outcome.open) == 0 or len({*grades}) < len(grades)):
            yield msg("it has more grades than are possible")


def _lines_below_levels(content: Content) -> Iterator[tuple[tuple[str, ...], int, BookedLine]]:
    """Yield what adds up to the levels, with its path and the depth of the highest level that it counts in.

    An indicator counts its rows already, so a row counts only in the levels between the two.
    """
    for indicator in content.indicators:
        yield indicator.path, 0, indicator
        for part in indicator.parts:
            if part.row is not None:
                yield (*indicator.path, *part.row.path), len(indicator.path) + 1, part
    for posting in content.postings:
        if posting.level is not None:
            yield posting.level, 0, posting
