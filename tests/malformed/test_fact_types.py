"""Malformed fact types, one mistake each: refused with the place, what is wrong, and what to do, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.base.faults import RulesetError
from engine.facts.types import read_notation
from i18n import translator
from tests.golden import matches_golden, shown

FOLDER = Path(__file__).parent / "fact_types"
FILES = sorted(FOLDER.glob("*.yaml"))


def test_there_are_many() -> None:
    """The mistakes that people make are many."""
    assert len(FILES) >= 40


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_mistake_is_reported(file: Path) -> None:
    """Each fault has a file, a line and a remedy; its words are those of the golden files."""
    with pytest.raises(RulesetError) as caught:
        read_notation("sample", file.read_text("utf-8"), "facts/sample.yaml")
    for fault in caught.value.faults:
        assert fault.where.file == "facts/sample.yaml", fault
        assert fault.where.line, fault
        assert str(fault.remedy)
    for language in ("en", "zh"):
        golden = file.with_suffix(f".{language}.txt")
        assert matches_golden(golden, shown(caught.value.faults, translator(language))), golden.name
