"""What a formula of a firing comes to; it is written into the receipt as it is."""

from __future__ import annotations

from msgspec import Struct

from engine.base.formula_kind import FormulaKind
from engine.facts.model import Kind


class FormulaLine(Struct, frozen=True, forbid_unknown_fields=True):
    """One formula of a firing: what it is for, the kind of value it gives, as written, with its numbers, its value."""

    name: str
    kind: FormulaKind
    gives: Kind
    text: str
    numbers: str
    value: str


def points_line(text: str, numbers: str, value: str) -> FormulaLine:
    """Return the formula of a firing of the engine's own."""
    return FormulaLine("points", "points", Kind.NUMBER, text, numbers, value)
