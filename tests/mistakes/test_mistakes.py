"""One maintainer's mistake each: found by reading, by a golden case or by the examination, at the right place.

form/ is a small ruleset without a fault. The other files here list the mistakes. Of each:

    name:  what was done
    old:   words of the file, which it holds once; without them the file is new, or `new` is put in its place
    new:   what they become; without it they are removed, or the file is
    file:  the file that is edited; ruleset.yaml unless said otherwise
    edits: several of these, each with old, new and file
    finds: the code of a fault or the id of a check; `case` where a golden case differs, `unread-file`, `no-cases`
    at:    words of the line that must be named; those of `new` unless said otherwise
    in:    the file that must be named; the edited one unless said otherwise
    found: no, where nothing finds it today, with the `reason` in place of `finds`
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.base.faults import FenmingError
from i18n import translator
from workflow.library import CASES
from workflow.rulesets import RulesetTest, run_golden_cases

HERE = Path(__file__).parent
ID = "test/form/2024"
RULESET = "ruleset.yaml"


@dataclass(frozen=True)
class Report:
    """What was reported, by code or id, in which file and line."""

    id: str
    file: str = ""
    line: int | None = None


def listed() -> list[dict[str, Any]]:
    """Return every mistake, in the order of the files."""
    return [each for file in sorted(HERE.glob("*.yaml")) for each in yaml.safe_load(file.read_text("utf-8"))]


MISTAKES = listed()


def edited(folder: Path, edits: list[dict[str, str]]) -> None:
    """Make the mistake in a copy of the form."""
    for edit in edits:
        file = folder / edit.get("file", RULESET)
        if "old" not in edit and "new" not in edit:
            file.unlink()
            continue
        new = edit.get("new", "")
        if "old" in edit:
            text = file.read_text("utf-8")
            assert text.count(edit["old"]) == 1, edit["old"]
            new = text.replace(edit["old"], new)
        file.write_text(new, "utf-8")


def reports(root: Path) -> set[Report]:
    """Return all that `fenming ruleset test` reports of the form."""
    folder = root / ID
    try:
        done = run_golden_cases(ID, root, (str, translator("zh")))
    except FenmingError as error:
        places = {(fault.code, fault.where) for fault in error.faults}
    else:
        places = {(finding.id, finding.where) for finding in done.examination.findings}
        places |= {("case", outcome.case.place) for outcome in done.differ}
        return {Report(name, _shown(where.file, folder), where.line) for name, where in places} | _of_files(done)
    return {Report(name, _shown(where.file, folder), where.line) for name, where in places}


def _of_files(done: RulesetTest) -> set[Report]:
    unread = {Report("unread-file", f"{CASES}/{name}") for name in done.unread}
    return unread if done.outcomes else unread | {Report("no-cases")}


def _shown(file: str, folder: Path) -> str:
    """Return a file as the form has it: cases are reported by their names alone or by their paths on disk."""
    path = Path(file)
    if path.is_absolute():
        return path.relative_to(folder).as_posix()
    return f"{CASES}/{file}" if (folder / CASES / file).is_file() else file


def line_of(file: Path, words: str) -> int:
    """Return the line on which some words are, which the file holds once."""
    text = file.read_text("utf-8")
    assert text.count(words) == 1, words
    return text[: text.index(words)].count("\n") + 1


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a folder of rulesets with a copy of the form."""
    shutil.copytree(HERE / "form", tmp_path / ID)
    return tmp_path


def test_the_form_has_no_mistake(root: Path) -> None:
    """Nothing at all is reported of it."""
    assert reports(root) == set()


def test_there_are_many() -> None:
    """Each has a name of its own; at least sixty are found."""
    assert len({each["name"] for each in MISTAKES}) == len(MISTAKES)
    assert sum("finds" in each for each in MISTAKES) >= 60
    assert all(("finds" in each) != ("reason" in each and each["found"] is False) for each in MISTAKES)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda each: each["name"])
def test_a_mistake(mistake: dict[str, Any], root: Path) -> None:
    """It is reported at its place; one that is not found today is listed as such until it is."""
    edits = mistake.get("edits", [mistake])
    edited(root / ID, edits)
    if "finds" not in mistake:
        assert reports(root) == set()
        return
    file = mistake.get("in", edits[0].get("file", RULESET))
    words = mistake.get("at", edits[0].get("new"))
    if mistake["finds"] in ("unread-file", "no-cases"):
        expected = Report(mistake["finds"], mistake.get("in", ""))
    else:
        expected = Report(mistake["finds"], file, line_of(root / ID / file, words))
    assert expected in reports(root)
