"""A key that somebody names in a ledger without the office's signature leads nowhere, and locks nobody out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from audit.ledger.append import Batch, signing
from audit.ledger.ledger import Ledger, open_ledger
from audit.ledger.proofs import checkpoint_of
from audit.log.entries import key_entry
from audit.log.keys import SigningKey
from audit.log.merkle import leaf_hash
from audit.verify import verify
from engine.base.faults import Damaged, FenmingError, Refused
from engine.base.sources import canonical
from tests.audit.bare import bare_connection
from tests.audit.reading import head_of
from tests.audit.receipts import ACTOR, AT, make_receipt, make_sources
from tests.audit.sealed import KEYS, Sealed
from tests.audit.test_tail import put

MAKES = r"Entry \d+ of .* makes .* the signing key"
STRANGER = SigningKey("czj.example/fenming", bytes([9]) * 32)


def name_key(url: str, index: int, *, signed: bool) -> None:
    """Insert an entry that names a stranger's key, as whoever may insert can; and a checkpoint that it signs."""
    text = canonical(key_entry(index, STRANGER.public, actor=ACTOR, at=AT, reason="换钥"))
    values = (index, "key", "2024-12-01T08:30:00Z", ACTOR, "换钥", leaf_hash(text).hex(), text.decode())
    with bare_connection(url) as bare:
        bare.execute(
            'INSERT INTO entry ("index", kind, at, actor, reason, leaf_hash, body) VALUES (?, ?, ?, ?, ?, ?, ?)', values
        )
        if not signed:
            return
        with open_ledger(url, create=False) as ledger, ledger.reading() as connection:
            head = head_of(connection)
        assert head is not None
        bare.execute("INSERT INTO checkpoint VALUES (?, ?)", (head.size, head.signed([STRANGER]).note))


def append(ledger: Ledger) -> None:
    """Record one more evaluation."""
    ledger.append(make_receipt(department="新局"), make_sources(), actor=ACTOR, at=AT)


def seal(ledger: Ledger) -> None:
    """Keep a checkpoint."""
    ledger.seal(actor=ACTOR, at=AT)


def cover(ledger: Ledger) -> None:
    """Take what no checkpoint covers into the record."""
    ledger.cover(actor=ACTOR, at=AT, reason="已核对")


def rotate(ledger: Ledger, *, lost: bool = False) -> None:
    """Change over to another key."""
    ledger.rotate(SigningKey("czj.example/fenming", bytes([3]) * 32), actor=ACTOR, at=AT, reason="更换", lost=lost)


def rotate_lost(ledger: Ledger) -> None:
    """Change over to another key without the one in force."""
    rotate(ledger, lost=True)


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("act", [append, seal, cover, rotate, rotate_lost])
def test_a_strangers_key_is_not_gone_on_from(sealed: Sealed, act: object, signed: bool) -> None:
    """Not by any way: each says so in the same words, and that a copy without the entry leads on."""
    name_key(sealed.url, 10, signed=signed)
    assert callable(act)
    for signer in (KEYS[1], KEYS[0], None):
        with (
            sealed.open(signer) as ledger,
            pytest.raises(Damaged, match=MAKES) as caught,
        ):
            act(ledger)
        assert "go on from a copy" in str(caught.value.faults[0].remedy)
        with sealed.open(signer) as ledger:
            assert ledger.count() == 11


def test_a_strangers_key_without_its_checkpoint_does_not_cover_itself(sealed: Sealed) -> None:
    """Nor does any other key: the one before has not signed for it. And `verify` does not advise to cover it."""
    name_key(sealed.url, 10, signed=False)
    for act in (append, seal, cover, rotate):
        with sealed.open(STRANGER) as ledger, pytest.raises(Damaged, match=MAKES):
            act(ledger)
    report = sealed.report()
    assert not report.only_unsealed
    assert [str(each.what) for each in report.findings if each.entry == 10 and not each.unsealed] == [
        "it names a key, and no signed checkpoint covers it"
    ]


