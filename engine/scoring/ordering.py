"""The order in which firings share what is left: made from clauses and values, never from labels or file order.

Where several deductions meet a floor, or several awards a cap, the order decides which of them is cut. Ids of facts,
names of rules and places in a file carry no weight (law 8), so they only break a tie between firings that are alike
in everything else, where it makes no difference to any point.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from engine.facts.model import Fact, Label, value_text
from engine.scoring.firing import Firing

_DIGITS = re.compile(r"(\d+)")


def in_order(firings: Iterable[Firing]) -> list[Firing]:
    """Return firings by their clauses, the values of their facts, and what they ask.

    >>> clause_key("5.10") > clause_key("5.2")
    True
    """
    listed = list(firings)
    return sorted(listed, key=firing_key) if len(listed) > 1 else listed


def firing_key(firing: Firing) -> tuple[Any, ...]:
    """Return a key that distinguishes firings by what they say; their labels come last."""
    says = firing.says or {}
    content = (
        tuple(map(clause_key, firing.clauses)),
        tuple(map(fact_key, firing.facts)),
        firing.action,
        firing.option,
        firing.points,
        (firing.stake is not None, firing.stake or 0),
        tuple((formula.name, formula.text, formula.numbers) for formula in firing.formulas),
        (says.get("zh", ""), says.get("en", "")),
    )
    return content, firing.rule, tuple(fact.id for fact in firing.facts)


def clause_key(clause: str) -> tuple[tuple[int, str], ...]:
    """Return the natural order of a clause's printed number: 5.2 comes before 5.10."""
    return tuple((int(piece), "") if piece.isdecimal() else (-1, piece) for piece in _DIGITS.split(clause))


def fact_key(fact: Fact) -> tuple[Any, ...]:
    """Return a key of what a fact says; facts alike in every value differ only by their evidence."""
    values = tuple(
        (name, type(value).__name__, fact_key(value) if isinstance(value, Fact) else value_text(value))
        for name, value in sorted(fact.values.items())
        if not isinstance(value, Label)
    )
    owner = () if fact.owner is None else fact_key(fact.owner)
    evidence = tuple((item.title, item.reference, item.file) for item in fact.evidence)
    return fact.type, values, owner, fact.assumed, evidence
