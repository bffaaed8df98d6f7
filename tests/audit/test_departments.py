"""Two spellings of one department are one case."""

from __future__ import annotations

import pytest

from audit.ledger.ledger import Ledger
from audit.ledger.submission import Submission
from audit.tables.records import RecordedEvaluation
from audit.verify import verify
from engine.base.faults import Damaged, Refused
from tests.audit.receipts import ACTOR, AT, make_receipt, make_sources
from tests.audit.sealed import KEYS, Sealed
from tests.audit.test_tail import put

NAME = "江门市商务局"
SPELLINGS = [f"{NAME} ", f" {NAME}", f"\u3000{NAME}", "江门市 商务局", "江\u0301门市商务局"]


def record(ledger: Ledger, department: str, missed: int = 1, supersedes: str | None = None) -> RecordedEvaluation:
    """Record an evaluation of a department."""
    receipt = make_receipt(department=department, missed=missed)
    reason = "更正" if supersedes else ""
    return ledger.append(receipt, make_sources(), actor=ACTOR, at=AT, supersedes=supersedes, reason=reason)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_another_spelling_scores_no_second_time(ledger: Ledger, spelling: str) -> None:
    """Neither in the ledger nor in one recording; it supersedes, as the same case does."""
    first = record(ledger, NAME)
    with pytest.raises(Refused, match="has been scored by"):
        record(ledger, spelling, 2)
    both = [Submission(make_receipt(department=f"新{each}"), make_sources(), ACTOR, AT) for each in (NAME, spelling)]
    with pytest.raises(Refused, match="twice in one recording") as caught:
        ledger.append_all(both)
    assert f"新{spelling}, 2024" in str(caught.value)
    second = record(ledger, spelling, 2, first.id)
    assert second.department == spelling
    assert verify(ledger).findings == ()


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_another_spelling_that_somebody_put_there_is_found(sealed: Sealed, spelling: str) -> None:
    """It scores a case that is scored already."""
    with sealed.open(KEYS[1]) as ledger:
        record(ledger, NAME)
    put(sealed.url, make_receipt(2, department=spelling), index=11)
    with sealed.open(KEYS[1]) as ledger, pytest.raises(Damaged, match="scores a case that evaluation"):
        ledger.cover(actor=ACTOR, at=AT, reason="已核对")
    assert sealed.report().first == 11
