"""Evidence: digested when the facts are submitted, kept with them, and compared with the files later."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from audit.ledger.ledger import open_ledger
from cli import main
from engine.base.sources import canonical
from engine.receipt import read_receipt
from tests.cli.desk import MINUTES, REPORT, Desk, digest, facts_of
from workflow.score import score
from workflow.settings import Settings


def test_size_and_digest_are_recorded(desk: Desk) -> None:
    """By `evaluate`, from the folder of the facts file, wherever the program runs; an empty file is a file."""
    desk.evaluate()
    minutes, nothing = digest(b"minutes\r\n"), digest(b"")
    assert desk.recorded() == {
        "execution/0": {
            "title": "材料", "reference": "", "file": MINUTES, "sha256": minutes.sha256, "size": minutes.size,
        },
        "S1/0": {"title": "材料", "reference": "", "file": REPORT, "sha256": nothing.sha256, "size": 0},
    }  # fmt: skip


def test_what_names_no_file_says_so(desk: Desk) -> None:
    """No digest, and no size, which is not the same as 0; its receipt is what it was before there were digests."""
    desk.facts(facts_of(""))
    desk.evaluate()
    assert desk.recorded() == {"S1/0": {"title": "无文件", "reference": "", "file": ""}}


def test_the_receipt_is_the_same_anywhere(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """By an absolute path, from the folder itself, and by standard input there."""
    first = score(str(desk.folder / "facts.yaml"), Settings()).receipt
    monkeypatch.chdir(desk.folder)
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO((desk.folder / "facts.yaml").read_bytes())))
    assert score("facts.yaml", Settings()).receipt.text == score("-", Settings()).receipt.text == first.text
    assert str(desk.folder) not in first.text.decode()


def test_nothing_is_read_from_disk_again(desk: Desk) -> None:
    """Replay, show and explain answer from the ledger when the files are long gone."""
    desk.evaluate()
    for file in (MINUTES, REPORT, "facts.yaml"):
        (desk.folder / file).unlink()
    assert desk.run("replay", "--all")[:2] == (0, "Replayed 1: every byte agrees.\n")
    reported = " ".join(desk.run("explain", "latest", "1", "--depth", "2")[1].replace("│", "").split())
    assert f"{MINUTES} (9 bytes, SHA-256 {digest(b'minutes' + bytes([13, 10])).sha256[:16]}…)" in reported


def test_golden_cases_touch_no_disk(desk: Desk) -> None:
    """A ruleset's cases may name files that are not there."""
    folder = desk.folder / "form"
    (folder / "cases").mkdir(parents=True)
    source = Path(main.__file__).parents[1] / "rulesets" / "demo" / "schemes" / "1"
    for file in source.glob("**/*.*"):
        target = folder / file.relative_to(source)
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(file.read_bytes())
    (folder / "cases" / "good.yaml").write_text(facts_of("nowhere.txt"), "utf-8")
    (folder / "cases" / "schemes.cases.yaml").write_text(
        'base: good.yaml\ncases: [{name: 甲, expect: {indicators: {"1": {kept: "15"}}}}]\n', "utf-8"
    )
    desk.capsys.readouterr()
    assert main.run(["ruleset", "test", str(folder)]) == 0


def test_all_faults_are_reported_together(desk: Desk) -> None:
    """Those of the facts and those of every piece of evidence, in the order of the file."""
    desk.facts(facts_of("gone.txt", "gone.txt").replace("70 万元", "70").replace("name: 窗口", "nmae: 窗口"))
    reported = [(fault.where.line, str(fault.what)) for fault in desk.faults()]
    assert [line for line, _ in reported] == [6, 8, 10, 11, 15]
    assert [what for _, what in reported if "no file" in what] == ["There is no file “gone.txt”."] * 2


def states(answer: Any) -> dict[str, str]:
    """Return the state of each file."""
    return {file["file"]: file["state"] for file in answer["files"]}


def test_check_says_same_changed_and_gone(desk: Desk) -> None:
    """By content alone: a new date changes nothing, one byte does; exit 1 unless all are the same."""
    desk.evaluate()
    os.utime(desk.folder / MINUTES, ns=(1, 1))
    code, answer = desk.check()
    assert (code, states(answer)) == (0, {MINUTES: "same", REPORT: "same"})
    desk.put(MINUTES, b"minutes\n\r")
    (desk.folder / REPORT).unlink()
    code, answer = desk.check()
    assert (code, states(answer)) == (1, {MINUTES: "changed", REPORT: "gone"})
    desk.put(MINUTES, b"minutes\r\n")
    assert desk.check()[0] == 1
    desk.put(REPORT, b"")
    assert desk.check()[0] == 0


def test_answer_as_json(desk: Desk) -> None:
    """Every key is there in every state."""
    desk.facts(facts_of(MINUTES, MINUTES))
    latest = desk.evaluate()
    desk.put(MINUTES, b"x")
    was, now = digest(b"minutes\r\n"), digest(b"x")
    assert desk.check()[1] == {
        "evaluation": latest,
        "counts": {"changed": 1, "gone": 0, "unreadable": 0, "not_recorded": 0, "same": 0},
        "files": [
            {
                "file": MINUTES,
                "state": "changed",
                "facts": ["execution", "S1"],
                "titles": ["材料"],
                "was": {"sha256": was.sha256, "size": was.size},
                "now": {"sha256": now.sha256, "size": now.size},
                "reason": None,
            }
        ],
    }
    (desk.folder / MINUTES).unlink()
    [file] = desk.check()[1]["files"]
    assert (file["now"], file["reason"]) == ({"sha256": None, "size": None}, f"There is no file “{MINUTES}”.")


