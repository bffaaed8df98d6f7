"""Read a full-width colon after a key of YAML as a plain one, where nothing else can be meant.

That is where a line can only be an entry: at the column of other entries, or where the text could not be read
otherwise. Lines of a block of text, of a text that goes on, and within quotes and brackets are left alone.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from engine.base.places import Place

_LINE = re.compile(r"(?P<indent> *)(?P<dashes>(?:- +)*)(?P<content>.*)")
_ENTRY = re.compile(r"""(?:"(?:[^"\\]|\\.)*" *|'(?:[^']|'')*' *|[^\s"'{\[][^：]*?):(?: +|$)""")
_VALUE = r"""：(?= *(?:["'{\[]|(?:(?!:(?: |$)|(?<=[ ：])\#).)*(?:(?<=[ ：])\#|$)))"""
"""The colon; after it is a value in quotes or brackets, or one without a plain colon that could end a key."""
_SIBLING = re.compile(rf"""("[^"\\：]*"|'[^'：]*'|\w[\w.\-（）()、《》/ ]*){_VALUE}""")
_FIRST = re.compile(rf"([^\W\d][\w.\-（）()、]*){_VALUE}")
_BLOCK = re.compile(r"[|>][-+0-9]*(?: +#.*| *)$")
_QUOTED = {"'": re.compile(r"(?:[^']|'')*'(?!')"), '"': re.compile(r'(?:[^"\\]|\\.)*"')}


@dataclass(frozen=True, slots=True)
class PlainText:
    """A text whose full-width colons after keys are plain, and where blanks were put in after them."""

    text: str
    blanks: Sequence[int] = ()
    """The offsets, in this text, of the blanks that the original does not have."""
    columns: Mapping[int, int] = field(default_factory=dict)
    """The column of the blank, by its line; there is one in a line at most."""

    def offset(self, at: int) -> int:
        """Return the offset in the original of a character of this text."""
        return at - bisect_left(self.blanks, at)

    def place(self, place: Place) -> Place:
        """Return a place in this text as one in the original."""
        blank = self.columns.get(place.line or 0)
        if blank is None or place.column is None or place.column <= blank:
            return place
        return replace(place, column=place.column - 1)


def plain_colons(text: str) -> PlainText:
    r"""Return a text with a plain colon and a blank for each full-width colon after a key.

    >>> plain_colons("标题：某表\n条文: 一：二").text
    '标题: 某表\n条文: 一：二'
    """
    scan = _Scan([line.removesuffix("\r") for line in text.split("\n")])
    pieces: list[str] = []
    blanks: list[int] = []
    columns: dict[int, int] = {}
    start = 0
    for number, line in enumerate(text.split("\n")):
        at = scan.colon(number)
        if at is not None:
            blank = "" if line[at + 1 : at + 2] in ("", " ", "\r") else " "
            pieces.append(f"{line[:at]}:{blank}{line[at + 1 :]}")
            if blank:
                blanks.append(start + at + 1)
                columns[number + 1] = at + 2
        else:
            pieces.append(line)
        start += len(pieces[-1]) + 1
    return PlainText("\n".join(pieces), blanks, columns)


@dataclass(slots=True)
class _Scan:
    """Goes through the lines of a text once, and notes what is open where a line begins."""

    lines: Sequence[str]
    columns: list[int] = field(default_factory=list)
    """The columns of the mappings."""
    block: int | None = None
    """The indentation that the lines of a block of text exceed."""
    quote: str = ""
    brackets: int = 0
    bare: str = ""
    """The colon after the key of the line before, where that has no value."""
    lists: list[int] = field(default_factory=list)
    """The indentations of the lists below keys with a full-width colon."""

    def colon(self, number: int) -> int | None:
        """Return where the full-width colon after the key of the next line is, or None."""
        line = self.lines[number]
        if self.quote or self.brackets:
            self._pass(line, 0)
            return None
        found = _LINE.match(line)
        if found is None or not found["content"].strip() or found["content"].startswith("#"):
            return None
        indent, column = len(found["indent"]), found.start("content")
        if self.block is not None and indent > self.block:
            return None
        dashes = bool(found["dashes"])
        self.columns = [each for each in self.columns if each <= indent]
        self.lists = [each for each in self.lists if each < indent or (each == indent and dashes)]
        if self.bare == "：" and dashes:
            self.lists.append(indent)
        wide = self._wide(number, indent, column, dashes=dashes)
        entry = wide or _ENTRY.match(line, column)
        if entry and column not in self.columns:
            self.columns.append(column)
        self._value(line, entry.end() if entry else column, column if entry else line.rfind("-", 0, column))
        empty = entry is not None and (not line[entry.end() :].strip() or line[entry.end() :].lstrip().startswith("#"))
        self.bare = ("：" if wide else ":") if empty else ""
        return wide.end(1) if wide else None

    def _wide(self, number: int, indent: int, column: int, *, dashes: bool) -> re.Match[str] | None:
        """Return the key and the full-width colon of a line that can only be an entry, else None."""
        line = self.lines[number]
        if column == 0 or (not dashes and column in self.columns):
            return _SIBLING.match(line, column)
        first = _FIRST.match(line, column) if dashes or self.bare else None
        if first is None or (self.bare == "：" and not dashes):
            return first
        return first if self._goes_on(number, column, wide=dashes and indent in self.lists) else None

    def _goes_on(self, number: int, column: int, *, wide: bool) -> bool:
        """Return whether an entry follows at the same column, so that a plain text here could not be read."""
        for line in self.lines[number + 1 :]:
            indent = len(line) - len(line.lstrip(" "))
            if line.strip() and indent < column:
                return False
            if line.strip() and indent == column:
                return bool(_ENTRY.match(line, column) or (_SIBLING.match(line, column) and wide))
        return False

    def _value(self, line: str, begin: int, column: int) -> None:
        """Note what a value opens that the line does not close; `column` is that of its key or dash."""
        value = line[begin:].lstrip(" ")
        self.block = column if _BLOCK.match(value) else None
        if value[:1] in ("'", '"', "{", "["):
            self._pass(line, len(line) - len(value))

    def _pass(self, line: str, at: int) -> None:
        """Go on in a line to the end of what is open, or of the line."""
        before = ","
        while at < len(line):
            character = line[at]
            if self.quote:
                end = _QUOTED[self.quote].match(line, at)
                if end is None:
                    return
                self.quote, at = "", end.end()
            elif character in ("'", '"') and before in "[{,:：":
                self.quote, at = character, at + 1
                continue
            elif character == "#" and line[at - 1 : at] in ("", " "):
                return
            else:
                self.brackets += (character in "[{") - (character in "]}")
                at += 1
            before = before if character == " " else character
            if not self.quote and self.brackets <= 0:
                self.brackets = 0
                return
