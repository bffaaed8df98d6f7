"""Lines of Chinese and English text that fit a width: Chinese breaks anywhere but before closing punctuation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.text import Text

from cli.terminal.printable import printable

_CLOSING = "，。、；：？！”’）》】〉」』…,.;:?!)]}%"
_OPENING = "“‘（《【〈「『([{"
_NARROWEST = 16
_WORDS = r"\s+|[A-Za-z0-9_./:#@=+\-−≈%]+|."
_AMOUNT = r"(?:第 )?[+\-−]?[0-9][0-9.,]*%? (?:[百千万亿]*[\u4e00-\u9fff])"
"""A number is not parted from its unit: 2265.02 万元, 第 1 版."""
_WORD = re.compile(_WORDS, re.DOTALL)
_PIECE = re.compile(f"{_AMOUNT}|{_WORDS}", re.DOTALL)
_FIELD = re.compile(r"(\s{2,})")
_WHOLE = re.compile(r"`[^`]*`|[“‘][^“”‘’\s]*/[^“”‘’\s]*[”’]|\s+|[!-~−≈]+|.", re.DOTALL)
"""Likewise where nothing is cut: commands and paths stay together as well."""


def wrapped(text: str, width: int, *, whole: bool = False) -> list[str]:
    """Return the text as lines of at most `width` cells; its own line breaks stay.

    With `whole`, a word that is too long, such as a path or a key, is not cut: it gets a line of its own.
    """
    return [line for paragraph in printable(text).split("\n") for line in _paragraph(paragraph, max(width, 2), whole)]


def _paragraph(text: str, width: int, whole: bool) -> list[str]:
    lines: list[str] = []
    line: list[str] = []
    for piece in _WHOLE.findall(text) if whole else _pieces(text, width):
        if not line or cell_len("".join(line)) + cell_len(piece) <= width or _ends_copy(line, piece, width):
            line.append(piece)
            continue
        carried = _carried(line, piece, width)
        lines.append("".join(line).rstrip())
        line = [*carried, piece] if carried else [piece.lstrip()]
    return [*lines, "".join(line).rstrip()]


def _ends_copy(line: list[str], piece: str, width: int) -> bool:
    """Return whether a piece only ends the sentence after a word that is too long anyway."""
    return len(line) == 1 and cell_len(line[0]) > width and piece[0] in _CLOSING


def _carried(line: list[str], piece: str, width: int) -> list[str]:
    """Take from a line what must be before the piece that begins the next one; a line is never emptied."""
    kept = len(line)
    first = piece
    while kept > 1 and (first[0] in _CLOSING or line[kept - 1] in _OPENING):
        kept -= 1
        first = line[kept]
    carried = line[kept:]
    bound = kept == 1 and (first[0] in _CLOSING or line[0] in _OPENING)
    if bound or cell_len("".join((*carried, piece))) > width:
        return []
    del line[kept:]
    return carried


def _pieces(text: str, width: int) -> Iterator[str]:
    """Yield what must stay together: a short field between wide spaces, an amount, a word, one Chinese character."""
    fields = _FIELD.split(text)
    for field in fields:
        if len(fields) > 1 and 2 * cell_len(field) <= width:
            yield field
        else:
            yield from _in_field(field, width)


def _in_field(text: str, width: int) -> Iterator[str]:
    for match in _PIECE.finditer(text):
        words = [match[0]] if cell_len(match[0]) <= width else _WORD.findall(match[0])
        for word in words:
            yield from (word[at : at + width] for at in range(0, len(word), width))


class Wrapped:
    """A text that wraps to whatever room it is given; from the second line on it hangs by some cells."""

    def __init__(self, text: str, style: str = "", *, hang: int = 0) -> None:
        self.text = text
        self.style = style
        self.hang = hang

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the lines that fit."""
        first, *rest = self.text.split("\n")
        lead = next(head for n in range(self.hang, -1, -1) if cell_len(head := first[:n]) <= self.hang)
        lines = wrapped("\n".join((first[len(lead) :], *rest)), options.max_width - self.hang)
        for number, line in enumerate(lines):
            yield Text((" " * self.hang if number else lead) + line, style=self.style, no_wrap=True)

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        """Return how narrow and how wide the text can be."""
        widest = max(cell_len(line) for line in self.text.split("\n"))
        return Measurement(min(_NARROWEST, widest), min(widest, options.max_width))
