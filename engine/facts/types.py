"""Read a fact type from its JSON Schema."""

from __future__ import annotations

from typing import Any

from engine.documents import Node, read_document, to_plain
from engine.errors import Fault, RulesetError, msg, raise_all
from engine.facts.model import FactType, FieldType, Kind
from engine.facts.schema import prepared
from schemas import schema

_KINDS = {"number": Kind.NUMBER, "integer": Kind.NUMBER, "boolean": Kind.BOOLEAN, "string": Kind.TEXT}
_FORMATS = {"date": Kind.DATE, "quantity": Kind.NUMBER, "percent": Kind.NUMBER}


def read_fact_type(name: str, text: str, file: str) -> FactType:
    """Return the fact type that a schema's text describes; `RulesetError` with every fault and its place."""
    node = read_document(text, file)
    raise_all(RulesetError, [*prepared(schema("fact-type.json"))(node), *_name_faults(name, node)])
    content: dict[str, Any] = to_plain(node)
    required = set(content["required"])
    fields = {field: _field(field, part, optional=field not in required) for field, part in content["properties"].items()}
    return FactType(name, fields, content["title"], content.get("x-single", False), content)


def _name_faults(name: str, node: Node) -> list[Fault]:
    named = node.get("$id")
    if named is None or named.text == f"fenming:facts/{name}":
        return []
    return [
        Fault(
            msg("The schema of “{name}” calls itself “{other}”.", name=name, other=named.text),
            msg("Its $id must be “{wanted}”.", wanted=f"fenming:facts/{name}"),
            named.place,
        )
    ]


def _field(name: str, part: dict[str, Any], *, optional: bool) -> FieldType:
    return FieldType(
        name,
        _FORMATS.get(part.get("format", ""), _KINDS[part["type"]]),
        part.get("x-unit", ""),
        optional,
        part["title"],
        tuple(part.get("enum", ())),
    )
