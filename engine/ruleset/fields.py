"""Read the fields of a ruleset's document, each of which may be missing; the document has passed its schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from engine.base.numbers import Number
from engine.documents import Node
from engine.ruleset.rule_text import Under
from engine.ruleset.source_text import Bilingual, SourceText


def items(node: Node | None) -> Iterator[tuple[str, Node]]:
    """Yield the entries of a mapping that may be missing."""
    if node is not None:
        yield from node.items()


def entries(node: Node | None) -> Iterator[tuple[Node, Node]]:
    """Yield the keys and values of a mapping that may be missing."""
    if node is not None:
        yield from node.entries or ()


def elements(node: Node | None) -> Iterator[Node]:
    """Yield the elements of a list that may be missing."""
    if node is not None:
        yield from node.elements


def text(node: Node | None) -> str:
    """Return a text that may be missing."""
    return node.text if node is not None else ""


def texts(node: Node | None) -> Mapping[str, str]:
    """Return a mapping of texts that may be missing."""
    return {name: value.text for name, value in items(node)}


def names(node: Node | None) -> tuple[str, ...]:
    """Return a list of texts that may be missing."""
    return tuple(element.text for element in elements(node))


def is_set(node: Node | None) -> bool:
    """Return a flag that is off where it is missing."""
    return node is not None and node.value is True


def number(node: Node) -> Number:
    """Return a number that the schema has seen to be one."""
    return cast("Number", node.value)


def source_text(node: Node) -> SourceText:
    """Return an expression with its place."""
    return SourceText(node.text, node)


def source_text_or_none(node: Node | None) -> SourceText | None:
    """Return an expression that may be missing."""
    return source_text(node) if node is not None else None


def conditions(node: Node | None) -> tuple[SourceText, ...]:
    """Return conditions that are written as one text or as a list of texts."""
    if node is None:
        return ()
    return tuple(source_text(element) for element in node.elements) if node.is_sequence else (source_text(node),)


def names_or_one(node: Node | None) -> tuple[str, ...]:
    """Return names that are written as one text or as a list of texts."""
    return tuple(found.text for found in conditions(node))


def bilingual(node: Node) -> Bilingual:
    """Return words in both languages."""
    return Bilingual(source_text(node["zh"]), source_text(node["en"]))


def under(node: Node | None) -> Under:
    """Return the readings in which something applies."""
    return tuple((reading, frozenset(names_or_one(value))) for reading, value in items(node))
