"""A facts file to fill in reads back, in both languages, and holds all that its ruleset may be given."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from engine.base.faults import FactsError
from engine.facts import FactsFile, open_facts, read_facts
from engine.facts.titles import by_names, by_types
from i18n import translator
from tests.compiled import ruleset_of
from workflow.library import rulesets
from workflow.settings import Settings
from workflow.template import template

NAMES = sorted(rulesets(None))
LANGUAGES: tuple[Callable[[str], str], ...] = (str, translator("zh"))


def opened(name: str, translate: Callable[[str], str], *, whole: bool) -> FactsFile:
    """Return a template as a facts file, also what may be left out if it is wanted whole."""
    text = template(name, Settings(), translate)
    for _ in range(2 if whole else 0):
        text = re.sub(r"(?m)^(  +)# ( *(?:# |- )?[\w（）()、]+:)", r"\1\2", text)
    return open_facts(text.replace("department:", "department: 甲", 1).replace("部门:", "部门: 甲", 1), "x.yaml")


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_only_values_are_missing(name: str, whole: bool) -> None:
    """Checked as it is, it reports the same values to fill in, whatever it calls them."""
    ruleset = ruleset_of(name)
    empty = []
    for translate in LANGUAGES:
        document = opened(name, translate, whole=whole)
        with pytest.raises(FactsError) as refused:
            read_facts(document, ruleset.facts, ruleset.conversions)
        codes = {fault.code for fault in refused.value.faults}
        assert codes <= {"value.empty", "value.missing", *(["value.not-wanted"] if whole else [])}
        empty.append(len(refused.value.faults))
    assert empty[0] == empty[1]


@pytest.mark.parametrize("name", NAMES)
def test_it_asks_for_the_same_in_both_languages(name: str) -> None:
    """Every type that may be given is there with every field, in Chinese by their titles."""
    types = {each: found for each, found in ruleset_of(name).facts.items() if found.schema}
    asked = []
    for translate in LANGUAGES:
        facts = by_types(opened(name, translate, whole=True).root["facts"], types)
        assert set(types) == {key for key, _ in facts.items()}
        asked.append(
            {
                (type_, field)
                for type_, node in facts.items()
                for entry in (node.elements or (node,))
                for field, _ in by_names(entry, types[type_].schema).items()
                if field in types[type_].fields
            }
        )
        assert {(type_, field) for type_ in types for field in types[type_].fields} <= asked[-1]
    assert asked[0] == asked[1]


@pytest.mark.parametrize("name", NAMES)
def test_in_chinese_its_keys_are_chinese(name: str) -> None:
    """No key of the whole file is in English where the type or the field has a title."""
    keys = re.findall(r"(?m)^(?:#| |-)*([\w（）()、]+):(?: |$)", template(name, Settings(), translator("zh")))
    assert keys
    assert not [key for key in keys if key.isascii()]
