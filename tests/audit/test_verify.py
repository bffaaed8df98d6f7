"""Verification is the same on both kinds of database, by one process or by several."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from audit.ledger.ledger import Ledger, open_ledger
from audit.ledger.submission import Submission
from audit.log.checkpoints import CheckpointFolder
from audit.log.keys import SigningKey
from audit.log.notes import Checkpoint
from audit.verify import Report, ranges, verify
from engine.base.faults import Damaged
from tests.audit.bare import bare_connection, on_sqlite
from tests.audit.filled import KEY
from tests.audit.receipts import ACTOR, AT, make_receipt, make_sources

OTHER = SigningKey("czj.example/fenming", bytes([1]) * 32)


def verified(url: str, kept: Path, *, key: SigningKey = KEY, workers: int = 1) -> Report:
    """Verify a ledger."""
    with open_ledger(url, create=False, checkpoints=kept) as ledger:
        return verify(ledger, key=key.public, workers=workers)


def test_a_ledger_is_sound(filled: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of it is looked at, and several processes come to the same report as one."""
    report = verified(filled, tmp_path / "kept")
    assert report.findings == ()
    assert report.notices == ()
    assert (report.entries, report.evaluations, report.covered, report.checkpoints) == (263, 262, 263, 3)
    monkeypatch.setattr(ranges, "LONG", 1)
    monkeypatch.setattr(ranges, "LENGTH", 256)
    assert verified(filled, tmp_path / "kept", workers=2) == report


