"""How far a score depends on readings, as people read it and as JSON."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from cli import main
from tests.golden import matches_golden
from tests.workflow.recorded import COMMERCE, PROJECT, record_file

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture(scope="module")
def ledgers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return ledgers with one evaluation each: of the seed's case, and of a project."""
    found = {}
    for name, file in (("commerce", COMMERCE / "spot-check.yaml"), ("project", PROJECT)):
        settings, _ = record_file(tmp_path_factory.mktemp(name), file)
        found[name] = str(settings.ledger)
    return found


def answered(ledger: str, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Return what the command prints."""
    capsys.readouterr()
    code = main.run(["readings", "latest", "--ledger", ledger, *words])
    printed = capsys.readouterr()
    assert (code, printed.err) == (0, "")
    return printed.out


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", ["commerce", "project"])
def test_what_people_read(
    name: str,
    language: str,
    width: int,
    ledgers: dict[str, str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As a person has read it; no line is wider than the terminal."""
    monkeypatch.setenv("FENMING_LANG", language)
    monkeypatch.setenv("COLUMNS", str(width))
    text = re.sub(r"(text |文本 )[0-9a-f]{12}", r"\1············", answered(ledgers[name], capsys))
    assert matches_golden(GOLDEN / f"readings-{name}.{language}.{width}.txt", text)
    assert all(cell_len(line) <= width for line in text.splitlines())


def test_every_reading_is_in_the_json(ledgers: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    """The same in each run; what has no score says what is missing, and is left out of the range."""
    text = answered(ledgers["commerce"], capsys, "--json")
    assert text == answered(ledgers["commerce"], capsys, "--json")
    answer: dict[str, Any] = json.loads(text)
    assert answer["reproduced"] is True
    assert [each["reading"] for each in answer["readings"]] == [f"R{number}" for number in range(1, 19)]
    assert answer["grade_depends_on"] == {"readings": ["R4"], "open_points": False}
    assert answer["range"] == {
        "low": {"total": "84.29", "readings": {"R7": "zero"}},
        "high": {"total": "92.5", "readings": {"R4": "as-printed"}},
        "grades": ["优", "良"],
        "combinations": 442368,
        "scored": 221184,
        "exact": True,
    }
    [unscorable] = answer["unscorable"]
    assert unscorable["readings"] == {"R5": "spent"}
    assert [fault["code"] for fault in unscorable["faults"]] == ["facts.requirement"] * 2
    assert {name for each in answer["decided"] for name in each["readings"]} == {"R4", "R7"}
    assert [each["reading"] for each in answer["readings"] if each["decides"]] == ["R4", "R5", "R7"]


def test_all_shows_every_reading(ledgers: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    """Those too that decide nothing in this case."""
    few, every = answered(ledgers["project"], capsys), answered(ledgers["project"], capsys, "--all")
    assert "\nR3 [" in few
    assert "\nR1 [" not in few
    assert all(f"\nR{number} [" in every for number in range(1, 7))
