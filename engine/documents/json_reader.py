"""Read JSON (RFC 8259) with exact numbers and the place of every node.

The standard library's reader knows no places; this one keeps to the grammar and leaves texts to it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from json import JSONDecodeError, JSONDecoder

from engine.base.faults import Fault, InvalidInput, problem, raise_all
from engine.base.messages import msg
from engine.base.numbers import read_decimal
from engine.base.places import Place
from engine.documents.node import Node
from engine.documents.punctuation import sign_fault
from engine.documents.text import (
    MAX_DEPTH,
    check_text,
    escaped,
    forbidden,
    forbidden_code,
    name_of_several_lines,
    spot,
    too_deep,
    twice,
    unreadable,
    unreadable_number,
)

_DECODER = JSONDecoder()
_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?", re.ASCII)
_BARE = re.compile(r"[-+]?[\w.][\w.+-]*")
_LIKE_NUMBER = re.compile(r"[-+]?(?:\.?\d.*|nan|inf|infinity)", re.IGNORECASE | re.ASCII)
_CONSTANTS = {"true": True, "false": False, "null": None}
_COMMENT = ("//", "/*", "#")


def read_json(text: str, file: str) -> Node:
    """Return the document's tree; `InvalidInput` with every fault that can be found."""
    check_text(text, file)
    reader = _Reader(text, file)
    try:
        root, end = reader.value(reader.skip(0), "", 0)
        if reader.skip(end) != len(text):
            raise unreadable(
                problem("json.more-text", "The document ends here, but more text follows."),
                msg("Remove what follows, or look for a bracket that closes too early."),
                reader.place(reader.skip(end), ""),
            )
    except InvalidInput as error:
        reader.faults.extend(error.faults)
        root = Node(Place(file))
    raise_all(InvalidInput, reader.faults)
    return root


