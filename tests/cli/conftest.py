"""What the tests of the commands share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Protocol

import pytest

from cli import main
from tests.cli.desk import Desk


class Run(Protocol):
    """Runs a command in this process and returns what it prints, with its errors where it ends so or they are asked."""

    def __call__(
        self, *words: str, language: str = "en", width: int = 120, ends: int = 0, errors: bool = False
    ) -> str: ...


@pytest.fixture
def fenming(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return what runs a command in a language, in a folder of its own."""
    for name in ("FENMING_LEDGER", "FENMING_CHECKPOINTS", "FENMING_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)

    def command(*words: str, language: str = "en", width: int = 120, ends: int = 0, errors: bool = False) -> str:
        monkeypatch.setenv("FENMING_LANG", language)
        monkeypatch.setenv("COLUMNS", str(width))
        assert main.run(list(words)) == ends
        shown = capsys.readouterr()
        return shown.out + shown.err if ends or errors else shown.out

    return command


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Return a desk; English and 100 columns."""
    monkeypatch.setenv("FENMING_LANG", "en")
    monkeypatch.setenv("COLUMNS", "100")
    return Desk(tmp_path, capsys)


@pytest.fixture
def opens(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that grows by each file that is opened to be digested."""
    found: list[str] = []
    usual = os.open

    def noted(path: Any, flags: int) -> int:
        found.append(str(path))
        return usual(path, flags)

    monkeypatch.setattr("workflow.evidence_files.os.open", noted)
    return found
