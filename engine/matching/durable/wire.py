"""How facts are written for the rule engine: whole numbers of 64 bits, and ids that its hash keeps apart.

The engine coerces texts, booleans and numbers into each other, computes in binary floats and cuts long texts. So
nothing but whole numbers goes over the wire, and equality over there means equality over here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TypeAlias

from engine.base.numbers import Number
from engine.facts.model import Fact
from engine.matching.conditions import Sieve, join_key, kind_of
from engine.matching.interface import Comparison, MatchContext

MAX_FACTS = 100_000
"""The facts of one evaluation: the engine takes ten kilobytes for each and knows it by a hash of its id."""

SCALE = 10**6
"""The places to which a constant may be written for the engine to compare it."""

_EDGE = 1 << 61
"""Constants stay inside; a number outside is written as the edge, which compares like the number itself."""

_SMALL = _EDGE // (2 * SCALE)


def wire_id(serial: int) -> str:
    """Return a fact's id on the wire: five digits, always, for 40186 and 797189 have the same hash."""
    return f"{serial:05d}"


def threshold(value: Number) -> int | None:
    """Return how a constant is written, or None where it cannot be compared exactly."""
    code, rest = divmod(2 * value.numerator * SCALE, value.denominator)
    return code if not rest and code % 2 == 0 and -_EDGE < code < _EDGE else None


def encoded(value: Number) -> int:
    """Return how a number is written: it compares with every threshold as the number with the constant."""
    whole, rest = divmod(value.numerator * SCALE, value.denominator)
    code = 2 * whole + (rest != 0)
    return code if -_EDGE < code < _EDGE else _EDGE if code > 0 else -_EDGE


@dataclass(frozen=True, slots=True)
class Property:
    """One property of a fact on the wire."""

    kind: str
    """What it holds: a number, text, boolean or date of the fact, `same` for joins, `test` for a condition."""
    field: str
    test: int = 0
    """Which condition was computed, if it is one of a condition."""


class Codes:
    """The numbers that represent texts in the conditions of one stratum; any other text is 0."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}
        self.code = self._codes.get

    def add(self, text: str) -> int:
        """Return the number of a text, a new one where it has none."""
        return self._codes.setdefault(text, len(self._codes) + 1)


def literal(comparison: Comparison, codes: Codes) -> tuple[Property, int] | None:
    """Return a comparison's property and constant on the wire, or None where Python must compute it."""
    constant = comparison.constant
    kind = kind_of(constant)
    code: int | None
    if isinstance(constant, bool):
        code = int(constant)
    elif isinstance(constant, str):
        code = codes.add(constant)
    elif isinstance(constant, date):
        code = constant.toordinal()
    else:
        code = threshold(constant)
    return None if code is None else (Property(kind, comparison.field), code)


class Interned:
    """The numbers that represent joined values in one evaluation."""

    def __init__(self) -> None:
        self._codes: dict[object, int] = {}

    def code(self, fact: Fact, field: str) -> int | None:
        """Return the number of a fact's value, the same for equal values; None where it has none."""
        key = join_key(fact, field)
        return None if key is None else self._codes.setdefault(key, len(self._codes))


Encoder: TypeAlias = Callable[[Fact], int | None]
"""Gives a property of a fact; None where it is left out."""

Binding: TypeAlias = Callable[[Sequence[Fact], MatchContext, Interned], Encoder]
"""Gives the encoder for some facts of one evaluation."""


def binding(wanted: Property, codes: Codes, tests: Mapping[int, Sieve]) -> Binding:
    """Return what computes a property."""
    field = wanted.field
    if wanted.kind == "same":
        return lambda _, __, interned: lambda fact: interned.code(fact, field)
    if wanted.kind == "test":
        return _tested(tests[wanted.test])
    encode = _ENCODERS[wanted.kind](field, codes)
    return lambda _, __, ___: encode


def _tested(keep: Sieve) -> Binding:
    """Return what computes a condition: for all the facts at once, as the plain matcher does."""

    def bind(facts: Sequence[Fact], context: MatchContext, _: Interned) -> Encoder:
        kept = dict.fromkeys(keep(facts, context), 1)
        return kept.get

    return bind


def _number(field: str, _: Codes) -> Encoder:
    def number(fact: Fact) -> int | None:
        value = fact.values.get(field)
        if type(value) is int and -_SMALL < value < _SMALL:
            return value * (2 * SCALE)
        return encoded(value) if isinstance(value, int | Fraction) and not isinstance(value, bool) else None

    return number


def _text(field: str, codes: Codes) -> Encoder:
    code = codes.code

    def text(fact: Fact) -> int | None:
        value = fact.values.get(field)
        return code(value, 0) if isinstance(value, str) else None

    return text


def _boolean(field: str, _: Codes) -> Encoder:
    def boolean(fact: Fact) -> int | None:
        value = fact.values.get(field)
        return int(value) if isinstance(value, bool) else None

    return boolean


def _day(field: str, _: Codes) -> Encoder:
    def day(fact: Fact) -> int | None:
        value = fact.values.get(field)
        return value.toordinal() if isinstance(value, date) else None

    return day


_ENCODERS = {"number": _number, "text": _text, "boolean": _boolean, "date": _day}
