"""Sentence templates in both languages, whose blanks are filled by expressions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum
from typing import Any, Protocol, TypeAlias

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
from engine.language.show import Shown
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

    def written(self, *, chinese: bool) -> Shown:
        """Return the function that writes the value for the facts of a match, in Chinese or in English."""
        compute, write = self.compute, self._form(chinese=chinese)
        return lambda row, context: write(compute(row, context))

    def _form(self, *, chinese: bool) -> Callable[[Any], str]:
        match self.form:
            case Form.PERCENTAGE:
                return percentage
            case Form.SIGNED:
                return signed
            case Form.PLAIN:
                return _words(self.expression.type, chinese=chinese)


Piece: TypeAlias = str | Known | Blank


class Fill(Protocol):
    """Fills a sentence for the facts of a match."""

    def __call__(self, row: MatchedFacts, context: Context, points: str = "") -> dict[str, str]:
        """Return the sentence in both languages; `points` takes the place of {points}, and {taken} stays open."""
        ...


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence template in Chinese and English, and the function that fills it."""

    zh: tuple[Piece, ...]
    en: tuple[Piece, ...]
    fill: Fill = field(repr=False, compare=False)

    @staticmethod
    def of(zh: tuple[Piece, ...], en: tuple[Piece, ...]) -> Sentence:
        """Return the sentence of two templates of one scope, in which a text means the same in both."""
        return Sentence(zh, en, _filling(zh, en))


def _filling(zh: Iterable[Piece], en: Iterable[Piece]) -> Fill:
    """Return the function that fills both templates; it computes a value once that both of them say."""
    places: dict[tuple[str, Form, str], int] = {}
    writers: list[Shown] = []

    def place_of(blank: Blank, language: str) -> int:
        own = language if blank.expression.type.kind is Kind.BOOLEAN else ""
        place = places.setdefault((blank.expression.text, blank.form, own), len(writers))
        if place == len(writers):
            writers.append(blank.written(chinese=language == "zh"))
        return place

    def text(pieces: Iterable[Piece], language: str) -> str:
        """Write a template for `str.format`: its own texts have no brackets."""
        named = {Known.POINTS: "{points}", Known.TAKEN: TAKEN}
        return "".join(
            piece if isinstance(piece, str) else
            named[piece] if isinstance(piece, Known) else f"{{{place_of(piece, language)}}}"
            for piece in pieces
        )  # fmt: skip

    chinese, english = text(zh, "zh"), text(en, "en")

    def fill(row: MatchedFacts, context: Context, points: str = "") -> dict[str, str]:
        texts = [written(row, context) for written in writers]
        return {"zh": chinese.format(*texts, points=points), "en": english.format(*texts, points=points)}

    return fill


def template(
    text: str, scope: Scope, calendar: Calendar | None, read: dict[str, Known | Blank] | None = None
) -> tuple[Piece, ...]:
    """Read one template: `{expression}`, `{expression:%}` as a percentage, `{expression:+}`, `{points}`, `{taken}`.

    What the other template of the sentence has `read` already is not read again.
    """
    known = {} if read is None else read
    pieces: list[Piece] = []
    position = 0
    for found in _BRACES.finditer(text):
        pieces.append(text[position : found.start()])
        if found[1] not in known:
            known[found[1]] = _blank(found[1], found.start() + 1, scope, calendar)
        pieces.append(known[found[1]])
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


def _words(type_: Type, *, chinese: bool) -> Callable[[Any], str]:
    """Return the function that writes a value of a type in a sentence: short, with its unit."""
    yes, no = ("是", "否") if chinese else ("yes", "no")
    unit = unit_text(type_.unit)

    def written(value: Any) -> str:
        if isinstance(value, bool):
            return yes if value else no
        if isinstance(value, str):
            return on_one_line(value)
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, Fact):
            return value.id
        return f"{reading_text(value)} {unit}" if unit else reading_text(value)

    return written
