"""The two forms of a ruleset's document: read in Chinese, in English or in both, it becomes the one with English keys.

Only words of the language change: keys and fixed values by schemas/vocabulary.json, and what the ruleset's section
`names` and the titles of shared fact types give another name. Every node keeps its place, so that an error is reported
where it was written. A text in one language gets its translation from the file beside the ruleset, else serves both.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

from engine.base.numbers import read_decimal
from engine.base.sources import RULESET, TRANSLATIONS
from engine.documents import Node, read_document
from engine.facts.builtin import EVIDENCE
from engine.facts.types import own_titles
from engine.language.vocabulary import plain_signs, vocabulary
from engine.ruleset.decisions import with_decisions
from engine.ruleset.word_alternatives import with_english_words
from schemas import fact_types, schema

_CHINESE = re.compile("[\u4e00-\u9fff]")
_WIDE_NUMBER = re.compile(r"[0-9０-９]+([.．][0-9０-９]+)?")
_BILINGUAL = "#/$defs/bilingual"
THE_ONE = "it"
"""What a fact is called where `each` names only its type."""


def open_ruleset(files: Mapping[str, str]) -> Node:
    """Return a ruleset's document in the form with English keys, from the texts of its sources by name."""
    root = _document(files[RULESET], RULESET)
    others = {language: _document(files[file], file) for language, file in TRANSLATIONS.items() if file in files}
    translations = {language: dict(found.items()) for language, found in others.items() if found.is_mapping}
    names = _names(root)
    own = own_titles(written_under(root, "facts"), files)
    whole = schema("ruleset.json")
    reader = _Reader(whole, {**shared_titles(), **names}, {**own, **names}, translations)
    return with_decisions(with_english_words(reader.canonical(root, whole)))


def in_english(root: Node, whole: Mapping[str, Any]) -> Node:
    """Return another document of the language, such as golden cases, in the form with English keys, by its schema."""
    return _Reader(whole, {}, {}, {}).canonical(root, whole)


def written_under(root: Node, key: str) -> Node | None:
    """Return what a ruleset has under a key of its own, written in English or in Chinese."""
    return root.get(key) or root.get(vocabulary("keys").chinese[key])


@lru_cache(maxsize=8)
def _document(text: str, file: str) -> Node:
    """Read a text once, though it is opened to find its fact types, and again with them."""
    return read_document(text, file)


@cache
def shared_titles() -> Mapping[str, str]:
    """Return the names of the shared fact types by their titles."""
    titles = {json.loads(text)["title"]: name for name, text in fact_types().items()}
    return {**titles, EVIDENCE.title: EVIDENCE.name}


def _names(root: Node) -> dict[str, str]:
    """Return the names that the ruleset itself gives to what it names otherwise."""
    found = written_under(root, "names")
    return {name: node.text for name, node in found.items()} if found is not None and found.is_mapping else {}


@dataclass(frozen=True, slots=True)
class _Reader:
    """One pass over one document, along its schema."""

    whole: Mapping[str, Any]
    names: Mapping[str, str]
    own: Mapping[str, str]
    """What refers to a fact type of the ruleset's own may call it by its title, but for the list of the types."""
    translations: Mapping[str, Mapping[str, Node]]
    """By language, the translation of each text."""

    def canonical(self, node: Node, says: Mapping[str, Any]) -> Node:
        """Return a node in the one form, as far as its schema says what it is."""
        if not says:
            return node
        if says.get("$ref") == _BILINGUAL and node.is_scalar and isinstance(node.value, str):
            return self.in_both(node)
        found = self.resolved(says)
        for other in found.get("anyOf", ()):
            if other.get("$ref") == _BILINGUAL:
                return self.canonical(node, other)
        if "x-default-key" in found and node.is_scalar and isinstance(node.value, str):
            node = _wrapped(found["x-default-key"], node)
        if node.is_mapping:
            written = frozenset(key.text for key, _ in node.entries or ())
            entries = tuple(self.entry(key, value, found, written) for key, value in node.entries or ())
            return self.with_both(replace(node, entries=entries), found)
        if node.is_sequence:
            return replace(node, elements=tuple(self.canonical(each, found.get("items", {})) for each in node.elements))
        return self.scalar(node, found)

    def with_both(self, node: Node, says: Mapping[str, Any]) -> Node:
        """Return a mapping with words in both languages, where it has those of one."""
        there = {name: found for name in ("zh", "en") if (found := node.get(name)) is not None}
        if len(there) != 1 or not {"zh", "en"} <= says.get("properties", {}).keys():
            return node
        (written,) = there.values()
        (other,) = {"zh", "en"} - there.keys()
        translated = self.translations.get(other, {}).get(written.text, written)
        return replace(node, entries=(*(node.entries or ()), (_key(other, written), translated)))

    def resolved(self, says: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return a schema with what it refers to."""
        if "$ref" not in says:
            return says
        target: Any = self.whole
        for step in str(says["$ref"]).removeprefix("#/").split("/"):
            target = target[step]
        return {**self.resolved(target), **says, "$ref": None}

    def entry(self, key: Node, value: Node, says: Mapping[str, Any], written: frozenset[str]) -> tuple[Node, Node]:
        """Return an entry of a mapping: a key of the language, or a name; not one that is `written` there as well."""
        properties: Mapping[str, Any] = says.get("properties", {})
        name = vocabulary("keys").meant(key.text, properties)
        if name not in properties and says.get("x-names"):
            name = self.names.get(name, name)
        name = key.text if name in written else name
        below = properties.get(name, says.get("additionalProperties", {}))
        spelt = key if name == key.text else replace(key, value=name, text=name, source=key.source or key.text)
        return spelt, self.canonical(value, below if isinstance(below, Mapping) else {})

    def scalar(self, node: Node, says: Mapping[str, Any]) -> Node:
        """Return a word of the language in its English form, and a name as the ruleset means it."""
        if not isinstance(node.value, str):
            return node
        word: str | bool = node.text
        known = says.get("x-words", ())
        if (meant := vocabulary("values").meant(node.text, known)) in known:
            word = meant
        elif says.get("x-name"):
            word = self.own.get(node.text) or self.names.get(node.text, node.text)
        elif "enum" in says and node.text not in says["enum"]:
            word = vocabulary("values").meant(node.text, says["enum"])
        elif says.get("type") == "boolean" and node.text in _TRUTH:
            word = _TRUTH[node.text]
        elif says.get("type") in ("number", "integer") and _WIDE_NUMBER.fullmatch(node.text):
            plain = plain_signs(node.text)
            return replace(node, value=read_decimal(plain), text=plain, source=node.source or node.text)
        if word == node.text:
            return node
        return replace(node, value=word, text=str(word), source=node.source or node.text)

    def in_both(self, node: Node) -> Node:
        """Return a text in Chinese and in English: one as it is written, the other as it is translated."""
        written, other = ("zh", "en") if _CHINESE.search(node.text) else ("en", "zh")
        translated = self.translations.get(other, {}).get(node.text, node)
        both = {written: node, other: translated}
        return Node(node.place, entries=tuple((_key(name, node), both[name]) for name in ("zh", "en")))


_TRUTH = {"是": True, "否": False}


def _wrapped(key: str, node: Node) -> Node:
    return Node(node.place, entries=((_key(key, node), node),))


def _key(name: str, node: Node) -> Node:
    return Node(node.place, name, name)
