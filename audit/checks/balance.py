"""Adding up the books of a receipt again: no points exist outside a posting, and none are lost on the way up.

A forged receipt may hold anything, so nothing here takes much longer than reading it did.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias

from engine.base.messages import Message, msg
from engine.receipt import Content
from engine.receipt.model import BookedLine, WeighedLine

_UNIT = 10**12
_MOST_BITS = 200_000
"""How long the denominators of one sum may be together: far more than measured facts lead to."""

_DEEPEST = 100
"""How many levels a form may have, far above any that is printed."""


class _TooLargeError(Exception):
    """A sum would take long, so it is not worked out."""


Amount: TypeAlias = int | Fraction
"""An amount in units of 10**-12 points: whole but for fractions such as 1/3, so that adding up is quick and exact."""


@lru_cache(maxsize=4096)
def amount(text: str) -> Amount:
    """Read an amount as a receipt writes it, a decimal or a fraction; the same ones come again and again."""
    found = Fraction(text) * _UNIT
    return found.numerator if found.denominator == 1 else found


class Line:
    """What one line of the books keeps, loses and leaves open: whole amounts as sums, and the others one by one."""

    __slots__ = ("fractions", "kept", "lost", "open")

    def __init__(self) -> None:
        self.kept = self.lost = self.open = 0
        self.fractions: list[tuple[Amount, Amount, Amount]] = []

    def add(self, line: BookedLine) -> None:
        """Add what a posting or a line below says."""
        kept, lost, left = amount(line.kept), amount(line.lost), amount(line.open)
        if type(kept) is int and type(lost) is int and type(left) is int:
            self.kept += kept
            self.lost += lost
            self.open += left
        else:
            self.fractions.append((kept, lost, left))

    def include(self, other: Line) -> None:
        """Add all of another line."""
        self.kept += other.kept
        self.lost += other.lost
        self.open += other.open
        self.fractions += other.fractions

    def sums(self) -> tuple[Amount, Amount, Amount]:
        """Return what was kept, lost and left open in all."""
        if not self.fractions:
            return self.kept, self.lost, self.open
        kept, lost, left = zip((self.kept, self.lost, self.open), *self.fractions, strict=True)
        return _sum(kept), _sum(lost), _sum(left)

    def balances(self, line: WeighedLine) -> bool:
        """Return whether the sums are those of a line, and add up to the line's weight."""
        said = amount(line.kept), amount(line.lost), amount(line.open)
        return self.sums() == said and sum(said) == amount(line.weight)


def _sum(amounts: Iterable[Amount]) -> Amount:
    """Add amounts; those of one denominator first, for each reduction of a fraction takes its time."""
    numerators: defaultdict[int, int] = defaultdict(int)
    for each in amounts:
        numerators[each.denominator] += each.numerator
    if sum(denominator.bit_length() for denominator in numerators) > _MOST_BITS:
        raise _TooLargeError
    terms = [(numerator, denominator) for denominator, numerator in numerators.items()]
    while len(terms) > 1:
        pairs = zip(terms[::2], terms[1::2], strict=False)
        terms = [(a * d + c * b, b * d) for (a, b), (c, d) in pairs] + terms[len(terms) & ~1 :]
    return Fraction(*terms[0])


def book_faults(content: Content) -> Iterator[Message]:
    """Report every sum in a receipt that does not come out, or that is beyond any that a form leads to."""
    try:
        yield from _part_faults(content)
        yield from _level_faults(content)
    except _TooLargeError:
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
            raise _TooLargeError
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
