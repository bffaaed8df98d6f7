"""Read a facts file: check it by the schemas of its fact types, and report every fault at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from engine.base.faults import FactsError, Fault, problem, raise_all
from engine.base.messages import Message, listing, msg
from engine.base.numbers import Number
from engine.base.places import Place
from engine.documents import Node, read_document
from engine.documents.punctuation import colon_fault
from engine.facts.case import department_faults
from engine.facts.evidence import read_evidence
from engine.facts.hints import nearest
from engine.facts.model import Fact, Facts, FactType, FieldType, FileDigest, Kind, Value, value_text
from engine.facts.naming import as_written, key, label
from engine.facts.quantity import Conversions, converted, parse_percent, parse_quantity
from engine.facts.schema import prepared
from engine.facts.titles import by_names, by_types, each_fact
from engine.facts.types import bound
from engine.facts.wording import bound_fault, found
from engine.facts.words import is_chinese
from schemas import schema

_HEAD = prepared(schema("facts.json"))
_COMMON: Mapping[str, Any] = schema("facts.json")["$defs"]["common"]
NO_DIGESTS: Mapping[str, FileDigest] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class FactsFile:
    """A facts file that was opened: the ruleset that it names, its tree, and what is known to be wrong with it."""

    ruleset: str
    root: Node
    faults: tuple[Fault, ...] = ()


def open_facts(text: str, file: str) -> FactsFile:
    """Read a facts file as far as the ruleset that it names; `InvalidInput` where it names none."""
    return facts_document(read_document(text, file))


def facts_document(root: Node) -> FactsFile:
    """Check the head of a facts document; its faults are reported with those of its facts, if these can be read."""
    root = each_fact(by_names(root, schema("facts.json")), lambda fact: by_names(fact, {"properties": _COMMON}))
    faults = _HEAD(root)
    named = root.get("ruleset")
    if named is None or not isinstance(named.value, str) or not named.text.strip():
        raise FactsError(*as_written(faults, root))
    return FactsFile(named.text, root, (*faults, *department_faults(root)))


def read_facts(
    document: FactsFile,
    types: Mapping[str, FactType],
    conversions: Conversions,
    digests: Mapping[str, FileDigest] = NO_DIGESTS,
) -> Facts:
    """Return the facts of a file; `FactsError` with every fault and its place.

    `types` are those that the ruleset lists; a type without a schema is one that no file may give.
    `digests` holds the digest of each evidence file, by its path as the facts file writes it.
    """
    given = {name: known for name, known in types.items() if known.schema}
    reader = _Reader(given, conversions, digests, [*document.faults])
    written = document.root.get("facts")
    sections = by_types(written, given) if written is not None else None
    for called, node in (sections.entries if sections is not None else None) or ():
        reader.section(called, node)
    raise_all(FactsError, as_written(reader.faults, document.root))
    case = {name: value_text(node.value) for name, node in document.root["case"].items() if node.value is not None}
    ordered = tuple(sorted(reader.facts, key=lambda fact: fact.type))
    listed = by_types(document.root["facts"], given)
    begin = document.root.key("facts") or listed
    stated = frozenset(name for name, _ in listed.items())
    return Facts(case, ordered, stated, begin.place, is_chinese(begin.source or begin.text))


class _Reader:
    """Collects the facts of a file, and its faults."""

    def __init__(
        self,
        types: Mapping[str, FactType],
        conversions: Conversions,
        digests: Mapping[str, FileDigest],
        faults: list[Fault],
    ) -> None:
        self.types = types
        self.conversions = conversions
        self.digests = digests
        self.faults = faults
        self.facts: list[Fact] = []
        self.ids: dict[str, Place] = {}

    def section(self, called: Node, node: Node) -> None:
        """Read the facts of one type."""
        fact_type = self.types.get(called.text)
        if fact_type is None:
            self.faults.append(_unknown_type(called, self.types))
            return
        says = schema_of(fact_type)
        check = prepared(says)
        for written in self.entries(fact_type, node):
            entry = by_names(written, says)
            self.claim_id(fact_type, entry)
            wrong = check(entry)
            self.faults.extend(wrong)
            if not wrong:
                self.facts.append(self.fact(fact_type, entry))

    def entries(self, fact_type: FactType, node: Node) -> Iterator[Node]:
        """Yield the mappings that are facts."""
        name = label(fact_type.name, {"title": fact_type.title})
        if node.is_mapping and fact_type.single:
            yield node
            return
        if not node.is_sequence:
            self.faults.append(_no_list(fact_type, name, node))
            return
        if fact_type.single and len(node.elements) > 1:
            what = problem(
                "facts.only-one",
                "{label} occurs {count} times; a case has only one.",
                label=name,
                count=len(node.elements),
            )
            self.faults.append(Fault(what, msg("Keep the one that is true."), node.elements[1].place))
        for element in node.elements:
            if element.is_mapping:
                yield element
            else:
                self.faults.append(_no_fact(name, element))

    def claim_id(self, fact_type: FactType, entry: Node) -> None:
        """Report an id that another fact of the file already has."""
        named = entry.get("id")
        text = named.text if named is not None else fact_type.name if fact_type.single else ""
        if not text:
            return
        place = named.place if named is not None else entry.place
        first = self.ids.setdefault(text, place)
        if first is not place:
            self.faults.append(_used_before(text, first, place))

    def fact(self, fact_type: FactType, entry: Node) -> Fact:
        """Build a fact from a mapping that keeps to its schema."""
        nodes = dict(entry.items())
        values: dict[str, Value] = {}
        converted_from: dict[str, str] = {}
        for name, field in fact_type.fields.items():
            if name in nodes:
                values[name] = self.value(field, nodes[name], fact_type.schema["properties"][name])
                if field.unit and (parse_quantity(nodes[name].text) or (0, field.unit))[1] != field.unit:
                    converted_from[name] = nodes[name].text
        listed = nodes["evidence"].elements if "evidence" in nodes else ()
        return Fact(
            fact_type.name,
            nodes["id"].text if "id" in nodes else fact_type.name,
            values,
            nodes["assumed"].text if "assumed" in nodes else "",
            tuple(read_evidence(element, self.digests) for element in listed),
            entry.place,
            converted_from,
        )

    def value(self, field: FieldType, node: Node, says: Mapping[str, Any]) -> Value:
        """Return a field's value; a quantity in another unit and a bound that is not kept are faults."""
        if field.kind is Kind.DATE:
            return date.fromisoformat(node.text)
        if "format" not in says:
            assert node.value is not None  # noqa: S101 - by the schema
            return node.value
        number: Number | None
        if field.unit:
            written, unit = parse_quantity(node.text) or (0, field.unit)
            number = converted(written, unit, field.unit, self.conversions)
            if number is None:
                self.faults.append(_other_unit(field, unit, node))
                return 0
        else:
            number = parse_percent(node.text) or 0
        rule = breaks_bound(says, number)
        if rule:
            shown = f"{says[f'x-{rule}']} {field.unit}".rstrip()
            self.faults.append(bound_fault(rule, shown, label(field.name, says), found(node), node, says))
        return number


