"""Exact numbers: whole numbers are `int`, all others `Fraction`; a binary float never appears."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from fractions import Fraction
from math import lcm
from typing import TypeAlias

Number: TypeAlias = int | Fraction

_DECIMAL = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d{1,3})?", re.ASCII)

MAX_DIGITS = 40
"""The longest decimal text that is read, in characters; a longer one is a mistake or an attack."""

MAX_EXPONENT = 30
"""The largest power of ten, up or down, that a number may be written with."""


_MOST_DIGITS_OF_A_RESULT = 1_000_000
# Exact sums over many facts have long denominators; Python's own limit, 4300 digits, is reached by some 700 facts.
if 0 < sys.get_int_max_str_digits() < _MOST_DIGITS_OF_A_RESULT:
    sys.set_int_max_str_digits(_MOST_DIGITS_OF_A_RESULT)


def simplest(value: Fraction) -> Number:
    """Return the same number, as an `int` where it is whole."""
    return value.numerator if value.denominator == 1 else value


def divide(dividend: Number, divisor: Number) -> Number:
    """Divide exactly; `ZeroDivisionError` where the divisor is zero."""
    return simplest(Fraction(dividend) / divisor)


def total(values: Iterable[Number]) -> Number:
    """Add numbers exactly, over one common denominator."""
    terms = list(values)
    common = lcm(*[term.denominator for term in terms])
    if common == 1:
        return sum([term.numerator for term in terms])
    return simplest(Fraction(sum([term.numerator * (common // term.denominator) for term in terms]), common))


def read_decimal(text: str) -> Number | None:
    """Read a decimal by its text (`0.1` is one tenth), or return None if it is not a decimal or is too long."""
    if len(text) > MAX_DIGITS or not _DECIMAL.fullmatch(text):
        return None
    _, _, exponent = text.lower().partition("e")
    if exponent and abs(int(exponent)) > MAX_EXPONENT:
        return None
    return simplest(Fraction(text))


_MOST_PLACES = 12
_SCALES = {
    2**twos * 5**fives: (max(twos, fives), 10 ** max(twos, fives) // (2**twos * 5**fives))
    for twos in range(_MOST_PLACES)
    for fives in range(_MOST_PLACES)
}
"""For the usual denominators, which is nearly all of them: how many decimals, and what makes the numerator whole."""


def decimal_places(value: Number) -> int | None:
    """Return how many decimals the number's finite decimal text has, or None if there is no such text."""
    denominator = value.denominator
    return _SCALES[denominator][0] if denominator in _SCALES else _counted_places(denominator)


def _counted_places(denominator: int) -> int | None:
    twos = (denominator & -denominator).bit_length() - 1
    rest = denominator >> twos
    fives = 0
    while rest % 5 == 0:
        rest //= 5
        fives += 1
    return max(twos, fives) if rest == 1 else None


def terminates(value: Number) -> bool:
    """Return whether the number has a finite decimal text."""
    return decimal_places(value) is not None


def exact_text(value: Number) -> str:
    """Write a number so that no digit is lost: as a decimal where one is finite, else as `p/q`."""
    if isinstance(value, int):
        return str(value)
    scale = _SCALES.get(value.denominator)
    if scale is not None:
        return _with_point(value.numerator * scale[1], scale[0])
    places = _counted_places(value.denominator)
    if places is None:
        return f"{value.numerator}/{value.denominator}"
    return _with_point(value.numerator * 10**places // value.denominator, places)


def round_half_up(value: Number, places: int) -> Number:
    """Round to `places` decimals; a half goes away from zero (四舍五入)."""
    if isinstance(value, int):
        return value
    return simplest(Fraction(_digits(value, places), 10**places))


def fixed_text(value: Number, places: int) -> str:
    """Write a number with exactly `places` decimals, rounded half up."""
    return _with_point(_digits(value, places), places)


def _digits(value: Number, places: int) -> int:
    """Return the digits of a number that is rounded half up to `places` decimals, without the point."""
    numerator, denominator = value.numerator, value.denominator
    digits: int = (abs(numerator) * 10**places * 2 // denominator + 1) // 2
    return digits if numerator >= 0 else -digits


def short_text(value: Number, places: int = 2) -> str:
    """Write a number for people: exactly where `places` + 2 decimals are enough, else rounded and marked `≈`."""
    exact = decimal_places(value)
    if exact is not None and exact <= places + 2:
        return exact_text(value)
    return "≈" + fixed_text(value, places)


def reading_text(value: Number, places: int = 2) -> str:
    """Write a number for a sentence: exact where `places` + 2 decimals are enough, else rounded; with a true minus.

    >>> reading_text(Fraction(60, 7)), reading_text(Fraction(-1, 8))
    ('8.57', '−0.125')
    """
    if isinstance(value, int):
        text = str(value)
    else:
        exact = decimal_places(value)
        text = exact_text(value) if exact is not None and exact <= places + 2 else fixed_text(value, places)
    return text.replace("-", "−")


_MOST_OF_A_PERCENTAGE = 12
"""How many decimals of a percentage are written at most."""


def percentage(share: Number) -> str:
    """Write a share as a percentage, with as many decimals as keep it apart from a round one that it is not.

    >>> percentage(Fraction(944, 1000)), percentage(Fraction(2, 3)), percentage(Fraction(59999999, 10**8))
    ('94.4%', '66.67%', '59.999999%')
    """
    value, places = share * 100, 2
    exact = decimal_places(value)
    while (
        places < _MOST_OF_A_PERCENTAGE
        and (exact is None or exact > places)
        and round_half_up(value, places).denominator == 1
    ):
        places += 2
    return reading_text(value, places) + "%"


def _with_point(digits: int, places: int) -> str:
    if not places:
        return str(digits)
    text = str(abs(digits)).rjust(places + 1, "0")
    return f"{'-' if digits < 0 else ''}{text[:-places]}.{text[-places:]}"
