"""Whether a changed fact could be in a facts file: its type's schema and the bounds of its amounts."""

from __future__ import annotations

from collections.abc import Mapping

from engine.base.numbers import Number
from engine.base.places import NOWHERE
from engine.documents.node import from_plain
from engine.facts.model import Fact, FactType
from engine.facts.read import breaks_bound, schema_of
from engine.facts.schema import Check, prepared
from engine.facts.written import written_value


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
        written = {"id": fact.id, **{name: written_value(value, fields[name]) for name, value in fact.values.items()}}
        if self.checks[fact.type](from_plain(written, NOWHERE)):
            return False
        return not any(
            breaks_bound(fields[name], value)
            for name, value in fact.values.items()
            if "format" in fields[name] and isinstance(value, Number)
        )
