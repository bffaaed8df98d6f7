"""Show an expression as it is written, with the numbers put in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, TypeAlias

from engine.base.calendar import Calendar
from engine.base.messages import on_one_line
from engine.base.numbers import exact_text
from engine.facts.model import Fact, MatchedFacts
from engine.language.compute import computation
from engine.language.context import Context
from engine.language.expression import Expression
from engine.language.fold import children, fold
from engine.language.syntax import Span
from engine.language.typed import (
    Aggregate,
    CaseField,
    Choice,
    Const,
    Default,
    FieldOf,
    Has,
    HasResult,
    Inline,
    Logic,
    Matched,
    ResultOf,
    Score,
    Type,
    Typed,
)
from engine.language.typing_rules import unit_text

Shown: TypeAlias = Callable[[MatchedFacts, Context], str]
"""Writes something for the facts of a match."""


def numbers_shown(expression: Expression, calendar: Calendar | None) -> Shown:
    """Return the function that writes the formula with its values in place of names, as far as it is computed.

    Of `if` it writes the branch that is taken, and of `and` and `or` no operand that no longer matters.
    """
    text, tree = expression.text, expression.tree

    def combine(node: Typed, parts: tuple[Shown | None, ...]) -> Shown | None:
        return _shown(node, parts, text, calendar)

    return _between(tree, fold(tree, combine), text, (0, len(text)))


def value_shown(value: Any, type_: Type) -> str:
    """Write a value in a formula: exact, with its unit, texts in quotes."""
    return _written(value, unit_text(type_.unit))


def _written(value: Any, unit: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"'{on_one_line(value)}'"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Fact):
        return value.id
    text = exact_text(value)
    if "/" in text:
        text = f"({text})"
    return f"{text} {unit}" if unit else text


def _shown(node: Typed, parts: Sequence[Shown | None], text: str, calendar: Calendar | None) -> Shown | None:
    """Return the function that writes a node alone, or None where it is written as in the formula."""
    match node:
        case Const(name="") | Matched():
            return None
        case (
            Const() | CaseField() | FieldOf() | Has() | Default() | Inline() | Score()
            | ResultOf() | HasResult() | Aggregate()
        ):  # fmt: skip
            compute, unit = computation(node, calendar), unit_text(node.type.unit)
            return lambda row, context: _written(compute(row, context), unit)
        case Logic():
            decides, stops = computation(node.left, calendar), node.connective.decided_by
            first, both = _between(node.left, parts[0], text, node.left.span), _operands(node, parts, text)
            return lambda row, context: first(row, context) if decides(row, context) == stops else both(row, context)
        case Choice():
            decides = computation(node.condition, calendar)
            then, otherwise = (
                _between(branch, part, text, branch.span)
                for branch, part in zip((node.then, node.otherwise), parts[1:], strict=True)
            )
            return lambda row, context: then(row, context) if decides(row, context) else otherwise(row, context)
        case _:
            return _operands(node, parts, text)


def _between(node: Typed, part: Shown | None, text: str, span: Span) -> Shown:
    """Return the function that writes a node with the text around it, from one character to another."""
    start, end = node.span
    if part is None:
        written = text[span[0] : span[1]]
        return lambda _row, _context: written
    before, after = text[span[0] : start], text[end : span[1]]
    if not before and not after:
        return part
    return lambda row, context: f"{before}{part(row, context)}{after}"


def _operands(node: Typed, parts: Sequence[Shown | None], text: str) -> Shown:
    """Write every operand, with the signs between them."""
    operands = children(node)
    starts = [node.span[0], *(operand.span[1] for operand in operands[:-1])]
    ends = [*(operand.span[1] for operand in operands[:-1]), node.span[1]]
    pieces = [
        _between(operand, part, text, (start, end))
        for operand, part, start, end in zip(operands, parts, starts, ends, strict=True)
    ]
    return lambda row, context: "".join([piece(row, context) for piece in pieces])
