"""Fact types as a person writes them in YAML, compiled to the JSON Schema by which facts are checked.

docs/rule-language.md describes the notation. Its shape is checked by schemas/fact-notation.json; here is what no schema
can see, and each fault has its place in the YAML.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.base.faults import Fault, RulesetError, problem, raise_all
from engine.base.messages import msg
from engine.documents import Node
from engine.documents.text import shortened
from engine.facts.conditions import compile_conditions
from engine.facts.hints import nearest
from engine.facts.kinds import AMOUNT, WrittenKind, is_step, no_kind, read_kind, schema_of
from engine.facts.quantity import is_unit
from engine.facts.schema import Check, prepared
from engine.facts.words import FIELD, KINDS, NAME, TYPE, Entries, entries, is_chinese, remedy_of, with_truth
from schemas import schema

_SHAPE = schema("fact-notation.json")
COMMON = frozenset(schema("facts.json")["$defs"]["common"])
"""What every fact has besides the fields of its type."""
_OF_RULESET = ("optional", "own")
"""The keywords of an entry under `facts` that say how the ruleset uses a type, not what the type is."""


def _shape(name: str) -> Check:
    return prepared({**_SHAPE["$defs"][name], "$defs": _SHAPE["$defs"]})


_LISTED, _BRIEF = _shape("listed"), _shape("brief")


@dataclass(frozen=True, slots=True)
class CompiledType:
    """A fact type: its canonical name, and its JSON Schema."""

    name: str
    schema: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Field:
    written: str
    name: str
    schema: Mapping[str, Any]
    optional: bool


def is_notation(entry: Node) -> bool:
    """Return whether an entry under `facts` describes its type there, and does not only name it."""
    return any(TYPE.meaning(key) not in _OF_RULESET for key, _ in entry.items())


def is_marked(entry: Node, keyword: str) -> bool:
    """Return whether an entry under `facts` says `optional` or `own`, in either language."""
    return any(TYPE.meaning(key) == keyword and value.value is True for key, value in entry.items())


def canonical_name(written: str, entry: Node) -> str:
    """Return the name of a type in expressions and receipts: its English name where it has one."""
    return next((value.text for key, value in entry.items() if TYPE.meaning(key) == "name"), written)


def title_of(entry: Node) -> str:
    """Return the title that an entry gives its type; empty where it gives none."""
    return next((value.text for key, value in entry.items() if TYPE.meaning(key) == "title"), "")


def compile_type(written: str, node: Node, *, in_ruleset: bool, called: str = "") -> CompiledType:
    """Return the type that is written under a name; `RulesetError` with every fault and its place.

    It is `called` what a person wrote, where the language reads that as another name.
    """
    faults: list[Fault] = []
    node = with_truth(node)
    found = entries(node, TYPE, faults)
    listed = found.known.get("fields")
    raise_all(RulesetError, [*faults, *([] if listed else _ambiguous(found)), *_no_fields(listed, found)])
    raise_all(RulesetError, (_LISTED if listed else _BRIEF)(node))
    faults += [] if in_ruleset else _of_ruleset(found)
    pairs = (listed.entries or ()) if listed else found.others
    if not pairs:
        faults.append(Fault(problem("fact-type.no-fields", "The fact type has no fields."), _NO_FIELDS, node.place))
    fields = [field for key, value in pairs if (field := _field(key, value, faults))]
    faults += _same_names(fields, pairs)
    name = found.text("name") or written
    if not NAME.fullmatch(name):
        faults.append(_no_name(name, node))
    by_name = {each: (field.name, field.schema) for field in fields for each in (field.name, field.written)}
    conditions = compile_conditions(found.known.get("conditions"), by_name, faults)
    raise_all(RulesetError, faults)
    title = found.text("title") or called or written
    return CompiledType(name, _type_schema(name, title, found, fields, conditions))


def _type_schema(
    name: str, title: str, found: Entries, fields: list[_Field], conditions: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"fenming:facts/{name}",
        "title": title,
        "description": found.text("description") or title,
        "type": "object",
        "x-single": found.is_set("single"),
        **({"x-fixed": True} if found.is_set("fixed") else {}),
        "properties": {field.name: field.schema for field in fields},
        "required": [field.name for field in fields if not field.optional],
        "additionalProperties": False,
        **({"allOf": conditions} if conditions else {}),
    }


_NO_FIELDS = msg("List its fields, each as `name: kind`, such as `编制数: 整数 > 0` or `people: integer >= 1`.")


def _ambiguous(found: Entries) -> list[Fault]:
    """Return a fault for each keyword of a type whose value looks like a field's."""
    return [
        Fault(
            problem(
                "fact-type.ambiguous",
                "“{name}: {text}” could be a field, but “{name}” is a keyword here.",
                name=key.text,
                text=shortened(found.known[keyword].text),
            ),
            msg("List the fields below `{key}:`; nothing but fields is there.", key=_fields_word(key)),
            key.place,
        )
        for keyword, key in found.keys.items()
        if isinstance(found.known[keyword].value, str) and isinstance(read_kind(found.known[keyword], key), WrittenKind)
    ]


