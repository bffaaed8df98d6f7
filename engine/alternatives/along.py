"""Follow one number of the facts through typed trees: where a comparison changes its outcome is an edge.

A `Line` is one field of one fact as the number that varies, at the value that it has in a scored case. `Line.value`
computes a tree there as `computation` does, and remembers as an edge each value of the number at which a comparison on
the way would turn. Dates are days: their ordinal numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date
from fractions import Fraction
from functools import reduce
from typing import Any, TypeAlias

from engine.alternatives.ratio import NotSolved, Ratio
from engine.base.comparators import Comparator
from engine.base.numbers import Number, divide, simplest, total
from engine.facts.model import Fact, MatchedFacts
from engine.language.compute import computation
from engine.language.context import CannotCompute, Context
from engine.language.functions import AGGREGATES
from engine.language.operators import Connective, Operator
from engine.language.typed import (
    Aggregate,
    Arithmetic,
    Call,
    Choice,
    Compare,
    Const,
    Default,
    FieldOf,
    Has,
    HasResult,
    Inline,
    Logic,
    Matched,
    Minus,
    Not,
    OneOf,
    ResultOf,
    Score,
    Typed,
    Within,
)
from engine.program.program import Program

Origin: TypeAlias = Callable[[Fact, str], tuple[Typed, MatchedFacts] | None]
"""Gives the tree of a derived fact's field and the facts that it is computed from; None for a fact that was given."""


class NoValueHere(Exception):
    """A tree has no value at this point, such as a field that is not filled in."""


