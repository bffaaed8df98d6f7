"""Amounts as they are written in a facts file: `14541.34 万元` and `94.4%`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeAlias

from engine.base.numbers import Number, divide, read_decimal

Conversions: TypeAlias = Mapping[str, tuple[Number, str]]
"""What one of another unit is: 亿元 is (10000, 万元)."""

_FIGURE = r"([-+]?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?)"
_UNIT = r"(?![\d_])\w[\w/·]*"
_QUANTITY = re.compile(rf"{_FIGURE} ?({_UNIT}|%)")
_PERCENT = re.compile(rf"{_FIGURE} ?%")


def is_unit(text: str) -> bool:
    """Return whether a text can be the unit of a quantity."""
    return re.fullmatch(_UNIT, text) is not None


def parse_quantity(text: str) -> tuple[Number, str] | None:
    """Return the number and the unit of a quantity, or None if the text is not a quantity."""
    match = _QUANTITY.fullmatch(text)
    number = read_decimal(match[1]) if match else None
    return None if match is None or number is None else (number, match[2])


def parse_percent(text: str) -> Number | None:
    """Return the number of a percentage (94.4% is 0.944), or None if the text is not a percentage."""
    match = _PERCENT.fullmatch(text)
    number = read_decimal(match[1]) if match else None
    return None if number is None else divide(number, 100)


def converted(number: Number, unit: str, wanted: str, conversions: Conversions) -> Number | None:
    """Return the same amount in another unit, or None where the ruleset declares no conversion."""
    factor, base = conversions.get(unit, (1, unit))
    wanted_factor, wanted_base = conversions.get(wanted, (1, wanted))
    return divide(number * factor, wanted_factor) if base == wanted_base else None
