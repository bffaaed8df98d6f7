"""What a rule asks of the rule engine: its type, comparisons and equality joins, written in whole numbers.

Only what is known to be safe passes; the rest of a rule's conditions is computed in Python, either as a property of
a fact (a condition on one fact) or on the rows that the engine finds (a condition across facts).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TypeAlias

from engine.base.comparators import Comparator
from engine.base.faults import BeyondMatcher, FenmingError, problem
from engine.base.messages import Message, msg
from engine.facts.model import Fact
from engine.matching.conditions import Phases, Sieve, kind_of, phases, sieve
from engine.matching.durable.wire import Codes, Property, encoded, literal
from engine.matching.interface import Comparison, Condition, Join, MatchContext, Rule

MAX_PATTERNS = 8
MAX_JOINS = 20
"""Joins of one pattern; the engine holds 30 at the most."""
MAX_CONDITIONS = 60
"""Conditions of one pattern; the engine has room for 253 properties of a fact."""

CASE = ""
"""The type of the fact that represents the case itself, which rules without patterns match."""
CASE_RULE = "rule"

_OPERATORS = {
    Comparator.EQUAL: "$eq",
    Comparator.UNEQUAL: "$neq",
    Comparator.BELOW: "$lt",
    Comparator.AT_MOST: "$lte",
    Comparator.ABOVE: "$gt",
    Comparator.AT_LEAST: "$gte",
}
_EXACT = frozenset({int, Fraction, str, bool, date})
_ORDERED = frozenset({"number", "date"})
_RANK = ("text", "number", "date", "boolean", "test", "same")


@dataclass(frozen=True, slots=True)
class Literal:
    """A property compared with a whole number."""

    what: Property
    operator: str
    code: int

    @property
    def order(self) -> tuple[bool, int, str, int, str, int]:
        """The most selective first, and the same ones in the same order, so that the engine shares them."""
        own = self.what
        return self.operator != "$eq", _RANK.index(own.kind), own.field, own.test, self.operator, self.code


@dataclass(frozen=True, slots=True)
class Link:
    """A property that must equal a property of an earlier pattern's fact."""

    what: Property
    pattern: int
    other: Property


@dataclass(frozen=True, slots=True)
class Pattern:
    """What the fact in one place of a row must be."""

    type: str
    literals: tuple[Literal, ...]
    links: tuple[Link, ...]

    @property
    def properties(self) -> list[Property]:
        """The properties that the pattern looks at."""
        return [literal.what for literal in self.literals] + [link.what for link in self.links]


Shape: TypeAlias = tuple[Pattern, ...]
"""What the engine matches for a rule; rules of one shape share it."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A rule, its conditions by phase, and its shape."""

    rule: Rule
    phases: Phases
    shape: Shape


class Tests:
    """The conditions that Python computes for single facts, by number, and the rules that they belong to."""

    def __init__(self) -> None:
        self.sieves: dict[int, Sieve] = {}
        self._owners: dict[Property, int] = {}

    def add(self, rule: int, computed: Sieve) -> Property:
        """Return the property of a computed condition."""
        number = len(self.sieves)
        self.sieves[number] = computed
        tested = Property("test", "", number)
        self._owners[tested] = rule
        return tested

    def owner(self, tested: Property) -> int | None:
        """Return the rule to whose condition a property belongs; None if it belongs to the fact itself."""
        return self._owners.get(tested)


def prepare(rule: Rule, codes: Codes, tests: Tests) -> Prepared:
    """Return the shape of a rule; `BeyondMatcher` where the engine cannot be trusted with it."""
    _check(rule)
    sorted_out = phases(rule)
    literals = [_literals(rule, number, alone, codes, tests) for number, alone in enumerate(sorted_out.alone)]
    if not all(sorted_out.joins[1:]):
        literals[0].append(Literal(tests.add(rule.index, _always), "$eq", 1))
    links: list[list[Link]] = [[] for _ in literals]
    for number, joins in enumerate(sorted_out.joins):
        for join in joins:
            left = Property("same", join.left_field)
            links[number].append(Link(Property("same", join.right_field), join.left, left))
            if join.left_field:
                literals[join.left].append(Literal(left, "$gte", 0))
    shape = tuple(
        Pattern(type_, tuple(sorted(set(own), key=lambda one: one.order)), tuple(dict.fromkeys(linked)))
        for type_, own, linked in zip(rule.patterns, literals, links, strict=True)
    )
    return Prepared(rule, sorted_out, shape or _case_shape(rule))


