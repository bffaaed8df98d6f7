"""Adding up the books of a receipt again: no points exist outside a posting, and none are lost on the way up.

A forged receipt may hold anything, so nothing here takes much longer than reading it did.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Any, TypeAlias

from engine.errors import Message, msg

_UNIT = 10**12
_MOST_BITS = 10**6
"""How long the denominators of one sum may be together: far more than measured facts lead to."""

_DEEPEST = 100
"""How many levels a form may have, far above any that is printed."""

Amount: TypeAlias = int | Fraction
"""An amount in units of 10**-12 points: whole but for fractions such as 1/3, so that adding up is quick and exact."""


@lru_cache(maxsize=4096)
def amount(text: str) -> Amount:
    """Read an amount as a receipt writes it, a decimal or a fraction; the same ones come again and again."""
    if "e" in text.lower():
        # No receipt writes exponents; a forged one could keep us counting for ever.
        raise ValueError(text)
    found = Fraction(text) * _UNIT
    return found.numerator if found.denominator == 1 else found


@dataclass(slots=True)
class Sum:
    """A sum of amounts; the numerators of fractions are added by denominator, and brought together once at the end.

    Adding fraction to fraction would look for a common divisor each time, which long denominators make slow.
    """

    whole: int = 0
    parts: dict[int, int] = field(default_factory=dict)

    def add(self, more: Amount) -> None:
        """Add an amount."""
        if isinstance(more, int):
            self.whole += more
        else:
            self.parts[more.denominator] = self.parts.get(more.denominator, 0) + more.numerator

    def include(self, other: Sum) -> None:
        """Add another sum."""
        self.whole += other.whole
        for denominator, numerator in other.parts.items():
            self.parts[denominator] = self.parts.get(denominator, 0) + numerator

    def is_(self, stated: Amount) -> bool:
        """Tell whether it comes to an amount."""
        if not self.parts:
            return self.whole == stated
        if sum(denominator.bit_length() for denominator in self.parts) > _MOST_BITS:
            raise ValueError(len(self.parts))
        terms = [(numerator, denominator) for denominator, numerator in self.parts.items()]
        while len(terms) > 1:
            pairs = zip(terms[::2], terms[1::2], strict=False)
            joined = [(a * d + c * b, b * d) for (a, b), (c, d) in pairs]
            terms = joined + terms[len(terms) & ~1 :]
        numerator, denominator = terms[0]
        top, bottom = stated.as_integer_ratio()
        return (self.whole * denominator + numerator) * bottom == top * denominator


@dataclass(slots=True)
class Line:
    """What one line of the books has kept and lost."""

    kept: Sum = field(default_factory=Sum)
    lost: Sum = field(default_factory=Sum)

    def add(self, line: Mapping[str, Any]) -> None:
        """Add what a posting or a line below says."""
        self.kept.add(amount(line["kept"]))
        self.lost.add(amount(line["lost"]))

    def include(self, other: Line) -> None:
        """Add all of another line."""
        self.kept.include(other.kept)
        self.lost.include(other.lost)

    def balances(self, line: Mapping[str, Any]) -> bool:
        """Tell whether it comes to what a line says, and that to the line's weight."""
        kept, lost = amount(line["kept"]), amount(line["lost"])
        return self.kept.is_(kept) and self.lost.is_(lost) and kept + lost == amount(line["weight"])


def book_faults(content: Mapping[str, Any]) -> Iterator[Message]:
    """Tell every sum in a receipt that does not come out; a form deeper than any that is printed is a ValueError."""
    yield from _part_faults(content)
    yield from _level_faults(content)


def _part_faults(content: Mapping[str, Any]) -> Iterator[Message]:
    posted: defaultdict[tuple[Any, Any], Line] = defaultdict(Line)
    firings = len(content["firings"])
    for posting in content["postings"]:
        place = posting["indicator"], posting["part"]
        posted[place].add(posting)
        if not 0 <= posting["firing"] < firings:
            yield msg("a posting of indicator {number} names no firing", number=place[0])
    for indicator in content["indicators"]:
        number = indicator["number"]
        # What is given or taken beside the parts, as by an override, stands under no part.
        whole = posted.pop((number, ""), Line())
        for part in indicator["parts"]:
            line = posted.pop((number, part["id"]), Line())
            if not line.balances(part):
                yield msg("part “{part}” of indicator {number} does not add up", part=part["id"], number=number)
            whole.include(line)
        if not whole.balances(indicator):
            yield msg("indicator {number} does not add up", number=number)
    for number, _ in posted:
        yield msg("points are posted to no part of indicator {number}", number=number)


def _level_faults(content: Mapping[str, Any]) -> Iterator[Message]:
    above: defaultdict[tuple[str, ...], Line] = defaultdict(Line)
    total, weight = Sum(), Sum()
    for indicator in content["indicators"]:
        total.add(amount(indicator["kept"]))
        weight.add(amount(indicator["weight"]))
        path = tuple(indicator["path"])
        if len(path) > _DEEPEST:
            raise ValueError(path)
        for depth in range(1, len(path) + 1):
            above[path[:depth]].add(indicator)
    for level in content["levels"]:
        if not above.pop(tuple(level["path"]), Line()).balances(level):
            yield msg("level “{level}” does not add up", level=" / ".join(level["path"]))
    if above:
        yield msg("a level is missing")
    if not total.is_(amount(content["total"])) or not weight.is_(amount(content["weight"])):
        yield msg("the total does not add up")
