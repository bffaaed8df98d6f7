"""Read YAML with exact numbers and the place of every node.

Only what a facts file or a ruleset needs: scalars of YAML 1.2's core schema, mappings whose keys are texts, lists.
What makes YAML surprising (anchors, tags, merge keys, octal numbers) is refused, and `yes` is a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import yaml

from engine.base.faults import Fault, InvalidInput, problem, raise_all
from engine.base.messages import msg
from engine.base.numbers import Number, read_decimal
from engine.base.places import Place
from engine.documents.colons import PlainText, plain_colons
from engine.documents.node import Node
from engine.documents.punctuation import colon_in_name, quoted_fault
from engine.documents.text import (
    MAX_DEPTH,
    check_text,
    escaped,
    forbidden,
    forbidden_code,
    is_empty,
    name_of_several_lines,
    shortened,
    too_deep,
    twice,
    unreadable_number,
)
from engine.documents.yaml_syntax import syntax_faults

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NUMBER = re.compile(r"[-+]?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?", re.ASCII)
_LIKE_NUMBER = re.compile(
    r"[-+]?(?:(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:e[-+]?\d+)?|0[xob][\da-f_]+|\.inf|\.nan|inf|nan|infinity)",
    re.ASCII | re.IGNORECASE,
)
_CONSTANTS = {"true": True, "false": False, "null": None, "~": None, "": None}
_QUOTES = ("'", '"')
_NOT_PLAIN = ("'", '"', "|", ">")


def read_yaml(text: str, file: str) -> Node:
    """Return the document's tree; `InvalidInput` with every fault that can be found."""
    check_text(text, file)
    reader, root = _read(text, file)
    raise_all(InvalidInput, reader.faults)
    if root is None or root.is_empty:
        raise InvalidInput(is_empty(file))
    return root


def as_read(text: str) -> PlainText:
    """Return a text as it is read: with plain colons where it has full-width ones after its keys."""
    reader, _ = _read(text, "")
    return reader.plain


def _read(text: str, file: str) -> tuple[_Reader, Node | None]:
    """Read a text as it is, and with plain colons where it is not a mapping or list of YAML."""
    reader = _Reader(PlainText(text), file)
    root = reader.read()
    if "：" not in text or (root is not None and not root.is_scalar and not reader.faults):
        return reader, root
    other = _Reader(plain_colons(text), file)
    return (reader, root) if other.source == text else (other, other.read())


