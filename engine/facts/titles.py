"""Titles in the place of names: a facts file may call types and fields as the form does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from engine.documents import Node
from engine.facts.model import FactType

_TRUTH = {"是": True, "否": False}


def by_names(node: Node, says: Mapping[str, Any]) -> Node:
    """Return a document's node in which keys that are titles of its schema's fields are their names.

    A key that is a name already, or the title of several fields, stays; so does the place of each key. Of a field that
    is true or false, 是 and 否 are the values.
    """
    if node.is_mapping:
        fields: Mapping[str, Any] = says.get("properties", {})

        def below(name: str, value: Node) -> Node:
            return by_names(value, fields.get(name, {}))

        return _renamed(node, lambda key: named(key, fields), below)
    if node.is_sequence:
        return replace(node, elements=tuple(by_names(each, says.get("items", {})) for each in node.elements))
    if says.get("type") == "boolean" and isinstance(node.value, str) and node.text in _TRUTH:
        return replace(node, value=_TRUTH[node.text], source=node.source or node.text)
    return node


def by_types(sections: Node, types: Mapping[str, FactType]) -> Node:
    """Return the facts of a file by the names of their types, whether these or their titles are written."""
    titles = {name: {"title": fact_type.title} for name, fact_type in types.items()}
    return _renamed(sections, lambda key: named(key, titles), lambda _name, value: value)


def each_fact(root: Node, change: Callable[[Node], Node]) -> Node:
    """Return a facts document in which each fact is changed."""

    def section(name: str, node: Node) -> Node:
        return _renamed(node, str, _facts) if name == "facts" and node.is_mapping else node

    def _facts(_type: str, node: Node) -> Node:
        if node.is_sequence:
            return replace(node, elements=tuple(map(change, node.elements)))
        return change(node)

    return _renamed(root, str, section) if root.is_mapping else root


def _renamed(node: Node, name: Callable[[str], str], value: Callable[[str, Node], Node]) -> Node:
    entries, written = [], {key.text for key, _ in node.entries or ()}
    for key, found in node.entries or ():
        meant = name(key.text)
        # Where both the name and the title are written, neither is preferred: the title is then reported as unknown.
        meant = key.text if meant in written else meant
        spelt = key if meant == key.text else replace(key, value=meant, text=meant, source=key.source or key.text)
        entries.append((spelt, value(meant, found)))
    return replace(node, entries=tuple(entries))


def named(key: str, fields: Mapping[str, Any]) -> str:
    """Return the name of the field that a key names, or whose title it alone is; else the key itself."""
    if key in fields:
        return key
    titled = [name for name, says in fields.items() if isinstance(says, Mapping) and says.get("title") == key]
    return titled[0] if len(titled) == 1 else key
