"""Exact numbers: reading, writing, rounding."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.base.numbers import divide, exact_text, fixed_text, read_decimal, round_half_up, short_text

DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("0.1", Fraction(1, 10)), ("5", 5), ("-2.50", Fraction(-5, 2)), ("1e3", 1000), ("1.5E-2", Fraction(3, 200))],
)
def test_reads_decimals_by_their_text(text: str, wanted: Fraction) -> None:
    """0.1 is one tenth, not the nearest binary float."""
    assert read_decimal(text) == wanted


@pytest.mark.parametrize(
    "text", ["", "1.", ".5", "1,000", "0x1f", "1_000", "NaN", "inf", "１２", "1e31", "9" * 41, "--1"]
)
def test_refuses_what_is_no_decimal(text: str) -> None:
    """Whatever is not plainly a decimal is refused."""
    assert read_decimal(text) is None


@given(DECIMALS)
def test_whole_numbers_are_integers(value: Decimal) -> None:
    """A number that is whole is an int, so that its text and its hash are one."""
    number = read_decimal(f"{value:f}")
    assert number is not None
    assert isinstance(number, int) == (value == value.to_integral_value())


@given(DECIMALS, st.integers(0, 4))
def test_rounding_is_half_up(value: Decimal, places: int) -> None:
    """Rounding agrees with the decimal library's ROUND_HALF_UP."""
    wanted = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    assert Fraction(str(wanted)) == round_half_up(Fraction(str(value)), places)
    assert Decimal(fixed_text(Fraction(str(value)), places)) == wanted


@given(st.fractions())
def test_exact_text_loses_nothing(value: Fraction) -> None:
    """The text of a number gives the number back."""
    assert Fraction(exact_text(value)) == value


def test_short_text_marks_what_is_not_exact() -> None:
    """People see few digits; what is cut is marked."""
    assert [short_text(v) for v in (5, Fraction(1, 8), Fraction(1, 3), Fraction("1.00001"))] == [
        "5",
        "0.125",
        "≈0.33",
        "≈1.00",
    ]


def test_division_is_exact() -> None:
    """A whole quotient is an int; a zero divisor is an error."""
    assert divide(6, 3) == 2
    assert isinstance(divide(6, 3), int)
    with pytest.raises(ZeroDivisionError):
        divide(1, 0)