def _no_fields(listed: Node | None, found: Entries) -> list[Fault]:
    """Return a fault for each entry that no schema can know for a keyword, or that has a number for its kind."""
    faults = []
    for key, value in (listed.entries or ()) if listed else found.others:
        kind = read_kind(value, key) if value.is_scalar else None
        near = None if listed else nearest(key.text, TYPE.words(key.text))
        if isinstance(kind, Fault) and near:
            what = problem("fact-type.keyword", "“{name}” is neither a keyword nor a field.", name=shortened(key.text))
            faults.append(Fault(what, msg("Did you mean “{near}”?", near=near), key.place))
        elif isinstance(kind, Fault) and not isinstance(value.value, str):
            faults.append(kind)
    return faults


def _fields_word(like: Node) -> str:
    return TYPE.both("fields")[is_chinese(like.text)]


def _of_ruleset(found: Entries) -> list[Fault]:
    return [
        Fault(
            problem("fact-type.ruleset-keyword", "“{name}” belongs in the ruleset.", name=found.keys[each].text),
            msg("Write it with the type's entry under `facts` of the ruleset."),
            found.keys[each].place,
        )
        for each in _OF_RULESET
        if each in found.keys
    ]


def _field(key: Node, node: Node, faults: list[Fault]) -> _Field | None:
    """Return a field, whichever way it is written; None, and a fault, where it does not say what it holds."""
    empty = Node(node.place, entries=())
    said = entries(node if node.is_mapping else empty, FIELD, faults)
    name = said.text("name") or key.text
    if not NAME.fullmatch(name):
        faults.append(_no_name(name, key))
    elif name in COMMON:
        what = problem("fact-type.reserved", "Every fact has “{name}” already.", name=name)
        faults.append(Fault(what, msg("Remove it, or give the field another name."), key.place))
    choices = node if node.is_sequence else said.known.get("choices")
    if node.is_scalar:
        said = Entries({"kind": node}, {}, ())
    if choices is not None:
        says, optional = {"type": "string", "enum": [each.text for each in choices.elements]}, False
        faults += _beside_choices(said)
    elif (read := _kind_schema(key, node, said, faults)) is not None:
        says, optional = read
    else:
        return None
    says = {**says, "title": said.text("title") or key.text, **_described(said), **_pattern(said, says, faults)}
    says |= remedy_of(said.known.get("remedy")) | _marks(said, says, faults)
    return _Field(key.text, name, says, optional or said.is_set("optional"))


