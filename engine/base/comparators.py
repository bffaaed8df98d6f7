"""The six ways to compare two values of one kind, by which conditions are written and matched."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any


class Comparator(Enum):
    """How two values are compared, by the sign that the rule language writes.

    >>> Comparator.BELOW.holds(1, 2), Comparator.BELOW.mirrored.value, Comparator.BELOW.needs_order
    (True, '>', True)
    """

    EQUAL = "=="
    UNEQUAL = "!="
    BELOW = "<"
    AT_MOST = "<="
    ABOVE = ">"
    AT_LEAST = ">="

    @property
    def holds(self) -> Callable[[Any, Any], bool]:
        """The function that compares two values; only values of one kind may be given to it."""
        return _FUNCTIONS[self]

    @property
    def mirrored(self) -> Comparator:
        """The comparator that says the same with the two values exchanged."""
        return _MIRRORED.get(self, self)

    @property
    def needs_order(self) -> bool:
        """Whether it asks which of the values is greater, which only numbers and dates can answer."""
        return self in _MIRRORED


_FUNCTIONS: Mapping[Comparator, Callable[[Any, Any], bool]] = {
    Comparator.EQUAL: operator.eq,
    Comparator.UNEQUAL: operator.ne,
    Comparator.BELOW: operator.lt,
    Comparator.AT_MOST: operator.le,
    Comparator.ABOVE: operator.gt,
    Comparator.AT_LEAST: operator.ge,
}

_MIRRORED: Mapping[Comparator, Comparator] = {
    Comparator.BELOW: Comparator.ABOVE,
    Comparator.AT_MOST: Comparator.AT_LEAST,
    Comparator.ABOVE: Comparator.BELOW,
    Comparator.AT_LEAST: Comparator.AT_MOST,
}
