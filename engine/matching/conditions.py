"""What conditions mean, on exact values, and when a rule tries each of them; both matchers read it here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TypeAlias, cast

from engine.base.faults import FenmingError, TooManyFirings, problem
from engine.base.messages import listing, msg
from engine.base.numbers import Number
from engine.facts.model import Fact, MatchedFacts, Value
from engine.matching.interface import Comparison, Condition, Join, MatchContext, Rule, Test

MAX_ROWS = 1_000_000
"""How many rows the tests of one rule may look at; a rule that needs more lacks a join."""

Sieve: TypeAlias = Callable[[Sequence[Fact], MatchContext], Sequence[Fact]]
"""A condition on one pattern alone: gives those of some facts that meet it."""

_NUMBERS: frozenset[type] = frozenset({int, Fraction})
_CLASSES: dict[str, frozenset[type]] = {
    "number": _NUMBERS,
    "text": frozenset({str}),
    "boolean": frozenset({bool}),
    "date": frozenset({date}),
}
"""The exact classes of each kind of value; a bool is not a number, though Python counts it as one."""


def kind_of(value: Value) -> str:
    """Name the kind of a value; only values of one kind are ever compared."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "text"
    if isinstance(value, date):
        return "date"
    return "fact" if isinstance(value, Fact) else "number"


def sieve(condition: Condition, pattern: int) -> Sieve:
    """Return a condition on one pattern alone as a function of the facts of its type."""
    if isinstance(condition, Test):
        holds, width = condition.holds, pattern + 1
        return lambda facts, context: [fact for fact in facts if holds((fact,) * width, context)]
    if isinstance(condition, Join):
        left, right = condition.left_field, condition.right_field
        return lambda facts, _: [
            fact for fact in facts if (key := join_key(fact, left)) is not None and key == join_key(fact, right)
        ]
    name, compare, constant = condition.field, condition.comparator.holds, condition.constant
    classes = _CLASSES[kind_of(constant)]
    if classes is _NUMBERS:
        # Compared over their common denominator, which is several times as quick as comparing fractions.
        over, under = cast("Number", constant).numerator, cast("Number", constant).denominator
        return lambda facts, _: [
            fact
            for fact in facts
            if (value := fact.values.get(name)).__class__ in classes
            and compare(value.numerator * under, over * value.denominator)  # type: ignore[union-attr]
        ]
    return lambda facts, _: [
        fact for fact in facts if (value := fact.values.get(name)).__class__ in classes and compare(value, constant)
    ]


def join_key(fact: Fact, name: str) -> object:
    """Return what a join compares: equal for values that agree, None where there is no value."""
    return key_of(fact.values.get(name)) if name else fact


def key_of(value: Value | None) -> object:
    """Return what is equal for equal values of one kind only; Python itself finds True equal to 1."""
    return (value,) if isinstance(value, bool) else value


@dataclass(frozen=True, slots=True)
class Phases:
    """The conditions of one rule, by when they are tried."""

    guards: tuple[Test, ...]
    alone: tuple[tuple[Condition, ...], ...]
    """For each pattern, the conditions on it alone."""
    joins: tuple[tuple[Join, ...], ...]
    """For each pattern, its joins with earlier ones; the earlier one is on the left."""
    across: tuple[Test, ...]

    def guards_hold(self, context: MatchContext) -> bool:
        """Return whether the case as a whole lets the rule fire."""
        return not self.guards or all(test.holds((), context) for test in self.guards)

    def holds_across(self, row: MatchedFacts, context: MatchContext) -> bool:
        """Return whether a row meets the tests of several patterns."""
        return all(test.holds(row, context) for test in self.across)


def phases(rule: Rule) -> Phases:
    """Sort a rule's conditions by when they are tried."""
    alone: list[list[Condition]] = [[] for _ in rule.patterns]
    joins: list[list[Join]] = [[] for _ in rule.patterns]
    tests = [c for c in rule.conditions if isinstance(c, Test)]
    for condition in rule.conditions:
        if isinstance(condition, Comparison):
            alone[condition.pattern].append(condition)
        elif isinstance(condition, Test):
            if len(condition.patterns) == 1:
                alone[condition.patterns[0]].append(condition)
        elif condition.left == condition.right:
            alone[condition.left].append(condition)
        else:
            joins[max(condition.left, condition.right)].append(_forward(condition))
    return Phases(
        guards=tuple(test for test in tests if not test.patterns),
        alone=tuple(map(tuple, alone)),
        joins=tuple(map(tuple, joins)),
        across=tuple(test for test in tests if len(test.patterns) > 1),
    )


def _forward(join: Join) -> Join:
    if join.left < join.right:
        return join
    return Join(join.right, join.right_field, join.left, join.left_field)


def too_many_firings(limit: int, names: Sequence[str]) -> FenmingError:
    """Make the error for rules that fire more often than allowed."""
    return TooManyFirings.because(
        problem(
            "matcher.too-many-firings",
            "The rules fired more than {limit} times, and would go on: {rules}.",
            limit=limit,
            rules=listing(names),
        ),
        msg(
            "Check that no rule derives a fact that makes it fire again, and that rules "
            "join their facts on a common field."
        ),
    )


def too_many_rows(name: str) -> FenmingError:
    """Make the error for a rule that must look at more combinations of facts than allowed."""
    return TooManyFirings.because(
        problem(
            "matcher.too-many-rows",
            "Rule {rule} would look at more than {limit} combinations of facts.",
            rule=name,
            limit=MAX_ROWS,
        ),
        msg("Join its facts on a common field (a.field == b.field), or narrow each of them by a condition of its own."),
    )
