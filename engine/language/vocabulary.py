"""The two forms of the rule language: each English word and its Chinese one, from schemas/vocabulary.json."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache

from schemas import schema

_TEXT = re.compile(r"""'[^'\n]*'|"[^"\n]*\"""")
_PLAIN = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    ord("\u3000"): " ", ord("×"): "*", ord("÷"): "/", ord("−"): "-", ord("【"): "[", ord("】"): "]", ord("、"): ",",
}  # fmt: skip
"""Signs of Chinese writing and the plain ones, one for one, so that nothing moves."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """One part of the vocabulary, such as the functions."""

    chinese: Mapping[str, str]
    """The Chinese form of each English word."""
    english: Mapping[str, str]
    """The English form of each Chinese word."""

    def canonical(self, word: str) -> str:
        """Return the English form of a word in either form; a word of neither as it is."""
        return self.english.get(word, word)

    def meant(self, word: str, known: Collection[str]) -> str:
        """Return which of the words known in a place is meant; the word itself where that is not exactly one."""
        if word in known:
            return word
        found = [english for english in known if self.chinese.get(english) == word]
        return found[0] if len(found) == 1 else word

    def spelt(self, word: str, *, chinese: bool) -> str:
        """Return an English word in the form that is asked for."""
        return self.chinese.get(word, word) if chinese else word


@cache
def vocabulary(part: str) -> Vocabulary:
    """Return a part of the vocabulary: operators, keywords, functions, words, keys or values."""
    chinese: dict[str, str] = schema("vocabulary.json")[part]
    return Vocabulary(chinese, {word: english for english, word in chinese.items()})


_SAID = (
    *("number", "weight", "part_weight", "part_number", "part_title", "row_weight", "row_name"),
    *("band", "case", "points", "taken", "value", "total", "full_score"),
)


@cache
def reserved() -> frozenset[str]:
    """Return the words, in either form, that mean themselves wherever they stand alone in an expression."""
    return frozenset((*_SAID, *(vocabulary("words").chinese[word] for word in _SAID)))


@cache
def no_titles() -> frozenset[str]:
    """Return the words that nothing may be titled by which is called by its title: the reserved ones, and `it`."""
    return reserved() | {"it", vocabulary("words").chinese["it"]}


def plain_signs(text: str) -> str:
    """Return an expression with the signs of Chinese writing as plain ones, at the same places, but for its texts.

    >>> plain_signs("（１＋２）× 50％ ≥ '（一）'")
    "(1+2)* 50% ≥ '（一）'"
    """
    if text.isascii():
        return text
    start, pieces = 0, []
    for found in _TEXT.finditer(text):
        pieces += [text[start : found.start()].translate(_PLAIN), found[0]]
        start = found.end()
    return "".join(pieces) + text[start:].translate(_PLAIN)
