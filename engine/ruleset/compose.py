"""Compose an expression of pieces that stand in the document, each in brackets only where it needs them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TypeAlias

from engine.base.comparators import Comparator
from engine.base.faults import Fault
from engine.documents.node import Node
from engine.language.operators import Connective, Operator
from engine.language.parser import ExpressionError, parse, tokens
from engine.language.syntax import Binary, Choice, OneOf, Syntax, Unary, Within
from engine.ruleset.source_text import Piece, SourceText

_PLACE = re.compile(r"\{(\w+)(?::(\w+))?\}")
_LEVELS = ("any", "or", "and", "not", "comparison", "sum", "product", "factor", "atom")
"""How tightly the parts of an expression hold together, from the loosest to the tightest."""
_Segment: TypeAlias = tuple[str, tuple[Piece, ...]]


def composed(template: str, node: Node, /, **pieces: SourceText) -> SourceText:
    """Return the expression that a template makes of pieces; `{name:product}` asks how tightly a piece must hold.

    What is wrong in a piece is reported at its place, and what the template adds at the piece after it.
    """
    segments: list[_Segment] = []
    position = 0
    for found in _PLACE.finditer(template):
        segments.append((template[position : found.start()], ()))
        segments += _placed(pieces[found[1]], found[2] or "any")
        position = found.end()
    return _joined([*segments, (template[position:], ())], node)


def plain(text: str, node: Node) -> SourceText:
    """Return an expression that the language adds; what is wrong with it is reported at a node."""
    return SourceText(text, node, (Piece(0, 0, node),))


def renamed(written: SourceText, name: str, other: str, meant: Callable[[str], str]) -> SourceText:
    """Return an expression with another name for what has a `name`, however it is spelt; it must be readable."""
    segments: list[_Segment] = []
    position, after_dot = 0, False
    for token in tokens(written.text):
        start, end = token.start_pos or 0, token.end_pos or 0
        word = written.text[start:end]
        if token.type == "NAME" and not after_dot and name in (word, meant(word)):
            segments.append(_stretch(written, position, start))
            segments.append((other, _stretch(written, start, start)[1]))
            position = end
        after_dot = token.type == "DOT"
    return _joined([*segments, _stretch(written, position, len(written.text))], written.node)


def unreadable(written: Iterable[SourceText]) -> Iterator[Fault]:
    """Yield a fault for each piece that is no expression by itself, such as one with half of a bracket."""
    for each in written:
        try:
            parse(each.text)
        except ExpressionError as error:
            yield Fault(error.what, error.remedy, each.place_at(error.offset))


def _placed(written: SourceText, wanted: str) -> Iterator[_Segment]:
    bracketed = _level(parse(written.text)) < _LEVELS.index(wanted)
    if bracketed:
        yield "(", ()
    yield _stretch(written, 0, len(written.text))
    if bracketed:
        yield ")", ()


def _stretch(written: SourceText, start: int, end: int) -> _Segment:
    """Return a part of an expression, with the pieces that it consists of."""
    if not written.pieces:
        return written.text[start:end], (Piece(0, end - start, written.node, start),)
    found = []
    for piece in written.pieces:
        first, last = max(piece.start, start), min(piece.start + piece.length, end)
        if first <= last:
            found.append(replace(piece, start=first - start, length=last - first, at=piece.at + first - piece.start))
    return written.text[start:end], tuple(found)


def _joined(segments: Iterable[_Segment], node: Node) -> SourceText:
    texts: list[str] = []
    pieces: list[Piece] = []
    position = 0
    for text, parts in segments:
        texts.append(text)
        pieces += (replace(part, start=part.start + position) for part in parts)
        position += len(text)
    return SourceText("".join(texts), node, tuple(pieces) or (Piece(0, 0, node),))


def _level(node: Syntax) -> int:
    """Return how tightly a node holds together."""
    match node:
        case Choice():
            name = "any"
        case Binary(operator=Connective() as connective):
            name = "or" if connective is Connective.OR else "and"
        case Unary(operator="not"):
            name = "not"
        case Binary(operator=Comparator()) | Within() | OneOf():
            name = "comparison"
        case Binary(operator=Operator() as operator):
            name = "sum" if operator in (Operator.ADD, Operator.SUBTRACT) else "product"
        case Unary():
            name = "factor"
        case _:
            name = "atom"
    return _LEVELS.index(name)