def test_unreadable_is_neither_gone_nor_the_same(desk: Desk) -> None:
    """Such as a pipe in its place, for which nothing waits: exit 1."""
    desk.evaluate()
    (desk.folder / REPORT).unlink()
    os.mkfifo(desk.folder / REPORT)
    code, answer = desk.check()
    assert (code, states(answer)) == (1, {REPORT: "unreadable", MINUTES: "same"})
    assert "not an ordinary file" in desk.run("evidence", "check", "latest", "--folder", str(desk.folder))[1]


def record(desk: Desk, change: Callable[[dict[str, Any]], object]) -> None:
    """Record the receipt of the facts with each piece of evidence changed."""
    scored = score(str(desk.folder / "facts.yaml"), Settings())
    receipt, sources = scored.receipt, scored.sources
    content = json.loads(receipt.text)
    for fact in content["facts"]:
        for item in fact["evidence"]:
            change(item)
    with open_ledger(str(desk.ledger), create=True) as ledger:
        ledger.append(read_receipt(canonical(content)), sources, actor="甲", at=datetime(2024, 12, 31, tzinfo=UTC))


def test_older_receipts_hold_no_digests(desk: Desk) -> None:
    """Their files are named as such, their replay gives their own bytes, and explain knows them."""

    def age(item: dict[str, Any]) -> None:
        del item["sha256"], item["size"]

    record(desk, age)
    code, answer = desk.check()
    assert (code, answer["counts"]["not_recorded"]) == (0, 2)
    assert all(file["was"] == file["now"] == {"sha256": None, "size": None} for file in answer["files"])
    assert desk.run("replay", "latest")[0] == 0
    reported = desk.run("explain", "latest", "1", "--depth", "2")[1]
    assert MINUTES in reported
    assert "SHA-256" not in reported


def test_a_receipt_leads_the_check_nowhere_else(desk: Desk, opens: list[str]) -> None:
    """Though one of a stranger's ledger may name what it likes."""
    record(desk, lambda item: item.update(file="/etc/hostname"))
    opens.clear()
    code, answer = desk.check()
    assert (code, set(states(answer).values()), opens) == (1, {"unreadable"}, [])


def test_without_files_there_is_nothing_to_check(desk: Desk) -> None:
    """Which is said, and is not a difference."""
    desk.facts(facts_of(""))
    desk.evaluate()
    code, reported, _ = desk.run("evidence", "check", "latest")
    assert (code, reported.startswith("The evidence of "), reported.endswith(" names no files.\n")) == (0, True, True)
    assert desk.check()[1]["files"] == []


@pytest.mark.parametrize("folder", ["nowhere", "facts.yaml", "x" * 5000])
def test_the_folder_must_be_one(desk: Desk, monkeypatch: pytest.MonkeyPatch, folder: str) -> None:
    """Else every file would seem to be gone."""
    desk.evaluate()
    monkeypatch.chdir(desk.folder)
    code, _, reported = desk.run("evidence", "check", "latest", "--folder", folder)
    assert code == 5
    assert "Give --folder the folder of the facts file." in reported
    assert desk.run("evidence", "check", "latest")[0] == 0


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [40, 80, 120])
def test_the_table_fits_and_shows_everything(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, language: str, width: int
) -> None:
    """What somebody has to look at comes first; sizes and digests, was and now."""
    desk.evaluate()
    desk.put(MINUTES, b"x" * 1234567)
    monkeypatch.setenv("FENMING_LANG", language)
    monkeypatch.setenv("COLUMNS", str(width))
    code, reported, _ = desk.run("evidence", "check", "latest", "--folder", str(desk.folder))
    assert code == 1
    assert max(cell_len(line) for line in reported.splitlines()) <= width
    if width >= 80:
        assert reported.index(MINUTES) < reported.index(REPORT)
        for text in ("1,234,567", digest(b"minutes\r\n").sha256[:16], digest(b"x" * 1234567).sha256[:16]):
            assert text in reported
    summary = {"en": "2 files: 1 changed, 1 unchanged.", "zh": "共 2 个文件：已变 1 个、未变 1 个。"}
    assert summary[language] in reported.splitlines()


def test_progress_is_reported_on_a_terminal(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """For what takes long, by `evaluate` as by the check; standard output holds the answer alone."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("cli.terminal.progress.PATIENCE", -1.0)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    reported = desk.run("evaluate", str(desk.folder / "facts.yaml"))[2]
    assert "Reading evidence" in reported
    code, answer, reported = desk.run("evidence", "check", "latest", "--folder", str(desk.folder), "--json")
    assert (code, "Reading evidence" in reported) == (0, True)
    assert states(json.loads(answer)) == {MINUTES: "same", REPORT: "same"}
