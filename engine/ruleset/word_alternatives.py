"""Alternatives that are called by words of the language: 整步 is whole there too, as where a rule says it itself."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from engine.documents.node import Node
from engine.language.vocabulary import vocabulary

_GROUPS = (("whole", "begun", "pro_rata"), ("yes", "no"))
"""The words by which a reading can decide: how steps are counted, and whether what is met in part gives points."""
_CHOICES = ("under", "partial")
"""The keys under which alternatives are named by their reading."""

Meant = Mapping[str, Mapping[str, str]]
"""Of each reading whose alternatives are words of the language, their English forms by the Chinese ones."""


def with_english_words(root: Node) -> Node:
    """Return a document whose readings have the English words for alternatives, whichever form it is written in."""
    readings = root.get("readings")
    found = {} if readings is None else {name: _words(node) for name, node in readings.items()}
    meant = {name: words for name, words in found.items() if words}
    return _renamed(root, meant, "") if meant else root


def written_words(root: Node) -> dict[str, str]:
    """Return the words that such alternatives are written as, each with its English form."""
    readings = root.get("readings")
    keys = [key for _, node in (readings.items() if readings is not None else ()) for key in _keys(node)]
    english = {word for group in _GROUPS for word in group}
    spelt = vocabulary("values").chinese
    return {spelt[key.text]: key.text for key in keys if key.text in english and key.source.strip("'\"") != key.text}


def written_alternatives(root: Node) -> dict[str, str]:
    """Return what alternatives are written as, by what they are called."""
    readings = root.get("readings")
    keys = [key for _, node in (readings.items() if readings is not None else ()) for key in _keys(node)]
    return {key.text: key.source.strip("'\"") for key in keys if key.source}


def chinese_words(alternatives: Collection[str]) -> dict[str, str]:
    """Return the Chinese words of a reading's alternatives, where words of one kind call all of them."""
    spelt = vocabulary("values").chinese
    return next(({word: spelt[word] for word in group} for group in _GROUPS if {*alternatives} <= {*group}), {})


def _keys(reading: Node) -> list[Node]:
    alternatives = reading.get("alternatives") if reading.is_mapping else None
    return [key for key, _ in (alternatives.entries or ())] if alternatives is not None else []


def _words(reading: Node) -> Mapping[str, str]:
    """Return the Chinese words that call alternatives of a reading, if words of one kind call all of them."""
    names = {key.text for key in _keys(reading)}
    for group in _GROUPS:
        chinese = {vocabulary("values").chinese[word]: word for word in group}
        if names and names <= {*chinese, *group}:
            return {name: chinese[name] for name in names if name in chinese and chinese[name] not in names}
    return {}


def _renamed(node: Node, meant: Meant, key: str) -> Node:
    """Return a node, which has a key, with the alternatives in it called by their English words."""
    if node.is_mapping:
        return replace(node, entries=tuple(_entries(node, meant, key)))
    if node.is_sequence:
        return replace(node, elements=tuple(_renamed(each, meant, key) for each in node.elements))
    return node


def _entries(node: Node, meant: Meant, key: str) -> Iterator[tuple[Node, Node]]:
    for name, value in node.entries or ():
        if key in _CHOICES and name.text in meant:
            yield name, _spelt(value, meant[name.text])
        elif key == "readings" and name.text in meant and value.is_mapping:
            own = meant[name.text]
            said = ((k, _spelt(v, own) if k.text in ("chosen", "alternatives") else v) for k, v in value.entries or ())
            yield name, replace(value, entries=tuple(said))
        else:
            yield name, _renamed(value, meant, name.text)


def _spelt(node: Node, words: Mapping[str, str]) -> Node:
    """Return what names alternatives, one, a list, or a mapping by them, with their English words."""
    if node.is_mapping:
        return replace(node, entries=tuple((_spelt(key, words), value) for key, value in node.entries or ()))
    if node.is_sequence:
        return replace(node, elements=tuple(_spelt(each, words) for each in node.elements))
    if node.text not in words:
        return node
    return replace(node, value=words[node.text], text=words[node.text], source=node.source or node.text)
