"""Check a document by a JSON Schema and report each fault in the words of the field, with its place and a remedy."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache, reduce
from typing import Any, TypeAlias

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend
from referencing import Registry

from engine.base.faults import Fault, problem
from engine.base.messages import msg
from engine.documents import Node, to_plain
from engine.documents.node import at_pointer
from engine.documents.text import break_in
from engine.facts.naming import label
from engine.facts.quantity import parse_percent, parse_quantity
from engine.facts.wording import (
    LANGUAGES,
    missing_fault,
    name_fault,
    no_words_fault,
    own_remedy,
    unknown_faults,
    value_fault,
)

Check: TypeAlias = Callable[[Node], list[Fault]]
"""Returns every fault of a document, in the order of the schema."""

_FORMATS = FormatChecker(formats=())
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ABOUT_ENTRIES = frozenset({"required", "dependentRequired", "additionalProperties"})
_CONDITIONAL = frozenset({"then", "else", "allOf"})
_ORDER = ("type", "x-multiline", "enum", "const", "format", "minLength", "pattern")
"""Of several faults of one value only the first of these is reported: the others follow from it."""


@_FORMATS.checks("date", raises=ValueError)
def _is_date(value: object) -> bool:
    return not isinstance(value, str) or (bool(_ISO_DATE.fullmatch(value)) and bool(date.fromisoformat(value)))


@_FORMATS.checks("quantity")
def _is_quantity(value: object) -> bool:
    return not isinstance(value, str) or parse_quantity(value) is not None


@_FORMATS.checks("percent")
def _is_percent(value: object) -> bool:
    return not isinstance(value, str) or parse_percent(value) is not None


def _is_number(_checker: object, value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _is_integer(_checker: object, value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern; its last `$` is the text's end and not the last line's."""
    return re.compile(pattern[:-1] + r"\Z" if pattern.endswith("$") and not pattern.endswith("\\$") else pattern)


def _pattern(_validator: object, pattern: str, instance: object, _schema: object) -> Iterator[ValidationError]:
    if isinstance(instance, str) and not _compiled(pattern).search(instance):
        yield ValidationError("pattern")


def _type(validator: Any, types: Any, instance: object, schema: Mapping[str, Any]) -> Iterator[ValidationError]:
    """Yield an error for a value of another type, and for a text of several lines where `x-multiline` allows none."""
    yield from Draft202012Validator.VALIDATORS["type"](validator, types, instance, schema)
    if isinstance(instance, str) and not schema.get("x-multiline") and (at := break_in(instance)) is not None:
        yield ValidationError("x-multiline", validator="x-multiline", validator_value=at)


def _required(_validator: object, names: Iterable[str], instance: object, _schema: object) -> Iterator[ValidationError]:
    """Yield an error for each missing name, whose message is the name."""
    if isinstance(instance, dict):
        yield from (ValidationError(name) for name in names if name not in instance)


def _dependent(
    validator: object, names: Mapping[str, Iterable[str]], instance: object, schema: object
) -> Iterator[ValidationError]:
    for name, needed in names.items():
        if isinstance(instance, dict) and name in instance:
            yield from _required(validator, needed, instance, schema)


_Validator = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    {"type": _type, "pattern": _pattern, "required": _required, "dependentRequired": _dependent},
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine("number", _is_number).redefine("integer", _is_integer),
)


def prepared(schema: Mapping[str, Any]) -> Check:
    """Return a check by a schema, to be used for many documents."""
    validator = _Validator(schema, registry=Registry(), format_checker=_FORMATS)

    def check(node: Node) -> list[Fault]:
        errors = list(_told(validator.iter_errors(to_plain(node))))
        return _faults(errors, node, schema) if errors else []

    return check


def validate(node: Node, schema: Mapping[str, Any]) -> list[Fault]:
    """Return every fault of a document by a schema."""
    return prepared(schema)(node)


def described(schema: Mapping[str, Any], steps: Iterable[str | int]) -> Mapping[str, Any]:
    """Return what a schema says of the value that a path leads to, its title above all."""
    found = _resolved(schema, schema)
    for step in steps:
        if isinstance(step, int):
            below = found.get("items", {})
        else:
            below = found.get("properties", {}).get(step, found.get("additionalProperties", {}))
        found = _resolved(below, schema)
    return found


