"""Turn a fact's fields into exact, typed values: quantities with units, percentages, dates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.documents import Node
from engine.errors import Fault, Message, msg, told
from engine.facts.model import FieldType, Kind, Value
from engine.numbers import Number, divide, read_decimal, simplest

Conversions = Mapping[str, tuple[Number, str]]
"""Another unit as an exact number of a unit: 亿元 → (10000, 万元)."""

_QUANTITY = re.compile(r"([-+]?[\d.]+)\s*(\S.*)")
_FULL_WIDTH = re.compile(r"[０-９．，％]")
_THOUSANDS = re.compile(r"\d,\d{3}")


class _Wrong(Exception):
    """A value is not what its field takes."""

    def __init__(self, what: Message, remedy: Message) -> None:
        super().__init__(str(what))
        self.what = what
        self.remedy = remedy


def read_value(node: Node, field: FieldType, part: Mapping[str, Any], conversions: Conversions) -> Value | Fault:
    """Return a field's value, which its schema has checked for kind, or the fault of what is no such value."""
    try:
        if field.kind is Kind.BOOLEAN:
            return node.value is True
        if field.kind is Kind.DATE:
            return date.fromisoformat(node.text)
        if field.kind is Kind.TEXT:
            return node.text
        if part["type"] != "string":
            return _plain_number(node)
        number = _percentage(node, field) if part.get("format") == "percent" else _quantity(node, field, conversions)
        _check_range(node, field, part, number)
    except _Wrong as error:
        return Fault(error.what, told(part["x-remedy"]) if "x-remedy" in part else error.remedy, node.place)
    return number


def _plain_number(node: Node) -> Number:
    assert isinstance(node.value, Number)
    return node.value


def _percentage(node: Node, field: FieldType) -> Number:
    number = read_decimal(node.text.removesuffix("%").strip()) if node.text.endswith("%") else None
    if number is None:
        raise _Wrong(
            msg("{label} is “{value}”, which is no percentage.", label=label(field), value=node.text),
            _spelling(node.text) or msg("Write it as a percentage, such as `94.4%`."),
        )
    return divide(number, 100)


def _quantity(node: Node, field: FieldType, conversions: Conversions) -> Number:
    example = msg("Write the number with its unit, such as `2265.02 {unit}`.", unit=field.unit)
    match = _QUANTITY.fullmatch(node.text.strip())
    number = read_decimal(match[1]) if match else None
    if match is None or number is None:
        raise _Wrong(
            msg("{label} is “{value}”, which is no number with a unit.", label=label(field), value=node.text),
            _spelling(node.text) or example,
        )
    unit = match[2].strip()
    if unit == field.unit:
        return number
    factor, target = conversions.get(unit, (0, ""))
    if target != field.unit:
        raise _Wrong(
            msg("{label} is in “{unit}”; it must be in {wanted}.", label=label(field), unit=unit, wanted=field.unit),
            _spelling(node.text)
            or msg("Convert it to {wanted}; the ruleset declares no conversion from “{unit}”.", wanted=field.unit, unit=unit),
        )
    converted = number * factor
    return converted if isinstance(converted, int) else simplest(converted)


def _spelling(text: str) -> Message | None:
    """Return the remedy for a number that is spelt as a spreadsheet or an input method spells it."""
    if _THOUSANDS.search(text):
        return msg("Leave out the thousands separators: 2265.02, not 2,265.02.")
    if _FULL_WIDTH.search(text):
        return msg("Write the digits, the point and the sign % in half width.")
    return None


def _check_range(node: Node, field: FieldType, part: Mapping[str, Any], number: Number) -> None:
    for keyword, holds, what in (
        ("x-minimum", lambda limit: number >= limit, "{label} is {found}; the least is {limit}."),
        ("x-maximum", lambda limit: number <= limit, "{label} is {found}; the most is {limit}."),
        ("x-exclusiveMinimum", lambda limit: number > limit, "{label} is {found}; it must be above {limit}."),
    ):
        if keyword not in part:
            continue
        written = str(part[keyword])
        limit = read_decimal(written.removesuffix("%"))
        assert limit is not None
        if not holds(divide(limit, 100) if written.endswith("%") else limit):
            raise _Wrong(
                Message(what, {"label": label(field), "found": f"“{node.text}”", "limit": written}),
                msg("Correct the figure; check the unit and the decimal point."),
            )


def label(field: FieldType) -> str:
    """Name a field with its Chinese title."""
    return f"“{field.name}”（{field.title}）" if field.title else f"“{field.name}”"


def restored(content: object, field: FieldType) -> Value:
    """Return a value from its canonical form in a receipt (the inverse of `value_text`)."""
    if isinstance(content, bool):
        return content
    text = str(content)
    if field.kind is Kind.NUMBER:
        over, _, under = text.partition("/")
        number = read_decimal(over) if not under else divide(int(over), int(under))
        return number if number is not None else _long(over)
    return date.fromisoformat(text) if field.kind is Kind.DATE else text


def _long(text: str) -> Number:
    """Return a number whose exact text is longer than what is read from people (a converted unit can be)."""
    from fractions import Fraction  # noqa: PLC0415 - seldom

    return simplest(Fraction(text))


