"""Amounts of a receipt, and what they come to: exact, and never slow, however a receipt was forged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias

from engine.receipt.model import BookedLine, WeighedLine

_UNIT = 10**12
_MOST_BITS = 200_000
"""How long the denominators of one sum may be together: far more than measured facts lead to."""


class TooLargeError(Exception):
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
        raise TooLargeError
    terms = [(numerator, denominator) for denominator, numerator in numerators.items()]
    while len(terms) > 1:
        pairs = zip(terms[::2], terms[1::2], strict=False)
        terms = [(a * d + c * b, b * d) for (a, b), (c, d) in pairs] + terms[len(terms) & ~1 :]
    return Fraction(*terms[0])
