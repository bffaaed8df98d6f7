"""Quotients of polynomials are what they are computed from, everywhere, and their zeros are exact."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.alternatives.ratio import NotSolved, Ratio

NUMBERS = st.fractions(min_value=-50, max_value=50, max_denominator=20)
X = Ratio.variable()


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS)
def test_a_quotient_has_the_value_of_what_it_is_computed_from(
    a: Fraction, b: Fraction, c: Fraction, x: Fraction
) -> None:
    """At every point: (x × a + b) ÷ (x − c) + x − a × x²."""
    if x != c:
        made = (X * a + b) / (X - c) + X - X * X * a
        assert made.at(x) == (x * a + b) / (x - c) + x - x * x * a


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS)
def test_the_sign_changes_only_at_a_root(a: Fraction, b: Fraction, c: Fraction, d: Fraction) -> None:
    """Of (a x + b) ÷ (x − c) − d, tried on both sides of each root and between them."""
    made = (X * a + b) / (X - c) - d
    roots = [Fraction(root) for root in made.roots()]
    tried: list[Fraction] = [
        Fraction(-10_000),
        *(Fraction(one + other) / 2 for one, other in pairwise(roots)),
        Fraction(10_000),
    ]
    points = sorted({*tried, *(root + side for root in roots for side in (Fraction(-1, 10**9), Fraction(1, 10**9)))})
    signs = [(point, made.at(point) > 0, made.at(point) == 0) for point in points]
    for (left, positive, zero), (right, then, nothing) in pairwise(signs):
        assert (positive, zero) == (then, nothing) or any(left <= root <= right for root in roots)


def test_what_is_not_solved_says_so() -> None:
    """A square root that is not rational, and a power above two that does not come down."""
    assert (X * X - 4).roots() == [-2, 2]
    assert (X * X + 4).roots() == []
    for beyond in (X * X - 2, X * X * X - X + 3):
        with pytest.raises(NotSolved):
            beyond.roots()