def breaks_bound(says: Mapping[str, Any], number: Number) -> str:
    """Return which bound of its schema an amount or a percentage does not keep; empty where it keeps all."""
    for rule in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
        limit = bound(says.get(f"x-{rule}", ""))
        if limit is not None and _breaks(rule, number, limit):
            return rule
    return ""


def _used_before(identity: str, first: Place, place: Place) -> Fault:
    """Report an id that another fact has, and where that is."""
    what = (
        problem(
            "facts.duplicate-id", "Duplicate id “{id}”; first used at {pointer}.", id=identity, pointer=first.pointer
        )
        if first.line is None
        else problem(
            "facts.duplicate-id",
            "Duplicate id “{id}”; first used on line {line} ({pointer}).",
            id=identity,
            line=first.line,
            pointer=first.pointer,
        )
    )
    return Fault(what, msg("Give each fact of the file an id of its own."), place)


def schema_of(fact_type: FactType) -> dict[str, Any]:
    """Return a fact type's schema with what all facts have in common."""
    own = fact_type.schema
    required = list(own["required"]) if fact_type.single else ["id", *own["required"]]
    fields = {"id": _COMMON["id"], **own["properties"], **_COMMON}
    return {**own, "properties": fields, "required": required}


def _no_list(fact_type: FactType, name: Message, node: Node) -> Fault:
    """Report what is in the place of the facts of a type."""
    called = key(fact_type.name, {"title": fact_type.title})
    if colon := colon_fault(node):
        return colon
    if node.is_mapping:
        what = problem(
            "facts.not-a-list", "{label} is one mapping, but there can be several: it must be a list.", label=name
        )
        return Fault(
            what,
            msg("Begin each fact with `- ` on its own line and give it an `{id}`.", id=key("id", _COMMON["id"])),
            node.place,
        )
    if node.is_empty:
        what = problem("value.empty", "{label} is empty.", label=name)
    else:
        what = problem("facts.no-fact", "{label} is {found}, which is not a fact.", label=name, found=found(node))
    if fact_type.single:
        remedy = msg("Write its fields below it; if there is none, write `{type}: []`.", type=called)
    else:
        remedy = msg("List the facts; if there are none, write `{type}: []`.", type=called)
    return Fault(what, remedy, node.place)


def _no_fact(name: Message, node: Node) -> Fault:
    """Report what is not a fact in a list of facts."""
    if colon := colon_fault(node):
        return colon
    what = problem(
        "facts.not-a-fact",
        "A fact of {label} is {found}: it must be a mapping of names to values.",
        label=name,
        found=found(node),
    )
    return Fault(what, msg("Write its fields below `- `, each as `name: value`."), node.place)


def _unknown_type(written: Node, types: Mapping[str, FactType]) -> Fault:
    near = nearest(written.text, types, {name: fact_type.title for name, fact_type in types.items()})
    remedy: Message
    if near:
        remedy = msg("Did you mean {label}?", label=label(near, {"title": types[near].title}))
    else:
        remedy = msg(
            "The ruleset has: {choices}.",
            choices=listing(key(name, {"title": types[name].title}) for name in sorted(types)),
        )
    return Fault(
        problem("facts.unknown-type", "The ruleset has no fact type “{name}”.", name=written.text),
        remedy,
        written.place,
    )


def _other_unit(field: FieldType, unit: str, node: Node) -> Fault:
    return Fault(
        problem(
            "facts.unit",
            "{label} is in {unit}: it must be in {wanted}.",
            label=label(field.name, {"title": field.title}),
            unit=unit,
            wanted=field.unit,
        ),
        msg(
            "Convert the figure and write it with {wanted}; or let the ruleset declare the conversion under `units`.",
            wanted=field.unit,
        ),
        node.place,
    )


def _breaks(rule: str, number: Number, limit: Number) -> bool:
    match rule:
        case "minimum":
            return number < limit
        case "maximum":
            return number > limit
        case "exclusiveMinimum":
            return number <= limit
        case _:
            return number >= limit
