"""Where the thresholds of a compiled rule are: its conditions, the ends of its band, its formulas, its aggregates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.analysis.material.threshold import Gauge, Threshold
from engine.analysis.material.trees import constant_value, matched_patterns, outside_aggregates
from engine.analysis.material.units import Unit
from engine.base.numbers import exact_text
from engine.base.places import Place
from engine.facts.model import FactType, Kind
from engine.language.compute import computation
from engine.language.expression import Expression, conjuncts
from engine.language.operators import Operator
from engine.language.typed import Aggregate, Arithmetic, Call, Compare, Const, FieldOf, Inline, Typed, Within
from engine.program.program import CompiledRule
from engine.ruleset.clauses import PlacedRule
from engine.ruleset.model import Ruleset
from engine.ruleset.rule_text import Band
from engine.ruleset.written import parameter_written


@dataclass(frozen=True, slots=True)
class _Comparison:
    """A value and its limit, the facts that they are of, and the other conditions on these."""

    left: Typed
    right: Typed
    fact_types: tuple[str, ...]
    guards: tuple[Typed, ...]


def gauges(
    rule: CompiledRule, unit: Unit, band: Band | None, placed: PlacedRule | None, ruleset: Ruleset
) -> Iterator[Gauge]:
    """Yield the thresholds of a compiled rule, each with what computes its value and its limit."""
    banded = {id(condition.tree) for condition in _band_conditions(rule)}
    for expression in (*rule.conditions, *(f.expression for f in rule.formulas if f.band is None and f.kind != "when")):
        place = _place(expression, placed, rule)
        if id(expression.tree) in banded and band is not None:
            place = unit.place
        others = tuple(each.tree for each in rule.conditions if each is not expression and id(each.tree) not in banded)
        for found in _comparisons(expression.tree, rule.match.patterns, others):
            yield _gauge(found, _threshold(found, expression, unit, place, rule, ruleset), ruleset)


def _gauge(found: _Comparison, threshold: Threshold, ruleset: Ruleset) -> Gauge:
    calendar = ruleset.calendar
    patterns = matched_patterns(found.left) | matched_patterns(found.right)
    guards = (computation(tree, calendar) for tree in found.guards if matched_patterns(tree) <= patterns)
    value, limit = computation(found.left, calendar), computation(found.right, calendar)
    return Gauge(threshold, tuple(sorted(patterns)), value, limit, tuple(guards))


def _threshold(
    found: _Comparison, expression: Expression, unit: Unit, place: Place, rule: CompiledRule, ruleset: Ruleset
) -> Threshold:
    return Threshold(
        unit.rule,
        _written(found.left, expression),
        _limit(found.right, expression, ruleset),
        place,
        found.fact_types,
        found.left,
        found.right,
        whole=_is_whole(found.left, ruleset.facts) and _is_whole(found.right, ruleset.facts),
        never_below=constant_value(found.right) == 0 and _has_no_sign(found.left, ruleset.facts),
        indicator=rule.indicator,
    )


def _band_conditions(rule: CompiledRule) -> Iterator[Expression]:
    for formula in rule.formulas:
        if formula.band is not None:
            yield from formula.band.conditions


def _comparisons(tree: Typed, fact_types: tuple[str, ...], guards: tuple[Typed, ...]) -> Iterator[_Comparison]:
    """Yield the values that are compared by order with a limit that holds a constant, inside aggregates too."""
    for node in outside_aggregates(tree):
        if isinstance(node, Compare) and node.comparator.needs_order:
            left, right = (node.right, node.left) if _is_fixed(node.left) else (node.left, node.right)
            if _holds_constant(node) and not _is_fixed(left):
                yield _Comparison(left, right, fact_types, guards)
        elif isinstance(node, Within) and not _is_fixed(node.item):
            for end in (node.low, node.high):
                if _holds_constant(end):
                    yield _Comparison(node.item, end, fact_types, guards)
        elif isinstance(node, Aggregate) and node.where is not None:
            within = (*fact_types[: node.pattern], node.fact_type)
            conditions = conjuncts(node.where)
            for condition in conditions:
                others = tuple(each for each in conditions if each is not condition)
                yield from _comparisons(condition, within, others)


def _is_fixed(tree: Typed) -> bool:
    return constant_value(tree) is not None


def _holds_constant(tree: Typed) -> bool:
    return any(
        isinstance(node, Const) and node.type.kind in (Kind.NUMBER, Kind.DATE) for node in outside_aggregates(tree)
    )


def _written(tree: Typed, expression: Expression) -> str:
    return expression.text[slice(*tree.span)]


def _limit(tree: Typed, expression: Expression, ruleset: Ruleset) -> str:
    """Write a limit: a constant by its name or its value, anything else as it is written."""
    if not isinstance(tree, Const):
        return _written(tree, expression)
    value = tree.value
    named = parameter_written(ruleset, tree.name) if tree.name else ""
    return named or (str(value) if isinstance(value, str | bool | date) else exact_text(value))


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
