"""Golden cases in Chinese, in English or in both, and the facts that they build on: read in the one form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from engine.base.faults import FactsError, raise_all
from engine.documents import Node, read_document
from engine.facts.model import FactType
from engine.facts.read import schema_of
from engine.facts.schema import prepared
from engine.facts.titles import by_names, by_types, named
from engine.language.vocabulary import vocabulary
from engine.ruleset import Ruleset
from engine.ruleset.spoken import in_chinese
from engine.ruleset.surface import in_english
from engine.ruleset.written import type_written
from schemas import schema

_CASES: Mapping[str, Any] = schema("cases.json")
_CASE: Mapping[str, Any] = _CASES["properties"]["cases"]["items"]["properties"]
EXPECTED: Mapping[str, Any] = _CASE["expect"]["properties"]
"""What a case can expect, by the name of its key."""

_CHECK = prepared(_CASES)
_CHINESE = re.compile("[\u4e00-\u9fff]")


def cases_document(written: Node, *, chinese: bool | None = None) -> Node:
    """Return a document of cases with English keys; its faults name keys as it does, or as `chinese` says."""
    root = in_english(written, _CASES)
    if faults := _CHECK(root):
        spoken = mostly_chinese(_keys(written)) if chinese is None else chinese
        raise_all(FactsError, map(in_chinese, faults) if spoken else faults)
    return root


def mostly_chinese(words: Iterable[str]) -> bool:
    """Return whether most of some words are Chinese."""
    found = [bool(_CHINESE.search(word)) for word in words]
    return 2 * sum(found) > len(found)


def key_meant(written: str, known: Iterable[str]) -> str:
    """Return which of the keys that are known in a place is meant, in either form."""
    return vocabulary("keys").meant(written, tuple(known))


def _keys(root: Node) -> Iterator[str]:
    """Yield the keys of a document of cases as they are written, but for those of facts and of what is expected."""
    for key, value in root.items():
        yield key
        for case in value.elements:
            yield from (name for name, _ in case.items())


def facts_by_names(facts: Node, types: Mapping[str, FactType]) -> Node:
    """Return facts by type whose types and fields have their names where titles are written."""
    given = {name: known for name, known in types.items() if known.schema}

    def section(name: str, node: Node) -> Node:
        if name not in given:
            return node
        says = schema_of(given[name])
        if node.is_sequence:
            return replace(node, elements=tuple(by_names(each, says) for each in node.elements))
        return by_names(node, says)

    renamed = by_types(facts, given)
    return replace(renamed, entries=tuple((key, section(key.text, node)) for key, node in renamed.entries or ()))


def base_document(text: str, file: str, types: Mapping[str, FactType]) -> Node:
    """Return a facts file on which cases build, with names for titles; what is wrong with it is reported later."""
    root = by_names(read_document(text, file), schema("facts.json"))
    entries = [
        (key, facts_by_names(value, types) if key.text == "facts" and value.is_mapping else value)
        for key, value in root.entries or ()
    ]
    return replace(root, entries=tuple(entries)) if root.is_mapping else root


def spelt_facts(facts: Node, name: str, ruleset: Ruleset) -> Node:
    """Return the facts of one type, under it, as the ruleset calls it: with titles where it lists the type by its own.

    Other names stay as the facts file has them.
    """
    called = type_written(ruleset, name)
    fields = schema_of(ruleset.facts[name])["properties"]

    def spelt(key: Node) -> Node:
        title = fields.get(key.text, {}).get("title", "")
        by_title = called != name and named(title, fields) == key.text
        return _renamed(key, title if by_title else key.source.strip("\"'") or key.text)

    def fact(node: Node) -> Node:
        entries = tuple((spelt(key), value) for key, value in node.entries or ())
        return replace(node, entries=entries) if node.is_mapping else node

    key, node = next((key, node) for key, node in facts.entries or () if key.text == name)
    listed = replace(node, elements=tuple(map(fact, node.elements))) if node.is_sequence else fact(node)
    return replace(facts, entries=((_renamed(key, called), listed),))


def _renamed(key: Node, text: str) -> Node:
    return replace(key, value=text, text=text, source="")


@dataclass(frozen=True, slots=True)
class Beside:
    """The files next to the cases, and the fact types by which they are read; each facts file is read once."""

    files: Mapping[str, str]
    types: Mapping[str, FactType]
    _read: dict[str, Node] = field(default_factory=dict)

    def base(self, name: str) -> Node:
        """Return a facts file by its name."""
        if name not in self._read:
            self._read[name] = base_document(self.files[name], name, self.types)
        return self._read[name]

    def type_meant(self, written: str) -> str:
        """Return the name of a fact type that is called by its name or its title."""
        titles = {name: {"title": known.title} for name, known in self.types.items() if known.schema}
        return named(written, titles)

    def field_meant(self, fact_type: str, written: str) -> str:
        """Return the name of a type's field that is called by its name or its title."""
        known = self.types.get(fact_type)
        return named(written, schema_of(known)["properties"]) if known is not None and known.schema else written
