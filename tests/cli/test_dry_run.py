"""A dry run shows the card and says what recording would come to, and writes nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import examples
from tests.cli.program import Program

FOLDER = examples.FOLDER / "jiangmen-commerce-2024"
PRINTED, CHECKED = str(FOLDER / "as-printed.yaml"), str(FOLDER / "spot-check.yaml")


def entries(program: Program) -> str:
    """Return what the ledger lists."""
    return program.run("audit", "log", "--all", "--json").stdout


def test_nothing_is_written(program: Program) -> None:
    """Not even a ledger; the card says so at its end."""
    done = program.run("evaluate", PRINTED, "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "92.29–95.29" in done.stdout
    assert done.stdout.rstrip().endswith("Dry run: nothing was recorded.")
    assert list(program.folder.iterdir()) == []
    answer = json.loads(program.run("evaluate", PRINTED, "--dry-run", "--json").stdout)
    assert (answer["recorded"], answer["evaluation"], answer["total"]) == (False, None, "92.29")


def test_it_says_that_recording_would_be_refused(program: Program) -> None:
    """A second evaluation of the case by other facts ends as it would without --dry-run, after the card."""
    program.run("evaluate", PRINTED)
    before = entries(program)
    dry, wet = program.run("evaluate", CHECKED, "--dry-run"), program.run("evaluate", CHECKED)
    assert (dry.returncode, dry.stderr) == (wet.returncode, wet.stderr) != (0, "")
    assert "86.29–89.29" in dry.stdout
    assert entries(program) == before


def test_it_says_that_recording_would_change_nothing(program: Program) -> None:
    """The same facts give the receipt that is there."""
    program.run("evaluate", PRINTED)
    done = program.run("evaluate", PRINTED, "--dry-run")
    assert done.returncode == 0
    assert "Recording it would change nothing" in done.stdout


@pytest.mark.parametrize(
    "options", [["--supersedes", "nosuch", "--reason", "x"], ["--ledger", "nowhere/at/all.db"], ["--beside"]]
)
def test_the_options_are_those_of_recording(program: Program, options: list[str]) -> None:
    """What recording refuses, the dry run refuses in the same words."""
    program.run("evaluate", PRINTED)
    dry = program.run("evaluate", PRINTED, "--dry-run", *options)
    wet = program.run("evaluate", PRINTED, *options)
    assert (dry.returncode, dry.stderr) == (wet.returncode, wet.stderr) != (0, "")
    assert not Path(program.folder, "nowhere").exists()
