"""What adds nothing to a ledger leaves nothing behind, whoever does it."""

from __future__ import annotations

from pathlib import Path

import pytest

from audit.ledger.ledger import open_ledger
from audit.log.keys import SigningKey
from audit.tables.records import RecordedEvaluation
from audit.verify import verify
from engine.base.faults import Refused
from tests.audit.bare import bare_connection
from tests.audit.receipts import ACTOR, AT, make_receipt, make_sources
from tests.audit.sealed import KEYS, Sealed


def record(url: str, kept: Path, signer: SigningKey | None = None, department: str = "甲局") -> RecordedEvaluation:
    """Record an evaluation of one department."""
    with open_ledger(url, create=True, checkpoints=kept, signer=signer) as ledger:
        return ledger.append(make_receipt(department=department), make_sources(), actor=ACTOR, at=AT)


def checkpoints(url: str) -> int:
    """Return how many checkpoints the ledger itself holds."""
    with bare_connection(url) as bare:
        return int(bare.execute("SELECT count(*) FROM checkpoint").fetchone()[0])


def test_a_key_that_repeats_on_an_unsigned_ledger_signs_nothing(url: str, tmp_path: Path) -> None:
    """A checkpoint signed by a key that the ledger does not name would make it faulty for ever."""
    kept = tmp_path / "kept"
    first = record(url, kept)
    before = (kept / "checkpoints").read_bytes()
    again = record(url, kept, KEYS[0])
    assert (again.id, again.repeated) == (first.id, True)
    assert (kept / "checkpoints").read_bytes() == before
    assert checkpoints(url) == 0
    with open_ledger(url, create=False, checkpoints=kept) as ledger:
        assert verify(ledger).findings == ()
        assert ledger.key() is None


@pytest.mark.parametrize("signer", [None, KEYS[1]])
def test_whoever_repeats_on_a_signed_ledger_needs_no_key(url: str, tmp_path: Path, signer: SigningKey | None) -> None:
    """The entry that holds the evaluation is the answer; only something new has to be signed for."""
    kept = tmp_path / "kept"
    first = record(url, kept, KEYS[0])
    before = (kept / "checkpoints").read_bytes()
    again = record(url, kept, signer)
    assert (again.entry, again.repeated) == (first.entry, True)
    assert (kept / "checkpoints").read_bytes() == before
    assert checkpoints(url) == 1
    with pytest.raises(Refused, match="is signed by"):
        record(url, kept, signer, "乙局")


def test_a_repeat_puts_a_checkpoint_into_the_folder_that_a_crash_kept_from_it(sealed: Sealed) -> None:
    """Which is all that it does there."""
    with open_ledger(sealed.url, create=False, signer=KEYS[1]) as ledger:
        recorded = ledger.append(make_receipt(department="新局"), make_sources(), actor=ACTOR, at=AT)
    with sealed.open() as ledger:
        again = ledger.append(make_receipt(department="新局"), make_sources(), actor=ACTOR, at=AT)
        assert ledger.checkpoints is not None
        sizes = [each.checkpoint.size for each in ledger.checkpoints.all() if each.checkpoint]
    assert again.id == recorded.id
    assert sizes[-2:] == [10, 11]
    assert sealed.report().notices == ()


def test_a_repeat_says_nothing_of_entries_that_it_does_not_cover(url: str, tmp_path: Path) -> None:
    """That the next checkpoint covers them is said by whoever writes it."""
    kept = tmp_path / "kept"
    record(url, kept)
    with open_ledger(url, create=False) as ledger:
        ledger.append(make_receipt(department="乙局"), make_sources(), actor=ACTOR, at=AT)
    for department, expected in (("乙局", 0), ("丙局", 1)):
        reported: list[object] = []
        with open_ledger(url, create=False, checkpoints=kept, notify=reported.append) as ledger:
            ledger.append(make_receipt(department=department), make_sources(), actor=ACTOR, at=AT)
        assert len(reported) == expected


def test_a_seal_signs_although_it_adds_nothing(sealed: Sealed) -> None:
    """It is asked for the checkpoint itself."""
    with sealed.open(None, sealed.here / "other") as ledger, pytest.raises(Refused, match="no key is given"):
        ledger.seal(actor=ACTOR, at=AT)
    with sealed.open(KEYS[1], sealed.here / "other") as ledger:
        assert ledger.seal(actor=ACTOR, at=AT).is_signed_by(KEYS[1].public)


def test_a_seal_that_begins_a_folder_says_nothing_of_uncovered_entries(url: str, tmp_path: Path) -> None:
    """There was no checkpoint that could have covered them."""
    record(url, tmp_path / "kept")
    reported: list[object] = []
    with open_ledger(url, create=False, checkpoints=tmp_path / "other", notify=reported.append) as ledger:
        ledger.seal(actor=ACTOR, at=AT)
    assert reported == []
