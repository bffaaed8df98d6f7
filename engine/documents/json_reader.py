"""Read JSON (RFC 8259) with exact numbers and the place of every node.

The standard library's reader tells no places; this one keeps to the grammar and leaves strings to it.
"""

from __future__ import annotations

import re
from json.decoder import JSONDecodeError, scanstring

from engine.documents.node import Node
from engine.documents.text import MAX_DEPTH, escaped, refuse, spot, too_deep, twice, unreadable_number
from engine.errors import Fault, InvalidInput, Place, msg, raise_all
from engine.numbers import read_decimal

_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?", re.ASCII)
_WORD = re.compile(r"[-+]?\w[\w.+-]*")
_CONSTANTS = {"true": True, "false": False, "null": None}


def read_json(text: str, file: str) -> Node:
    """Return the document's tree; `InvalidInput` with every fault that can be told."""
    reader = _Reader(text, file)
    if not text.strip():
        raise refuse(msg("The file is empty."), msg("Write what it should hold; `fenming facts template` makes a file to fill in."), Place(file))
    try:
        root, end = reader.value(reader.skip(0), "", 0)
        end = reader.skip(end)
        if end != len(text):
            raise reader.stop(end, "")
    except InvalidInput as error:
        raise InvalidInput(*reader.faults, *error.faults) from None
    raise_all(InvalidInput, reader.faults)
    return root


class _Reader:
    """Walks the text once."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.faults: list[Fault] = []
        self.lines = [0, *(match.end() for match in re.finditer("\n", text))]
        self.line = 0

    def place(self, position: int, pointer: str) -> Place:
        """Return the place of a character; positions only grow, so the line is looked for from the last one."""
        while self.line + 1 < len(self.lines) and self.lines[self.line + 1] <= position:
            self.line += 1
        if self.lines[self.line] > position:
            return spot(self.text, position, self.file, pointer)
        return Place(self.file, self.line + 1, position - self.lines[self.line] + 1, pointer)

    def skip(self, position: int) -> int:
        """Return the position after white space."""
        match = _SPACE.match(self.text, position)
        return match.end() if match else position

    def stop(self, position: int, pointer: str) -> InvalidInput:
        """Return the error of a text that is not JSON from here on."""
        here = self.text[position : position + 12].split("\n")[0] or "end of file"
        return refuse(
            msg("The JSON cannot be read at “{here}”.", here=here),
            msg("Look for a missing comma, quote or bracket here or just before; JSON knows no comments."),
            self.place(position, pointer),
        )

    def value(self, position: int, pointer: str, depth: int) -> tuple[Node, int]:
        """Read one value and return the position after it."""
        place = self.place(position, pointer)
        if depth > MAX_DEPTH:
            raise InvalidInput(too_deep(place))
        first = self.text[position : position + 1]
        if first == "{":
            return self.mapping(position + 1, place, depth)
        if first == "[":
            return self.sequence(position + 1, place, depth)
        if first == '"':
            text, end = self.string(position, pointer)
            return Node(place, text, text, indent=1), end
        match = _NUMBER.match(self.text, position)
        word = _WORD.match(self.text, position)
        if match and (word is None or word.end() <= match.end()):
            text = match[0]
            number = read_decimal(text)
            if number is None:
                self.faults.append(unreadable_number(text, place))
            return Node(place, number, text), match.end()
        if word and word[0] in _CONSTANTS:
            return Node(place, _CONSTANTS[word[0]], word[0]), word.end()
        if word and (word[0].lstrip("+-") in ("NaN", "Infinity") or word[0].lstrip("+-")[0].isdigit()):
            self.faults.append(unreadable_number(word[0], place))
            return Node(place, None, word[0]), word.end()
        raise self.stop(position, pointer)

    def string(self, position: int, pointer: str) -> tuple[str, int]:
        """Read a text, whose escapes the standard library resolves."""
        try:
            text, end = scanstring(self.text, position + 1, True)
        except JSONDecodeError as error:
            raise self.stop(error.pos, pointer) from None
        if any(0xD800 <= ord(character) < 0xE000 for character in text):
            self.faults.append(
                Fault(msg("The text holds half a character (a lone surrogate)."), msg("Write the character itself."), self.place(position, pointer))
            )
            text = text.encode("utf-8", "replace").decode()
        return text, end

    def mapping(self, position: int, place: Place, depth: int) -> tuple[Node, int]:
        """Read an object; each key stands once."""
        entries: list[tuple[Node, Node]] = []
        seen: dict[str, Place] = {}
        position = self.skip(position)
        if self.text[position : position + 1] == "}":
            return Node(place, entries=()), position + 1
        while True:
            if self.text[position : position + 1] != '"':
                raise self.stop(position, place.pointer)
            at = self.place(position, place.pointer)
            name, position = self.string(position, place.pointer)
            if name in seen:
                self.faults.append(twice(name, seen[name], at))
            seen.setdefault(name, at)
            position = self.skip(position)
            if self.text[position : position + 1] != ":":
                raise self.stop(position, place.pointer)
            value, position = self.value(self.skip(position + 1), f"{place.pointer}/{escaped(name)}", depth + 1)
            entries.append((Node(at, name, name, indent=1), value))
            position = self.skip(position)
            ends = self.text[position : position + 1]
            if ends == "}":
                return Node(place, entries=tuple(entries)), position + 1
            if ends != ",":
                raise self.stop(position, place.pointer)
            position = self.skip(position + 1)

    def sequence(self, position: int, place: Place, depth: int) -> tuple[Node, int]:
        """Read an array."""
        elements: list[Node] = []
        position = self.skip(position)
        if self.text[position : position + 1] == "]":
            return Node(place, is_sequence=True), position + 1
        while True:
            element, position = self.value(position, f"{place.pointer}/{len(elements)}", depth + 1)
            elements.append(element)
            position = self.skip(position)
            ends = self.text[position : position + 1]
            if ends == "]":
                return Node(place, elements=tuple(elements), is_sequence=True), position + 1
            if ends != ",":
                raise self.stop(position, place.pointer)
            position = self.skip(position + 1)
