"""Sentence templates in both languages, whose blanks are filled by expressions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum
from typing import Any, TypeAlias

from engine.base.calendar import Calendar
from engine.base.faults import problem
from engine.base.messages import msg, on_one_line
from engine.base.numbers import percentage, reading_text
from engine.facts.model import Fact, Kind, MatchedFacts
from engine.language.check import check
from engine.language.compute import computation
from engine.language.context import Computation, Context
from engine.language.expression import Expression
from engine.language.parser import ExpressionError
from engine.language.scope import Scope
from engine.language.typed import Type
from engine.language.typing_rules import unit_text
from engine.language.vocabulary import plain_signs, vocabulary

TAKEN = "\0taken\0"
"""What a filled sentence holds in the place of {taken} until the books are settled."""

_BRACES = re.compile(r"\{([^{}]*)\}")


class Form(Enum):
    """How a value is written in a sentence."""

    PLAIN = ""
    PERCENTAGE = "%"
    SIGNED = "+"


class Known(Enum):
    """What is put into a sentence without an expression: the points that were asked for, or that it came to."""

    POINTS = "points"
    TAKEN = "taken"


_WORDS = vocabulary("words")
_FORMS: Mapping[str, Form] = {form.value: form for form in Form}
_KNOWN: Mapping[str, Known] = {known.value: known for known in Known}


@dataclass(frozen=True, slots=True)
class Blank:
    """A place in a sentence that the value of an expression fills."""

    expression: Expression
    form: Form
    compute: Computation = field(repr=False, compare=False)

    def filled(self, row: MatchedFacts, context: Context, *, chinese: bool) -> str:
        """Return the value for the facts of a match, as it is read in Chinese or in English."""
        value = self.compute(row, context)
        match self.form:
            case Form.PERCENTAGE:
                return percentage(value)
            case Form.SIGNED:
                return signed(value)
            case Form.PLAIN:
                return said(value, self.expression.type, chinese=chinese)


Piece: TypeAlias = str | Known | Blank


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence template in Chinese and English, ready to be filled."""

    zh: tuple[Piece, ...]
    en: tuple[Piece, ...]

    def fill(self, row: MatchedFacts, context: Context, points: str = "") -> dict[str, str]:
        """Return the sentence in both languages; `points` takes the place of {points}, and {taken} stays open."""
        return {
            "zh": "".join([_filled(piece, row, context, points, chinese=True) for piece in self.zh]),
            "en": "".join([_filled(piece, row, context, points, chinese=False) for piece in self.en]),
        }


def _filled(piece: Piece, row: MatchedFacts, context: Context, points: str, *, chinese: bool) -> str:
    match piece:
        case Blank():
            return piece.filled(row, context, chinese=chinese)
        case Known.POINTS:
            return points
        case Known.TAKEN:
            return TAKEN
        case str():
            return piece


def template(text: str, scope: Scope, calendar: Calendar | None) -> tuple[Piece, ...]:
    """Read one template: `{expression}`, `{expression:%}` as a percentage, `{expression:+}`, `{points}`, `{taken}`."""
    pieces: list[Piece] = []
    position = 0
    for found in _BRACES.finditer(text):
        pieces.append(text[position : found.start()])
        pieces.append(_blank(found[1], found.start() + 1, scope, calendar))
        position = found.end()
    pieces.append(text[position:])
    if any(bracket in piece for piece in pieces if isinstance(piece, str) for bracket in "{}"):
        raise ExpressionError(
            problem("sentence.bracket", "The sentence has a bracket {{ or }} that is not closed."),
            msg("Write {{expression}} with both brackets."),
        )
    return tuple(pieces)


def _blank(inside: str, start: int, scope: Scope, calendar: Calendar | None) -> Known | Blank:
    text, _, form = plain_signs(inside).partition(":")
    if (known := _KNOWN.get(_WORDS.canonical(text.strip()))) is not None:
        return known
    try:
        expression = check(text, replace(scope, spoken=tuple(known.value for known in Known)))
    except ExpressionError as error:
        raise ExpressionError(error.what, error.remedy, start + error.offset) from None
    if form not in _FORMS or (form and expression.type != Type(Kind.NUMBER)):
        raise ExpressionError(
            problem("sentence.format", "“{form}” is not a format for this value.", form=form),
            msg("Use {{expression}}; for a plain number also {{expression:%}}, or {{expression:+}} with its sign."),
            start,
        )
    return Blank(expression, _FORMS[form], computation(expression.tree, calendar))


def signed(value: Any) -> str:
    """Write a change with its sign: +0.8, −0.5."""
    return reading_text(value) if value < 0 else "+" + reading_text(value)


def said(value: Any, type_: Type, *, chinese: bool) -> str:
    """Write a value in a sentence: short, with its unit."""
    if isinstance(value, bool):
        return ("是" if value else "否") if chinese else ("yes" if value else "no")
    if isinstance(value, str):
        return on_one_line(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Fact):
        return value.id
    unit = unit_text(type_.unit)
    return f"{reading_text(value)} {unit}" if unit else reading_text(value)
