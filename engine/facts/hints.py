"""Guess what was meant by a value that is written in another way, and say how to write it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from engine.base.likeness import likeliest
from engine.base.messages import Message, msg
from engine.base.numbers import read_decimal
from engine.documents import Node
from engine.facts.naming import key
from engine.facts.quantity import parse_percent, parse_quantity

NO_FIELDS: Mapping[str, Any] = MappingProxyType({})
_SEPARATED = re.compile(r"(?<=\d)[,，'](?=\d{3}(?!\d))")
_LEADING = re.compile(r"[-+]?\d+(?:\.\d+)?")
_POINTS = re.compile(r"(\d+(?:\.\d+)?)\s*分", re.ASCII)
_DAY = re.compile(r"(\d{4})(?:\D{1,3}(\d{1,2})\D{1,3}(\d{1,2})|(\d{2})(\d{2}))\D?(?:\s.*)?", re.DOTALL)
_SIGNS = {">=": "≥", "=>": "≥", "≧": "≥", "<=": "≤", "=<": "≤", "≦": "≤", "==": "="}


def nearest(name: str, known: Iterable[str], titles: Mapping[str, str] | None = None) -> str | None:
    """Return the known name that was probably meant, also by its title."""
    names = list(known)
    for candidate, title in (titles or {}).items():
        if name == title:
            return candidate
    plain = unicodedata.normalize("NFKC", name).strip()
    plain = _SIGNS.get(plain, plain)
    if plain in names:
        return plain
    by_case = {title: candidate for candidate, title in (titles or {}).items() if title}
    by_case |= {candidate.lower(): candidate for candidate in names}
    close = likeliest(plain.lower(), by_case)
    return by_case[close] if close else None


def respelt(node: Node, schema: Mapping[str, Any], beside: Mapping[str, Any] = NO_FIELDS) -> Message | None:
    """Say how to write what is right except for its spelling; None if it is not known what was meant.

    `beside` names the fields of the same fact.
    """
    plain = _plain(node.text)
    if schema.get("type") in ("number", "integer") and "unit" in beside and parse_percent(plain) is not None:
        return msg(
            'Write {figure} here and `{unit}: "%"`.', figure=plain.rstrip("% "), unit=key("unit", beside["unit"])
        )
    match schema.get("format"), schema.get("type"):
        case "quantity", _ if read_decimal(plain) is not None:
            example = f"{plain} {schema.get('x-unit', '')}"
            return msg("Write the number with its unit: `{example}`.", example=example)
        case "quantity", _:
            meant = parse_quantity(plain) is not None
        case "percent", _:
            meant = parse_percent(plain) is not None
        case None, "number" | "integer" if isinstance(node.value, str):
            meant = read_decimal(plain) is not None
            if meant and plain == node.text:
                return msg("Write it without quotes: `{example}`.", example=plain)
        case _:
            return None
    if not meant or plain == node.text:
        return None
    return msg("Write it in plain digits without separators: `{example}`.", example=plain)


def number_remedy(node: Node) -> Message:
    """Say how to write a number."""
    leading = _LEADING.match(_plain(node.text))
    if isinstance(node.value, str) and leading:
        return msg("Write the figure alone: `{example}`.", example=leading[0])
    return msg("Write the figure alone, without words, unit or quotes.")


def points_remedy(node: Node, schema: Mapping[str, Any]) -> Message | None:
    """Say how to write points, which are numbers without a unit; None for what is not points."""
    points = _POINTS.fullmatch(node.text) if "number" in schema.get("type", ()) else None
    return msg("Write the figure alone: `{example}`.", example=points[1]) if points else None


def date_remedy(node: Node) -> Message:
    """Say how to write a date."""
    match = _DAY.fullmatch(_plain(node.text))
    if match:
        try:
            day = date(int(match[1]), int(match[2] or match[4]), int(match[3] or match[5]))
        except ValueError:
            return msg("Check the month and the day.")
        return msg("Write it as `{example}`.", example=day.isoformat())
    return msg("Write the year, the month and the day as in `2024-12-31`.")


def boolean_remedy(node: Node) -> Message:
    """Say how to write yes or no."""
    meant = {"是": "true", "有": "true", "yes": "true", "否": "false", "无": "false", "no": "false"}
    word = meant.get(node.text.lower(), node.text.lower())
    if isinstance(node.value, str) and word in ("true", "false"):
        return msg("Write `{example}`, in small letters and without quotes.", example=word)
    return msg("Write `true` or `false`, without quotes.")


def text_remedy(node: Node) -> Message:
    """Say how to write a text."""
    if node.is_scalar:
        return msg('Put it in quotes, so that it is a text: "{example}".', example=node.text)
    return msg("Write it as one text.")


def remedy_for(node: Node, schema: Mapping[str, Any]) -> Message:
    """Say how to write a value of the type that its schema wants."""
    match schema.get("format"), schema.get("type"):
        case "quantity", _:
            unit = schema.get("x-unit", "")
            return msg("Write a number and its unit, such as `{example}`.", example=f"2265.02 {unit}")
        case "percent", _:
            return msg("Write a percentage with its sign, such as `94.4%`.")
        case "date", _:
            return date_remedy(node)
        case _, "number":
            return number_remedy(node)
        case _, "integer":
            whole = isinstance(node.value, str)
            return number_remedy(node) if whole else msg("Write a whole number, without a fraction.")
        case _, "boolean":
            return boolean_remedy(node)
        case _, "string":
            return text_remedy(node)
        case _, "array":
            return msg("Write a list, each entry on its own line after `- `; `[]` is an empty one.")
        case _, "object":
            return msg("Write the entries below it, indented, each as `name: value`.")
        case _:
            return msg("Compare it with its schema in the folder `schemas`.")


def _plain(text: str) -> str:
    """Return a text with full-width signs made plain, without separators of thousands or outer space."""
    return _SEPARATED.sub("", unicodedata.normalize("NFKC", text).strip())
