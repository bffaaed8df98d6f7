"""Fold a condition's typed tree into a function that observes whether it holds, and by how much."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias, cast

from engine.base.calendar import Calendar
from engine.facts.model import Kind, MatchedFacts
from engine.language.compute import computation
from engine.language.context import Computation, Context
from engine.language.fold import fold, walk
from engine.language.typed import (
    Aggregate,
    CaseField,
    Choice,
    Compare,
    FieldOf,
    HasResult,
    Inline,
    Logic,
    Matched,
    Not,
    OneOf,
    ResultOf,
    Score,
    Typed,
    Within,
)
from engine.verdicts.observations import (
    Chosen,
    Compared,
    FieldRead,
    Joined,
    Listed,
    Negated,
    Observation,
    Ranged,
    Said,
    Sides,
)

Observe: TypeAlias = Callable[[MatchedFacts, Context], Observation]
"""Observes it for a match; `CannotCompute` where the condition has no value."""


def observation(tree: Typed, calendar: Calendar | None) -> Observe:
    """Return the function that observes whether a condition holds."""
    return cast("Observe", fold(tree, lambda node, parts: _observe(node, parts, calendar)))


def _observe(node: Typed, parts: Sequence[Observe | None], calendar: Calendar | None) -> Observe | None:
    """Return the function for a condition; None for any other value, which is computed where it is compared."""
    if node.type.kind is not Kind.BOOLEAN:
        return None
    match node:
        case Compare():
            return _compared(node, calendar)
        case Within():
            return _ranged(node, calendar)
        case OneOf():
            return _listed(node, calendar)
        case Not():
            return _negated(node, computation(node, calendar))
        case Logic():
            return _joined(node, *cast("tuple[Observe, Observe]", parts))
        case Choice():
            return _chosen(node, *cast("tuple[Observe, Observe, Observe]", parts))
        case Inline():
            return parts[0]
        case _:
            return _said(node, computation(node, calendar))


def _compared(node: Compare, calendar: Calendar | None) -> Observe:
    sides = sides_of(node)
    value, threshold = computation(sides.value, calendar), computation(sides.threshold, calendar)
    holds = sides.comparator.holds

    def observe(row: MatchedFacts, context: Context) -> Observation:
        found, limit = value(row, context), threshold(row, context)
        return Compared(sides, holds(found, limit), found, limit)

    return observe


def _ranged(node: Within, calendar: Calendar | None) -> Observe:
    low, item, high = (computation(part, calendar) for part in (node.low, node.item, node.high))
    ends, field = (node.low, node.high), field_read(node.item, node.low, node.high)

    def observe(row: MatchedFacts, context: Context) -> Observation:
        least, value, most = low(row, context), item(row, context), high(row, context)
        return Ranged(node.item, ends, field, least <= value <= most, value, least, most)

    return observe


def _listed(node: OneOf, calendar: Calendar | None) -> Observe:
    item, *options = (computation(part, calendar) for part in (node.item, *node.options))
    field = field_read(node.item, *node.options)

    def observe(row: MatchedFacts, context: Context) -> Observation:
        value, known = item(row, context), tuple([option(row, context) for option in options])
        return Listed(node.item, field, value in known, value, known)

    return observe


def _negated(node: Not, holds: Computation) -> Observe:
    field = field_read(node.operand)
    return lambda row, context: Negated(node, field, holds(row, context))


def _said(node: Typed, holds: Computation) -> Observe:
    field = field_read(node)
    return lambda row, context: Said(node, field, holds(row, context))


def _joined(node: Logic, first: Observe, second: Observe) -> Observe:
    stops = node.connective.decided_by

    def observe(row: MatchedFacts, context: Context) -> Observation:
        one = first(row, context)
        if one.holds == stops:
            return Joined(node, stops, (one, None))
        other = second(row, context)
        return Joined(node, other.holds, (one, other))

    return observe


def _chosen(node: Choice, condition: Observe, then: Observe, otherwise: Observe) -> Observe:
    def observe(row: MatchedFacts, context: Context) -> Observation:
        decided = condition(row, context)
        branch = (then if decided.holds else otherwise)(row, context)
        return Chosen(node, branch.holds, decided, branch)

    return observe


def sides_of(node: Compare) -> Sides:
    """Return a comparison with its threshold on the right: the side that looks at nothing of the case."""
    value, comparator, threshold = node.left, node.comparator, node.right
    if (not _looks_at_case(value) and _looks_at_case(threshold)) or (
        field_read(value, threshold) is None and field_read(threshold, value) is not None
    ):
        value, comparator, threshold = threshold, comparator.mirrored, value
    return Sides(value, comparator, threshold, field_read(value, threshold))


def _looks_at_case(tree: Typed) -> bool:
    looking = (CaseField, Matched, Aggregate, Score, ResultOf, HasResult)
    return any(isinstance(node, looking) for node in walk(tree))


def field_read(tree: Typed, *others: Typed) -> FieldRead | None:
    """Return the field of a matched fact that a tree is, if the others do not look at the same field."""
    if not isinstance(tree, FieldOf) or not isinstance(tree.base, Matched):
        return None
    for node in (node for other in others for node in walk(other)):
        if isinstance(node, Aggregate) or (isinstance(node, FieldOf) and node.field == tree.field):
            return None
    return FieldRead(tree.base.pattern, tree.field)
