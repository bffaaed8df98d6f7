"""Name the aggregates that an expression computes for a match, as far as it is computed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from engine.base.calendar import Calendar
from engine.facts.model import MatchedFacts
from engine.language.compute import aggregate_result, computation
from engine.language.context import AggregateResult, Context
from engine.language.fold import fold
from engine.language.typed import Aggregate, Choice, Default, Has, Logic, Typed

Aggregates: TypeAlias = Callable[[MatchedFacts, Context], Iterable[AggregateResult]]
"""Gives the aggregates of a match."""

_Chooser: TypeAlias = Callable[[MatchedFacts, Context], Sequence[Aggregates | None]]
"""Gives the parts of a node that are computed."""


def aggregates_computed(tree: Typed, calendar: Calendar | None) -> Aggregates | None:
    """Return the function that gives the aggregates which a formula computes, with the facts that they run over.

    None where it has no aggregate.
    """

    def combine(node: Typed, parts: tuple[Aggregates | None, ...]) -> Aggregates | None:
        if isinstance(node, Aggregate):
            aggregate = aggregate_result(node, calendar)
            return lambda row, context: (aggregate(row, context),)
        return _of(_computed(node, parts, calendar)) if any(parts) else None

    return fold(tree, combine)


def _of(choose: _Chooser) -> Aggregates:
    return lambda row, context: [aggregate for part in choose(row, context) if part for aggregate in part(row, context)]


def _computed(node: Typed, parts: Sequence[Aggregates | None], calendar: Calendar | None) -> _Chooser:
    match node:
        case Default():
            given = computation(Has(node.base, node.field, node.span), calendar)
            return lambda row, context: parts[:1] if given(row, context) else parts
        case Logic():
            left, stops = computation(node.left, calendar), node.connective.decided_by
            return lambda row, context: parts[:1] if left(row, context) == stops else parts
        case Choice():
            condition = computation(node.condition, calendar)
            return lambda row, context: (parts[0], parts[1 if condition(row, context) else 2])
        case _:
            return lambda _row, _context: parts