def test_a_ledger_that_grows_meanwhile_is_sound(filled: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What others append while it is verified is no finding: entries, a tile, a ruleset, a checkpoint."""
    monkeypatch.setattr(ranges, "LENGTH", 256)
    other = make_sources("修订")
    with open_ledger(filled, create=False, checkpoints=tmp_path / "kept", signer=KEY) as ledger:

        def grow(done: int, _: int) -> None:
            if done == 256:
                grown = [make_receipt(1, sources=other, department=f"新{n}") for n in range(256)]
                ledger.append_all([Submission(each, other, ACTOR, AT) for each in grown])

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
def test_a_change_is_found(filled: str, tmp_path: Path, statement: str, entry: int | None) -> None:
    """In any table, and the first faulty entry is reported."""
    with bare_connection(filled) as bare:
        bare.disarm()
        bare.execute(statement)
    report = verified(filled, tmp_path / "kept")
    assert report.first == entry, report.findings
    assert not report.sound, "the triggers are gone, if nothing else"


def test_a_long_ledger_with_a_change_is_reported_alike_by_several(
    filled: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The findings come in the order of the entries, whoever found them."""
    with bare_connection(filled) as bare:
        bare.disarm()
        bare.execute("UPDATE score SET kept = '1' WHERE entry IN (3, 200, 262)")
    one = verified(filled, tmp_path / "kept")
    monkeypatch.setattr(ranges, "LONG", 1)
    monkeypatch.setattr(ranges, "LENGTH", 256)
    assert verified(filled, tmp_path / "kept", workers=2) == one
    assert {finding.entry for finding in one.findings} >= {3, 200, 262}


def test_triggers_that_are_gone_are_found(filled: str, tmp_path: Path) -> None:
    """Each by its name."""
    with bare_connection(filled) as bare:
        bare.disarm()
    reported = " ".join(str(finding.what) for finding in verified(filled, tmp_path / "kept").findings)
    for name in ("entry_no_update", "entry_no_delete", "posting_sealed", "entry_in_order"):
        assert name in reported


def test_another_key_is_reported(filled: str, tmp_path: Path) -> None:
    """The ledger is not signed by whom the reader trusts."""
    report = verified(filled, tmp_path / "kept", key=OTHER)
    assert "is not signed by the key" in str(report.findings[0].what)


def test_an_unsigned_ledger_and_one_without_checkpoints_say_so(ledger: Ledger, tmp_path: Path) -> None:
    """It verifies, and what that does not show is reported."""
    ledger.append(make_receipt(), make_sources(), actor=ACTOR, at=AT)
    report = verify(ledger)
    assert report.sound
    assert "No checkpoint was found" in str(report.notices[0])
    with open_ledger(ledger.url, create=False, checkpoints=tmp_path / "kept") as kept:
        assert kept.seal(actor=ACTOR, at=AT).size == 1
        report = verify(kept)
    assert report.sound
    assert "not signed" in str(report.notices[0])
    with open_ledger(ledger.url, create=False) as again:
        again.append(make_receipt(department="另一部门"), make_sources(), actor=ACTOR, at=AT)
    with open_ledger(ledger.url, create=False, checkpoints=tmp_path / "kept") as kept:
        assert "1 newest entry has no checkpoint yet" in str(verify(kept).notices[0])


def rewritten(folder: Path, *keep: int, bare: tuple[int, ...] = ()) -> None:
    """Leave only these of the checkpoints, some of them without their signatures."""
    found = [each.checkpoint for each in CheckpointFolder(folder).all()]
    kept = [replace(each, signatures=()) if n in bare else each for n, each in enumerate(found) if n in keep and each]
    assert all(isinstance(each, Checkpoint) for each in kept)
    (folder / "checkpoints").write_text("".join(f"{each.note}\n" for each in kept), encoding="utf-8")


@pytest.mark.parametrize("last", [(), (2,)])
def test_a_forgery_that_only_names_the_trusted_key_is_found(url: str, tmp_path: Path, last: tuple[int, ...]) -> None:
    """Anyone can write a history, sign it with a key of his own, and name the office's public key at its end."""
    kept = tmp_path / "kept"
    with open_ledger(url, create=True, checkpoints=kept, signer=OTHER) as ledger:
        for n in range(2):
            ledger.append(make_receipt(department=f"部门{n}"), make_sources(), actor=ACTOR, at=AT)
        ledger.rotate(KEY, actor=ACTOR, at=AT, reason="x")
    rewritten(kept, 0, 1, *last, bare=last)
    with bare_connection(url) as bare:
        bare.disarm()
        bare.execute("DELETE FROM checkpoint WHERE size = 4")
    assert "no checkpoint is signed by the key" in " ".join(str(each.what) for each in verified(url, kept).findings)


@pytest.mark.parametrize(("keep", "bare"), [((0, 1, 2), (0, 1)), ((2,), ()), ((0, 2), ())])
def test_a_change_of_keys_that_nothing_vouches_for_is_found(
    url: str, tmp_path: Path, keep: tuple[int, ...], bare: tuple[int, ...]
) -> None:
    """Also where the checkpoint that would have to vouch for it is not there, or has lost its signatures."""
    kept = tmp_path / "kept"
    with open_ledger(url, create=True, checkpoints=kept, signer=KEY) as ledger:
        ledger.append(make_receipt(), make_sources(), actor=ACTOR, at=AT)
    with open_ledger(url, create=False, checkpoints=kept) as ledger:
        ledger.rotate(OTHER, actor=ACTOR, at=AT, reason="x", lost=True)
    with open_ledger(url, create=False, checkpoints=kept, signer=OTHER) as ledger:
        ledger.append(make_receipt(department="另一部门"), make_sources(), actor=ACTOR, at=AT)
    rewritten(kept, *keep, bare=bare)
    report = verified(url, kept)
    assert "does not vouch" in " ".join(str(finding.what) for finding in report.findings)
    assert "without the signature of the former key" in " ".join(map(str, report.notices))


def test_whoever_trusts_the_new_key_needs_no_voucher(url: str, tmp_path: Path) -> None:
    """A lost key is reported; and is a fault only to whoever trusts it."""
    kept = tmp_path / "kept"
    with open_ledger(url, create=True, checkpoints=kept, signer=KEY) as ledger:
        ledger.append(make_receipt(), make_sources(), actor=ACTOR, at=AT)
    with open_ledger(url, create=False, checkpoints=kept) as ledger:
        ledger.rotate(OTHER, actor=ACTOR, at=AT, reason="x", lost=True)
    report = verified(url, kept, key=OTHER)
    assert report.findings == ()
    assert "without the signature of the former key" in " ".join(map(str, report.notices))
    assert not verified(url, kept, key=KEY).sound


def test_a_change_of_keys_that_is_half_signed_is_no_finding_once_it_is_made_up_for(url: str, tmp_path: Path) -> None:
    """A crash may come between the two signatures; the change is then made again."""
    kept = tmp_path / "kept"
    with open_ledger(url, create=True, checkpoints=kept, signer=KEY) as ledger:
        ledger.append(make_receipt(), make_sources(), actor=ACTOR, at=AT)
        ledger.rotate(OTHER, actor=ACTOR, at=AT, reason="x")
    *whole, _ = (kept / "checkpoints").read_bytes().removesuffix(b"\n\n").split(b"\n")
    (kept / "checkpoints").write_bytes(b"\n".join(whole) + b"\n")
    report = verified(url, kept)
    assert report.findings == ()
    assert "is in the ledger and not yet in" in " ".join(map(str, report.notices))
    with open_ledger(url, create=False, checkpoints=kept, signer=KEY) as ledger:
        ledger.rotate(OTHER, actor=ACTOR, at=AT, reason="x")
    report = verified(url, kept)
    assert report.findings == ()
    assert report.covered == report.entries == 3


def test_checkpoints_without_signatures_cover_nothing_once_there_is_a_key(filled: str, tmp_path: Path) -> None:
    """Or newest entries could be rewritten, with checkpoints that anyone can write."""
    rewritten(tmp_path / "kept", 0, 1, 2, bare=(1, 2))
    report = verified(filled, tmp_path / "kept")
    assert (report.covered, report.sealed) == (2, 263)
    assert "is in the ledger and not yet in" in str(report.notices[0])


_DEEP = "[" * 100_000
_CHILD = "position, type, id, fields, assumed, assumed_reason, evidence, derived_by"


@on_sqlite
@pytest.mark.parametrize(
    ("statement", "reported"),
    [
        (f"INSERT INTO fact SELECT 1.5, {_CHILD} FROM fact WHERE entry = 1", "fact has rows of entry 1.5"),
        (f"INSERT INTO fact SELECT -1, {_CHILD} FROM fact WHERE entry = 1", "fact has rows of entry -1"),
        ("INSERT INTO tile VALUES (1000000000000, 0, x'', x'')", "tile 1000000000000/0 has been added"),
        ("INSERT INTO tile VALUES (0, 0.5, x'', x'')", "tile 0/0.5 has been added"),
        ("INSERT INTO tile VALUES (x'00', 'a', x'', x'')", "has been added"),
        ("INSERT INTO ledger_format VALUES (0)", "the format of the ledger"),
        ("INSERT INTO ledger_format VALUES (0.5)", "the format of the ledger"),
        (f"UPDATE entry SET body = '{_DEEP}' WHERE \"index\" = 2", "its body is not"),
        (f"UPDATE ruleset SET manifest = '{_DEEP}'", "is not what it was"),
        ('UPDATE entry SET body = CAST(body AS BLOB) WHERE "index" = 2', "its body is not"),
        ("UPDATE source SET text = CAST(text AS BLOB)", "of a ruleset is not what it was"),
        ("UPDATE ruleset SET manifest = CAST(manifest AS BLOB)", "is not what it was"),
        (
            "UPDATE evaluation SET receipt = replace(receipt, '\"15\"', '\"1e1000000000\"') WHERE entry = 2",
            "its receipt is not one",
        ),
    ],
)
def test_what_sqlite_takes_into_any_column_is_reported(
    filled: str, tmp_path: Path, statement: str, reported: str
) -> None:
    """SQLite keeps a value of any kind in any column; none passes, ends in a traceback or keeps us for ever."""
    with bare_connection(filled) as bare:
        bare.disarm()
        bare.execute(statement)
    findings = verified(filled, tmp_path / "kept").findings
    assert any(reported in str(finding.what) for finding in findings), findings


@on_sqlite
def test_a_format_that_is_no_number_is_reported(filled: str, tmp_path: Path) -> None:
    """When the ledger is opened."""
    with bare_connection(filled) as bare:
        bare.disarm()
        bare.execute("INSERT INTO ledger_format VALUES ('x')")
    with pytest.raises(Damaged, match="damaged"):
        verified(filled, tmp_path / "kept")


@on_sqlite
@pytest.mark.parametrize("index", ["ix_evaluation_case", "ix_entry_key", "sqlite_autoindex_evaluation_1"])
def test_an_index_that_leads_astray_is_found(filled: str, tmp_path: Path, index: str) -> None:
    """What is read through it, such as a case's history or the key in force, would not be what the tables hold."""
    with bare_connection(filled) as bare:
        bare.execute("CREATE TABLE other (a)")
        bare.execute("CREATE INDEX empty ON other (a)")
        bare.execute("PRAGMA writable_schema = ON")
        page = "(SELECT rootpage FROM sqlite_master WHERE name = 'empty')"
        bare.execute(f"UPDATE sqlite_master SET rootpage = {page} WHERE name = ?", (index,))
        bare.execute("DELETE FROM sqlite_master WHERE name IN ('other', 'empty')")
    reported = " ".join(str(finding.what) for finding in verified(filled, tmp_path / "kept").findings)
    assert index in reported


@pytest.mark.long
@on_sqlite
def test_a_checkpoint_cut_short_anywhere_is_no_finding_once_another_follows(url: str, tmp_path: Path) -> None:
    """The newline that sets the next one apart makes a whole line of the one that was cut."""
    kept = tmp_path / "kept"
    ends = []
    with open_ledger(url, create=True, checkpoints=kept, signer=KEY) as ledger:
        for n in range(3):
            ledger.append(make_receipt(department=f"部门{n}"), make_sources(), actor=ACTOR, at=AT)
            ends.append((kept / "checkpoints").stat().st_size)
    whole = (kept / "checkpoints").read_bytes()
    for start, end in zip((0, ends[0]), ends, strict=False):
        for cut in range(start + 1, end):
            (kept / "checkpoints").write_bytes(whole[:cut] + b"\n\n" + whole[end:])
            assert verified(url, kept).findings == (), whole[start:cut]
