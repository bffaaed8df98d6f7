"""Write an expression or a sentence in the other form of the language, word by word, without knowing its types.

What it means stays: a name whose other form is not known, or not the same for every fact type, is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from lark import Token

from engine.language.parser import ExpressionError, parse, tokens
from engine.language.vocabulary import vocabulary

_BRACES = re.compile(r"\{([^{}:：]*)")
_SIGNS = frozenset({"COMPARE", "TIMES"})
_WORDS = frozenset({"AND", "OR", "NOT", "TRUE", "FALSE", "_IN", "_IF", "_THEN", "_ELSE", "_WHERE"})
_CANONICAL_SIGNS = {"=": "==", "≠": "!=", "≤": "<=", "≥": ">="}


@dataclass(frozen=True, slots=True)
class WordForm:
    """One of the two forms: Chinese or English, and what fact types, parameters and fields are called in it."""

    chinese: bool
    names: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    """What rules, parts and alternatives are called, which no expression names."""

    def expression(self, text: str) -> str:
        """Return an expression in this form; as it is where it cannot be read.

        >>> WordForm(chinese=True, names={"visit": "上门服务"}).expression("count(visit) >= 1 and not false")
        '个数(上门服务) ≥ 1 且 非 否'
        """
        try:
            parse(text)
        except ExpressionError:
            return text
        pieces, position = [], 0
        found = list(tokens(text))
        for before, token, after in zip([None, *found], found, [*found[1:], None], strict=False):
            start, end = token.start_pos or 0, token.end_pos or 0
            pieces += [text[position:start], self._word(before, token, after, text[start:end])]
            position = end
        return "".join(pieces) + text[position:]

    def sentence(self, text: str) -> str:
        """Return a sentence whose expressions are in this form."""
        return _BRACES.sub(lambda match: "{" + self.expression(match[1]), text)

    def name(self, name: str) -> str:
        """Return what a fact type, a parameter or an alias is called."""
        return self.names.get(name, name)

    def label(self, name: str) -> str:
        """Return what a rule, a part or an alternative is called."""
        return self.labels.get(name, name)

    def key(self, key: str) -> str:
        """Return how a key of a ruleset is written."""
        return _spelt("keys", key, chinese=self.chinese)

    def field_name(self, name: str) -> str:
        """Return what a field is called."""
        return self.fields.get(name) or self.name(name)

    def _word(self, before: Token | None, token: Token, after: Token | None, written: str) -> str:
        if token.type in _SIGNS:
            return _spelt("operators", _CANONICAL_SIGNS.get(str(token), str(token)), chinese=self.chinese)
        if token.type in _WORDS:
            return _spelt("keywords", written, chinese=self.chinese)
        if token.type == "NAME" and before is not None and before.type == "DOT":
            case = vocabulary("words").canonical(written)
            return self.field_name(written) if case not in ("department", "year") else self._spoken(case, written)
        if token.type == "NAME" and after is not None and after.type == "LPAR":
            return _spelt("functions", written, chinese=self.chinese)
        if token.type == "NAME":
            word = _spelt("words", written, chinese=self.chinese)
            return self.names.get(written) or (word if word != written else self.fields.get(written, written))
        return written

    def _spoken(self, word: str, written: str) -> str:
        return self.fields.get(written) or _spelt("words", word, chinese=self.chinese)


def _spelt(part: str, word: str, *, chinese: bool) -> str:
    words = vocabulary(part)
    return words.spelt(words.canonical(word), chinese=chinese)


def one_each(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return what each name is called, where all that is said of it is the same and can be written as a name.

    >>> one_each([("a", "甲"), ("a", "甲"), ("b", "乙"), ("b", "丙"), ("c", "c（d）")])
    {'a': '甲'}
    """
    said: dict[str, set[str]] = {}
    for name, other in pairs:
        said.setdefault(name, set()).add(other)
    return {name: other for name, (other, *more) in said.items() if not more and _IS_NAME(other)}


_IS_NAME: Callable[[str], object] = re.compile(r"[A-Za-z_\u4e00-\u9fff][A-Za-z0-9_\u4e00-\u9fff]*").fullmatch
