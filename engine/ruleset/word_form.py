"""In which form a ruleset's expressions are shown: Chinese with the form's own titles, or English with its names."""

from __future__ import annotations

from collections.abc import Iterable

from engine.language.spelling import WordForm, one_each
from engine.ruleset.expressions import RESERVED
from engine.ruleset.model import Ruleset
from engine.ruleset.review import is_chinese
from engine.ruleset.word_alternatives import chinese_words


def word_form(ruleset: Ruleset, *, chinese: bool) -> WordForm:
    """Return the Chinese or the English form of a ruleset's words."""
    types = [(name, fact_type.title or name) for name, fact_type in ruleset.facts.items()]
    parameters = [(name, parameter.title or name) for name, parameter in ruleset.parameters.items()]
    parameters += [(name, result.title) for name, result in ruleset.results.items()]
    declared = [(name, other) for other, name in ruleset.names.items()]
    fields = [
        (name, field.title or name) for fact_type in ruleset.facts.values() for name, field in fact_type.fields.items()
    ]
    if chinese:
        names = {**one_each(parameters), **one_each(declared), **one_each(types)}
        labels = {
            word: other
            for each in ruleset.readings.values()
            for word, other in chinese_words(each.alternatives).items()
        }
        labels |= {name: other for other, name in ruleset.names.items()}
        return WordForm(chinese=True, names=_unambiguous(names), fields=one_each([*fields]), labels=labels)
    back = [(title, name) for name, title in (*types, *parameters, *declared) if title not in RESERVED]
    return WordForm(chinese=False, names=one_each(back), fields=one_each([(title, name) for name, title in fields]))


def as_written(ruleset: Ruleset, alternatives: Iterable[str]) -> list[str]:
    """Return what the ruleset itself calls some alternatives of its readings."""
    spelt = {name: other for other, name in reversed(list(ruleset.names.items()))} if is_chinese(ruleset) else {}
    return [spelt.get(name, name) for name in alternatives]


def _unambiguous(names: dict[str, str]) -> dict[str, str]:
    """Leave out what two are called, which could not be read again."""
    called = list(names.values())
    return {name: other for name, other in names.items() if called.count(other) == 1}
