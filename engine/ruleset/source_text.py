"""Texts of a ruleset's document that are read further, each with its place."""

from __future__ import annotations

from dataclasses import dataclass

from engine.base.places import Place
from engine.documents.node import Node


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a composed text that is written in the document."""

    start: int
    """Where it begins in the composed text."""
    length: int
    node: Node
    at: int = 0
    """Where it begins in the text of its node."""


@dataclass(frozen=True, slots=True)
class SourceText:
    """A text of the document that has to be read further, such as an expression, or one composed of several."""

    text: str
    node: Node
    pieces: tuple[Piece, ...] = ()
    """What a composed text consists of, in its order; what is between them was added by the language."""

    def place_at(self, offset: int) -> Place:
        """Return the place of a character in the document; of one that was added, the begin of the piece after it."""
        if not self.pieces:
            return self.node.place_at(offset)
        after = (piece for piece in self.pieces if offset < piece.start + max(piece.length, 1))
        piece = next(after, self.pieces[-1])
        return piece.node.place_at(piece.at + min(max(offset - piece.start, 0), piece.length))


@dataclass(frozen=True, slots=True)
class Bilingual:
    """Words in Chinese and English."""

    zh: SourceText
    en: SourceText
