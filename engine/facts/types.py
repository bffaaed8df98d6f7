"""Read a fact type: from its JSON Schema, or from the notation in YAML that is compiled to one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from engine.base.faults import Fault, InvalidInput, RulesetError, problem, raise_all
from engine.base.messages import listing, msg
from engine.base.numbers import Number, read_decimal
from engine.base.sources import Sources, fact_type_file, notation_file, shared_type_file
from engine.documents import Node, read_document, to_plain
from engine.facts.hints import nearest
from engine.facts.kinds import is_step
from engine.facts.model import FactType, FieldType, Kind
from engine.facts.notation import CompiledType, canonical_name, compile_type, is_notation, title_of
from engine.facts.quantity import parse_percent
from engine.facts.schema import prepared
from schemas import schema

_KINDS = {"string": Kind.TEXT, "number": Kind.NUMBER, "integer": Kind.NUMBER, "boolean": Kind.BOOLEAN}
_FORMATS = {"date": Kind.DATE, "quantity": Kind.NUMBER, "percent": Kind.NUMBER}
_BOUNDS = ("x-minimum", "x-maximum", "x-exclusiveMinimum", "x-exclusiveMaximum")
_META = prepared(schema("fact-type.json"))


def read_fact_type(name: str, text: str, file: str) -> FactType:
    """Return the fact type that a schema describes; `RulesetError` with every fault."""
    root = _document(text, file)
    raise_all(RulesetError, _META(root))
    raise_all(RulesetError, _faults(name, root))
    return _fact_type(name, to_plain(root))


def read_notation(written: str, text: str, file: str, called: str = "") -> FactType:
    """Return the fact type that a YAML file describes; `RulesetError` with every fault."""
    return _compiled(compile_type(written, _document(text, file), in_ruleset=False, called=called))


def declared_type(key: Node, entry: Node, sources: Sources) -> FactType | None:
    """Return the type that an entry under `facts` of a ruleset describes or names; None where no source holds it."""
    written, called = key.text, key.source or key.text
    if is_notation(entry):
        return _compiled(compile_type(written, entry, in_ruleset=True, called=called))
    if (file := notation_file(written)) in sources.files:
        return read_notation(written, sources.files[file], file, called)
    for file in (fact_type_file(written), shared_type_file(written)):
        if file in sources.files:
            return read_fact_type(written, sources.files[file], file)
    return None


def own_titles(listed: Node | None, files: Mapping[str, str]) -> dict[str, str]:
    """Return the names of a ruleset's own fact types by what else they are called: as written, and their titles.

    `listed` is what the ruleset has under `facts`. A type that cannot be read is left out; reading it reports that.
    """
    found: dict[str, str] = {}
    for written, entry in listed.items() if listed is not None else ():
        with suppress(RulesetError):
            text, file = files.get(notation_file(written)), notation_file(written)
            node = entry if is_notation(entry) or text is None else _document(text, file)
            if is_notation(node):
                name = canonical_name(written, node)
                found |= {title: name for title in (written, title_of(node)) if title not in ("", name)}
            elif (text := files.get(fact_type_file(written))) is not None:
                title = _document(text, fact_type_file(written)).get("title")
                found |= {title.text: written} if title is not None and title.text != written else {}
    return found


def _document(text: str, file: str) -> Node:
    try:
        return read_document(text, file)
    except InvalidInput as error:
        raise RulesetError(*error.faults) from None


def _compiled(compiled: CompiledType) -> FactType:
    return _fact_type(compiled.name, compiled.schema)


def _fact_type(name: str, plain: Mapping[str, Any]) -> FactType:
    required, whole = set(plain["required"]), {"x-fixed": plain.get("x-fixed", False)}
    return FactType(
        name,
        {field: _field(field, {**whole, **says}, field not in required) for field, says in plain["properties"].items()},
        title=plain["title"],
        single=plain.get("x-single", False),
        fixed=plain.get("x-fixed", False),
        schema=plain,
    )


def bound(text: str) -> Number | None:
    """Return the number of a bound on an amount or a percentage, `0` or `100%`."""
    number = read_decimal(text)
    return parse_percent(text) if number is None else number


def _field(name: str, says: Mapping[str, Any], optional: bool) -> FieldType:  # noqa: FBT001 - one call
    return FieldType(
        name,
        _FORMATS.get(says.get("format", ""), _KINDS[says["type"]]),
        unit=says.get("x-unit", ""),
        optional=optional,
        title=says["title"],
        choices=tuple(says.get("enum", ())),
        fixed=says["x-fixed"],
        step=bound(says["x-step"]) if "x-step" in says else 1 if says["type"] == "integer" else None,
    )


def _step_faults(field: Node, step: Node) -> Iterator[Fault]:
    """Report a step of what is not a number, and one that is not a number above zero."""
    form = field.get("format")
    name = form.text if form is not None else ""
    if _FORMATS.get(name, _KINDS[field["type"].text]) is not Kind.NUMBER:
        what = problem("fact-type.step-of", "Only a number has a step.")
        yield Fault(what, msg("Remove it."), step.place)
    elif not is_step(step.text, percent=name == "percent", whole=field["type"].text == "integer"):
        what = problem("fact-type.step", "“{text}” is not a step.", text=step.text)
        remedy = msg("Write a number above zero, of a percentage with its sign, such as `0.01` or `0.1%`.")
        yield Fault(what, remedy, step.place)


def _faults(name: str, root: Node) -> Iterator[Fault]:
    """Yield what the schema of schemas cannot see."""
    if root["$id"].text != f"fenming:facts/{name}":
        yield Fault(
            problem(
                "fact-type.other-id", "The schema of “{name}” says that it is “{id}”.", name=name, id=root["$id"].text
            ),
            msg("Name the file after the type, and write `fenming:facts/{name}`.", name=name),
            root["$id"].place,
        )
    fields = dict(root["properties"].items())
    for field in fields.values():
        yield from _field_faults(field)
    for named in _names_in(root):
        if named.text not in fields:
            near = nearest(named.text, fields)
            yield Fault(
                problem("fact-type.unknown-field", "There is no field “{name}” in this fact type.", name=named.text),
                msg("Did you mean “{near}”?", near=near)
                if near
                else msg("Add it to `properties`, or correct the name: {choices}.", choices=listing(fields)),
                named.place,
            )


def _names_in(node: Node) -> Iterator[Node]:
    """Yield the nodes that name fields in `required` and in conditions."""
    for key, value in node.items():
        if key == "required":
            yield from value.elements
        elif key in ("if", "then", "else", "not"):
            yield from (name for name, _ in _properties(value))
            yield from _names_in(value)
        elif key in ("allOf", "anyOf", "oneOf"):
            for element in value.elements:
                yield from (name for name, _ in _properties(element))
                yield from _names_in(element)


def _properties(node: Node) -> tuple[tuple[Node, Node], ...]:
    properties = node.get("properties")
    return (properties.entries if properties is not None else None) or ()


def _field_faults(field: Node) -> Iterator[Fault]:
    form, of_type = field.get("format"), field["type"]
    if form is not None and of_type.text != "string":
        yield Fault(
            problem("fact-type.format", "A field of format “{format}” must be a text.", format=form.text),
            msg('Write `"type": "string"`.'),
            of_type.place,
        )
    step = field.get("x-step")
    if step is not None:
        yield from _step_faults(field, step)
    for key in ("x-unit", *_BOUNDS):
        node = field.get(key)
        if node is None:
            continue
        fitting = ("quantity",) if key == "x-unit" else ("quantity", "percent")
        if form is None or form.text not in fitting:
            yield Fault(
                problem(
                    "fact-type.key-and-format",
                    "“{key}” is allowed only with the format {formats}.",
                    key=key,
                    formats=listing(fitting),
                ),
                msg("Remove it; a plain number has `minimum` and `maximum`."),
                node.place,
            )
        elif key != "x-unit" and bound(node.text) is None:
            yield Fault(
                problem("fact-type.number", "“{text}” is not a number.", text=node.text),
                msg("Write a decimal in quotes, without a unit."),
                node.place,
            )
    lines = field.get("x-multiline")
    if lines is not None and (form is not None or field.get("enum") is not None or of_type.text != "string"):
        yield Fault(
            problem(
                "fact-type.plain-text",
                "“{key}” belongs to a plain text, which has neither format nor choices.",
                key="x-multiline",
            ),
            msg("Remove it: numbers, dates and choices are always on one line."),
            lines.place,
        )
    pattern = field.get("pattern")
    if pattern is not None:
        try:
            re.compile(pattern.text)
        except re.error:
            yield Fault(
                problem("fact-type.pattern", "“{pattern}” is not a regular expression.", pattern=pattern.text),
                msg("Close its brackets, and put a backslash before a special character that is meant literally."),
                pattern.place,
            )