def _kind_schema(key: Node, node: Node, said: Entries, faults: list[Fault]) -> tuple[dict[str, Any], bool] | None:
    """Return the JSON Schema of a field without choices, and whether its kind says that it is optional."""
    unit, kind = said.known.get("unit"), said.known.get("kind")
    if unit is not None and not is_unit(unit.text):
        what = problem("fact-type.unit", "“{text}” cannot be a unit.", text=shortened(unit.text))
        faults.append(Fault(what, msg("Write one word of letters, such as 万元, 台班 or 元/人."), unit.place))
    written: WrittenKind | Fault
    if kind is not None:
        written = read_kind(kind, key, unit)
    elif unit is not None or "pattern" in said.known:
        written = WrittenKind(AMOUNT, unit.text) if unit is not None else WrittenKind("text")
    else:
        written = no_kind(key, node if node.entries else key)
    if isinstance(written, Fault):
        faults.append(written)
        return None
    return schema_of(written, kind or node, faults), written.optional


def _described(said: Entries) -> dict[str, Any]:
    return {"description": said.text("description")} if "description" in said.known else {}


def _pattern(said: Entries, says: Mapping[str, Any], faults: list[Fault]) -> dict[str, Any]:
    node = said.known.get("pattern")
    if node is None:
        return {}
    if says.get("type") != "string" or "format" in says or "enum" in says:
        what = problem("fact-type.pattern-of", "Only a text has a pattern.")
        faults.append(
            Fault(
                what,
                msg(
                    "Remove it, or make the field a `{kind}`.",
                    kind=KINDS.both("text")[is_chinese(said.keys["pattern"].text)],
                ),
                said.keys["pattern"].place,
            )
        )
        return {}
    try:
        re.compile(node.text)
    except re.error:
        what = problem("fact-type.pattern", "“{pattern}” is not a regular expression.", pattern=node.text)
        remedy = msg("Close its brackets, and put a backslash before a special character that is meant literally.")
        faults.append(Fault(what, remedy, node.place))
    return {"pattern": node.text}


def _marks(said: Entries, says: Mapping[str, Any], faults: list[Fault]) -> dict[str, Any]:
    """Return what JSON Schema says of whether a field may be changed, and of its step."""
    marks: dict[str, Any] = {"x-fixed": said.is_set("fixed")} if "fixed" in said.known else {}
    step = said.known.get("step")
    if step is None:
        return marks
    if says["type"] in ("string", "boolean") and says.get("format") not in ("quantity", "percent"):
        what = problem("fact-type.step-of", "Only a number has a step.")
        faults.append(Fault(what, msg("Remove it."), said.keys["step"].place))
    elif not is_step(step.text, percent=says.get("format") == "percent", whole=says["type"] == "integer"):
        what = problem("fact-type.step", "“{text}” is not a step.", text=shortened(step.text))
        remedy = msg("Write a number above zero, of a percentage with its sign, such as `0.01` or `0.1%`.")
        faults.append(Fault(what, remedy, step.place))
    return {**marks, "x-step": step.text}


def _beside_choices(said: Entries) -> list[Fault]:
    """Report what a field with choices cannot have."""
    return [
        Fault(
            problem("fact-type.choices", "A field with choices has no “{key}”.", key=said.keys[each].text),
            msg("Keep one of the two."),
            said.keys[each].place,
        )
        for each in ("kind", "unit")
        if each in said.keys
    ]


def _same_names(fields: list[_Field], pairs: tuple[tuple[Node, Node], ...]) -> list[Fault]:
    """Report a field whose name is one that another field has, as its English name or as it is written."""
    faults, first = [], dict[str, str]()
    places = {key.text: key.place for key, _ in pairs}
    for field in fields:
        for name in dict.fromkeys((field.written, field.name)):
            if first.setdefault(name, field.written) != field.written:
                what = problem(
                    "fact-type.name-twice",
                    "“{name}” is a name of the field “{other}”, too.",
                    name=name,
                    other=first[name],
                )
                faults.append(Fault(what, msg("Give each its own name."), places[field.written]))
    return faults


def _no_name(name: str, node: Node) -> Fault:
    what = problem("fact-type.name", "“{name}” cannot be a name.", name=shortened(name))
    near = nearest(name, [*TYPE.words(name), *FIELD.words(name)])
    remedy = (
        msg("Did you mean “{near}”?", near=near)
        if near
        else msg("Use letters, Chinese characters, digits and _ only, not beginning with a digit.")
    )
    return Fault(what, remedy, node.place)
