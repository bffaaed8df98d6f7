"""Name the aggregates that an expression computes for a match, as far as it is computed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from engine.base.calendar import Calendar
from engine.facts.model import MatchedFacts
from engine.language.compute import computation, figure_of
from engine.language.context import Context, Figure
from engine.language.fold import fold
from engine.language.typed import Aggregate, Choice, Default, Has, Logic, Typed

Figures: TypeAlias = Callable[[MatchedFacts, Context], Iterable[Figure]]
"""Gives the aggregates of a match."""

_Choice: TypeAlias = Callable[[MatchedFacts, Context], Sequence[Figures | None]]
"""Gives the parts of a node that are computed."""


def figures_computed(tree: Typed, calendar: Calendar | None) -> Figures | None:
    """Return the function that gives the aggregates which a formula computes, with the facts that they run over.

    None where it has no aggregate.
    """

    def combine(node: Typed, parts: tuple[Figures | None, ...]) -> Figures | None:
        if isinstance(node, Aggregate):
            figure = figure_of(node, calendar)
            return lambda row, context: (figure(row, context),)
        return _of(_computed(node, parts, calendar)) if any(parts) else None

    return fold(tree, combine)


def _of(choose: _Choice) -> Figures:
    return lambda row, context: [figure for part in choose(row, context) if part for figure in part(row, context)]


def _computed(node: Typed, parts: Sequence[Figures | None], calendar: Calendar | None) -> _Choice:
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
