"""The bar of an indicator: as long as its weight, in what is kept, lost and open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from engine.base.numbers import fixed_text
from engine.receipt.model import WeighedLine

LENGTH = 100
"""How long the bar of the heaviest line is."""

_DECIMALS = 2


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a bar, with its place on it."""

    kind: str
    """kept, lost or open."""
    start: str
    length: str


def bar(line: WeighedLine, heaviest: str) -> tuple[Segment, ...]:
    """Return the segments of a line's bar; `heaviest` is the weight of the longest bar."""
    return tuple(_segments(line, Fraction(heaviest)))


def _segments(line: WeighedLine, heaviest: Fraction) -> Iterator[Segment]:
    start, end = Fraction(0), Fraction(line.weight)
    for kind, points in (("kept", line.kept), ("lost", line.lost), ("open", line.open)):
        length = min(Fraction(points), end - start)
        if length > 0 and heaviest > 0:
            yield Segment(kind, _scaled(start, heaviest), _scaled(length, heaviest))
            start += length


def _scaled(points: Fraction, heaviest: Fraction) -> str:
    return fixed_text(points * LENGTH / heaviest, _DECIMALS)