def _resolved(schema: Any, root: Mapping[str, Any]) -> Mapping[str, Any]:
    if not isinstance(schema, Mapping):
        return {}
    if "$ref" not in schema:
        return schema
    target: Any = root
    for step in str(schema["$ref"]).removeprefix("#/").split("/"):
        target = target[step]
    return {**_resolved(target, root), **schema}


def _told(errors: Iterable[ValidationError]) -> Iterator[ValidationError]:
    """Yield the errors to report: of alternatives that all fail, those of the one that was probably meant."""
    for error in errors:
        if error.validator in ("anyOf", "oneOf") and error.context:
            yield from _told(_likeliest(error.context))
        else:
            yield error


def _likeliest(errors: Iterable[ValidationError]) -> list[ValidationError]:
    branches: dict[Any, list[ValidationError]] = {}
    for error in errors:
        branches.setdefault(error.relative_schema_path[0], []).append(error)
    fitting = [
        branch
        for branch in branches.values()
        if not any(error.validator == "type" and not error.relative_path for error in branch)
    ]
    if fitting:
        return min(fitting, key=len)
    return [error for branch in branches.values() for error in branch if not error.relative_path]


def _faults(errors: list[ValidationError], root: Node, schema: Mapping[str, Any]) -> list[Fault]:
    faults: list[Fault] = []
    of_values: dict[tuple[str | int, ...], list[ValidationError]] = {}
    for error in errors:
        steps = tuple(error.absolute_path)
        if "propertyNames" in error.absolute_schema_path:
            faults.append(name_fault(str(error.instance), at_pointer(root, list(steps)), _schema(error)))
        elif error.validator in _ABOUT_ENTRIES:
            node, found = at_pointer(root, list(steps)), described(schema, steps)
            if error.validator == "additionalProperties":
                faults.extend(unknown_faults(node, found))
            elif error.message in LANGUAGES and all(node.get(language) is None for language in LANGUAGES):
                faults += [no_words_fault(node)] if error.message == LANGUAGES[0] else []
            else:
                faults.append(missing_fault(error.message, node, found, own_remedy(_schema(error))))
        elif error.validator == "not" and (unwanted := _unwanted(error)):
            faults.extend(_filled_in(unwanted, error, at_pointer(root, list(steps)), described(schema, steps)))
        else:
            of_values.setdefault(steps, []).append(error)
    for steps, several in of_values.items():
        first = min(several, key=_order)
        found = dict(described(schema, steps))
        if not _CONDITIONAL.isdisjoint(first.absolute_schema_path):
            # What a field's remedy says need not help with a condition, which may have a remedy of its own.
            found.pop("x-remedy", None)
            found.update({key: value for key, value in _schema(first).items() if key == "x-remedy"})
        if first.validator == "type":
            found["type"] = reduce(_either, (error.validator_value for error in several if error.validator == "type"))
        node, beside = at_pointer(root, list(steps)), described(schema, steps[:-1]).get("properties", {})
        faults.append(value_fault(steps, str(first.validator), first.validator_value, node, found, beside))
    return faults


def _unwanted(error: ValidationError) -> Sequence[str]:
    """Return the fields that a condition does not want to be given; none if it wants something else."""
    wanted: Any = error.validator_value
    return wanted["required"] if wanted.keys() == {"required"} else ()


def _filled_in(names: Iterable[str], error: ValidationError, node: Node, schema: Mapping[str, Any]) -> Iterator[Fault]:
    """Report fields that a condition does not want to be given, each at its own place."""
    remedy = own_remedy(_schema(error)) or msg("Remove it, or correct the field that decides about it.")
    for name in names:
        about = label(name, schema["properties"].get(name, {}))
        what = problem("value.not-wanted", "{label} is filled in, which contradicts the other fields.", label=about)
        yield Fault(what, remedy, (node.key(name) or node).place)


def _order(error: ValidationError) -> int:
    return _ORDER.index(error.validator) if error.validator in _ORDER else len(_ORDER)


def _either(one: Any, other: Any) -> list[str]:
    """Join the types that two alternatives want."""
    names = [name for types in (one, other) for name in ([types] if isinstance(types, str) else types)]
    return list(dict.fromkeys(names))


def _schema(error: ValidationError) -> Mapping[str, Any]:
    """Return the very schema that failed, such as a condition's."""
    return error.schema if isinstance(error.schema, Mapping) else {}