class _Reader:
    """Walks the text once."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.faults: list[Fault] = []
        self.line = 1
        self.start = 0
        self.seen = 0

    def place(self, position: int, pointer: str) -> Place:
        """Return the place of a character; positions only grow, so lines are counted from the last one."""
        breaks = self.text.count("\n", self.seen, position)
        if breaks:
            self.line += breaks
            self.start = self.text.rfind("\n", self.seen, position) + 1
        self.seen = position
        return Place(self.file, self.line, position - self.start + 1, pointer)

    def skip(self, position: int) -> int:
        """Return the position after white space."""
        match = _SPACE.match(self.text, position)
        return match.end() if match else position

    def stop(self, position: int, pointer: str) -> InvalidInput:
        """Return the error of a text that is not JSON from here on."""
        place = self.place(position, pointer)
        here = self.text[position : position + 2]
        if not here:
            what = problem("json.ends-early", "The file ends in the middle of the document.")
            remedy = msg("Add what is missing; look for a quote or a bracket that is not closed.")
        elif here.startswith(_COMMENT):
            what = problem("json.comment", "A comment is not allowed here: JSON has no comments.")
            remedy = msg("Remove it, or write the document as YAML.")
        elif (sign := sign_fault(here[0], place)) is not None:
            what, remedy = sign.what, sign.remedy
        elif here[0] == "'":
            what = problem("json.quotes", "JSON does not use this kind of quote.")
            remedy = msg('Put names and texts in double quotes: "…".')
        else:
            what = problem("json.character", "“{character}” is not allowed here.", character=here[0])
            remedy = msg("Look for a missing or needless comma, quote or bracket here or just before.")
        return unreadable(what, remedy, place)

    def value(self, position: int, pointer: str, depth: int) -> tuple[Node, int]:
        """Read one value and return the position after it."""
        place = self.place(position, pointer)
        first = self.text[position : position + 1]
        if first in ("{", "["):
            if depth >= MAX_DEPTH:
                raise InvalidInput(too_deep(place))
            return (self.mapping if first == "{" else self.sequence)(position + 1, place, depth)
        if first == '"':
            return self.string(position, place)
        bare = _BARE.match(self.text, position)
        if bare is None:
            raise self.stop(position, pointer)
        word = bare[0]
        if word in _CONSTANTS:
            return Node(place, _CONSTANTS[word], word), bare.end()
        if not _LIKE_NUMBER.fullmatch(word):
            raise unreadable(
                problem("json.not-quoted", "“{word}” is not in quotes.", word=word[:60]),
                msg('Put names and texts in double quotes: "…".'),
                place,
            )
        number = read_decimal(word) if _NUMBER.fullmatch(word) else None
        if number is None:
            self.faults.append(unreadable_number(word, place))
        return Node(place, number, word), bare.end()

    def string(self, position: int, place: Place) -> tuple[Node, int]:
        """Read a text, whose escapes the standard library resolves."""
        try:
            text, end = _DECODER.raw_decode(self.text, position)
        except JSONDecodeError as error:
            raise self.broken_string(error, place) from None
        code = forbidden_code(text)
        if code is not None:
            self.faults.append(forbidden(code, place))
        return Node(place, text, text, source=self.text[position:end]), end

    def broken_string(self, error: JSONDecodeError, place: Place) -> InvalidInput:
        """Return the error of a text in quotes that cannot be read."""
        if error.msg.startswith("Unterminated"):
            return unreadable(
                problem("document.open-quote", "A quote is opened here and never closed."),
                msg("Add the closing quote."),
                place,
            )
        at = spot(self.text, error.pos, self.file, place.pointer)
        if error.msg.startswith("Invalid control"):
            return unreadable(
                problem("json.line-break", "A text in quotes cannot continue on the next line."),
                msg(r"Add the closing quote, or write the line break as \n."),
                at,
            )
        return unreadable(
            problem("document.escape", "In double quotes, this backslash does not begin a known escape."),
            msg(r"Write the backslash twice: \\."),
            at,
        )

    def mapping(self, position: int, place: Place, depth: int) -> tuple[Node, int]:
        """Read an object, in which each name occurs once."""
        entries: list[tuple[Node, Node]] = []
        seen: dict[str, Place] = {}
        position = self.skip(position)
        if self.text.startswith("}", position):
            return Node(place, entries=()), position + 1
        while True:
            if not self.text.startswith('"', position):
                raise self.stop(position, place.pointer)
            key, position = self.string(position, self.place(position, place.pointer))
            pointer = f"{place.pointer}/{escaped(key.text)}"
            key = replace(key, place=replace(key.place, pointer=pointer))
            if broken := name_of_several_lines(key.text, key.place):
                self.faults.append(broken)
            if seen.setdefault(key.text, key.place) is not key.place:
                self.faults.append(twice(key.text, seen[key.text], key.place))
            position = self.skip(position)
            if not self.text.startswith(":", position):
                raise self.stop(position, place.pointer)
            value, position = self.value(self.skip(position + 1), pointer, depth + 1)
            entries.append((key, value))
            position = self.skip(position)
            if self.text.startswith("}", position):
                return Node(place, entries=tuple(entries)), position + 1
            if not self.text.startswith(",", position):
                raise self.stop(position, place.pointer)
            position = self.skip(position + 1)

    def sequence(self, position: int, place: Place, depth: int) -> tuple[Node, int]:
        """Read an array."""
        elements: list[Node] = []
        position = self.skip(position)
        if self.text.startswith("]", position):
            return Node(place, is_sequence=True), position + 1
        while True:
            element, position = self.value(position, f"{place.pointer}/{len(elements)}", depth + 1)
            elements.append(element)
            position = self.skip(position)
            if self.text.startswith("]", position):
                return Node(place, elements=tuple(elements), is_sequence=True), position + 1
            if not self.text.startswith(",", position):
                raise self.stop(position, place.pointer)
            position = self.skip(position + 1)
