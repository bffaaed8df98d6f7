"""A recorded evaluation is scored again before anything is said of it."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from engine.base.faults import Damaged
from engine.receipt import Receipt
from engine.receipt.make import make_receipt
from engine.scoring.evaluation import Evaluation
from tests.workflow.recorded import COMMERCE, record_file
from workflow import reproduce as reproducing
from workflow.ledger import open_ledger
from workflow.reproduce import reproduce


def test_the_recorded_receipt_is_made_again(tmp_path: Path) -> None:
    """From the ledger alone, with the readings that were chosen."""
    settings, evaluation = record_file(tmp_path, COMMERCE / "as-printed.yaml", {"R10": "each-part"})
    with closing(open_ledger(settings)) as ledger:
        reproduced = reproduce(ledger, evaluation)
    assert make_receipt(reproduced.evaluation).sha256 == reproduced.shown.case.receipt_sha256
    assert reproduced.program.readings["R10"] == "each-part"


def test_another_receipt_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What another score is explained by says nothing of the recorded one."""

    def another(evaluation: Evaluation) -> Receipt:
        return replace(make_receipt(evaluation), sha256="0" * 64)

    settings, evaluation = record_file(tmp_path, COMMERCE / "as-printed.yaml")
    monkeypatch.setattr(reproducing, "make_receipt", another)
    with closing(open_ledger(settings)) as ledger, pytest.raises(Damaged, match="fenming replay"):
        reproduce(ledger, evaluation)
