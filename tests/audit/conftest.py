"""A fresh ledger for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from audit.ledger import Ledger, open_ledger


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the test's ledger stands."""
    return tmp_path / "fenming.db"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    """An empty ledger."""
    with open_ledger(str(path), create=True) as opened:
        yield opened
