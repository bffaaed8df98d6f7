"""Forgeries that fit together in all but one point, each of which is found by that point."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from msgspec import structs

from audit.ledger.ledger import Ledger, open_ledger
from audit.log.entries import OFFICIAL, TRIAL, evaluation_entry, evaluation_id
from audit.log.merkle import leaf_hash
from audit.log.notes import Checkpoint
from audit.tables import making
from audit.tables.records import RecordedEvaluation
from audit.verify import verify
from engine.base.faults import Damaged, Refused
from engine.base.sources import Sources, canonical
from tests.audit.bare import Bare, bare_connection
from tests.audit.reading import head_of
from tests.audit.receipts import ACTOR, AT, fresh_receipt, make_receipt, make_sources
from tests.audit.sealed import KEYS, Sealed, append, leave_behind
from tests.audit.test_names import add_ruleset
from tests.audit.test_standing import cut, cut_folder
from tests.audit.test_stranger_keys import STRANGER
from tests.audit.test_tail import put


def record(ledger: Ledger, missed: int = 1, **more: Any) -> RecordedEvaluation:
    """Record an evaluation of one case."""
    return ledger.append(make_receipt(missed=missed), make_sources(), actor=ACTOR, at=AT, **more)


def head_of_all(sealed: Sealed) -> Checkpoint:
    """Return the head of a ledger as it is."""
    with sealed.open() as ledger, ledger.reading() as connection:
        head = head_of(connection)
    assert head is not None
    return head


def test_only_the_one_in_force_is_superseded(ledger: Ledger) -> None:
    """A second official evaluation that somebody put there is none that could be corrected: the first is in force."""
    first = record(ledger)
    second = put(ledger.url, make_receipt(missed=2), index=1)
    with pytest.raises(Refused, match=f"evaluation {first.id}, entry 0, is in force"):
        record(ledger, 3, supersedes=second, reason="更正")


def test_two_forms_of_one_case_are_sound(ledger: Ledger) -> None:
    """Each form has its own evaluation in force."""
    other = make_sources("另一表")
    record(ledger)
    ledger.append(make_receipt(sources=other), other, actor=ACTOR, at=AT)
    assert verify(ledger).findings == ()


def test_a_second_one_in_force_is_found_although_the_first_is_superseded_later(ledger: Ledger) -> None:
    """When it was recorded the case was scored already."""
    first = record(ledger)
    put(ledger.url, make_receipt(missed=2), index=1)
    put(ledger.url, make_receipt(missed=3), index=2, supersedes=first.id)
    found = [(each.entry, str(each.what)) for each in verify(ledger).findings]
    assert (1, f"it scores a case that evaluation {first.id} scores already") in found


def test_a_trial_that_supersedes_a_trial_is_found(ledger: Ledger) -> None:
    """Their standings are the same, and trials do not supersede."""
    old = record(ledger, standing=TRIAL)
    put(ledger.url, make_receipt(missed=2), index=1, supersedes=old.id, standing=TRIAL)
    assert f"it supersedes {old.id}, and has another standing or is a trial" in {
        str(each.what) for each in verify(ledger).findings
    }


def test_a_correction_that_was_turned_to_another_evaluation_is_not_shown(ledger: Ledger, bare: Bare) -> None:
    """What is said of the other one, that it is superseded, is not what the later entry's body says."""
    first = record(ledger)
    other = ledger.append(make_receipt(department="乙局"), make_sources(), actor=ACTOR, at=AT)
    record(ledger, 2, supersedes=first.id, reason="更正")
    bare.disarm()
    bare.execute('UPDATE entry SET supersedes = ? WHERE "index" = 2', (other.id,))
    shown = ledger.find(other.id)
    assert shown.superseded_by is not None
    with pytest.raises(Damaged, match="entry 2, evaluation"):
        ledger.checked(shown)


def test_a_receipt_that_was_exchanged_for_one_like_it_is_not_shown(ledger: Ledger, bare: Bare) -> None:
    """All that its columns repeat is the same, and another fact was scored."""
    first = record(ledger)
    bare.disarm()
    bare.execute("UPDATE evaluation SET receipt = replace(receipt, '366', '367')")
    with pytest.raises(Damaged, match="entry 0, evaluation"):
        ledger.checked(ledger.find(first.id))


