"""Verification is the same on both kinds of database, by one process or by several."""

from __future__ import annotations

from pathlib import Path

import pytest

from audit.append import Submission
from audit.ledger import Ledger, open_ledger
from audit.log.keys import SigningKey
from audit.verify import Report, stretch, verify
from tests.audit.bare import Bare, bare_connection
from tests.audit.receipts import ACTOR, AT, make_receipt, make_sources

KEY = SigningKey("czj.example/fenming", bytes(32))
OTHER = SigningKey("czj.example/fenming", bytes([1]) * 32)


def fill(url: str, kept: Path) -> None:
    """Record some evaluations, the last of them together, so that a tile is complete."""
    sources = make_sources()
    with open_ledger(url, create=True, checkpoints=kept, signer=KEY) as ledger:
        first = ledger.append(make_receipt(), sources, actor=ACTOR, at=AT)
        ledger.append(make_receipt(2), sources, actor=ACTOR, at=AT, supersedes=first.id, reason="复核")
        many = [Submission(make_receipt(1, department=f"部门{n}"), sources, ACTOR, AT) for n in range(260)]
        ledger.append_all(many)


def verified(url: str, kept: Path, *, key: SigningKey = KEY, workers: int = 1) -> Report:
    """Verify a ledger."""
    with open_ledger(url, create=False, checkpoints=kept) as ledger:
        return verify(ledger, key=key.public, workers=workers)


def test_a_ledger_is_sound(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of it is looked at, and several processes come to the same report as one."""
    fill(url, tmp_path / "kept")
    report = verified(url, tmp_path / "kept")
    assert report.findings == ()
    assert report.notices == ()
    assert (report.entries, report.evaluations, report.covered, report.checkpoints) == (263, 262, 263, 3)
    monkeypatch.setattr(stretch, "LONG", 1)
    monkeypatch.setattr(stretch, "LENGTH", 256)
    assert verified(url, tmp_path / "kept", workers=2) == report


def test_a_ledger_that_grows_meanwhile_is_sound(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What others append while it is verified is no finding: entries, a tile, a ruleset, a checkpoint."""
    fill(url, tmp_path / "kept")
    monkeypatch.setattr(stretch, "LENGTH", 256)
    other = make_sources("修订")
    with open_ledger(url, create=False, checkpoints=tmp_path / "kept", signer=KEY) as ledger:

        def grow(done: int, _: int) -> None:
            if done == 256:
                ledger.append_all([Submission(make_receipt(1, sources=other), other, ACTOR, AT)] * 256)

        report = verify(ledger, key=KEY.public, progress=grow)
        assert report.findings == ()
        assert (report.entries, report.covered, report.checkpoints, ledger.count()) == (263, 263, 3, 519)
        assert verify(ledger, key=KEY.public).findings == ()


@pytest.mark.parametrize(
    ("statement", "entry"),
    [
        ("UPDATE entry SET actor = 'x' WHERE \"index\" = 3", 3),
        ("UPDATE entry SET body = replace(body, 'actor', 'Actor') WHERE \"index\" = 100", 100),
        ("UPDATE evaluation SET total = '100' WHERE entry = 1", 1),
        ("UPDATE evaluation SET receipt = replace(receipt, '良', '优') WHERE entry = 2", 2),
        ("UPDATE posting SET lost = '0' WHERE entry = 1 AND position = 0", 1),
        ("DELETE FROM firing WHERE entry = 262", 262),
        ("UPDATE fact SET id = 'x' WHERE entry = 257 AND position = 0", 257),
        ('DELETE FROM entry WHERE "index" = 262', 262),
        ("UPDATE source SET text = 'x'", None),
        ("UPDATE ruleset SET title = 'x'", 1),
        ("UPDATE tile SET hashes = root", None),
        ("UPDATE ledger_format SET version = version + 0", None),
    ],
)
def test_a_change_is_found(url: str, tmp_path: Path, statement: str, entry: int | None) -> None:
    """In any table, and the first faulty entry is told."""
    fill(url, tmp_path / "kept")
    with bare_connection(url) as bare:
        bare.disarm()
        bare.execute(statement)
    report = verified(url, tmp_path / "kept")
    assert report.first == entry, report.findings
    assert not report.sound, "the triggers are gone, if nothing else"


def test_a_long_ledger_with_a_change_is_told_alike_by_several(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The findings come in the order of the entries, whoever found them."""
    fill(url, tmp_path / "kept")
    with bare_connection(url) as bare:
        bare.disarm()
        bare.execute("UPDATE score SET kept = '1' WHERE entry IN (3, 200, 262)")
    one = verified(url, tmp_path / "kept")
    monkeypatch.setattr(stretch, "LONG", 1)
    monkeypatch.setattr(stretch, "LENGTH", 256)
    assert verified(url, tmp_path / "kept", workers=2) == one
    assert {finding.entry for finding in one.findings} >= {3, 200, 262}


def test_triggers_that_are_gone_are_found(url: str, bare: Bare, tmp_path: Path) -> None:
    """Each by its name."""
    fill(url, tmp_path / "kept")
    bare.disarm()
    told = " ".join(str(finding.what) for finding in verified(url, tmp_path / "kept").findings)
    for name in ("entry_no_update", "entry_no_delete", "posting_sealed", "entry_in_order"):
        assert name in told


def test_another_key_is_told(url: str, tmp_path: Path) -> None:
    """The ledger is not signed by whom the reader trusts."""
    fill(url, tmp_path / "kept")
    report = verified(url, tmp_path / "kept", key=OTHER)
    assert "is not signed by the key" in str(report.findings[0].what)


def test_an_unsigned_ledger_and_one_without_checkpoints_say_so(ledger: Ledger, tmp_path: Path) -> None:
    """It verifies, and what that does not show is told."""
    ledger.append(make_receipt(), make_sources(), actor=ACTOR, at=AT)
    report = verify(ledger)
    assert report.sound
    assert "No checkpoint was found" in str(report.notices[0])
    with open_ledger(ledger.url, create=False, checkpoints=tmp_path / "kept") as kept:
        kept.append(make_receipt(), make_sources(), actor=ACTOR, at=AT)
        report = verify(kept)
    assert report.sound
    assert "not signed" in str(report.notices[0])
    with open_ledger(ledger.url, create=False) as again:
        again.append(make_receipt(), make_sources(), actor=ACTOR, at=AT)
    with open_ledger(ledger.url, create=False, checkpoints=tmp_path / "kept") as kept:
        assert "1 newest entries have no checkpoint yet" in str(verify(kept).notices[0])
