"""Thresholds: where a rule compares a number or a date with a limit that the ruleset sets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from fractions import Fraction
from itertools import islice, product
from typing import Any

from engine.base.numbers import Number
from engine.base.places import Place
from engine.facts.model import Fact
from engine.language.context import CannotCompute, Computation, Context
from engine.language.typed import Typed

_MOST_ROWS = 10_000
"""How many combinations of facts are looked at for one threshold of a rule that joins several."""

_NEAR = Fraction(1, 100)
"""How near a value must be to count as just below or just above, as a share of the limit."""


class Position(Enum):
    """Where the value of a case is, as seen from a limit."""

    BELOW = -1
    AT = 0
    ABOVE = 1


@dataclass(frozen=True, slots=True)
class Threshold:
    """A value that a rule compares with a limit."""

    rule: str
    """The rule as written, such as `1/banded`."""
    subject: str
    limit: str
    place: Place = field(compare=False)
    fact_types: tuple[str, ...] = field(compare=False)
    """The fact type of each pattern of the rule, and of the aggregate that makes the comparison."""
    left: Typed = field(compare=False, repr=False)
    right: Typed = field(compare=False, repr=False)
    whole: bool = field(compare=False)
    """Whether the value can only be whole, such as a count or a number of days."""
    never_below: bool = field(compare=False)
    """Whether no value can be below the limit, since it is 0 and the value has no sign."""
    indicator: int | None = field(compare=False)

    @property
    def name(self) -> str:
        """The name by which findings call it."""
        return f"{self.rule} {self.subject} {self.limit}"

    def step(self, limit: Any) -> Number:
        """Return how far from a limit a value may be to be just below or just above it; 0 for any distance."""
        return 1 if self.whole or isinstance(limit, date) else abs(limit) * _NEAR

    def position(self, distance: Number, limit: Any) -> Position | None:
        """Return where a value is that is so far above its limit; None where it is not near."""
        if distance == 0:
            return Position.AT
        step = self.step(limit)
        if step and not -step <= distance <= step:
            return None
        return Position.BELOW if distance < 0 else Position.ABOVE


@dataclass(frozen=True, slots=True)
class Gauge:
    """A threshold with what computes the value and its limit."""

    threshold: Threshold
    patterns: tuple[int, ...]
    value: Computation = field(repr=False)
    limit: Computation = field(repr=False)
    guards: tuple[Computation, ...] = field(repr=False)
    """The other conditions on the same facts: a value counts only where the rule looks at it."""

    def positions(self, context: Context) -> frozenset[Position]:
        """Return where the values of a case are."""
        return frozenset(
            position
            for row in rows(self.threshold.fact_types, self.patterns, context)
            if (position := self._position(row, context)) is not None
        )

    def distance(self, row: tuple[Fact, ...], context: Context) -> tuple[Number, Any] | None:
        """Return how far a value is above its limit, in days for dates, and the limit; None where there is none."""
        try:
            if not all(holds(row, context) for holds in self.guards):
                return None
            value, limit = self.value(row, context), self.limit(row, context)
        except (CannotCompute, KeyError):
            return None
        return ((value - limit).days if isinstance(value, date) else value - limit), limit

    def _position(self, row: tuple[Fact, ...], context: Context) -> Position | None:
        found = self.distance(row, context)
        return None if found is None else self.threshold.position(*found)


def rows(fact_types: Sequence[str], patterns: Sequence[int], context: Context) -> Iterator[tuple[Fact, ...]]:
    """Yield the facts for some patterns of a rule, the others filled with any fact."""
    nothing = Fact("", "", {})
    choices = [
        context.facts.get(name, ()) if number in patterns else (nothing,) for number, name in enumerate(fact_types)
    ]
    return islice(product(*choices), _MOST_ROWS)
