"""The words of the notation for fact types, Chinese and English, and the entries of a mapping by their keyword."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.base.faults import Fault, problem
from engine.base.messages import msg
from engine.documents import Node
from schemas import schema

_TABLE = schema("fact-words.json")
_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff"
NAME = re.compile(rf"[A-Za-z_{_HAN}][A-Za-z0-9_{_HAN}]*")
"""A name of a fact type or a field; such names sort alike in UTF-8 and UTF-16, so that a receipt has one text."""
UNITS: frozenset[str] = frozenset(_TABLE["units"])
"""The units that need no other word to be known as units."""
_CHINESE = re.compile(f"[{_HAN}]")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of one place of the notation: pairs of an English and a Chinese word with one meaning."""

    pairs: Mapping[str, str]

    def meaning(self, word: str) -> str | None:
        """Return the English word that a word in either form is, or None."""
        return word if word in self.pairs else next((en for en, zh in self.pairs.items() if zh == word), None)

    def both(self, english: str) -> tuple[str, str]:
        """Return both forms of a word."""
        return english, self.pairs[english]

    def words(self, like: str) -> list[str]:
        """Return the words in the form in which a text is written: Chinese where it has a Chinese character."""
        return list(self.pairs.values() if is_chinese(like) else self.pairs)

    def pattern(self, *english: str) -> str:
        """Return a regular expression for some words in either form."""
        return "|".join(re.escape(word) for each in english for word in self.both(each))


TYPE, FIELD, CONDITION, KINDS, WORDS = (
    Vocabulary(_TABLE[place]) for place in ("type", "field", "condition", "kind", "word")
)


def is_chinese(text: str) -> bool:
    """Return whether a text has a Chinese character."""
    return _CHINESE.search(text) is not None


def rule_words(part: str, words: Iterable[str]) -> dict[str, str]:
    """Return the Chinese forms of those words that are words of a part of the rule language."""
    chinese: Mapping[str, str] = schema("vocabulary.json")[part]
    return {word: chinese[word] for word in words if word in chinese}


def plain(text: str) -> str:
    """Return a text with full-width digits, letters and signs made plain; each character keeps its place."""
    folded = (unicodedata.normalize("NFKC", character) for character in text)
    return "".join(new if len(new) == 1 else old for new, old in zip(folded, text, strict=True))


@dataclass(frozen=True, slots=True)
class Entries:
    """A mapping's entries: those of keywords by the English word, and all others."""

    known: Mapping[str, Node]
    keys: Mapping[str, Node]
    """The keys of the keywords as they are written."""
    others: tuple[tuple[Node, Node], ...]

    def text(self, keyword: str) -> str:
        """Return a keyword's text, empty where it is missing."""
        return self.known[keyword].text if keyword in self.known else ""

    def is_set(self, keyword: str) -> bool:
        """Return whether a keyword is `true`."""
        return keyword in self.known and self.known[keyword].value is True


def entries(node: Node, words: Vocabulary, faults: list[Fault]) -> Entries:
    """Return a mapping's entries by keyword; a keyword in both forms is a fault."""
    known: dict[str, Node] = {}
    keys: dict[str, Node] = {}
    others: list[tuple[Node, Node]] = []
    for key, value in node.entries or ():
        meaning = words.meaning(key.text)
        if meaning is None:
            others.append((key, value))
        elif meaning in keys:
            faults.append(_in_both_forms(keys[meaning], key))
        else:
            known[meaning], keys[meaning] = value, key
    return Entries(known, keys, tuple(others))


_TRUTH = {"是": True, "否": False}
_SWITCHES = ("single", "optional", "own", "fixed")


def with_truth(node: Node) -> Node:
    """Return a mapping in which 是 and 否 are true and false wherever a keyword is one of the two, at any depth."""
    if not node.is_mapping:
        return node
    made = []
    for key, value in node.entries or ():
        switch = {TYPE.meaning(key.text), FIELD.meaning(key.text)} & {*_SWITCHES}
        if switch and isinstance(value.value, str) and value.text in _TRUTH:
            made.append((key, replace(value, value=_TRUTH[value.text], source=value.source or value.text)))
        else:
            made.append((key, with_truth(value)))
    return replace(node, entries=tuple(made))


def remedy_of(node: Node | None) -> dict[str, Any]:
    """Return the keyword `x-remedy` of JSON Schema for a remedy in one language or in both; nothing for none."""
    if node is None:
        return {}
    zh, en = (node["zh"].text, node["en"].text) if node.is_mapping else (node.text, node.text)
    return {"x-remedy": {"zh": zh, "en": en}}


def _in_both_forms(first: Node, second: Node) -> Fault:
    what = problem(
        "fact-type.keyword-twice", "“{other}” and “{name}” mean the same.", other=first.text, name=second.text
    )
    return Fault(what, msg("Keep one of the two."), second.place)
