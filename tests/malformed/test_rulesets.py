"""Malformed rulesets, one mistake each: refused with the place, what is wrong, and what to do, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

import schemas
from engine.base.faults import FenmingError
from engine.base.sources import Sources
from engine.program import compile_ruleset
from engine.ruleset import read_ruleset
from i18n import translator
from tests.golden import matches_golden, shown

FOLDER = Path(__file__).parent / "rulesets"
FILES = sorted(FOLDER.glob("*.yaml"))
CALENDARS = Path(__file__).parents[2] / "rulesets" / "calendars"


def sources(file: Path) -> Sources:
    """Return the sources of a malformed ruleset, with every shared fact type and the calendar that it names."""
    files = {f"shared/{name}.json": text for name, text in schemas.fact_types().items()}
    text = file.read_text("utf-8")
    if "calendar: cn" in text:
        files["calendar.yaml"] = (CALENDARS / "cn.yaml").read_text("utf-8")
    return Sources({**files, "ruleset.yaml": text})


def test_there_are_many() -> None:
    """The mistakes that people make are many."""
    assert len(FILES) >= 60


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_mistake_is_reported(file: Path) -> None:
    """Each fault has a file, a line and a remedy; its words are those of the golden files."""
    with pytest.raises(FenmingError) as caught:
        compile_ruleset(read_ruleset(sources(file)))
    for fault in caught.value.faults:
        assert fault.where.file == "ruleset.yaml", fault
        assert fault.where.line, fault
        assert str(fault.remedy)
    for language in ("en", "zh"):
        golden = file.with_suffix(f".{language}.txt")
        assert matches_golden(golden, shown(caught.value.faults, translator(language))), golden.name
