"""Thresholds: where a rule compares a number or a date with a limit that the ruleset sets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from fractions import Fraction
from itertools import islice, product
from typing import Any

from engine.analysis.material.trees import constant_value, matched_patterns, outside_aggregates
from engine.analysis.material.units import Unit
from engine.base.numbers import Number, exact_text
from engine.base.places import Place
from engine.facts.model import Fact, FactType, Kind
from engine.language.compute import computation
from engine.language.context import CannotCompute, Computation, Context
from engine.language.expression import Expression
from engine.language.operators import Operator
from engine.language.typed import Aggregate, Arithmetic, Call, Compare, Const, FieldOf, Inline, Typed, Within
from engine.program.program import CompiledRule
from engine.ruleset.clauses import PlacedRule
from engine.ruleset.model import Band, Ruleset

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
    """The fact type of each pattern of the rule."""
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


def gauges(
    rule: CompiledRule, unit: Unit, band: Band | None, placed: PlacedRule | None, ruleset: Ruleset
) -> Iterator[Gauge]:
    """Yield the thresholds of a compiled rule: of its conditions, the ends of its band, and its formulas."""
    banded = {id(condition.tree) for condition in _band_conditions(rule)}
    for expression in (*rule.conditions, *(f.expression for f in rule.formulas if f.band is None and f.kind != "when")):
        place = _place(expression, placed, rule)
        if id(expression.tree) in banded and band is not None:
            place = unit.place
        for left, right in _comparisons(expression.tree):
            threshold = Threshold(
                unit.rule,
                _written(left, expression),
                _limit(right, expression),
                place,
                rule.match.patterns,
                left,
                right,
                whole=_is_whole(left, ruleset.facts) and _is_whole(right, ruleset.facts),
                never_below=constant_value(right) == 0 and _has_no_sign(left, ruleset.facts),
                indicator=rule.indicator,
            )
            patterns = matched_patterns(left) | matched_patterns(right)
            others = (each.tree for each in rule.conditions if each is not expression and id(each.tree) not in banded)
            guards = (computation(tree, ruleset.calendar) for tree in others if matched_patterns(tree) <= patterns)
            value, limit = computation(left, ruleset.calendar), computation(right, ruleset.calendar)
            yield Gauge(threshold, tuple(sorted(patterns)), value, limit, tuple(guards))


def _band_conditions(rule: CompiledRule) -> Iterator[Expression]:
    for formula in rule.formulas:
        if formula.band is not None:
            yield from formula.band.conditions


def _comparisons(tree: Typed) -> Iterator[tuple[Typed, Typed]]:
    """Yield each value that is compared by order with a limit that holds a constant."""
    for node in outside_aggregates(tree):
        if isinstance(node, Compare) and node.comparator.needs_order:
            left, right = (node.right, node.left) if _is_fixed(node.left) else (node.left, node.right)
            if _holds_constant(node) and not _is_fixed(left):
                yield left, right
        elif isinstance(node, Within) and not _is_fixed(node.item):
            yield from ((node.item, end) for end in (node.low, node.high) if _holds_constant(end))


def _is_fixed(tree: Typed) -> bool:
    return constant_value(tree) is not None


def _holds_constant(tree: Typed) -> bool:
    return any(
        isinstance(node, Const) and node.type.kind in (Kind.NUMBER, Kind.DATE) for node in outside_aggregates(tree)
    )


def _written(tree: Typed, expression: Expression) -> str:
    return expression.text[slice(*tree.span)]


def _limit(tree: Typed, expression: Expression) -> str:
    """Write a limit: a constant by its name or its value, anything else as it is written."""
    if not isinstance(tree, Const):
        return _written(tree, expression)
    value = tree.value
    return tree.name or (str(value) if isinstance(value, str | bool | date) else exact_text(value))


def _place(expression: Expression, placed: PlacedRule | None, rule: CompiledRule) -> Place:
    if placed is not None:
        written = placed.rule
        for source in (*written.when, *written.where, written.formula, written.of, *written.fields.values()):
            if source is not None and source.text == expression.text:
                return source.node.place
    return rule.place


def _is_whole(tree: Typed, types: Mapping[str, FactType]) -> bool:
    match tree:
        case Const():
            return isinstance(tree.value, int) and not isinstance(tree.value, bool)
        case FieldOf():
            return _says(tree, types).get("type") == "integer"
        case Aggregate():
            return tree.function == "count" or (
                tree.function in ("sum", "min_of", "max_of") and all(_is_whole(each, types) for each in tree.arguments)
            )
        case Arithmetic(operator=Operator.DIVIDE):
            return False
        case Arithmetic():
            return _is_whole(tree.left, types) and _is_whole(tree.right, types)
        case Call():
            return tree.function == "year"
        case Inline():
            return _is_whole(tree.body, types)
        case _:
            return False


def _has_no_sign(tree: Typed, types: Mapping[str, FactType]) -> bool:
    match tree:
        case FieldOf():
            says = _says(tree, types)
            return any(str(says.get(name, "-")).lstrip()[:1] != "-" for name in _LEAST)
        case Aggregate():
            return tree.function == "count" or all(_has_no_sign(each, types) for each in tree.arguments)
        case Arithmetic(operator=Operator.SUBTRACT):
            return False
        case Arithmetic():
            return _has_no_sign(tree.left, types) and _has_no_sign(tree.right, types)
        case Const():
            return not isinstance(tree.value, str | bool | date) and tree.value >= 0
        case _:
            return False


_LEAST = ("minimum", "exclusiveMinimum", "x-minimum", "x-exclusiveMinimum")


def _says(tree: FieldOf, types: Mapping[str, FactType]) -> dict[str, Any]:
    """Return what the schema of a given fact type says of a field."""
    known = types.get(tree.base.type.fact_type)
    found: dict[str, Any] = known.schema.get("properties", {}).get(tree.field, {}) if known is not None else {}
    return found
