"""Evaluations that are recorded in a ledger of a test's own."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import examples
from workflow.ledger import open_ledger
from workflow.record import Recording, record
from workflow.score import score
from workflow.settings import Settings

AT = datetime(2025, 3, 1, 8, 0, tzinfo=UTC)
EXAMPLES = Path(examples.__file__).parent
COMMERCE = EXAMPLES / "jiangmen-commerce-2024"
PROJECT = EXAMPLES / "national-project-2020" / "project.yaml"


def record_file(folder: Path, file: Path, readings: Mapping[str, str] | None = None) -> tuple[Settings, str]:
    """Score a facts file into a new ledger in a folder; return where it is, and the evaluation's id."""
    settings = Settings(ledger=str(folder / "ledger.db"))
    with closing(open_ledger(settings, create=True)) as ledger:
        return settings, record(ledger, score(str(file), settings, readings), Recording("复核员", at=AT)).id
