"""One number of the facts followed through formulas: exact quotients of two polynomials over the rationals.

>>> x = Ratio.variable()
>>> ((x / 35) - Fraction(3, 5)).roots()
[21]
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import zip_longest
from math import isqrt
from typing import TypeAlias

from engine.base.numbers import Number, divide, simplest

Polynomial: TypeAlias = tuple[Number, ...]
"""Coefficients, that of the highest power last, which is not zero; the empty one is zero."""

_HIGHEST = 2
"""The highest power whose zeros are found exactly."""


class NotSolved(Exception):
    """The zeros of a polynomial are not found exactly."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """A quotient of two polynomials of the one number that varies."""

    above: Polynomial
    below: Polynomial

    @classmethod
    def variable(cls) -> Ratio:
        """Return the number that varies."""
        return cls((0, 1), (1,))

    @classmethod
    def of(cls, value: Ratio | Number) -> Ratio:
        """Return a number as a quotient that does not vary."""
        return value if isinstance(value, Ratio) else cls(_trimmed((value,)), (1,))

    def at(self, point: Number) -> Number:
        """Return its value at a point; `ZeroDivisionError` where it has none."""
        return divide(_value(self.above, point), _value(self.below, point))

    def roots(self) -> list[Number]:
        """Return where it changes its sign or has no value; `NotSolved` where that is not found exactly."""
        return sorted({*_zeros(self.above), *_zeros(self.below)})

    def __add__(self, other: Ratio | Number) -> Ratio:
        right = Ratio.of(other)
        if self.below == right.below:
            return Ratio(_sum(self.above, right.above), self.below)
        above = _sum(_product(self.above, right.below), _product(right.above, self.below))
        return Ratio(above, _product(self.below, right.below))

    def __sub__(self, other: Ratio | Number) -> Ratio:
        return self + -Ratio.of(other)

    def __neg__(self) -> Ratio:
        return Ratio(tuple(-each for each in self.above), self.below)

    def __mul__(self, other: Ratio | Number) -> Ratio:
        right = Ratio.of(other)
        return Ratio(_product(self.above, right.above), _product(self.below, right.below))

    def __truediv__(self, other: Ratio | Number) -> Ratio:
        right = Ratio.of(other)
        if not right.above:
            raise ZeroDivisionError
        return Ratio(_product(self.above, right.below), _product(self.below, right.above))


def _trimmed(coefficients: tuple[Number, ...]) -> Polynomial:
    while coefficients and not coefficients[-1]:
        coefficients = coefficients[:-1]
    return coefficients


def _sum(left: Polynomial, right: Polynomial) -> Polynomial:
    return _trimmed(tuple(a + b for a, b in zip_longest(left, right, fillvalue=0)))


def _product(left: Polynomial, right: Polynomial) -> Polynomial:
    if right == (1,):
        return left
    found: list[Number] = [0] * (len(left) + len(right))
    for i, a in enumerate(left):
        for j, b in enumerate(right):
            found[i + j] += a * b
    return _trimmed(tuple(found))


def _value(polynomial: Polynomial, point: Number) -> Number:
    found: Number = 0
    for coefficient in reversed(polynomial):
        found = found * point + coefficient
    return found


def _zeros(polynomial: Polynomial) -> list[Number]:
    """Return the zeros of a polynomial; none for one that is zero everywhere."""
    while polynomial and not polynomial[0] and len(polynomial) > 1 + _HIGHEST:
        # Zero is one of them, and the rest is of a lower power.
        return sorted({0, *_zeros(polynomial[1:])})
    match polynomial:
        case () | (_,):
            return []
        case (constant, slope):
            return [divide(-constant, slope)]
        case (constant, slope, bend):
            within = Fraction(slope * slope - 4 * bend * constant)
            if within < 0:
                return []
            root = _square_root(within)
            return sorted({divide(-slope + sign * root, 2 * bend) for sign in (1, -1)})
        case _:
            raise NotSolved


def _square_root(value: Fraction) -> Number:
    above, below = isqrt(value.numerator), isqrt(value.denominator)
    if above * above != value.numerator or below * below != value.denominator:
        raise NotSolved
    return simplest(Fraction(above, below))
