"""What the tests of the commands share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.cli.desk import Desk


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
