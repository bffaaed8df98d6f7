"""A document as a tree of nodes, each of which knows its place: file, line, column, JSON pointer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from engine.base.numbers import Number, exact_text, simplest
from engine.base.places import Place
from engine.documents.spelling import source_offset
from engine.documents.text import escaped


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One node: a scalar with its value and text, or a mapping or sequence with its children."""

    place: Place
    value: Number | str | bool | None = None
    text: str = ""
    """A scalar as it is meant: quotes, escapes and folded lines resolved."""
    entries: tuple[tuple[Node, Node], ...] | None = None
    """A mapping's keys and values, in the document's order; a key's pointer is that of its value."""
    elements: tuple[Node, ...] = ()
    is_sequence: bool = False
    source: str = ""
    """A scalar as it is written, quotes, escapes and all; empty where that is its text."""

    @property
    def is_mapping(self) -> bool:
        """Whether the node is a mapping."""
        return self.entries is not None

    @property
    def is_scalar(self) -> bool:
        """Whether the node is neither a mapping nor a list."""
        return self.entries is None and not self.is_sequence

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written, or null."""
        return self.is_scalar and self.value is None

    def items(self) -> Iterator[tuple[str, Node]]:
        """Yield a mapping's entries."""
        for key, value in self.entries or ():
            yield key.text, value

    def get(self, name: str) -> Node | None:
        """Return a mapping's entry, or None."""
        return next((value for key, value in self.items() if key == name), None)

    def __getitem__(self, name: str) -> Node:
        """Return a mapping's entry that must be there."""
        found = self.get(name)
        if found is None:
            raise KeyError(name)
        return found

    def key(self, name: str) -> Node | None:
        """Return the node of a mapping's key."""
        return next((key for key, _ in self.entries or () if key.text == name), None)

    def place_at(self, offset: int) -> Place:
        """Return the place of a character of the text, in the file as it is written."""
        if self.place.line is None or self.place.column is None:
            return self.place
        source = self.source or self.text
        before = source[: source_offset(source, offset) if self.source else offset]
        lines = before.count("\n")
        column = len(before) - before.rfind("\n") if lines else self.place.column + len(before)
        return replace(self.place, line=self.place.line + lines, column=column)


def to_plain(node: Node) -> Any:
    """Return the document as plain values, numbers as `int` or exact `Decimal`, as JSON Schema wants them."""
    if node.entries is not None:
        return {key.text: to_plain(value) for key, value in node.entries}
    if node.is_sequence:
        return [to_plain(element) for element in node.elements]
    if isinstance(node.value, bool | int | str) or node.value is None:
        return node.value
    return Decimal(node.text)


def from_plain(value: Any, place: Place) -> Node:
    """Return the document of plain values, numbers exact, the opposite of `to_plain`; each node knows its pointer."""
    if isinstance(value, Mapping):
        entries = []
        for key, below in value.items():
            at = replace(place, pointer=f"{place.pointer}/{escaped(key)}")
            entries.append((Node(at, key, key), from_plain(below, at)))
        return Node(place, entries=tuple(entries))
    if isinstance(value, list | tuple):
        elements = (from_plain(below, replace(place, pointer=f"{place.pointer}/{n}")) for n, below in enumerate(value))
        return Node(place, elements=tuple(elements), is_sequence=True)
    if isinstance(value, str) or value is None:
        return Node(place, value, value or "")
    if isinstance(value, bool):
        return Node(place, value, "true" if value else "false")
    number = simplest(Fraction(value))
    return Node(place, number, exact_text(number))


def at_pointer(root: Node, steps: list[str | int]) -> Node:
    """Return the node that a path of keys and positions leads to."""
    node = root
    for step in steps:
        node = node.elements[step] if isinstance(step, int) else node[step]
    return node
