"""Check a document by a JSON Schema and tell each fault in the words of the field, with its place and a remedy."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from engine.documents import Node, to_plain
from engine.documents.node import at_pointer
from engine.errors import Fault, Message, msg, told

_FORMATS = FormatChecker(formats=())


@_FORMATS.checks("date", raises=ValueError)
def _is_date(value: object) -> bool:
    return not isinstance(value, str) or (len(value) == len("2024-01-01") and bool(date.fromisoformat(value)))


def _is_number(_checker: object, value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _is_integer(_checker: object, value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


_Validator = extend(
    Draft202012Validator,
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine("number", _is_number).redefine("integer", _is_integer),
)


def prepared(schema: Mapping[str, Any]) -> Callable[[Node], list[Fault]]:
    """Return a function that checks documents by a schema; it takes many documents more quickly than `validate`."""
    validator = _Validator(schema, format_checker=_FORMATS)

    def check(node: Node) -> list[Fault]:
        return [fault for error in validator.iter_errors(to_plain(node)) for fault in _faults(error, node)]

    return check


def validate(node: Node, schema: Mapping[str, Any]) -> list[Fault]:
    """Return every fault of a document by a schema."""
    return prepared(schema)(node)


def _faults(error: ValidationError, root: Node) -> Iterator[Fault]:
    """Tell one error of the library's, which may be several faults."""
    steps = list(error.absolute_path)
    if "propertyNames" in error.absolute_schema_path:
        # The library gives the mapping's path, and the name itself as the instance.
        node = at_pointer(root, steps)
        key = node.key(str(error.instance))
        yield Fault(
            msg("“{name}” cannot be a name here.", name=error.instance),
            msg("Use lower-case letters, digits and the signs of the other names here."),
            (key or node).place,
        )
        return
    node = at_pointer(root, steps)
    schema = error.schema if isinstance(error.schema, Mapping) else {}
    label = _label(steps, schema)
    remedy = told(schema["x-remedy"]) if "x-remedy" in schema else None
    match error.validator:
        case "required":
            for name in error.validator_value:
                if error.message.startswith(repr(name)):  # the library tells each missing name by itself
                    yield _missing(name, node, schema)
        case "additionalProperties":
            yield from _unknown(error, node, schema)
        case "type":
            yield Fault(
                msg("{label} is {found}; it must be {wanted}.", label=label, found=_found(node), wanted=_wanted(error.validator_value, schema)),
                remedy or _type_remedy(node, schema),
                node.place,
            )
        case "enum":
            yield _not_among(label, error, node, remedy)
        case _:
            what, usual = _limit(error, label, node)
            yield Fault(what, remedy or usual, node.place)


def _missing(name: str, node: Node, schema: Mapping[str, Any]) -> Fault:
    title = schema.get("properties", {}).get(name, {}).get("title", "")
    return Fault(
        msg("“{name}”{title} is missing.", name=name, title=f"（{title}）" if title else ""),
        msg("Add `{name}: …` here.", name=name),
        node.place,
    )


def _unknown(error: ValidationError, node: Node, schema: Mapping[str, Any]) -> Iterator[Fault]:
    known = list(schema.get("properties", {}))
    for key, _ in node.entries or ():
        if key.text not in known:
            near = difflib.get_close_matches(key.text, known, n=1)
            remedy = (
                msg("Did you mean “{near}”?", near=near[0])
                if near
                else msg("Remove it, or use one of: {names}.", names=", ".join(known))
            )
            yield Fault(msg("There is no field “{name}” here.", name=key.text), remedy, key.place)


def _not_among(label: str, error: ValidationError, node: Node, remedy: Message | None) -> Fault:
    choices = [str(choice) for choice in error.validator_value]
    near = difflib.get_close_matches(str(error.instance), choices, n=1)
    usual = msg("Use one of: {choices}.", choices=", ".join(choices))
    if near:
        usual = msg("Did you mean “{near}”? It can be: {choices}.", near=near[0], choices=", ".join(choices))
    return Fault(msg("{label} is {found}, which it cannot be.", label=label, found=_found(node)), remedy or usual, node.place)


