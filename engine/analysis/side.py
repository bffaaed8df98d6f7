"""One of two rulesets that are compared: what it says, as a key to compare and as words in both languages.

Expressions are compared in their English form without spaces: a translated ruleset says the same.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from engine.base.messages import Message, bilingual_text, listing
from engine.language.spelling import WordForm
from engine.ruleset import Ruleset
from engine.ruleset.rule_text import Under
from engine.ruleset.source_text import Bilingual, SourceText
from engine.ruleset.word_form import word_form

Shown: TypeAlias = str | Message


@dataclass(frozen=True, slots=True)
class Property:
    """What is said of one property: by what it is compared, and how it is shown."""

    key: Hashable
    shown: Shown


Properties: TypeAlias = Mapping[str, Property]


@dataclass(frozen=True)
class Side:
    """One of the two rulesets, with both forms of its expressions."""

    ruleset: Ruleset
    same_clause: Mapping[str, str] = field(default_factory=dict)
    """What the clauses of this ruleset are called in the other one, where that is another id."""

    def __post_init__(self) -> None:
        forms = {language: word_form(self.ruleset, chinese=language == "zh") for language in ("zh", "en")}
        object.__setattr__(self, "forms", forms)

    forms: Mapping[str, WordForm] = field(init=False, repr=False)

    def expression(self, written: SourceText | None) -> Property:
        """Return an expression."""
        if written is None:
            return plain("")
        forms = {language: form.expression(written.text) for language, form in self.forms.items()}
        return Property("".join(forms["en"].split()), bilingual_text(forms))

    def expressions(self, written: Iterable[SourceText]) -> Property:
        """Return conditions that must all hold."""
        return several(self.expression(each) for each in written)

    def sentence(self, words: Bilingual | None) -> Property:
        """Return a sentence in both languages, whose expressions are in both forms."""
        if words is None:
            return plain("")
        zh, en = self.forms["zh"].sentence(words.zh.text), self.forms["en"].sentence(words.en.text)
        key = tuple(self.forms["en"].sentence(each.text) for each in (words.zh, words.en))
        return Property(key, bilingual_text({"zh": zh, "en": en}))

    def cites(self, clauses: Iterable[str]) -> Property:
        """Return clauses, by the ids that they have in the other ruleset."""
        cited = tuple(clauses)
        return Property(tuple(self.same_clause.get(each, each) for each in cited), ", ".join(cited))

    def words(self, word: str) -> Property:
        """Return the name of a fact type, as each language calls it."""
        forms = {language: form.name(word) for language, form in self.forms.items()}
        return Property(word, bilingual_text(forms))

    def under(self, under: Under) -> Property:
        """Return readings with their alternatives, as each language calls these."""
        found = tuple(sorted((name, tuple(sorted(keys))) for name, keys in under))
        forms = {
            language: ", ".join(f"{name}={'|'.join(map(form.label, keys))}" for name, keys in found)
            for language, form in self.forms.items()
        }
        return Property(found, bilingual_text(forms) if found else "")


def plain(text: str) -> Property:
    """Return a text."""
    return Property(text, text)


def several(properties: Iterable[Property]) -> Property:
    """Return a list of what is said."""
    found = tuple(properties)
    return Property(tuple(each.key for each in found), listing(each.shown for each in found) if found else "")


def both(zh: str, en: str) -> Property:
    """Return words in both languages."""
    return Property((zh, en), bilingual_text({"zh": zh, "en": en}))