def case_fact(rule: int) -> Fact:
    """Return the fact that a rule without patterns matches."""
    return Fact(CASE, str(rule), {CASE_RULE: rule})


def _case_shape(rule: Rule) -> Shape:
    return (Pattern(CASE, (Literal(Property("number", CASE_RULE), "$eq", encoded(rule.index)),), ()),)


def _literals(rule: Rule, number: int, alone: Sequence[Condition], codes: Codes, tests: Tests) -> list[Literal]:
    native: list[Literal] = []
    computed = 0
    for place, condition in enumerate(alone, 1):
        found = literal(condition, codes) if isinstance(condition, Comparison) else None
        if isinstance(condition, Comparison) and found is not None:
            native.append(Literal(found[0], _OPERATORS[condition.comparator], found[1]))
        else:
            computed = place
    if computed:
        test = tests.add(rule.index, _all([sieve(condition, number) for condition in alone[:computed]]))
        native.append(Literal(test, "$eq", 1))
    return native


def _always(facts: Sequence[Fact], _: MatchContext) -> Sequence[Fact]:
    """Hold for every fact: it keeps an inactive rule from combining facts that no join holds apart."""
    return facts


def _all(sieves: Sequence[Sieve]) -> Sieve:
    """Try conditions in order, so that an earlier one guards a later one."""

    def kept(facts: Sequence[Fact], context: MatchContext) -> Sequence[Fact]:
        for keep in sieves:
            facts = keep(facts, context)
        return facts

    return kept


def _check(rule: Rule) -> None:
    """Refuse what the engine cannot be trusted with."""
    count = len(rule.patterns)
    if count > MAX_PATTERNS:
        why = msg("It matches {count} facts at once; the limit is {limit}.", count=count, limit=MAX_PATTERNS)
        raise _beyond(rule, why)
    for condition in rule.conditions:
        if isinstance(condition, Comparison):
            _check_comparison(rule, condition)
    _check_places(rule)
    for number in range(count):
        joins = sum(isinstance(c, Join) and number in (c.left, c.right) for c in rule.conditions)
        if joins > MAX_JOINS:
            why = msg("It joins one fact {count} times; the limit is {limit}.", count=joins, limit=MAX_JOINS)
            raise _beyond(rule, why)
        alone = sum(isinstance(c, Comparison) and c.pattern == number for c in rule.conditions)
        if alone > MAX_CONDITIONS:
            why = msg("It has {count} conditions on one fact; the limit is {limit}.", count=alone, limit=MAX_CONDITIONS)
            raise _beyond(rule, why)


def _check_comparison(rule: Rule, comparison: Comparison) -> None:
    comparator, constant = comparison.comparator, comparison.constant
    if type(constant) not in _EXACT:
        raise _beyond(rule, msg("It compares with “{constant}”, which is not an exact value.", constant=constant))
    if comparator.needs_order and kind_of(constant) not in _ORDERED:
        why = msg(
            "It compares with “{constant}” by “{operator}”, but such values have no order.",
            operator=comparator.value,
            constant=constant,
        )
        raise _beyond(rule, why)


def _check_places(rule: Rule) -> None:
    named: set[int] = set()
    for condition in rule.conditions:
        if isinstance(condition, Comparison):
            named.add(condition.pattern)
        elif isinstance(condition, Join):
            named |= {condition.left, condition.right}
        else:
            named |= {*condition.patterns}
    if any(not 0 <= place < len(rule.patterns) for place in named) or CASE in rule.patterns:
        raise _beyond(rule, msg("A condition looks at a fact that the rule does not match."))


def _beyond(rule: Rule, why: Message) -> FenmingError:
    return BeyondMatcher.because(
        problem("matcher.unsafe-rule", "Rule {rule} cannot be matched safely: {why}", rule=rule.name, why=why),
        msg("Split it: derive a fact from some of its conditions, and match that fact in the rule."),
    )


def shapes_in_order(prepared: Iterable[Prepared]) -> dict[Shape, list[Prepared]]:
    """Group rules by shape, the shapes of one type beside each other."""
    groups: dict[Shape, list[Prepared]] = {}
    for one in sorted(prepared, key=lambda p: [pattern.type for pattern in p.shape]):
        groups.setdefault(one.shape, []).append(one)
    return groups