def _limit(error: ValidationError, label: str, node: Node) -> tuple[Message, Message]:
    """Tell a limit that is not kept, and the usual remedy."""
    found, limit = _found(node), error.validator_value
    match error.validator:
        case "minimum":
            return msg("{label} is {found}; the least is {limit}.", label=label, found=found, limit=limit), _CORRECT
        case "maximum":
            return msg("{label} is {found}; the most is {limit}.", label=label, found=found, limit=limit), _CORRECT
        case "exclusiveMinimum":
            return msg("{label} is {found}; it must be above {limit}.", label=label, found=found, limit=limit), _CORRECT
        case "exclusiveMaximum":
            return msg("{label} is {found}; it must be below {limit}.", label=label, found=found, limit=limit), _CORRECT
        case "format":
            return (
                msg("{label} is {found}, which is no day of the calendar.", label=label, found=found),
                msg("Write the year, month and day as in 2024-12-31."),
            )
        case "minLength" | "pattern" | "maxLength":
            if not str(error.instance).strip():
                return msg("{label} is empty.", label=label), msg("Fill it in, or remove the line if it may be left out.")
            if error.validator == "maxLength":
                return msg("{label} is too long: {limit} characters at most.", label=label, limit=limit), msg("Shorten it.")
            return (
                msg("{label} is {found}, which does not have its form.", label=label, found=found),
                msg("Its form is {pattern}.", pattern=limit),
            )
        case "minItems" | "minProperties":
            return msg("{label} has too few entries; {limit} at least.", label=label, limit=limit), msg("Add what is missing.")
        case "maxItems" | "maxProperties":
            return msg("{label} has too many entries; {limit} at most.", label=label, limit=limit), msg("Remove what is too much.")
        case "uniqueItems":
            return msg("{label} names the same thing twice.", label=label), msg("Keep one of them.")
        case "const":
            return msg("{label} is {found}; it must be {limit}.", label=label, found=found, limit=limit), _CORRECT
        case _:
            return (
                msg("{label} does not keep to its schema ({rule}).", label=label, rule=str(error.validator)),
                msg("See the schema of this document in the folder `schemas`."),
            )


_CORRECT = msg("Correct the figure; check the unit and the decimal point.")


def _label(steps: list[str | int], schema: Mapping[str, Any]) -> str:
    names = [str(step) for step in steps if not isinstance(step, int)]
    name = names[-1] if names else ""
    title = schema.get("title", "")
    if not name:
        return str(title)
    return f"“{name}”（{title}）" if title else f"“{name}”"


def _found(node: Node) -> Message:
    if node.is_mapping:
        return msg("a mapping")
    if node.is_sequence:
        return msg("a list")
    if node.value is None:
        return msg("empty")
    return msg("“{value}”", value=node.text[:80])


def _wanted(types: object, schema: Mapping[str, Any]) -> Message:
    if schema.get("format") == "quantity":
        return msg("a number with its unit")
    if schema.get("format") == "percent":
        return msg("a percentage")
    if schema.get("format") == "date":
        return msg("a date")
    names = [types] if isinstance(types, str) else list(types) if isinstance(types, list) else []
    if "string" in names and len(names) > 1:
        return msg("a text or a list of texts") if "array" in names else msg("a text, a number or a formula")
    return {
        "string": msg("a text"),
        "number": msg("a number"),
        "integer": msg("a whole number"),
        "boolean": msg("true or false"),
        "array": msg("a list"),
        "object": msg("a mapping of names to values"),
    }.get(names[0] if names else "", msg("something else"))


def _type_remedy(node: Node, schema: Mapping[str, Any]) -> Message:
    if schema.get("format") == "quantity":
        return msg("Write the number with its unit, such as `2265.02 {unit}`.", unit=schema.get("x-unit", "万元"))
    if schema.get("format") == "percent":
        return msg("Write it as a percentage, such as `94.4%`.")
    wanted = schema.get("type")
    if node.value is None and not node.is_mapping and not node.is_sequence:
        return msg("Fill it in, or remove the line if it may be left out.")
    if wanted in ("number", "integer") and isinstance(node.value, str):
        return msg("Write the figure alone, without quotes, unit or words; say the unit in its own field.")
    if wanted == "boolean":
        return msg("Write true or false, without quotes.")
    if wanted == "string" and node.value is not None:
        return msg("Put it in quotes, so that it is a text.")
    return msg("See the schema of this document in the folder `schemas`, or `fenming facts template`.")

