"""A misspelt word gets the word that was meant, in the form in which the file is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.base.faults import FenmingError
from engine.base.likeness import likeliest
from i18n import translator
from schemas import schema
from tests.mistakes.test_mistakes import ID, edited, root
from workflow.rulesets import run_golden_cases

__all__ = ["root"]


def remedies(folder: Path, language: str) -> list[str]:
    """Return what the faults of the form say is to be done."""
    with pytest.raises(FenmingError) as caught:
        run_golden_cases(ID, folder, (str, translator("zh")))
    return [fault.remedy.text(translator(language)) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("old", "new", "meant"),
    [
        ("    计分方式: 扣分制", "    记分方式: 扣分制", "计分方式"),
        ("    计分方式: 扣分制", "    计分方式: 扣份制", "扣分制"),
        ("    名称: 信息公开", "    名子: 信息公开", "名称"),
    ],
)
def test_a_key_or_a_word_of_the_language(root: Path, old: str, new: str, meant: str) -> None:
    """One character that is written wrongly, as where two sound alike."""
    edited(root / ID, [{"old": old, "new": new}])
    assert any(remedy.startswith(f"是否应为“{meant}”") for remedy in remedies(root, "zh"))
    assert any(remedy.startswith(f"Did you mean “{meant}”") for remedy in remedies(root, "en"))


@pytest.mark.parametrize("part", ["keys", "values"])
def test_the_word_is_one_of_those_that_are_known(part: str) -> None:
    """Each word is its own likeliest; with a character changed, only what is like several is like none."""
    words = list(schema("vocabulary.json")[part].values())
    for word in words:
        assert likeliest(word, words) == word
        changed = word[:-1] + "龘"
        alike = {each for each in words if len(each) == len(word) and each[:-1] == word[:-1]}
        assert len(word) == 1 or likeliest(changed, words) is not None or len(alike) > 1
