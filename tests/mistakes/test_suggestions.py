"""A misspelt word gets the word that was meant, in the form in which the file is written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.base.faults import FenmingError
from engine.base.likeness import likeliest
from engine.base.sources import Sources
from engine.program.scopes import chosen_readings
from engine.ruleset import read_ruleset
from i18n import translator
from schemas import schema
from tests.mistakes.test_mistakes import ID, edited, root
from workflow.library import folder_of, sources_of
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


def test_the_readings_of_a_per_step_form() -> None:
    """An unknown one is reported with the words and the readings that can be written there, in Chinese."""
    name = "jiangmen/department-special/2025"
    files = dict(sources_of(folder_of(name, None)).files)
    files["ruleset.yaml"] = files["ruleset.yaml"].replace("步长: R19", "步长: R91")
    with pytest.raises(FenmingError) as caught:
        read_ruleset(Sources(files))
    (fault,) = caught.value.faults
    assert fault.remedy.text(translator("zh")) == "请写下列之一：整步、不足按一步、按比例；或写决定它的口径：R19。"
    files["ruleset.yaml"] = files["ruleset.yaml"].replace("步长: R91", "步长: R1")
    with pytest.raises(FenmingError) as caught:
        read_ruleset(Sources(files))
    said = "".join(fault.what.text(translator("zh")) for fault in caught.value.faults)
    assert "及格" in said
    assert not re.search("“[a-z-]+”", said)


@pytest.mark.parametrize("name", ["jiangmen/department-special/2025", "national/project-self-evaluation/2020"])
def test_the_alternatives_of_a_reading(name: str) -> None:
    """They are listed as the ruleset writes them, and each can be chosen so."""
    ruleset = read_ruleset(sources_of(folder_of(name, None)))
    for reading in ruleset.readings.values():
        with pytest.raises(FenmingError) as caught:
            chosen_readings(ruleset, {reading.id: "?"})
        (fault,) = caught.value.faults
        listed = fault.remedy.text(translator("zh")).removeprefix("从中选一个：").rstrip("。").split("、")
        assert not any(word.isascii() for word in listed)
        meant = [chosen_readings(ruleset, {reading.id: word})[reading.id] for word in listed]
        assert meant == list(reading.alternatives)
