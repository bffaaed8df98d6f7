"""What is observed of a condition on the facts of a match: whether it holds, and the values that it compared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from engine.base.comparators import Comparator
from engine.base.numbers import Number, simplest
from engine.facts.model import Value
from engine.language.typed import Choice, Logic, Not, Typed


@dataclass(frozen=True, slots=True)
class FieldRead:
    """A field of a matched fact: all that a simple condition reads besides its threshold."""

    pattern: int
    field: str


@dataclass(frozen=True, slots=True)
class Needed:
    """What a value must be for a condition to hold."""

    comparator: Comparator
    """How it must be to the first of the values; equal to any of them, where there are several."""
    values: tuple[Value, ...]
    field: FieldRead | None
    """The field that is the value; None where the value is worked out from more than one field."""

    @property
    def included(self) -> bool:
        """Whether the values themselves make the condition hold."""
        return self.comparator in (Comparator.EQUAL, Comparator.AT_LEAST, Comparator.AT_MOST)


@dataclass(frozen=True, slots=True)
class Sides:
    """A comparison with its threshold, the side that no fact changes, on the right."""

    value: Typed
    comparator: Comparator
    threshold: Typed
    field: FieldRead | None
    """The field that the value is, where it is one and the threshold does not depend on it."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A value compared with a threshold."""

    sides: Sides
    holds: bool
    value: Any
    threshold: Any

    @property
    def distance(self) -> Number | None:
        """How far the value is above the threshold, exactly, dates in days; None for what is no scale."""
        return distance(self.value, self.threshold)

    @property
    def needed(self) -> Needed:
        """What the value must be."""
        return Needed(self.sides.comparator, (self.threshold,), self.sides.field)


@dataclass(frozen=True, slots=True)
class Ranged:
    """A value looked for between two others, both included."""

    item: Typed
    ends: tuple[Typed, Typed]
    field: FieldRead | None
    holds: bool
    value: Any
    low: Any
    high: Any

    @property
    def distance(self) -> Number | None:
        """How far the value is above the upper end, or, as a negative number, below the lower; 0 between them."""
        return 0 if self.holds else distance(self.value, self.nearest)

    @property
    def nearest(self) -> Any:
        """The end that the value has passed."""
        return self.low if self.value < self.low else self.high

    @property
    def needed(self) -> Needed | None:
        """What the value must be at least or at most; None where there is nothing between the ends."""
        if self.low > self.high:
            return None
        comparator = Comparator.AT_LEAST if self.value < self.low else Comparator.AT_MOST
        return Needed(comparator, (self.nearest,), self.field)


@dataclass(frozen=True, slots=True)
class Listed:
    """A value looked for among several."""

    item: Typed
    field: FieldRead | None
    holds: bool
    value: Any
    options: tuple[Any, ...]

    @property
    def needed(self) -> Needed:
        """What the value must be."""
        return Needed(Comparator.EQUAL, self.options, self.field)


@dataclass(frozen=True, slots=True)
class Said:
    """A condition that is a value itself, such as a field that is true or false, `has(…)` or `any(…)`."""

    node: Typed
    field: FieldRead | None
    holds: bool

    @property
    def needed(self) -> Needed | None:
        """What the field must be; None where the condition is more than a field."""
        return Needed(Comparator.EQUAL, (True,), self.field) if self.field is not None else None


@dataclass(frozen=True, slots=True)
class Negated:
    """A condition that must not hold. What is inside it is not looked into: it is explained by what it says."""

    node: Not
    field: FieldRead | None
    holds: bool

    @property
    def needed(self) -> Needed | None:
        """What the field must be; None where the condition is more than a field."""
        return Needed(Comparator.EQUAL, (False,), self.field) if self.field is not None else None


@dataclass(frozen=True, slots=True)
class Joined:
    """Two conditions joined by `and` or `or`; the second is None where the first decided."""

    node: Logic
    holds: bool
    parts: tuple[Observation, Observation | None]


@dataclass(frozen=True, slots=True)
class Chosen:
    """`if condition then one else other`: what was found of the condition, and of the branch that it chose."""

    node: Choice
    holds: bool
    condition: Observation
    branch: Observation


Simple: TypeAlias = Compared | Ranged | Listed | Said | Negated
Observation: TypeAlias = Simple | Joined | Chosen


def distance(value: Any, threshold: Any) -> Number | None:
    """Return how far a value is above a threshold, dates in days; None for what is no scale.

    >>> distance(date(2024, 3, 1), date(2024, 2, 28)), distance("甲", "乙"), distance(True, False)
    (2, None, None)
    """
    if isinstance(value, date) and isinstance(threshold, date):
        return (value - threshold).days
    if isinstance(value, bool) or not isinstance(value, Number):
        return None
    found = value - threshold
    return found if isinstance(found, int) else simplest(found)
