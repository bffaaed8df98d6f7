"""Split a condition into what a matcher can compare by itself and what must be computed for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from engine.base.calendar import Calendar
from engine.facts.model import Kind
from engine.language.compute import computation
from engine.language.typed import Const, FieldOf, Logic, Matched, Operation, Typed, patterns_of
from engine.matching.interface import Comparison, Condition, Join, Test

_MIRRORED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def conjuncts(node: Typed) -> Iterator[Typed]:
    """Yield the conditions that `and` joins, in order."""
    if isinstance(node, Logic) and node.name == "and":
        for operand in node.operands:
            yield from conjuncts(operand)
    else:
        yield node


def condition(node: Typed, width: int, calendar: Calendar | None) -> Condition:
    """Return one conjunct of a rule with `width` patterns as the simplest condition that says it."""
    return _boolean_field(node) or _comparison(node) or _join(node) or _test(node, width, calendar)


def _field(node: Typed) -> tuple[int, str] | None:
    if isinstance(node, FieldOf) and isinstance(node.base, Matched):
        return node.base.pattern, node.field
    return None


def _boolean_field(node: Typed) -> Comparison | None:
    wanted = True
    if isinstance(node, Operation) and node.name == "not":
        node, wanted = node.operands[0], False
    found = _field(node)
    return Comparison(*found, "==", wanted) if found and node.type.kind is Kind.BOOLEAN else None


def _comparison(node: Typed) -> Comparison | None:
    if not isinstance(node, Operation) or node.name not in _MIRRORED:
        return None
    left, right = node.operands
    operator = node.name
    if isinstance(left, Const):
        left, right, operator = right, left, _MIRRORED[operator]
    found = _field(left)
    return Comparison(*found, operator, right.value) if found and isinstance(right, Const) else None


def _join(node: Typed) -> Join | None:
    if not isinstance(node, Operation) or node.name != "==":
        return None
    ends = [_field(n) or ((n.pattern, "") if isinstance(n, Matched) else None) for n in node.operands]
    if None in ends:
        return None
    left, right = cast("list[tuple[int, str]]", ends)
    return Join(*left, *right) if left[0] != right[0] else None


def _test(node: Typed, width: int, calendar: Calendar | None) -> Test:
    return Test(patterns_of(node, width), computation(node, calendar))
