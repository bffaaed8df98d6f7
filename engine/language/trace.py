"""Name the aggregates that an expression computes for a match, as far as it is computed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from engine.base.calendar import Calendar
from engine.language.compute import computation, figure_of
from engine.language.fold import fold
from engine.language.typed import Aggregate, Choice, Default, Has, Logic, Typed
from engine.language.world import Figure, Row, World

Figures: TypeAlias = Callable[[Row, World], Iterable[Figure]]
"""Gives the aggregates of a match."""

_Choice: TypeAlias = Callable[[Row, World], Sequence[Figures | None]]
"""Gives the parts of a node that are computed."""


def figures_computed(tree: Typed, calendar: Calendar | None) -> Figures | None:
    """Return the function that gives the aggregates which a formula computes, with the facts that they run over.

    None where it has no aggregate.
    """

    def combine(node: Typed, parts: tuple[Figures | None, ...]) -> Figures | None:
        if isinstance(node, Aggregate):
            figure = figure_of(node, calendar)
            return lambda row, world: (figure(row, world),)
        return _of(_computed(node, parts, calendar)) if any(parts) else None

    return fold(tree, combine)


def _of(choose: _Choice) -> Figures:
    return lambda row, world: [figure for part in choose(row, world) if part for figure in part(row, world)]


def _computed(node: Typed, parts: Sequence[Figures | None], calendar: Calendar | None) -> _Choice:
    match node:
        case Default():
            given = computation(Has(node.base, node.field, node.span), calendar)
            return lambda row, world: parts[:1] if given(row, world) else parts
        case Logic():
            left, stops = computation(node.left, calendar), node.connective.decided_by
            return lambda row, world: parts[:1] if left(row, world) == stops else parts
        case Choice():
            condition = computation(node.condition, calendar)
            return lambda row, world: (parts[0], parts[1 if condition(row, world) else 2])
        case _:
            return lambda _row, _world: parts
