"""Finding evaluations and firings, as people and programs read it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from rich.cells import cell_len

from cli.render.find import _inert
from tests.cli.conftest import Run
from tests.cli.test_results import FACTS
from tests.golden import matches_golden
from tests.workflow.recorded import COMMERCE, PROJECT, record_file

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture
def run(fenming: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return what runs a command on a ledger of three evaluations."""
    (tmp_path / "case.yaml").write_text(FACTS.replace("示例局", "=示例局"), "utf-8")
    for file in (COMMERCE / "as-printed.yaml", PROJECT, tmp_path / "case.yaml"):
        record_file(tmp_path, file)
    monkeypatch.setenv("FENMING_LEDGER", str(tmp_path / "ledger.db"))
    return fenming


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_tables_fit_the_terminal(language: str, width: int, run: Run) -> None:
    """Evaluations and firings; as a person has read them."""
    shown = [
        run("find", *words, language=language, width=width, errors=True)
        for words in (("--from", "80"), ("--firings", "--clause", "1.1", "--lost"), ("--grade", "差", "--year", "1999"))
    ]
    assert matches_golden(GOLDEN / f"find.{language}.{width}.txt", "\n\n".join(shown))
    assert all(cell_len(line) <= width for text in shown for line in text.splitlines())


def test_json_is_a_list(run: Run) -> None:
    """Of evaluations with the keys of the log, or of firings with the points that each took."""
    evaluations = json.loads(run("find", "--ruleset", "jiangmen", "--json"))
    assert [(each["department"], each["total"]) for each in evaluations] == [("江门市商务局", "92.29")]
    assert json.loads(run("audit", "log", "--json"))[2] == evaluations[0]
    firings = json.loads(run("find", "--firings", "--clause", "1.1", "--lost", "--ruleset", "jiangmen", "--json"))
    assert [(each["rule"], each["lost"], each["clauses"]) for each in firings] == [
        ("1/mean", "0.75", ["1.1", "1.2"]),
    ]
    assert json.loads(run("find", "--department", "无此局", "--json")) == []


def test_a_spreadsheet_opens_the_table_and_nothing_in_it_is_a_formula(run: Run) -> None:
    """The mark in front shows the encoding; a name that begins a formula gets an apostrophe."""
    text = run("find", "--csv", language="zh")
    assert text.startswith("\ufeff部门,年度,得分,")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [row[0] for row in rows[1:]] == ["'=示例局", "某市示例局（虚构）", "江门市商务局"]
    firings = list(csv.DictReader(io.StringIO(run("find", "--csv", "--firings", "--lost").removeprefix("\ufeff"))))
    assert "0.75" in [row["Lost"] for row in firings]


def test_a_department_that_is_meant_is_named(run: Run) -> None:
    """A part of the name, or one that is spelt like it; a name that is known is not suggested for itself."""
    assert "did you mean 江门市商务局?" in run("find", "--department", "商务局", errors=True)
    assert "did you mean" not in run("find", "--department", "江门市 商务局", "--year", "1999", errors=True)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--from", "abc"), "option.not-points"),
        (("--since", "2025-02-30"), "option.not-a-day"),
        (("--csv", "--json"), "option.one-format"),
        (("--from", "95", "--to", "80"), "option.empty-range"),
        (("--since", "2025-03-02", "--until", "2025-03-01"), "option.empty-range"),
    ],
)
def test_wrong_usage_is_named(words: tuple[str, ...], code: str, run: Run) -> None:
    """With what to write instead."""
    assert code in run("find", *words, ends=2)


def test_what_nothing_meets_is_named(run: Run) -> None:
    """Each option by itself; what something meets is not named."""
    said = run("find", "--grade", "优", "--clause", "99.9", "--rule", "11/nope", errors=True)
    assert "Nothing in the ledger meets these, each by itself: --clause 99.9, --rule 11/nope." in said


def test_open_points_are_found(run: Run) -> None:
    """Of those that have some."""
    found = json.loads(run("find", "--open", "--json"))
    assert [(each["department"], each["open"]) for each in found] == [("江门市商务局", "3")]


def test_days_are_whole(run: Run) -> None:
    """The last day counts to its end, in UTC."""
    for words, count in ((("--since", "2025-03-01", "--until", "2025-03-01"), 3), (("--since", "2025-03-02"), 0)):
        assert len(json.loads(run("find", *words, "--json"))) == count


def test_the_first_and_the_last_day_are_days(run: Run) -> None:
    """A year of fewer than four digits is before every other; nothing is after the last day of all."""
    for words in (("--since", "0900-01-01"), ("--until", "9999-12-31")):
        assert len(json.loads(run("find", *words, "--json"))) == 3


def test_what_no_ledger_holds_is_not_found(run: Run) -> None:
    """Bytes that are no text, signs that patterns have."""
    for option in ("--department", "--year", "--ruleset", "--grade", "--clause", "--rule", "--actor"):
        for odd in ("\udcff", "%", "_", "江门市商务局%"):
            assert run("find", option, odd, "--json").startswith("[]\n")
    for most in ("9" * 20, "-" + "9" * 20):
        for end in ("--from", "--to"):
            is_wide = (end == "--to") == (most[0] == "9")
            assert len(json.loads(run("find", f"{end}={most}", "--json"))) == (3 if is_wide else 0)
    assert "option.number" in run("find", "--indicator", "9" * 30, ends=2)


def test_a_number_in_a_cell_is_a_number() -> None:
    """A minus begins a formula, but not before digits alone."""
    cells = {"-0.5": "-0.5", "-5": "-5", "-1+2": "'-1+2", "+1": "'+1", "@x": "'@x", "0.5": "0.5", "-": "'-"}
    assert {cell: _inert(cell) for cell in cells} == cells
