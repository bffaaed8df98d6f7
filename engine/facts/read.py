"""Read a facts file: every fault told at once, nothing guessed."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.documents import Node, read_document
from engine.errors import Fault, FactsError, Place, msg, raise_all
from engine.facts.model import Evidence, Fact, Facts, FactType, Value
from engine.facts.schema import prepared, validate
from engine.facts.values import Conversions, read_value, restored
from schemas import schema


@dataclass(frozen=True, slots=True)
class FactsFile:
    """A facts file whose head has been checked: which ruleset it is for, and its tree."""

    ruleset: str
    root: Node


def open_facts(text: str, file: str) -> FactsFile:
    """Read a facts file as far as the ruleset that it names; `FactsError` or `InvalidInput` with the faults."""
    root = read_document(text, file)
    return facts_document(root)


def facts_document(root: Node) -> FactsFile:
    """Check the outer shape of a facts document."""
    raise_all(FactsError, validate(root, schema("facts.json")))
    return FactsFile(root["ruleset"].text, root)


def read_facts(document: FactsFile, types: Mapping[str, FactType], conversions: Conversions) -> Facts:
    """Return the facts of a file for the fact types of its ruleset; `FactsError` with every fault."""
    reader = _Reader(types, conversions)
    for key, node in document.root["facts"].entries or ():
        reader.section(key, node)
    raise_all(FactsError, reader.faults)
    case = {name: node.text for name, node in document.root["case"].items()}
    facts = sorted(reader.facts, key=lambda fact: (fact.type, fact.id))
    return Facts(case, tuple(facts), frozenset(reader.stated))


class _Reader:
    """Reads the facts of a file, type by type."""

    def __init__(self, types: Mapping[str, FactType], conversions: Conversions) -> None:
        self.types = types
        self.conversions = conversions
        self.facts: list[Fact] = []
        self.faults: list[Fault] = []
        self.stated: list[str] = []
        self.ids: dict[str, Place] = {}

    def section(self, key: Node, node: Node) -> None:
        """Read all facts of one type."""
        fact_type = self.types.get(key.text)
        if fact_type is None or not fact_type.schema:
            known = [name for name, known_type in self.types.items() if known_type.schema]
            near = difflib.get_close_matches(key.text, known, n=1)
            remedy = (
                msg("Did you mean “{near}”?", near=near[0])
                if near
                else msg("The ruleset knows: {names}.", names=", ".join(known))
            )
            self.faults.append(Fault(msg("There is no fact type “{name}” in this ruleset.", name=key.text), remedy, key.place))
            return
        self.stated.append(key.text)
        entries = node.elements if node.is_sequence else (node,)
        if fact_type.single and len(entries) > 1:
            self.faults.append(
                Fault(
                    msg("There are {count} facts “{type}”; a case has one.", count=len(entries), type=fact_type.name),
                    msg("Keep one of them."),
                    entries[1].place,
                )
            )
        if not node.is_sequence and not fact_type.single:
            self.faults.append(
                Fault(
                    msg("“{type}” must be a list of facts.", type=fact_type.name),
                    msg("Begin each fact with a dash: `- id: …`; write [] if there is none."),
                    node.place,
                )
            )
            return
        check = prepared(with_common(fact_type))
        for entry in entries:
            self.fact(entry, fact_type, check)

    def fact(self, node: Node, fact_type: FactType, check: Callable[[Node], list[Fault]]) -> None:
        """Read one fact."""
        wrong = check(node)
        self.faults.extend(wrong)
        if not node.is_mapping:
            return
        faulty = {fault.where.pointer for fault in wrong}
        named = node.get("id")
        identity = named.text if named is not None else fact_type.name
        place = named.place if named is not None else node.place
        if identity in self.ids and (named is not None or fact_type.single):
            self.faults.append(
                Fault(
                    msg("The id “{id}” stands twice in the file; first on line {line}.", id=identity, line=self.ids[identity].line),
                    msg("Give each fact its own id."),
                    place,
                )
            )
        self.ids.setdefault(identity, place)
        values: dict[str, Value] = {}
        for name, value in node.items():
            field = fact_type.fields.get(name)
            if field is None or value.place.pointer in faulty:
                continue
            found = read_value(value, field, fact_type.schema["properties"][name], self.conversions)
            if isinstance(found, Fault):
                self.faults.append(found)
            else:
                values[name] = found
        if not wrong:
            assumed = node.get("assumed")
            self.facts.append(
                Fact(fact_type.name, identity, values, assumed.text if assumed else "", _evidence(node), node.place)
            )


def with_common(fact_type: FactType) -> dict[str, Any]:
    """Return a fact type's schema with what every fact may have: id, evidence, assumed."""
    common = schema("facts.json")["$defs"]["common"]
    required = list(fact_type.schema["required"])
    return {
        **fact_type.schema,
        "properties": {**common, **fact_type.schema["properties"]},
        "required": required if fact_type.single else ["id", *required],
    }


def _evidence(node: Node) -> tuple[Evidence, ...]:
    listed = node.get("evidence")
    if listed is None:
        return ()
    return tuple(Evidence(**{name: value.text for name, value in entry.items()}) for entry in listed.elements)


def facts_from_content(content: Mapping[str, Any], types: Mapping[str, FactType]) -> Facts:
    """Return the facts that a receipt's content holds, for a replay."""
    facts = tuple(
        Fact(
            entry["type"],
            entry["id"],
            {name: restored(value, types[entry["type"]].fields[name]) for name, value in entry["values"].items()},
            entry["assumed"],
            tuple(Evidence(**item) for item in entry["evidence"]),
        )
        for entry in content["facts"]
    )
    return Facts(dict(content["case"]), facts, frozenset(content["stated"]))
