"""Lines of Chinese and English text that fit a width: Chinese breaks anywhere but before closing punctuation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.text import Text

_CLOSING = "，。、；：？！”’）》】〉」』…,.;:?!)]}%"
_OPENING = "“‘（《【〈「『([{"
_NARROWEST = 16
_PIECE = re.compile(r"\s+|[A-Za-z0-9_./:#@=+\-−≈%]+|.", re.DOTALL)


def wrapped(text: str, width: int) -> list[str]:
    """Return the text as lines of at most `width` cells; its own line breaks stay."""
    return [line for paragraph in text.split("\n") for line in _paragraph(paragraph, max(width, 2))]


def _paragraph(text: str, width: int) -> list[str]:
    lines: list[str] = []
    line = ""
    for found in _pieces(text, width):
        piece = found
        if cell_len(line) + cell_len(piece) <= width:
            line += piece
            continue
        if line and piece.strip() and piece[0] in _CLOSING:
            moved = line[-1]
            line, piece = line[:-1], moved + piece
        while line and line[-1] in _OPENING:
            line, piece = line[:-1], line[-1] + piece
        lines.append(line.rstrip())
        line = piece.lstrip()
    return [*lines, line.rstrip()]


def _pieces(text: str, width: int) -> Iterator[str]:
    """Yield what must stay together: a word, a run of spaces, one Chinese character; a word too long is cut."""
    for match in _PIECE.finditer(text):
        piece = match[0]
        while len(piece) > width:
            yield piece[:width]
            piece = piece[width:]
        yield piece


class Wrapped:
    """A text that wraps to whatever room it is given."""

    def __init__(self, text: str, style: str = "") -> None:
        self.text = text
        self.style = style

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the lines that fit."""
        for line in wrapped(self.text, options.max_width):
            yield Text(line, style=self.style, no_wrap=True)

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        """Return how narrow and how wide the text can be."""
        widest = max(cell_len(line) for line in self.text.split("\n"))
        return Measurement(min(_NARROWEST, widest), min(widest, options.max_width))
