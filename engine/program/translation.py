"""Translate a condition into what a matcher can compare by itself, or else into a test that is computed for it."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from engine.base.calendar import Calendar
from engine.base.comparators import Comparator
from engine.facts.model import Kind
from engine.language.compute import computation
from engine.language.fold import fold, patterns_of
from engine.language.typed import Compare, Const, FieldOf, Matched, Not, Typed
from engine.matching.interface import Comparison, Condition, Join, Test


class _Field(NamedTuple):
    """A field of a matched fact; the fact itself where it has no name."""

    pattern: int
    name: str


_Term: TypeAlias = _Field | Const | Comparison | Join | None
"""What a node is to a matcher; None for what must be computed."""


def condition(tree: Typed, width: int, calendar: Calendar | None) -> Condition:
    """Return one conjunct of a rule with `width` patterns as the simplest condition that says it."""
    match fold(tree, _term):
        case Comparison() | Join() as found:
            return found
        case _Field(pattern, name) if name and tree.type.kind is Kind.BOOLEAN:
            return Comparison(pattern, name, Comparator.EQUAL, constant=True)
        case _:
            return Test(patterns_of(tree, width), computation(tree, calendar))


def _term(node: Typed, parts: tuple[_Term, ...]) -> _Term:
    match node, parts:
        case Const(), _:
            return node
        case Matched(), _:
            return _Field(node.pattern, "")
        case FieldOf(), [_Field(pattern, "")]:
            return _Field(pattern, node.field)
        case Not(), [_Field(pattern, name)] if name:
            return Comparison(pattern, name, Comparator.EQUAL, constant=False)
        case Compare(), [_Field(pattern, name), Const(value=value)] if name:
            return Comparison(pattern, name, node.comparator, value)
        case Compare(), [Const(value=value), _Field(pattern, name)] if name:
            return Comparison(pattern, name, node.comparator.mirrored, value)
        case Compare(comparator=Comparator.EQUAL), [_Field(left, name), _Field(right, other)] if left != right:
            return Join(left, name, right, other)
        case _:
            return None
