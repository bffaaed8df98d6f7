"""Which totals and grades a case can have over all combinations of readings, from those of each group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from engine.base.numbers import Number
from engine.scoring.evaluation import possible_grades
from engine.scoring.firing import Before

Choices: TypeAlias = tuple[tuple[str, str], ...]
"""Readings that are chosen otherwise than recorded, each with its alternative, in the ruleset's order."""

Moves: TypeAlias = Mapping[tuple[Number, Number], Choices]
"""By how much a group moves what is kept, and what is kept and open together; each with the fewest choices for it."""

MOST_TOTALS = 20_000
"""How many different totals are listed; beyond that, the grades are all those between the lowest and the highest."""


@dataclass(frozen=True, slots=True)
class Extreme:
    """The lowest or the highest total, with the fewest choices that give it; `choices` is None if unknown."""

    total: Number
    choices: Choices | None


@dataclass(frozen=True, slots=True)
class TotalRange:
    """What the total can be over all combinations that these facts can score.

    The lowest counts open points as lost, the highest as kept.
    """

    low: Extreme
    high: Extreme
    grades: tuple[str, ...]
    """The grades of these totals, the highest first."""
    combinations: int
    """How many combinations of alternatives there are."""
    scored: int | None
    """How many of them these facts can score; None where not all were tried."""
    is_exact: bool
    """Whether each bound and each grade is that of a combination; else they are outer bounds."""


def total_range(
    recorded: Before, weight: Number, grades: Sequence[tuple[str, Number]], groups: Sequence[Moves], *, known: bool
) -> tuple[Extreme, Extreme, tuple[str, ...], bool]:
    """Return the lowest and highest total, the grades, and whether these are exact; `known` says that all moves are."""
    low = _extreme(recorded.kept, [min(moves.items(), key=_lowest) for moves in groups], 0)
    high = _extreme(recorded.kept + recorded.open, [min(moves.items(), key=_highest) for moves in groups], 1)
    if not known:
        low, high = Extreme(max(low.total, 0), None), Extreme(min(high.total, weight), None)
    reached = _sums((recorded.kept, recorded.kept + recorded.open), groups) if known else None
    spans = {(low.total, high.total)} if reached is None else reached
    found = {name for kept, top in spans for name in possible_grades(grades, kept, top)}
    return low, high, tuple(name for name, _ in grades if name in found), reached is not None


def _extreme(start: Number, moves: Sequence[tuple[tuple[Number, Number], Choices]], which: int) -> Extreme:
    choices = tuple(choice for _, chosen in moves for choice in chosen)
    return Extreme(start + sum(move[which] for move, _ in moves), choices)


def _lowest(move: tuple[tuple[Number, Number], Choices]) -> tuple[Number, int]:
    return move[0][0], len(move[1])


def _highest(move: tuple[tuple[Number, Number], Choices]) -> tuple[Number, int]:
    return -move[0][1], len(move[1])


def _sums(start: tuple[Number, Number], groups: Sequence[Moves]) -> set[tuple[Number, Number]] | None:
    """Return every total that the groups reach together, or None where there are too many."""
    reached = {start}
    for moves in groups:
        reached = {(kept + more, top + above) for kept, top in reached for more, above in moves}
        if len(reached) > MOST_TOTALS:
            return None
    return reached
