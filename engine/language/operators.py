"""The signs and words that an expression joins values by; comparisons are in `engine.base.comparators`."""

from __future__ import annotations

from enum import Enum


class Operator(Enum):
    """Arithmetic on two numbers, or on dates and days."""

    ADD = "+"
    SUBTRACT = "-"
    MULTIPLY = "*"
    DIVIDE = "/"


class Connective(Enum):
    """How two conditions are joined; the right one is computed only where the left one does not decide."""

    AND = "and"
    OR = "or"

    @property
    def decided_by(self) -> bool:
        """The value of the left condition that decides the whole."""
        return self is Connective.OR
