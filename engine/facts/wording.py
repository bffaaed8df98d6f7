"""Word the faults of a value: what it is, what it must be, and how to put it right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from typing import Any

from engine.base.faults import Fault, Problem, plural_problem, problem
from engine.base.messages import Message, bilingual_text, listing, msg
from engine.base.numbers import Number
from engine.documents import Node
from engine.documents.punctuation import colon_fault
from engine.documents.text import shortened
from engine.facts.hints import NO_FIELDS, nearest, points_remedy, remedy_for, respelt, text_remedy
from engine.facts.naming import key, label
from engine.facts.words import rule_words

_FIGURE = msg("Correct the figure; check its sign, its decimal point and its unit.")
_TYPES: Mapping[str, Message] = {
    "string": msg("a text"),
    "number": msg("a number"),
    "integer": msg("a whole number"),
    "boolean": msg("true or false"),
    "array": msg("a list"),
    "object": msg("a mapping of names to values"),
    "null": msg("empty"),
}


def found(node: Node) -> Message:
    """Say what the document has: a text in quotes, anything else bare."""
    if node.is_mapping:
        return msg("a mapping of names to values")
    if node.is_sequence:
        return msg("a list")
    shown = shortened(node.text)
    return msg("“{text}”", text=shown) if isinstance(node.value, str) else msg("{text}", text=shown)


def wanted(schema: Mapping[str, Any]) -> Message:
    """Say what a schema wants."""
    if "enum" in schema:
        return msg("one of: {choices}", choices=_list(schema["enum"]))
    match schema.get("format"):
        case "quantity":
            return msg("a number with its unit, such as `{example}`", example=f"2265.02 {schema.get('x-unit', '万元')}")
        case "percent":
            return msg("a percentage, such as `94.4%`")
        case "date":
            return msg("a date, such as `2024-12-31`")
        case _:
            types = schema.get("type", [])
            names = [types] if isinstance(types, str) else list(types)
            words = [_TYPES[name] for name in names] or [msg("something else")]
            return reduce(lambda one, other: msg("{one} or {other}", one=one, other=other), words)


LANGUAGES = ("zh", "en")
"""The keys of words in Chinese and in English."""


def missing_fault(name: str, node: Node, schema: Mapping[str, Any], remedy: Message | None = None) -> Fault:
    """Report a field that is missing."""
    of_field = schema.get("properties", {}).get(name, {})
    known = isinstance(of_field, Mapping) and ("type" in of_field or "enum" in of_field)
    called = key(name, of_field if isinstance(of_field, Mapping) else {})
    usual = msg("Add `{name}:` and {wanted}.", name=called, wanted=wanted(of_field)) if known else None
    return Fault(
        problem("value.missing", "{label} is missing.", label=label(name, of_field)),
        remedy or usual or msg("Add `{name}:`.", name=called),
        node.place,
    )


def no_words_fault(node: Node) -> Fault:
    """Report that words are given in neither language; those in one of them serve both."""
    what = problem("value.no-words", "The words are missing.")
    return Fault(what, msg("Add `zh:` (中文) or `en:` (英文); one of the two is enough."), node.place)


def unknown_faults(node: Node, schema: Mapping[str, Any]) -> Iterator[Fault]:
    """Report each field that the schema does not know."""
    fields: Mapping[str, Any] = schema.get("properties", {})
    titles = {name: of_field.get("title", "") for name, of_field in fields.items() if isinstance(of_field, Mapping)}
    for written, _ in node.entries or ():
        if written.text not in fields:
            near = nearest(written.text, fields, titles) or nearest(written.text, (), rule_words("keys", fields))
            if near:
                remedy = msg("Did you mean {label}?", label=label(near, {"title": titles.get(near, "")}))
            else:
                choices = listing(key(name, {"title": titles.get(name, "")}) for name in fields)
                remedy = msg("Remove it, or use one of: {choices}.", choices=choices)
            yield Fault(
                problem("value.unknown-field", "There is no field “{name}” here.", name=shortened(written.text)),
                remedy,
                written.place,
            )


def name_fault(name: str, node: Node, schema: Mapping[str, Any]) -> Fault:
    """Report a name that does not have the form of names in this mapping."""
    usual = msg("It must match the pattern {pattern}.", pattern=schema.get("pattern", "-"))
    written = node.key(name) or node
    return Fault(
        problem("value.bad-name", "“{name}” cannot be a name here.", name=shortened(name)),
        own_remedy(schema) or usual,
        written.place,
    )


def value_fault(
    steps: Sequence[str | int],
    rule: str,
    limit: Any,
    node: Node,
    schema: Mapping[str, Any],
    beside: Mapping[str, Any] = NO_FIELDS,
) -> Fault:
    """Report a value that breaks a rule of its schema; `beside` names the other fields of the same mapping."""
    name = _named(steps, schema)
    if node.is_empty or (isinstance(node.value, str) and not node.text.strip() and rule != "type"):
        return Fault(
            problem("value.empty", "{label} is empty.", label=name),
            msg("Fill it in, or remove the line if the field may be left out."),
            node.place,
        )
    if rule == "x-multiline":
        return _several_lines(limit, name, node)
    if rule == "type" and "string" not in schema.get("type", "") and (colon := colon_fault(node)):
        return colon
    what, remedy = _said(rule, limit, name, node, schema)
    if rule == "type" and _is_number(node) and "string" in schema.get("type", ()) and "format" not in schema:
        remedy = text_remedy(node)
    elif rule in ("type", "format"):
        remedy = respelt(node, schema, beside) or own_remedy(schema) or remedy
    else:
        remedy = points_remedy(node, schema) or own_remedy(schema) or remedy
    return Fault(what, remedy, node.place)


def _is_number(node: Node) -> bool:
    return isinstance(node.value, Number) and not isinstance(node.value, bool)


def _several_lines(at: int, name: Message, node: Node) -> Fault:
    """Report a line break or a tab in a text of one line, at its own place."""
    character = f"U+{ord(node.text[at]):04X}"
    return Fault(
        problem(
            "value.several-lines",
            "{label} contains the character {character}: it must be on one line.",
            label=name,
            character=character,
        ),
        msg(
            "Write it on one line, without {character}; longer texts belong in fields such as a reason.",
            character=character,
        ),
        node.place_at(at),
    )


def own_remedy(schema: Mapping[str, Any]) -> Message | None:
    """Return the remedy that a schema itself gives for a field."""
    return bilingual_text(schema["x-remedy"]) if "x-remedy" in schema else None


def bound_fault(rule: str, limit: str, name: Message, given: Message, node: Node, schema: Mapping[str, Any]) -> Fault:
    """Report a figure that is too small or too large."""
    return Fault(_bound(rule, limit, name, given), own_remedy(schema) or _FIGURE, node.place)


def _said(rule: str, limit: Any, name: Message, node: Node, schema: Mapping[str, Any]) -> tuple[Problem, Message]:
    match rule:
        case "type" | "format":
            what = problem(
                "value.type",
                "{label} is {found}: it must be {wanted}.",
                label=name,
                found=found(node),
                wanted=wanted(schema),
            )
            return what, remedy_for(node, schema)
        case "enum":
            return _not_chosen(limit, name, node)
        case "const":
            what = problem(
                "value.constant",
                "{label} is {found}: it must be {limit}.",
                label=name,
                found=found(node),
                limit=_shown(limit),
            )
            return what, msg("Write `{limit}`.", limit=_shown(limit))
        case "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum":
            return _bound(rule, _shown(limit), name, found(node)), _FIGURE
        case "pattern":
            what = problem(
                "value.pattern",
                "{label} is {found}, which does not have the right form.",
                label=name,
                found=found(node),
            )
            return what, msg("It must match the pattern {pattern}.", pattern=limit)
        case "minLength":
            what = plural_problem(
                "value.too-short",
                "{label} is too short: it must have {count} character at least.",
                "{label} is too short: it must have {count} characters at least.",
                count=limit,
                label=name,
            )
            return what, msg("Write it in full.")
        case "maxLength":
            what = plural_problem(
                "value.too-long",
                "{label} is too long: it may have {count} character at most.",
                "{label} is too long: it may have {count} characters at most.",
                count=limit,
                label=name,
            )
            return what, msg("Shorten it.")
        case "minItems" | "minProperties":
            what = problem("value.too-few", "{label} has too few entries: {limit} at least.", label=name, limit=limit)
            return what, msg("Add what is missing.")
        case "maxItems" | "maxProperties":
            what = problem("value.too-many", "{label} has too many entries: {limit} at most.", label=name, limit=limit)
            return what, msg("Remove the entries beyond the limit.")
        case "uniqueItems":
            return problem("value.twice", "{label} contains the same entry twice.", label=name), msg(
                "Keep one of them."
            )
        case _:
            what = problem(
                "value.contradiction",
                "{label} is {found}, which contradicts the other values.",
                label=name,
                found=found(node),
            )
            return what, remedy_for(node, {})


def _not_chosen(choices: Sequence[Any], name: Message, node: Node) -> tuple[Problem, Message]:
    texts = [_shown(choice) for choice in choices]
    what = problem(
        "value.not-a-choice", "{label} is {found}, which is not one of its choices.", label=name, found=found(node)
    )
    spelt = rule_words("values", texts)
    near = nearest(node.text, texts) or spelt.get(nearest(node.text, (), spelt) or "")
    if near:
        return what, msg("Did you mean “{near}”? It can be: {choices}.", near=near, choices=_list(texts))
    return what, msg("Write one of: {choices}.", choices=_list(texts))


def _bound(rule: str, limit: str, name: Message, given: Message) -> Problem:
    match rule:
        case "minimum":
            return problem(
                "value.minimum",
                "{label} is {found}: it must be at least {limit}.",
                label=name,
                found=given,
                limit=limit,
            )
        case "maximum":
            return problem(
                "value.maximum", "{label} is {found}: it must be at most {limit}.", label=name, found=given, limit=limit
            )
        case "exclusiveMinimum":
            return problem(
                "value.above", "{label} is {found}: it must be above {limit}.", label=name, found=given, limit=limit
            )
        case _:
            return problem(
                "value.below", "{label} is {found}: it must be below {limit}.", label=name, found=given, limit=limit
            )


def _named(steps: Sequence[str | int], schema: Mapping[str, Any]) -> Message:
    if not steps:
        title = schema.get("title", "")
        return msg("The document ({title})", title=title) if title else msg("The document")
    last = steps[-1]
    if isinstance(last, str):
        return label(last, schema)
    names = [step for step in steps if isinstance(step, str)]
    return msg("Entry {number} of “{name}”", number=last + 1, name=names[-1] if names else "")


def _shown(value: Any) -> str:
    """Write a schema's value as a document writes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _list(values: Any) -> Message:
    return listing(_shown(value) for value in values)