@dataclass(slots=True)
class Line:
    """One number of one fact, and what was learnt on the way through the rules."""

    fact: Fact
    field: str
    program: Program
    context: Context
    origin: Origin
    edges: set[Number] = dataclass_field(default_factory=set)
    """Where a comparison turns."""
    beyond: bool = False
    """Whether something on the way depends on the number in a way that has no exact edge."""
    looks: int = 0
    """How often the number was looked at."""
    known: dict[tuple[int, str], Any] = dataclass_field(default_factory=dict)
    taken: dict[tuple[str, str], Any] = dataclass_field(default_factory=dict)

    @property
    def point(self) -> Number:
        """Where the number is in the scored case."""
        value = self.fact.values[self.field]
        return value.toordinal() if isinstance(value, date) else value  # type: ignore[return-value]

    def value(self, node: Typed, row: MatchedFacts) -> Any:
        """Return what a tree is worth for some facts: a plain value, or the `Ratio` of the number that it is."""
        match node:
            case Compare() | Within() | OneOf() | Not() | Logic():
                return self.condition(node, row)
            case Arithmetic():
                return self.arithmetic(node, row)
            case Minus(operand=operand):
                return -self.value(operand, row)
            case Choice():
                return self.value(node.then if self.value(node.condition, row) else node.otherwise, row)
            case Call():
                return self.call(node, row)
            case Inline(body=body):
                return self.value(body, row)
            case Aggregate():
                return self.aggregate(node, row)
            case _:
                return self.looked_up(node, row)

    def looked_up(self, node: Typed, row: MatchedFacts) -> Any:
        """Return what is only looked up: a constant, a fact, a field of one."""
        match node:
            case Const(value=value):
                return _plain(value)
            case Matched(pattern=pattern):
                return row[pattern]
            case FieldOf(base=base, field=name):
                return self.field_of(self.value(base, row), name)
            case Has(base=base, field=name):
                return name in self.value(base, row).values
            case Default(base=base, field=name, otherwise=otherwise):
                fact = self.value(base, row)
                return self.field_of(fact, name) if name in fact.values else self.value(otherwise, row)
            case _:
                # The case's head, scores and results: as the scored case has them.
                self.beyond = self.beyond or isinstance(node, Score | ResultOf | HasResult)
                return self.as_scored(node, row)

    def as_scored(self, node: Typed, row: MatchedFacts) -> Any:
        """Return what a tree is worth in the scored case."""
        try:
            return _plain(computation(node, self.program.ruleset.calendar)(row, self.context))
        except (CannotCompute, KeyError):
            raise NoValueHere from None

    def field_of(self, fact: Fact, name: str) -> Any:
        """Return a field of a fact; of a derived one what it was computed from."""
        if fact is self.fact and name == self.field:
            self.looks += 1
            return Ratio.variable()
        if name not in fact.values:
            raise NoValueHere
        key = (id(fact), name)
        if key not in self.known:
            found = self.origin(fact, name)
            self.known[key] = _plain(fact.values[name]) if found is None else self.value(*found)
        if isinstance(self.known[key], Ratio):
            self.looks += 1
        return self.known[key]

    def condition(self, node: Compare | Within | OneOf | Not | Logic, row: MatchedFacts) -> bool:
        """Return whether a condition holds; each comparison with the number leaves its edges."""
        match node:
            case Compare(comparator=comparator):
                return self.holds(comparator, self.value(node.left, row), self.value(node.right, row))
            case Within():
                item = self.value(node.item, row)
                low = self.holds(Comparator.AT_LEAST, item, self.value(node.low, row))
                return self.holds(Comparator.AT_MOST, item, self.value(node.high, row)) and low
            case OneOf():
                item = self.value(node.item, row)
                found = [self.holds(Comparator.EQUAL, item, self.value(each, row)) for each in node.options]
                return True in found
            case Not():
                return not self.value(node.operand, row)
            case Logic():
                looked = self.looks
                left = self.value(node.left, row)
                if left == node.connective.decided_by and looked == self.looks:
                    return bool(left)
                try:
                    right = self.value(node.right, row)
                except NoValueHere:
                    return bool(left)
                return bool(left and right if node.connective is Connective.AND else left or right)

    def holds(self, comparator: Comparator, left: Any, right: Any) -> bool:
        """Compare two values; where the number is in them, remember where the comparison turns."""
        if not isinstance(left, Ratio) and not isinstance(right, Ratio):
            return comparator.holds(left, right)
        difference = Ratio.of(left) - right
        try:
            self.edges.update(difference.roots())
        except NotSolved:
            self.beyond = True
        return comparator.holds(self.here(difference), 0)

    def here(self, value: Ratio | Number) -> Number:
        """Return a value at the point of the scored case."""
        try:
            return value.at(self.point) if isinstance(value, Ratio) else value
        except ZeroDivisionError:
            raise NoValueHere from None

    def arithmetic(self, node: Arithmetic, row: MatchedFacts) -> Any:
        """Add, subtract, multiply or divide."""
        left, right = self.value(node.left, row), self.value(node.right, row)
        if isinstance(right, Ratio):
            left = Ratio.of(left)
        try:
            match node.operator:
                case Operator.ADD:
                    return left + right
                case Operator.SUBTRACT:
                    return left - right
                case Operator.MULTIPLY:
                    return left * right
                case Operator.DIVIDE:
                    return left / right if isinstance(left, Ratio) else divide(left, right)
        except ZeroDivisionError:
            raise NoValueHere from None

    def call(self, node: Call, row: MatchedFacts) -> Any:
        """Return what a function gives."""
        values = [self.value(argument, row) for argument in node.arguments]
        if not any(isinstance(value, Ratio) for value in values):
            return self.as_scored(node, row)
        match node.function:
            case "min":
                return reduce(lambda a, b: a if self.holds(Comparator.AT_MOST, a, b) else b, values)
            case "max":
                return reduce(lambda a, b: a if self.holds(Comparator.AT_LEAST, a, b) else b, values)
            case "abs":
                return values[0] if self.holds(Comparator.AT_LEAST, values[0], 0) else -values[0]
            case "round" if values[1] >= self.program.ruleset.places:
                # As fine as scores are rounded anyway: a kink or a jump before it is what the clause speaks of.
                return values[0]
            case "round":
                unit = Fraction(1, 10 ** int(values[1]))
                return self.in_steps(node, row, values[0], [-3 * unit / 2, -unit / 2, unit / 2, 3 * unit / 2])
            case "floor" | "ceil":
                return self.in_steps(node, row, values[0], [-1, 0, 1])
            case _:
                self.beyond = True
                return self.as_scored(node, row)

    def in_steps(self, node: Call, row: MatchedFacts, value: Ratio, jumps: Sequence[Number]) -> Number:
        """Return what a number is rounded to; its nearest jumps are edges, and there are more beyond them."""
        whole: Number = self.as_scored(node, row)
        for jump in jumps:
            self.holds(Comparator.BELOW, value, simplest(Fraction(whole + jump)))
        self.beyond = True
        return whole

    def aggregate(self, node: Aggregate, row: MatchedFacts) -> Any:
        """Return a figure over all facts of a type."""
        key = (node.scope, node.text)
        if not node.correlated and key in self.taken:
            return self.taken[key]
        found = self.figure(node, row)
        if not node.correlated:
            self.taken[key] = found
        return found

    def figure(self, node: Aggregate, row: MatchedFacts) -> Any:
        """Compute an aggregate from its facts."""
        before = (*row[: node.pattern], *(self.fact,) * (node.pattern - len(row)))
        rows = [(*before, fact) for fact in self.context.facts.get(node.fact_type, ())]
        if node.where is not None:
            rows = [each for each in rows if self.value(node.where, each)]
        columns = [[self.value(argument, each) for each in rows] for argument in node.arguments]
        if AGGREGATES[node.function].needs_facts and not rows:
            raise NoValueHere
        match node.function:
            case "sum":
                return _total(columns[0])
            case "mean":
                return _quotient(_total(columns[0]), len(rows))
            case "weighted_mean":
                values, weights = columns
                weighted = [_times(value, weight) for value, weight in zip(values, weights, strict=True)]
                return _quotient(_total(weighted), _total(weights))
            case "min_of":
                return reduce(lambda a, b: a if self.holds(Comparator.AT_MOST, a, b) else b, columns[0])
            case "max_of":
                return reduce(lambda a, b: a if self.holds(Comparator.AT_LEAST, a, b) else b, columns[0])
            case _:
                return AGGREGATES[node.function].apply(columns, len(rows))


def _plain(value: Any) -> Any:
    return value.toordinal() if isinstance(value, date) else value


def _total(values: Sequence[Ratio | Number]) -> Ratio | Number:
    plain: Number = total(value for value in values if not isinstance(value, Ratio))
    varying = [value for value in values if isinstance(value, Ratio)]
    return reduce(lambda a, b: a + b, varying) + plain if varying else plain


def _times(left: Ratio | Number, right: Ratio | Number) -> Ratio | Number:
    if isinstance(left, Ratio) or isinstance(right, Ratio):
        return Ratio.of(left) * right
    return left * right


def _quotient(left: Ratio | Number, right: Ratio | Number) -> Ratio | Number:
    try:
        if isinstance(left, Ratio) or isinstance(right, Ratio):
            return Ratio.of(left) / right
        return divide(left, right)
    except ZeroDivisionError:
        raise NoValueHere from None
