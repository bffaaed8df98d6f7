"""Two scores side by side, as people and programs read them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.cli.conftest import Run
from tests.golden import matches_golden
from tests.workflow.recorded import COMMERCE, record_file

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture
def run(fenming: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return what runs a command on a ledger of two cases."""
    (tmp_path / "other.yaml").write_text(
        (COMMERCE / "spot-check.yaml").read_text("utf-8").replace("department: 江门市商务局", "department: 旁局"),
        "utf-8",
    )
    for file in (COMMERCE / "as-printed.yaml", tmp_path / "other.yaml"):
        record_file(tmp_path, file)
    monkeypatch.setenv("FENMING_LEDGER", str(tmp_path / "ledger.db"))
    return fenming


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_comparisons_fit_the_terminal(language: str, width: int, run: Run) -> None:
    """Two evaluations, a claim, and what would have been; as a person has read them."""
    commands = [
        ("compare", "0", "1"),
        ("compare", "0"),
        ("what-if", "0", "--set", "T02.实际完成值=165", "--drop", "T01", "--reading", "R10=each-part"),
    ]
    shown = [run(*words, language=language, width=width) for words in commands]
    assert matches_golden(GOLDEN / f"comparison.{language}.{width}.txt", "\n\n".join(shown))
    assert all(cell_len(line) <= width for text in shown for line in text.splitlines())


def test_json_has_exact_numbers(run: Run) -> None:
    """The differences are the second less the first; a deviation is an exact share."""
    found = json.loads(run("compare", "0", "1", "--json"))
    assert found["total"] == {
        "first": {"kept": "92.29", "open": "3"},
        "second": {"kept": "86.29", "open": "3"},
        "difference": "-6",
        "deviation": None,
        "grades": [["优"], ["良"]],
    }
    differing = {each["name"]: each["deviation"] for each in found["indicators"] if each["difference"] != "0"}
    assert differing == {"预算编制约束性": "1", "财务管理合规性": "1"}
    tried = json.loads(run("what-if", "0", "--set", "T02.actual=165", "--json"))
    assert (tried["reproduced"], tried["second"], tried["total"]["difference"]) == (True, None, "0.75")


@pytest.mark.parametrize(
    ("words", "code", "ends"),
    [
        (("--set", "T02=1"), "option.value-form", 2),
        (("--set", "T98.actual=1"), "facts.no-such-fact", 5),
        (("--set", "T02.actuall=1"), "facts.no-such-field", 5),
        (("--add", "nothing.yaml"), "file", 5),
        ((), "option.no-change", 2),
    ],
)
def test_a_change_that_cannot_be_is_named(words: tuple[str, ...], code: str, ends: int, run: Run) -> None:
    """With what to write instead."""
    assert code in run("what-if", "0", *words, ends=ends)
