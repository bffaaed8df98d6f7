"""Sealing keeps a checkpoint of the ledger as it is, begins in a new folder, and completes a change of keys."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from audit.ledger.ledger import open_ledger
from audit.log.keys import SigningKey
from audit.verify import verify
from engine.base.faults import Refused
from tests.audit.receipts import ACTOR, AT
from tests.audit.sealed import KEYS, Sealed, append, leave_behind


def test_nothing_is_appended_away_from_the_checkpoints(sealed: Sealed, tmp_path: Path) -> None:
    """A folder that holds none is the wrong one, or has been emptied; `seal` begins in it."""
    with sealed.open(KEYS[1], tmp_path / "other") as ledger:
        with pytest.raises(Refused, match="has 10 entries, and its checkpoints are not in"):
            append(ledger)
        assert ledger.count() == 10
        assert ledger.seal(actor=ACTOR, at=AT).size == 10
        append(ledger)
    shutil.rmtree(sealed.folder)
    with sealed.open(KEYS[1]) as ledger, pytest.raises(Refused, match="its checkpoints are not in"):
        append(ledger)


def test_sealing_again_adds_nothing(sealed: Sealed) -> None:
    """The same checkpoint stands there already; one by another key, or of fewer entries, does not count as that."""
    with sealed.open(KEYS[1]) as ledger:
        first = ledger.seal(actor=ACTOR, at=AT)
        kept = (sealed.folder / "checkpoints").read_bytes()
        assert ledger.seal(actor=ACTOR, at=AT) == first
    assert (sealed.folder / "checkpoints").read_bytes() == kept
    leave_behind(sealed, stored=True)
    with sealed.open(KEYS[1]) as ledger:
        ledger.seal(actor=ACTOR, at=AT)
    assert (sealed.folder / "checkpoints").read_bytes() != kept
    assert sealed.report().sound


def test_sealing_with_a_key_signs_from_there_on(url: str, tmp_path: Path) -> None:
    """As an append does, by an entry that names the key."""
    with open_ledger(url, create=True, checkpoints=tmp_path / "kept") as ledger:
        append(ledger)
    with open_ledger(url, create=False, checkpoints=tmp_path / "kept", signer=KEYS[0]) as ledger:
        assert ledger.seal(actor=ACTOR, at=AT).size == 2
        report = verify(ledger, key=KEYS[0].public)
    assert report.findings == ()
    assert report.keys == (KEYS[0].public,)


def test_an_empty_ledger_has_nothing_to_seal(url: str, tmp_path: Path) -> None:
    """There is no origin yet that a checkpoint could name."""
    with (
        open_ledger(url, create=True, checkpoints=tmp_path / "kept") as ledger,
        pytest.raises(Refused, match="nothing to seal"),
    ):
        ledger.seal(actor=ACTOR, at=AT)
    assert not (tmp_path / "kept" / "checkpoints").exists()


def test_a_rotation_that_a_crash_cut_short_is_made_up_for(sealed: Sealed) -> None:
    """The former key signs the next checkpoint too, so that whoever trusts it is led on to the new one."""
    third = SigningKey("czj.example/fenming", bytes([3]) * 32)
    with open_ledger(sealed.url, create=False, signer=KEYS[1]) as ledger:
        ledger.rotate(third, actor=ACTOR, at=AT, reason="年度更换")
    with sealed.open(KEYS[1]) as ledger, pytest.raises(Refused):
        append(ledger)
    with sealed.open(KEYS[1]) as ledger:
        ledger.rotate(third, actor=ACTOR, at=AT, reason="年度更换")
        assert ledger.count() == 11
    with sealed.open(third) as ledger:
        append(ledger)
    report = sealed.report()
    assert report.findings == ()
    assert report.notices == ()


def test_only_the_key_before_makes_up_for_a_rotation(sealed: Sealed) -> None:
    """Not one of earlier times, and not without any; the ledger has had two."""
    third = SigningKey("czj.example/fenming", bytes([3]) * 32)
    with sealed.open(KEYS[1]) as ledger:
        ledger.rotate(third, actor=ACTOR, at=AT - timedelta(days=400), reason="时钟慢了")
        assert ledger.key() == third.public
    for given in (KEYS[0], None, third):
        with sealed.open(given) as ledger, pytest.raises(Refused, match="is signed by this key already"):
            ledger.rotate(third, actor=ACTOR, at=AT, reason="x")


def test_two_ledgers_that_begin_alike_have_each_their_origin(tmp_path: Path) -> None:
    """A checkpoint of one is not one of the other, though both hold the same to the second."""
    origins = set()
    for name in ("one.db", "other.db"):
        with open_ledger(str(tmp_path / name), create=True, checkpoints=tmp_path / name[:-3]) as ledger:
            append(ledger)
            origins.add(ledger.seal(actor=ACTOR, at=AT).origin)
    assert len(origins) == 2