@pytest.mark.parametrize("signed", [False, True])
def test_a_strangers_key_in_an_unsigned_ledger_is_not_gone_on_from(url: str, tmp_path: Path, signed: bool) -> None:
    """Where nobody has signed before, only the holder of the key can confirm that it is the office's."""
    kept = tmp_path / "kept"
    with open_ledger(url, create=True, checkpoints=kept) as ledger:
        ledger.append(make_receipt(), make_sources(), actor=ACTOR, at=AT)
    name_key(url, 1, signed=signed)
    for signer in (None, KEYS[0]):
        with (
            open_ledger(url, create=False, checkpoints=kept, signer=signer) as ledger,
            pytest.raises(Damaged, match=MAKES),
        ):
            append(ledger)
    with open_ledger(url, create=False, checkpoints=kept, signer=STRANGER) as ledger:
        if signed:
            append(ledger)
            assert verify(ledger).findings == ()
        else:
            with pytest.raises(Damaged, match=MAKES):
                append(ledger)


@pytest.mark.parametrize("lost", [False, True])
def test_a_change_of_keys_whose_checkpoint_is_in_the_ledger_alone_is_gone_on_from(sealed: Sealed, lost: bool) -> None:
    """The former key has signed it, or whoever goes on holds the new one."""
    third = SigningKey("czj.example/fenming", bytes([3]) * 32)
    with open_ledger(sealed.url, create=False, signer=None if lost else KEYS[1]) as ledger:
        rotate(ledger, lost=lost)
    expected = MAKES if lost else "signed by another key"
    with sealed.open(KEYS[1]) as ledger, pytest.raises(FenmingError, match=expected):
        append(ledger)
    with sealed.open(third) as ledger:
        append(ledger)
    with sealed.open() as ledger:
        assert verify(ledger).findings == ()


def test_a_new_folder_begins_with_the_keys_of_the_ledger(sealed: Sealed, tmp_path: Path) -> None:
    """Their first is taken as it is, and the second has the first one's signature."""
    with sealed.open(KEYS[0], tmp_path / "new") as ledger, pytest.raises(Refused, match="by another key"):
        seal(ledger)
    with sealed.open(KEYS[1], tmp_path / "new") as ledger:
        seal(ledger)
        append(ledger)
        assert verify(ledger).findings == ()
    assert sealed.report().findings == ()


def test_two_lost_keys_in_the_ledger_alone_are_gone_on_from_by_the_holder_of_the_last(sealed: Sealed) -> None:
    """Whoever holds the key in force has confirmed all that came before."""
    third, fourth = (SigningKey("czj.example/fenming", bytes([n]) * 32) for n in (3, 4))
    for signer, new in ((None, third), (None, fourth)):
        with open_ledger(sealed.url, create=False, signer=signer) as ledger:
            ledger.rotate(new, actor=ACTOR, at=AT, reason="丢失", lost=True)
    with sealed.open(KEYS[1]) as ledger, pytest.raises(Damaged, match=MAKES):
        append(ledger)
    with sealed.open(fourth) as ledger:
        append(ledger)
        assert verify(ledger).findings == ()


def test_a_key_that_no_entry_names_signs_nothing(ledger: Ledger) -> None:
    """Whatever is added, a checkpoint is signed only by keys that the ledger names."""
    with ledger.reading() as connection:
        batch = Batch(connection, 0, 0, ())
        assert signing("x", batch, KEYS[0], None, lost=False) == []
        batch.add_key(KEYS[0].public, actor=ACTOR, at=AT, reason="")
        assert signing("x", batch, KEYS[0], None, lost=False) == [KEYS[0]]


def test_a_checkpoint_of_other_entries_vouches_for_nothing(sealed: Sealed) -> None:
    """The office signed one of as many entries once, in a copy that it did not go on from; the stranger adds a line."""
    with sealed.open(KEYS[1]) as ledger:
        append(ledger)
        signed = checkpoint_of(ledger)
    sealed.put_back()
    name_key(sealed.url, 10, signed=False)
    both = replace(signed, signatures=(*signed.signatures, *signed.signed([STRANGER]).signatures))
    with bare_connection(sealed.url) as bare:
        bare.execute("INSERT INTO checkpoint VALUES (?, ?)", (11, both.note))
    put(sealed.url, make_receipt(department="旁人"), index=11)
    with open_ledger(sealed.url, create=False) as ledger, ledger.reading() as connection:
        head = head_of(connection)
    assert head is not None
    with bare_connection(sealed.url) as bare:
        bare.execute("INSERT INTO checkpoint VALUES (?, ?)", (12, head.signed([STRANGER]).note))
    with sealed.open(KEYS[1]) as ledger, pytest.raises(Damaged, match=MAKES):
        append(ledger)
