"""A facts file as plain data: by type a list of facts, their numbers exact, amounts in 万元, days as dates."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

Fact = Mapping[str, Any]
Facts = Mapping[str, Sequence[Fact]]

AMOUNTS = {"amount", "spent"}
DAYS = {"approved_on", "published_on", "deadline", "on"}
IN_WAN = {"万元": 1, "亿元": 10_000}


def read(text: str) -> Facts:
    """Return the facts of a facts file in JSON."""
    document = json.loads(text, parse_float=Fraction, parse_int=Fraction)
    return {name: _of_type(given) for name, given in document["facts"].items()}


def not_assessed(facts: Facts) -> set[int]:
    """Return the indicators that the facts leave unassessed."""
    return {int(fact["indicator"]) for fact in facts.get("not_assessed", [])}


def _of_type(given: Any) -> list[Fact]:
    """Return the facts of one type; a type that a case has once may be one mapping."""
    several = given if isinstance(given, list) else [given]
    return [{name: _value(name, value) for name, value in fact.items()} for fact in several]


def _value(name: str, value: Any) -> Any:
    if name in AMOUNTS:
        figure, unit = value.split()
        return Fraction(figure) * IN_WAN[unit]
    return date.fromisoformat(value) if name in DAYS else value
