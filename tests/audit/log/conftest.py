"""A folder for checkpoints for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from audit.log.checkpoints import CheckpointFolder


@pytest.fixture
def folder(tmp_path: Path) -> CheckpointFolder:
    """A folder that is not there yet."""
    return CheckpointFolder(tmp_path / "kept", 0.02)
