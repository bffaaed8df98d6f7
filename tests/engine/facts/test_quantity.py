"""The laws of amounts: written exactly, converted exactly, and nothing else is one."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.facts.quantity import converted, parse_percent, parse_quantity
from tests.engine.facts.samples import CONVERSIONS

AMOUNTS = st.decimals(-(10**9), 10**9, places=4)


@given(AMOUNTS, st.sampled_from(["万元", "家", "%", "m²", "元/人", "days"]), st.sampled_from(["", " "]))
def test_an_amount_is_read_as_it_is_written(number: object, unit: str, space: str) -> None:
    """With a space before the unit, or none."""
    assert parse_quantity(f"{number}{space}{unit}") == (Fraction(str(number)), unit)


@given(AMOUNTS)
def test_a_percentage_is_a_hundredth(number: object) -> None:
    """Exactly."""
    assert parse_percent(f"{number}%") == Fraction(str(number)) / 100


@pytest.mark.parametrize(
    "text",
    [
        "",
        "万元",
        "5",
        "5  万元",
        "1,000 万元",
        "５ 万元",
        "05 万元",
        "5 万 元",
        "5 6",
        "5_",
        "1e3 万元",
        "+ 5 万元",
        "5 万元\n",
    ],
)
def test_anything_else_is_no_amount(text: str) -> None:
    """It is not repaired in silence."""
    assert parse_quantity(text) is None


@pytest.mark.parametrize("text", ["%", "5", "5 ％", "5%%", "1,0%", "5  %", "half %"])
def test_anything_else_is_no_percentage(text: str) -> None:
    """Likewise."""
    assert parse_percent(text) is None


def test_a_conversion_is_declared_or_there_is_none() -> None:
    """It also leads back."""
    assert converted(5, "万元", "万元", {}) == 5
    assert converted(Fraction(1, 2), "亿元", "万元", CONVERSIONS) == 5000
    assert converted(5000, "万元", "亿元", CONVERSIONS) == Fraction(1, 2)
    assert converted(5, "美元", "万元", CONVERSIONS) is None
    assert converted(5, "亿元", "万元", {}) is None
