"""Whoever changes the checkpoints, or writes a ledger anew and knows how, is found out all the same."""

from __future__ import annotations

import shutil
from collections.abc import Callable

import pytest

from audit.ledger.ledger import open_ledger
from audit.log.keys import SigningKey
from engine.base.faults import Damaged
from tests.audit.bare import on_sqlite
from tests.audit.receipts import ACTOR, AT, fresh_receipt, make_receipt, make_sources
from tests.audit.sealed import KEYS, OF_ENTRIES, Sealed


@pytest.mark.long
@on_sqlite
def test_every_changed_byte_of_the_checkpoints_is_found(sealed: Sealed, tell: Callable[[str], None]) -> None:
    """Each seventh byte of the file, to three other values."""
    file = sealed.folder / "checkpoints"
    kept = file.read_bytes()
    trials = 0
    for at in range(0, len(kept), 7):
        for value in {kept[at] ^ 1, kept[at] ^ 0x20, 0x0A} - {kept[at]}:
            changed = kept[:at] + bytes([value]) + kept[at + 1 :]
            if changed.replace(b"\n\n\n", b"\n\n") == kept:
                continue
            file.write_bytes(changed)
            report = sealed.report()
            # What is like a note that a crash cut short is reported, but is no fault.
            assert not report.sound or report.notices, (at, value, changed[max(at - 60, 0) : at + 60])
            trials += 1
    tell(f"{trials} changed bytes of the checkpoints, all found.")
    assert trials > 500


def forge(sealed: Sealed, *, key: SigningKey | None, keep: bool) -> None:
    """Write the whole ledger anew with another score, as someone who knows how, has all but the office's key."""
    sealed.clear()
    if not keep:
        shutil.rmtree(sealed.folder)
    with sealed.open(key, sealed.here / "forged" if keep else None) as ledger:
        for n in range(8):
            ledger.append(make_receipt(4, department=f"新部门{n}", missed=0), make_sources(), actor=ACTOR, at=AT)


@pytest.mark.parametrize("key", [None, SigningKey("czj.example/fenming", bytes(32))])
@pytest.mark.parametrize("keep", [True, False])
def test_a_whole_forgery_is_found(sealed: Sealed, key: SigningKey | None, keep: bool) -> None:
    """By the checkpoints that were kept; and where these are forged too, by the key that the reader holds."""
    forge(sealed, key=key, keep=keep)
    report = sealed.report()
    assert not report.sound
    if keep:
        assert any("is of" in str(finding.what) for finding in report.findings)
    else:
        assert "is not signed by the key" in str(report.findings[0].what)


def test_a_fork_is_found(sealed: Sealed) -> None:
    """Newer entries replaced by others, properly appended: the checkpoint where the histories part tells from where."""
    sealed.change(*(f'DELETE FROM "{table}" WHERE "{key}" >= 7' for table, key in OF_ENTRIES.items()))
    with open_ledger(sealed.url, create=False, signer=KEYS[1]) as ledger:
        for n in range(5):
            ledger.append(make_receipt(4, department=f"新部门{n}", missed=0), make_sources(), actor=ACTOR, at=AT)
    report = sealed.report()
    assert report.first == 7
    with (
        pytest.raises(Damaged, match="are not those of its checkpoint"),
        sealed.open(KEYS[1]) as ledger,
    ):
        ledger.append(fresh_receipt(), make_sources(), actor=ACTOR, at=AT)
