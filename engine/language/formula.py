"""Show a formula with the numbers put in, and fill sentence templates."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from engine.calendar import Calendar
from engine.errors import msg
from engine.facts.model import Fact, Kind
from engine.language.agreement import unit_text
from engine.language.check import Expression, check
from engine.language.compute import Computation, World, computation
from engine.language.parser import ExpressionError
from engine.language.scope import Scope
from engine.language.typed import (
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
)
from engine.numbers import exact_text, reading_text, terminates

Shown: TypeAlias = Callable[[Sequence[Fact], World], str]


def numbers_shown(expression: Expression, calendar: Calendar | None) -> Shown:
    """Return the function that writes the formula with its values in place of names."""
    pieces: list[str | tuple[Computation, Type]] = []
    position = 0
    for leaf in sorted(_leaves(expression.tree), key=lambda node: node.span):
        start, end = leaf.span
        pieces.append(expression.text[position:start])
        pieces.append((computation(leaf, calendar), leaf.type))
        position = end
    pieces.append(expression.text[position:])

    def show(row: Sequence[Fact], world: World) -> str:
        return "".join(
            piece if isinstance(piece, str) else value_shown(piece[0](row, world), piece[1]) for piece in pieces
        )

    return show


def _leaves(node: Typed) -> list[Typed]:
    """Return the nodes that a formula shows as values; constants written out stay as they are."""
    if isinstance(node, Const):
        return [node] if node.named else []
    if isinstance(node, FieldOf | CaseField | Score | Aggregate | Inline | Has | Default):
        return [node]
    if isinstance(node, Logic | Operation):
        return [leaf for child in children(node) for leaf in _leaves(child)]
    return []


def value_shown(value: Any, type_: Type) -> str:
    """Write a value in a formula: exact, with its unit, texts in quotes."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"'{value}'"
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
    if inside.strip() in ("points", "taken"):
        return _POINTS if inside.strip() == "points" else TAKEN
    try:
        expression = check(inside, scope)
    except ExpressionError as error:
        raise ExpressionError(error.what, error.remedy, hole.start() + 1 + error.offset) from None
    if form not in ("", "%", "+") or (form and expression.type != Type(Kind.NUMBER)):
        raise ExpressionError(
            msg("“{form}” is no way to write this value.", form=form),
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


def percentage(value: Any) -> str:
    """Write a share as a percentage, exactly where four decimals are enough, else rounded to two."""
    return reading_text(value * 100) + "%"


def signed(value: Any) -> str:
    """Write a change with its sign: +0.8, −0.5."""
    return reading_text(value) if value < 0 else "+" + reading_text(value)


def said(value: Any, type_: Type) -> str:
    """Write a value in a sentence: short, with its unit."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Fact):
        return value.id
    unit = unit_text(type_.unit)
    return f"{reading_text(value)} {unit}" if unit else reading_text(value)
