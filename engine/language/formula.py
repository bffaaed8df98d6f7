"""Show a formula with the numbers put in, and fill sentence templates."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeAlias

from engine.base.calendar import Calendar
from engine.base.messages import msg, on_one_line
from engine.base.numbers import exact_text, percentage, reading_text, terminates
from engine.facts.model import Fact, Kind
from engine.language.agreement import unit_text
from engine.language.check import Expression, check
from engine.language.compute import Figure, World, computation, figure_of
from engine.language.parser import ExpressionError
from engine.language.scope import Scope
from engine.language.syntax import Span
from engine.language.typed import (
    BOOLEAN,
    Aggregate,
    CaseField,
    Const,
    Default,
    FieldOf,
    Has,
    Inline,
    Logic,
    Operation,
    Score,
    Type,
    Typed,
    children,
    walk,
)

Shown: TypeAlias = Callable[[Sequence[Fact], World], str]
Figures: TypeAlias = Callable[[Sequence[Fact], World], Iterable[Figure]]


def numbers_shown(expression: Expression, calendar: Calendar | None) -> Shown:
    """Return the function that writes the formula with its values in place of names, as far as it is computed.

    Of `if` it writes the branch that is taken, and of `and` and `or` no operand that no longer matters.
    """
    text = expression.text
    return _pieces(expression.tree, text, (0, len(text)), calendar)


def _pieces(node: Typed, text: str, span: Span, calendar: Calendar | None) -> Shown:
    """Return the function that writes a node with the text around it, from one character to another."""
    start, end = node.span
    own = _node_shown(node, text, calendar)
    if own is None:
        written = text[span[0] : span[1]]
        return lambda _row, _world: written
    before, after = text[span[0] : start], text[end : span[1]]
    return lambda row, world: f"{before}{own(row, world)}{after}"


def _node_shown(node: Typed, text: str, calendar: Calendar | None) -> Shown | None:
    """Return the function that writes a node alone, or None where it is written as in the formula."""
    if isinstance(node, Const):
        return _value(node, calendar) if node.named else None
    if isinstance(node, FieldOf | CaseField | Score | Aggregate | Inline | Has | Default):
        return _value(node, calendar)
    if isinstance(node, Logic):
        return _logic_shown(node, text, calendar)
    if isinstance(node, Operation) and node.operands:
        return _operands_shown(node, text, calendar)
    return None


def _value(node: Typed, calendar: Calendar | None) -> Shown:
    compute, type_ = computation(node, calendar), node.type
    return lambda row, world: value_shown(compute(row, world), type_)


def _operands_shown(node: Operation | Logic, text: str, calendar: Calendar | None) -> Shown:
    """Write every operand, with the signs between them."""
    starts = [node.span[0], *(operand.span[1] for operand in node.operands[:-1])]
    ends = [*(operand.span[1] for operand in node.operands[:-1]), node.span[1]]
    parts = [
        _pieces(operand, text, (start, end), calendar)
        for operand, start, end in zip(node.operands, starts, ends, strict=True)
    ]
    return lambda row, world: "".join(part(row, world) for part in parts)


def _logic_shown(node: Logic, text: str, calendar: Calendar | None) -> Shown:
    decides = computation(node.operands[0], calendar)
    alone = [_pieces(operand, text, operand.span, calendar) for operand in node.operands]
    if node.name == "if":
        _, then, otherwise = alone
        return lambda row, world: then(row, world) if decides(row, world) else otherwise(row, world)
    first, whole, stops = alone[0], _operands_shown(node, text, calendar), node.name == "or"
    return lambda row, world: first(row, world) if decides(row, world) == stops else whole(row, world)


def figures_computed(node: Typed, calendar: Calendar | None) -> Figures:
    """Return the function that gives the aggregates which a formula computes, with the facts that they run over."""
    if isinstance(node, Aggregate):
        figure = figure_of(node, calendar)
        return lambda row, world: (figure(row, world),)
    parts = [figures_computed(child, calendar) for child in children(node)]
    if not any(isinstance(below, Aggregate) for below in walk(node)):
        return lambda _row, _world: ()
    if isinstance(node, Default):
        given = computation(Has(node.base, node.field, BOOLEAN, node.span), calendar)
        return _chosen(lambda row, world: parts[:1] if given(row, world) else parts)
    if isinstance(node, Logic):
        decides = computation(node.operands[0], calendar)
        if node.name == "if":
            return _chosen(lambda row, world: (parts[0], parts[1 if decides(row, world) else 2]))
        stops = node.name == "or"
        return _chosen(lambda row, world: parts[:1] if decides(row, world) == stops else parts)
    return _chosen(lambda _row, _world: parts)


def _chosen(choose: Callable[[Sequence[Fact], World], Sequence[Figures]]) -> Figures:
    return lambda row, world: [figure for part in choose(row, world) for figure in part(row, world)]


def value_shown(value: Any, type_: Type) -> str:
    """Write a value in a formula: exact, with its unit, texts in quotes."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"'{on_one_line(value)}'"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Fact):
        return value.id
    unit = unit_text(type_.unit)
    text = exact_text(value) if terminates(value) else f"({exact_text(value)})"
    return f"{text} {unit}" if unit else text


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence template in Chinese and English, ready to be filled."""

    zh: tuple[str | Shown, ...]
    en: tuple[str | Shown, ...]

    def fill(self, row: Sequence[Fact], world: World, points: str = "") -> dict[str, str]:
        """Return the sentence in both languages; `points` takes the place of {points}, and {taken} stays open."""
        return {"zh": _filled(self.zh, row, world, points), "en": _filled(self.en, row, world, points)}


def _filled(pieces: tuple[str | Shown, ...], row: Sequence[Fact], world: World, points: str) -> str:
    return "".join(
        (points if piece is _POINTS else piece) if isinstance(piece, str) else piece(row, world) for piece in pieces
    )


_SPOKEN = ("points", "taken")
_POINTS = "\0points"
TAKEN = "\0taken\0"
"""What a filled sentence holds in the place of {taken} until the books are settled."""

_HOLE = re.compile(r"\{([^{}]*)\}")


def template(text: str, scope: Scope, calendar: Calendar | None) -> tuple[str | Shown, ...]:
    """Read one template: `{expression}`, `{expression:%}` as a percentage, `{expression:+}`, `{points}`, `{taken}`."""
    pieces: list[str | Shown] = []
    position = 0
    for hole in _HOLE.finditer(text):
        pieces.append(text[position : hole.start()])
        pieces.append(_hole(hole, scope, calendar))
        position = hole.end()
    rest = text[position:]
    pieces.append(rest)
    if any(bracket in piece for piece in pieces if isinstance(piece, str) for bracket in "{}"):
        raise ExpressionError(
            msg("The sentence has a bracket {{ or }} that is not closed."),
            msg("Write {{expression}} with both brackets."),
        )
    return tuple(pieces)


def _hole(hole: re.Match[str], scope: Scope, calendar: Calendar | None) -> str | Shown:
    inside, _, form = hole[1].partition(":")
    if inside.strip() in _SPOKEN:
        return _POINTS if inside.strip() == "points" else TAKEN
    try:
        expression = check(inside, replace(scope, spoken=_SPOKEN))
    except ExpressionError as error:
        raise ExpressionError(error.what, error.remedy, hole.start() + 1 + error.offset) from None
    if form not in ("", "%", "+") or (form and expression.type != Type(Kind.NUMBER)):
        raise ExpressionError(
            msg("“{form}” is not a format for this value.", form=form),
            msg("Use {{expression}}; for a plain number also {{expression:%}}, or {{expression:+}} with its sign."),
            hole.start() + 1,
        )
    compute = computation(expression.tree, calendar)
    if form == "%":
        return lambda row, world: percentage(compute(row, world))
    if form == "+":
        return lambda row, world: signed(compute(row, world))
    type_ = expression.type
    return lambda row, world: said(compute(row, world), type_)


def signed(value: Any) -> str:
    """Write a change with its sign: +0.8, −0.5."""
    return reading_text(value) if value < 0 else "+" + reading_text(value)


def said(value: Any, type_: Type) -> str:
    """Write a value in a sentence: short, with its unit."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return on_one_line(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Fact):
        return value.id
    unit = unit_text(type_.unit)
    return f"{reading_text(value)} {unit}" if unit else reading_text(value)
