"""A listing of all entries leaves none out, and a proof finds the checkpoint that a crash kept from the folder."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest

from audit.ledger.ledger import Ledger, open_ledger
from audit.ledger.proofs import checkpoint_of, prove
from audit.tables.records import RecordedEvaluation
from engine.base.faults import Damaged, NotFound
from tests.audit.receipts import ACTOR, AT, make_receipt, make_sources
from tests.audit.sealed import KEYS, Sealed


def test_every_entry_has_a_line(sealed: Sealed) -> None:
    """The newest first."""
    with sealed.open() as ledger:
        assert [each.entry for each in ledger.history()] == list(range(9, -1, -1))
        assert [each.entry for each in islice(ledger.history(), 3)] == [9, 8, 7]


@pytest.mark.parametrize(
    ("statement", "entry"),
    [
        ("DELETE FROM ruleset WHERE digest = (SELECT ruleset FROM evaluation WHERE entry = 9)", 9),
        ('UPDATE entry SET evaluation = NULL WHERE "index" = 6', 6),
        ("DELETE FROM evaluation WHERE entry = 4", 4),
        ('DELETE FROM entry WHERE "index" = 8', 8),
        ("UPDATE entry SET kind = 'evaluation' WHERE \"index\" = 0", 0),
    ],
)
def test_an_entry_without_a_line_is_an_error(sealed: Sealed, statement: str, entry: int) -> None:
    """Not a gap that nobody sees; the lines before it are given."""
    sealed.change(statement)
    shown = []
    with sealed.open() as ledger, pytest.raises(Damaged, match=f"has been changed .*: entry {entry}"):
        shown += [each.entry for each in ledger.history()]
    with sealed.open() as ledger:
        assert len(list(islice(ledger.history(), 9 - entry))) == 9 - entry


def test_a_listing_is_of_the_ledger_as_it_was_when_it_began(ledger: Ledger) -> None:
    """What is appended meanwhile is in the next one."""
    for department in ("甲局", "乙局"):
        ledger.append(make_receipt(department=department), make_sources(), actor=ACTOR, at=AT)
    listing = ledger.history()
    assert next(listing).entry == 1
    ledger.append(make_receipt(department="丙局"), make_sources(), actor=ACTOR, at=AT)
    assert [each.entry for each in listing] == [0]


def test_what_is_appended_before_the_first_page_is_left_out(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its number is beyond the size that the listing has begun with, and no gap."""
    ledger.append(make_receipt(department="甲局"), make_sources(), actor=ACTOR, at=AT)
    original = ledger.evaluations

    def late(**more: Any) -> Iterator[RecordedEvaluation]:
        ledger.append(make_receipt(department="乙局"), make_sources(), actor=ACTOR, at=AT)
        return original(**more)

    monkeypatch.setattr(ledger, "evaluations", late)
    assert [each.entry for each in ledger.history()] == [0]


def test_what_a_crash_kept_from_the_folder_is_proved_all_the_same(sealed: Sealed) -> None:
    """Its checkpoint was stored with it; one that another key signed is not taken."""
    with open_ledger(sealed.url, create=False, signer=KEYS[1]) as ledger:
        recorded = ledger.append(make_receipt(department="新局"), make_sources(), actor=ACTOR, at=AT)
    with sealed.open() as ledger:
        assert checkpoint_of(ledger).size == 11
        proof = prove(ledger, recorded.entry)
        assert proof.checkpoint.size == 11
        assert proof.check(KEYS[1].public).index == 10
        assert checkpoint_of(ledger, 10).size == 10
        forged = checkpoint_of(ledger).signed(KEYS[:1]).note
    sealed.change("UPDATE checkpoint SET note = ? WHERE size = 11", values=(forged,))
    with sealed.open() as ledger:
        assert checkpoint_of(ledger).size == 10
        with pytest.raises(NotFound, match=r"No checkpoint that .* signed covers entry 10"):
            prove(ledger, recorded.entry)


def test_a_ledger_away_from_its_folder_is_proved_by_its_own_checkpoints(sealed: Sealed) -> None:
    """Also by those that were signed before the key changed."""
    with sealed.open(folder=sealed.here / "elsewhere") as ledger:
        assert prove(ledger, 9).checkpoint.size == 10
        assert prove(ledger, 1, KEYS[0].public).checkpoint.size == 4
        assert checkpoint_of(ledger, 2).size == 2