class _Reader:
    """Builds the tree from the parser's events."""

    def __init__(self, plain: PlainText, file: str) -> None:
        self.plain = plain
        self.source = plain.text
        self.file = file
        self.faults: list[Fault] = []

    def read(self) -> Node | None:
        """Read the text; None where a parser stops."""
        try:
            return self.document(yaml.parse(self.source, Loader=_LOADER))
        except (yaml.YAMLError, OverflowError, ValueError) as error:
            found = syntax_faults(self.source, self.file, error)
            self.faults += [replace(fault, where=self.plain.place(fault.where)) for fault in found]
        except InvalidInput as error:
            self.faults += error.faults
        return None

    def document(self, events: Iterator[Any]) -> Node | None:
        """Read the one document of a file."""
        root: Node | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    self.faults.append(
                        Fault(
                            problem("yaml.second-document", "A second document begins here."),
                            msg("Keep one document in a file: remove the line `---`, or what follows it."),
                            self.place(event, ""),
                        )
                    )
                    break
                root = self.node(next(events), events, "", 0)
        return root

    def place(self, event: Any, pointer: str) -> Place:
        """Return where an event begins."""
        mark = event.start_mark
        return self.plain.place(Place(self.file, mark.line + 1, mark.column + 1, pointer))

    def node(self, event: Any, events: Iterator[Any], pointer: str, depth: int) -> Node:
        """Read one node and all below it."""
        place = self.place(event, pointer)
        if event.anchor is not None:
            self.faults.append(
                Fault(
                    problem("yaml.anchor", "Anchors and aliases (& and *) are not supported."),
                    msg("Write the content out in each place; a text that begins with & or * needs quotes."),
                    place,
                )
            )
            if isinstance(event, yaml.AliasEvent):
                return Node(place)
        if event.tag is not None:
            self.faults.append(
                Fault(
                    problem(
                        "yaml.tag",
                        "Tags such as “{tag}” are not supported.",
                        tag=shortened(self.source[event.start_mark.index :].split(maxsplit=1)[0]),
                    ),
                    msg("Remove the tag; a text that begins with ! needs quotes."),
                    place,
                )
            )
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event, place)
        if depth >= MAX_DEPTH:
            raise InvalidInput(too_deep(place))
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(events, place, depth)
        return self.sequence(events, place, depth)

    def mapping(self, events: Iterator[Any], place: Place, depth: int) -> Node:
        """Read a mapping; its keys are texts, each once."""
        entries: list[tuple[Node, Node]] = []
        seen: dict[str, Place] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            named = isinstance(event, yaml.ScalarEvent)
            pointer = f"{place.pointer}/{escaped(event.value)}" if named else place.pointer
            key = self.node(event, events, pointer, depth + 1)
            if isinstance(key.value, Number) and not isinstance(key.value, bool):
                key = replace(key, value=key.text)  # a name is a text, and this one is as it is written
            if self.is_name(key, event) and seen.setdefault(key.text, key.place) is not key.place:
                self.faults.append(twice(key.text, seen[key.text], key.place))
            value = self.node(next(events), events, pointer, depth + 1)
            entries.append((key, value))
        return Node(place, entries=tuple(entries))

    def is_name(self, key: Node, event: Any) -> bool:
        """Return whether a key is a text that names something, else add a fault."""
        if isinstance(key.value, str):
            if broken := name_of_several_lines(key.text, key.place):
                self.faults.append(broken)
                return False
            if event.style not in _QUOTES and (sign := colon_in_name(key.text, key.place)):
                self.faults.append(sign)
                return False
            if key.text != "<<" or event.style in _QUOTES:
                return True
            what, remedy = (
                problem("yaml.merge-key", "Merge keys (<<) are not supported."),
                msg("Write the content out in each place."),
            )
        elif key.is_empty and not key.text:
            what = problem("yaml.no-name", "There is no name before this colon.")
            remedy = msg("Write the name before the colon; a text that begins with a colon needs quotes.")
        elif key.is_scalar:
            what = problem("yaml.name-not-text", "The name “{text}” is not a text.", text=shortened(key.text))
            remedy = msg('Put the name in quotes: "{text}".', text=shortened(key.text))
        else:
            what = problem("yaml.name-needed", "A name is needed here, not a list or a mapping.")
            remedy = msg("Write a plain name before the colon; a text with brackets needs quotes.")
        self.faults.append(Fault(what, remedy, key.place))
        return False

    def sequence(self, events: Iterator[Any], place: Place, depth: int) -> Node:
        """Read a list."""
        elements: list[Node] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            elements.append(self.node(event, events, f"{place.pointer}/{len(elements)}", depth + 1))
        return Node(place, elements=tuple(elements), is_sequence=True)

    def scalar(self, event: Any, place: Place) -> Node:
        """Read a scalar: quoted or block text as it is, a plain one by the core schema."""
        text: str = event.value
        if event.style in _NOT_PLAIN:
            code = forbidden_code(text)
            if code is not None:
                self.faults.append(forbidden(code, place))
            return Node(place, text, text, source=self.written(event))
        source = "" if event.start_mark.line == event.end_mark.line else self.written(event)
        return Node(place, self.resolved(text, place), text, source=source)

    def written(self, event: Any) -> str:
        """Return a scalar as the file has it."""
        return self.source[event.start_mark.index : event.end_mark.index]

    def resolved(self, text: str, place: Place) -> Number | str | bool | None:
        """Resolve a plain scalar; what looks like a number but is not one is a fault, never a text by accident."""
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        if _LIKE_NUMBER.fullmatch(text):
            number = read_decimal(text) if _NUMBER.fullmatch(text) else None
            if number is None:
                self.faults.append(unreadable_number(text, place))
            return number
        if quoted := quoted_fault(text, place):
            self.faults.append(quoted)
        return text
