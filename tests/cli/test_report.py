"""`report`: a page in a file that did not exist, in the reader's language, of any evaluation that is recorded."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import examples
from tests.cli.program import PROJECT, Program

FACTS = examples.FOLDER / "national-project-2020" / "project.yaml"


@pytest.fixture
def scored(program: Program) -> Program:
    """A ledger with the project's evaluation."""
    assert program.run("evaluate", str(FACTS)).returncode == 0
    return program


def test_it_writes_a_page(scored: Program, tmp_path: Path) -> None:
    """Whole, and the same each time."""
    files = [tmp_path / name for name in ("一.html", "two.HTML")]
    for file in files:
        done = scored.run("report", "latest", "-o", str(file))
        assert (done.returncode, done.stderr) == (0, "")
        assert file.name in done.stdout
    one, other = (file.read_text("utf-8") for file in files)
    assert one == other
    assert one.startswith("<!DOCTYPE html>\n")
    assert one.endswith("</html>\n")


def test_a_file_that_is_there_is_left_as_it_is(scored: Program, tmp_path: Path) -> None:
    """As everywhere."""
    file = tmp_path / "page.html"
    file.write_text("mine", "utf-8")
    done = scored.run("report", "latest", "-o", str(file))
    assert done.returncode == 4
    assert "[file.exists]" in done.stderr
    assert file.read_text("utf-8") == "mine"


@pytest.mark.parametrize("name", ["page.pdf", "page", ".html"])
def test_the_suffix_says_what_is_written(scored: Program, tmp_path: Path, name: str) -> None:
    """Another one is refused before anything is done, with those that there are."""
    done = scored.run("report", "latest", "-o", str(tmp_path / name))
    assert done.returncode == 2
    assert "[report.format]" in done.stderr
    assert ".html" in done.stderr
    assert not (tmp_path / name).exists()


def test_it_says_that_an_evaluation_was_superseded(scored: Program, tmp_path: Path) -> None:
    """On standard error, for the page says nothing of what came later."""
    first = scored.run("find", "--json").stdout
    other = tmp_path / "facts.yaml"
    other.write_text(FACTS.read_text("utf-8").replace("实际完成值: 28", "实际完成值: 29"), "utf-8")
    done = scored.run("evaluate", str(other), "--supersedes", "latest", "--reason", "corrected")
    assert done.returncode == 0, first
    done = scored.run("report", "0", "-o", str(tmp_path / "page.html"))
    assert done.returncode == 0
    assert "This evaluation was superseded by" in done.stderr


def test_other_commands_start_without_it() -> None:
    """The library of the templates is loaded for a report only."""
    program = (
        "import sys; from cli import main; main.run(['show', 'latest', '--ledger', '/nowhere/a.db']); "
        "sys.exit('jinja2' in sys.modules or 'office' in sys.modules)"
    )
    assert (
        subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, check=False).returncode == 0
    )
