"""Read YAML with exact numbers and the place of every node.

Only what a facts file or ruleset needs: scalars of YAML 1.2's core schema, mappings with text keys, lists. What makes
YAML surprising (anchors, tags, merge keys, octal numbers, `yes`) is refused or plain text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from engine.documents.node import Node
from engine.documents.text import (
    MAX_DEPTH,
    escaped,
    forbidden_character,
    refuse,
    too_deep,
    twice,
    unreadable_number,
)
from engine.errors import Fault, InvalidInput, Place, msg, raise_all
from engine.numbers import Number, read_decimal

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d+)?|\.\d+|\d+\.)(?:[eE][-+]?\d+)?", re.ASCII)
_NUMBER_LIKE = re.compile(r"[-+]?(?:0[xob][0-9a-fA-F_]+|\d[\d_]*_[\d_.]*|\.(?:inf|nan)|\d+\.|\.\d+)", re.ASCII | re.IGNORECASE)
_NOT_EXACT = re.compile(r"[-+]?0\d+(?:\.\d+)?", re.ASCII)


def read_yaml(text: str, file: str) -> Node:
    """Return the document's tree; `InvalidInput` with every fault that can be told."""
    fault = forbidden_character(text, file)
    if fault is not None:
        raise InvalidInput(fault)
    reader = _Reader(file)
    try:
        root = reader.document(yaml.parse(text, Loader=_Loader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(file, mark.line + 1, mark.column + 1) if mark is not None else Place(file)
        reader.faults.append(
            Fault(
                msg("The YAML cannot be read here: {problem}.", problem=error.problem or error.context or "?"),
                msg("Look at the indentation, a missing colon, quote or bracket on this line or the one before."),
                place,
            )
        )
        raise_all(InvalidInput, reader.faults)
        raise
    raise_all(InvalidInput, reader.faults)
    return root


class _Reader:
    """Builds the tree from the parser's events."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []

    def document(self, events: Iterator[Any]) -> Node:
        """Read the one document of a file."""
        root: Node | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    self.faults.append(
                        Fault(
                            msg("The file holds a second document."),
                            msg("Keep one document in a file; remove the line `---`."),
                            self.place(event, ""),
                        )
                    )
                    return root
                root = self.node(next(events), events, "", 0)
        if root is None or (root.value is None and not root.is_mapping and not root.is_sequence and not root.text):
            raise refuse(
                msg("The file is empty."),
                msg("Write what it should hold; `fenming facts template` makes a file to fill in."),
                Place(self.file),
            )
        return root

    def place(self, event: Any, pointer: str) -> Place:
        """Return where an event begins."""
        return Place(self.file, event.start_mark.line + 1, event.start_mark.column + 1, pointer)

    def node(self, event: Any, events: Iterator[Any], pointer: str, depth: int) -> Node:
        """Read one node and all below it."""
        place = self.place(event, pointer)
        if depth > MAX_DEPTH:
            raise InvalidInput(too_deep(place))
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            self.faults.append(
                Fault(
                    msg("Anchors and aliases (& and *) are not read."),
                    msg("Write the content out in each place; put a text that begins with & or * in quotes."),
                    place,
                )
            )
            if isinstance(event, yaml.AliasEvent):
                return Node(place)
        if getattr(event, "tag", None) not in (None, "!"):
            self.faults.append(
                Fault(msg("Tags such as {tag} are not read.", tag=event.tag), msg("Remove the tag; put a text that begins with ! in quotes."), place)
            )
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(events, place, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(events, place, depth)
        return self.scalar(event, place)

    def mapping(self, events: Iterator[Any], place: Place, depth: int) -> Node:
        """Read a mapping; its keys are texts, each once."""
        entries: list[tuple[Node, Node]] = []
        seen: dict[str, Place] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self.node(event, events, place.pointer, depth + 1)
            if key.is_mapping or key.is_sequence:
                self.faults.append(Fault(msg("A key must be a text."), msg("Write a plain name before the colon; put a text with brackets in quotes."), key.place))
            elif key.text == "<<" and not key.indent:
                self.faults.append(Fault(msg("Merge keys (<<) are not read."), msg("Write the content out in each place."), key.place))
            elif key.text in seen:
                self.faults.append(twice(key.text, seen[key.text], key.place))
            seen.setdefault(key.text, key.place)
            value = self.node(next(events), events, f"{place.pointer}/{escaped(key.text)}", depth + 1)
            entries.append((key, value))
        return Node(place, entries=tuple(entries))

    def sequence(self, events: Iterator[Any], place: Place, depth: int) -> Node:
        """Read a list."""
        elements: list[Node] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            elements.append(self.node(event, events, f"{place.pointer}/{len(elements)}", depth + 1))
        return Node(place, elements=tuple(elements), is_sequence=True)

    def scalar(self, event: Any, place: Place) -> Node:
        """Read a scalar: quoted or block text as it is, a plain one by the core schema."""
        text = str(event.value)
        if any(0xD800 <= ord(character) < 0xE000 for character in text):
            self.faults.append(Fault(msg("The text holds half a character (a lone surrogate)."), msg("Write the character itself."), place))
            text = text.encode("utf-8", "replace").decode()
        if event.style in ("'", '"'):
            return Node(place, text, text, indent=1)
        if event.style in ("|", ">"):
            return Node(place, text, text)
        return Node(place, self.plain(text, place), text)

    def plain(self, text: str, place: Place) -> Number | str | bool | None:
        """Resolve a plain scalar; what looks like a number and is none is a fault, never a text by accident."""
        if text in ("true", "false"):
            return text == "true"
        if text in ("null", "~", ""):
            return None
        if _NUMBER.fullmatch(text) and not _NOT_EXACT.fullmatch(text):
            number = read_decimal(text)
            if number is not None:
                return number
        if _NUMBER.fullmatch(text) or _NUMBER_LIKE.fullmatch(text):
            self.faults.append(unreadable_number(text, place))
        return text
