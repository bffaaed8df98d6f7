"""What a matcher is given and what it must find; the two matchers share this one interface.

A rule matches one fact for each of its patterns such that every condition holds. Distinct patterns of one
rule may match the same fact. The result is a set: neither the order of facts nor of firings means anything.

When each condition is tried is part of the meaning, because a test can fail on the facts that it is given:

1. tests of no pattern (guards), in order; where one is false nothing else is tried;
2. for each pattern, the conditions on it alone, in order, on every fact of its type: an earlier one guards a later
   one, and what other patterns match makes no difference;
3. joins, which cannot fail;
4. tests of two patterns or more, in order, on whole rows that meet all the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, TypeAlias

from engine.base.comparators import Comparator
from engine.base.numbers import Number
from engine.facts.model import Fact, MatchedFacts

MatchContext: TypeAlias = Any
"""What the evaluation hands through to tests: lower strata's facts, aggregates. Opaque to matchers."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A field of one matched fact against a constant; false, != too, where it is absent or of another kind."""

    pattern: int
    field: str
    comparator: Comparator
    """One that needs an order only for numbers and dates."""
    constant: Number | str | bool | date


@dataclass(frozen=True, slots=True)
class Join:
    """Two matched facts agree: their fields are equal, or a field refers to the other fact itself.

    False where a field is absent. Numbers are equal by value; a boolean or a text is not a number.
    """

    left: int
    left_field: str
    """A field's name, or the empty string for the fact itself."""
    right: int
    right_field: str


@dataclass(frozen=True, slots=True)
class Test:
    """Anything else: a condition computed exactly in Python from the rows of `patterns` (none: a guard)."""

    patterns: tuple[int, ...]
    """The patterns that it looks at, ascending; empty for a condition on the case as a whole."""
    holds: Callable[[MatchedFacts, MatchContext], bool]
    """Called with a row as long as the highest pattern it looks at, at least; other places may hold any fact."""


Condition: TypeAlias = Comparison | Join | Test


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as a matcher sees it; when its conditions are tried is said at the top of this module."""

    index: int
    """Its number in the program; the only name by which a match speaks of it."""
    name: str
    patterns: tuple[str, ...]
    """The fact type of each pattern; empty for a rule that fires once for the case, if its guards hold."""
    conditions: tuple[Condition, ...]
    derives: bool = False
    """Whether its firings derive facts that rules of the same stratum may match."""


Match: TypeAlias = tuple[int, MatchedFacts]
"""A rule's index and the facts that it matched."""

Derive: TypeAlias = Callable[[int, MatchedFacts], Fact | None]
"""What the matcher calls for each match of a deriving rule, once or more: the fact that it derives.

The same match gives the same fact object. None if the fact is already known.
"""


class Stratum(Protocol):
    """The rules of one stratum, prepared for many evaluations."""

    def matches(
        self,
        facts: Mapping[str, Sequence[Fact]],
        active: Iterable[int],
        context: MatchContext,
        derive: Derive,
        limit: int,
    ) -> list[Match]:
        """Return every match of the active rules, in any order, each once.

        `facts` holds all facts known when the stratum begins, by type. Facts that `derive` gives are matched too,
        until nothing new fires. `TooManyFirings` where there are more than `limit` matches.
        """
        ...
