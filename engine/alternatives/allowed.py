"""Whether a changed fact could be in a facts file: its type's schema and the bounds of its amounts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.base.numbers import Number, exact_text, fixed_text, terminates
from engine.base.places import NOWHERE
from engine.documents import Node
from engine.facts.model import Fact, FactType, Value
from engine.facts.read import breaks_bound, schema_of
from engine.facts.schema import Check, prepared

_PLACES = 24


class Allowance:
    """What may be in a facts file, by type; each type's schema is prepared once."""

    def __init__(self, types: Mapping[str, FactType]) -> None:
        self.types = types
        self.checks: dict[str, Check] = {}

    def allows(self, fact: Fact) -> bool:
        """Return whether a fact keeps to its type."""
        fact_type = self.types[fact.type]
        if fact.type not in self.checks:
            self.checks[fact.type] = prepared(schema_of(fact_type))
        fields = fact_type.schema["properties"]
        entries = [("id", _text(fact.id)), *((name, _node(value, fields[name])) for name, value in fact.values.items())]
        if self.checks[fact.type](Node(NOWHERE, entries=tuple((_text(name), node) for name, node in entries))):
            return False
        return not any(
            breaks_bound(fields[name], value)
            for name, value in fact.values.items()
            if "format" in fields[name] and isinstance(value, Number)
        )


def _text(text: str) -> Node:
    return Node(NOWHERE, text, text)


def _node(value: Value, says: Mapping[str, Any]) -> Node:
    """Return a value as a facts file writes it."""
    if isinstance(value, bool):
        return Node(NOWHERE, value, str(value).lower())
    if isinstance(value, date):
        return _text(value.isoformat())
    if not isinstance(value, Number):
        return _text(str(value))
    match says.get("format"):
        case "quantity":
            return _text(f"{_decimal(value)} {says['x-unit']}")
        case "percent":
            return _text(f"{_decimal(value * 100)}%")
        case _:
            return Node(NOWHERE, value, _decimal(value))


def _decimal(value: Number) -> str:
    """Write a number as a decimal, one without an end with many digits."""
    return exact_text(value) if terminates(value) else fixed_text(value, _PLACES)
