"""The order in which firings share what is left: made from clauses and values, never from labels or file order.

Where several deductions meet a floor, or several awards a cap, the order decides which of them is cut. Ids of facts,
names of rules and places in a file carry no weight (law 8), so they only break a tie between firings that are alike
in everything else, where it makes no difference to any point.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from engine.base.numbers import Number
from engine.facts.model import Fact, Label, value_text
from engine.scoring.firing import Firing

_DIGITS = re.compile(r"(\d+)")


def in_order(firings: Iterable[Firing], first: Callable[[Firing], Any] | None = None) -> list[Firing]:
    """Return firings by their clauses, the values of their facts, and what they ask; before that by `first`.

    A firing's key is read only as far as it takes to distinguish it from the others.

    >>> clause_key("5.10") > clause_key("5.2")
    True
    """
    listed = list(firings)
    return _sorted([(firing, _key(firing, first)) for firing in listed]) if len(listed) > 1 else listed


def _sorted(keyed: list[tuple[Firing, Iterator[Any]]]) -> list[Firing]:
    found: list[Firing] = []
    waiting = [keyed]
    while waiting:
        alike = waiting.pop()
        by_piece: dict[Any, list[tuple[Firing, Iterator[Any]]]] = {}
        if len(alike) > 1:
            for one in alike:
                by_piece.setdefault(next(one[1], None), []).append(one)
        if None in by_piece or not by_piece:
            found += [firing for firing, _ in alike]
        else:
            waiting += [by_piece[piece] for piece in sorted(by_piece, reverse=True)]
    return found


def by_points(firing: Firing) -> Number:
    """Return what comes first where the lowest counts."""
    return firing.points


def _key(firing: Firing, first: Callable[[Firing], Any] | None) -> Iterator[Any]:
    """Yield what distinguishes firings, piece by piece; their labels come last."""
    if first is not None:
        yield first(firing)
    yield tuple(map(clause_key, firing.clauses))
    for fact in firing.facts:
        yield from _fact_key(fact)
    yield ()  # before any further fact
    yield firing.action, firing.option, firing.points, firing.stake is not None, firing.stake or 0
    yield tuple([(formula.name, formula.text, formula.numbers) for formula in firing.formulas])
    says = firing.says or {}
    yield says.get("zh", ""), says.get("en", "")
    yield firing.rule, tuple(fact.id for fact in firing.facts)


def clause_key(clause: str) -> tuple[tuple[int, str], ...]:
    """Return the natural order of a clause's printed number: 5.2 comes before 5.10."""
    return tuple((int(piece), "") if piece.isdecimal() else (-1, piece) for piece in _DIGITS.split(clause))


def fact_key(fact: Fact) -> tuple[Any, ...]:
    """Return a key of what a fact says; facts alike in every value differ only by their evidence."""
    return tuple(_fact_key(fact))


def _fact_key(fact: Fact) -> Iterator[tuple[Any, ...]]:
    yield (fact.type,)
    for name in sorted(fact.values):
        value = fact.values[name]
        if not isinstance(value, Label):
            yield name, type(value).__name__, fact_key(value) if isinstance(value, Fact) else value_text(value)
    yield ()  # before any further value
    yield () if fact.owner is None else fact_key(fact.owner)
    yield fact.assumed, tuple([(item.title, item.reference, item.file) for item in fact.evidence])