def test_an_entry_that_names_other_sources_than_its_receipt_is_not_shown(ledger: Ledger) -> None:
    """Both hold the same ruleset, with another calendar."""
    receipt, other = make_receipt(2), Sources({**make_sources().files, "calendar.yaml": "2024: [2024-05-01]\n"})
    record(ledger, standing=TRIAL)
    add_ruleset(ledger.url, receipt, other)
    identity = evaluation_id(1, receipt.sha256)
    body = evaluation_entry(1, receipt, actor=ACTOR, at=AT, standing=OFFICIAL, supersedes=None, reason="")
    body = structs.replace(body, ruleset=other.digest)
    text = canonical(body)
    made: list[tuple[str, tuple[Any, ...]]] = [
        ("evaluation", making.evaluation_row(identity, 1, receipt)._replace(ruleset=other.digest)),
        ("entry", making.entry_row(body, text, leaf_hash(text))),
    ]
    with bare_connection(ledger.url) as bare:
        for table, values in made:
            bare.execute(f'INSERT INTO "{table}" VALUES ({", ".join("?" * len(values))})', tuple(values))
    with pytest.raises(Damaged, match="entry 1, evaluation"):
        ledger.checked(ledger.find(identity))


def test_rewritten_newest_entries_under_the_old_checkpoints_are_found(sealed: Sealed) -> None:
    """Database and folder in hand: the folder is cut, and the table holds what was signed once, of other entries."""
    old = sealed.rows("SELECT size, note FROM checkpoint WHERE size > 8")
    cut(sealed, notes=True)
    cut_folder(sealed)
    with open_ledger(sealed.url, create=False, signer=KEYS[1]) as ledger:
        for _ in range(2):
            ledger.append(fresh_receipt(), make_sources(), actor="伪造者", at=AT)
    sealed.change("DELETE FROM checkpoint WHERE size > 8")
    for size, note in old:
        sealed.change("INSERT INTO checkpoint VALUES (?, ?)", values=(size, note.decode()))
    reported = [str(each.what) for each in sealed.report().findings]
    assert [each for each in reported if "stored checkpoint" in each] == [
        f"the stored checkpoint of {size} entries is not of these entries" for size, _ in old
    ]


def test_a_note_of_another_ledger_by_the_same_key_covers_nothing(sealed: Sealed) -> None:
    """An office may keep several ledgers under one key; whoever may insert can copy a note from one to the other."""
    leave_behind(sealed)
    head = replace(head_of_all(sealed), origin="fenming/" + "0" * 32).signed([KEYS[1]])
    with bare_connection(sealed.url) as bare:
        bare.execute("INSERT INTO checkpoint VALUES (?, ?)", (head.size, head.note))
    with sealed.open(KEYS[1]) as ledger, pytest.raises(Damaged, match="covers entries 10 to 12"):
        append(ledger)
    reported = {str(each.what) for each in sealed.report().findings}
    assert "the stored checkpoint of 13 entries is not one that the ledger's key signed" in reported
    assert "no signed checkpoint covers it" in reported


def test_two_copies_of_a_checkpoint_that_are_signed_differently_are_reported(sealed: Sealed) -> None:
    """Both count, and somebody has signed one of them beside the office."""
    head = head_of_all(sealed).signed([KEYS[1], STRANGER])
    sealed.change("UPDATE checkpoint SET note = ? WHERE size = 10", values=(head.note,))
    report = sealed.report()
    assert report.findings == ()
    assert [str(each) for each in report.notices] == [
        f"The checkpoint of 10 entries in “{sealed.folder}” is not signed as the ledger's own copy of it is."
    ]


def test_one_entry_is_named_as_one(ledger: Ledger, sealed: Sealed) -> None:
    """In the messages that count entries, and in those that name them."""
    put(sealed.url, make_receipt(2, department="旁人"))
    with sealed.open(KEYS[1]) as opened, pytest.raises(Damaged, match="No signed checkpoint covers entry 10 of"):
        append(opened)
    record(ledger)
    with (
        open_ledger(ledger.url, create=False, checkpoints=sealed.here / "none") as opened,
        pytest.raises(Refused, match="has 1 entry, and its checkpoints are not in"),
    ):
        append(opened)
