"""What an evaluation is to its case, one name for one text, and what is shown of a ledger that was changed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from audit.faults.errors import ProofRefused
from audit.ledger.ledger import Ledger, open_ledger
from audit.ledger.proofs import checkpoint_of, extend
from audit.log.entries import BESIDE, OFFICIAL, TRIAL
from audit.tables.records import RecordedEvaluation
from audit.verify import verify
from engine.base.faults import Damaged, FenmingError, InvalidInput, Refused
from engine.base.messages import Message
from engine.base.sources import Sources
from engine.receipt import plain
from tests.audit.bare import Bare
from tests.audit.reading import current
from tests.audit.receipts import ACTOR, AT, DEPARTMENT, fresh_receipt, make_receipt, make_sources
from tests.audit.sealed import KEYS, OF_ENTRIES, Sealed, places


def record(ledger: Ledger, missed: int = 1, **more: Any) -> RecordedEvaluation:
    """Record an evaluation of one case."""
    return ledger.append(make_receipt(missed=missed), make_sources(), actor=ACTOR, at=AT, **more)


def test_a_second_evaluation_must_say_what_it_is(ledger: Ledger) -> None:
    """Else it is refused, and the one in force is named with the three ways that lead on."""
    first = record(ledger)
    with pytest.raises(Refused, match=f"evaluation {first.id}, entry 0, is in force") as caught:
        record(ledger, missed=2)
    remedy = str(caught.value.faults[0].remedy)
    assert caught.value.exit_code == 4
    assert all(way in remedy for way in (f"--supersedes {first.id}", "--beside", "--trial"))
    beside = record(ledger, missed=2, standing=BESIDE, reason="口径比较")
    trial = record(ledger, missed=2, standing=TRIAL)
    again = record(ledger, missed=3, supersedes=beside.id, reason="更正")
    assert (beside.standing, trial.standing, again.standing) == (BESIDE, TRIAL, BESIDE)
    assert ledger.find("latest") == first
    assert current(ledger, DEPARTMENT, 2024) == (first,)
    assert list(ledger.evaluations(in_force=True)) == [first]
    second = record(ledger, missed=0, supersedes=first.id, reason="更正")
    assert second.standing == OFFICIAL
    assert [each.entry for each in ledger.history(in_force=True)] == [second.entry]
    assert len(list(ledger.history())) == 5
    assert verify(ledger).findings == ()


def test_a_trial_neither_supersedes_nor_is_superseded(ledger: Ledger) -> None:
    """Nor does a correction say that it is beside: it is what it corrects."""
    first, trial = record(ledger), record(ledger, missed=2, standing=TRIAL)
    with pytest.raises(Refused, match="a trial cannot be superseded"):
        record(ledger, missed=3, supersedes=trial.id, reason="x")
    for standing in (TRIAL, BESIDE):
        with pytest.raises(InvalidInput, match="takes its standing"):
            record(ledger, missed=3, supersedes=first.id, reason="x", standing=standing)
    with pytest.raises(InvalidInput, match="need a reason"):
        record(ledger, missed=3, standing=BESIDE)
    assert ledger.count() == 2


def test_the_same_receipt_is_not_recorded_again(ledger: Ledger) -> None:
    """The evaluation in force is the answer, also where it is to be superseded by itself."""
    first = record(ledger)
    assert not first.repeated
    for again in (record(ledger), record(ledger, supersedes=first.id, reason="x")):
        assert again.repeated
        assert (again.id, again.entry) == (first.id, 0)
    assert ledger.count() == 1
    assert record(ledger, standing=TRIAL).entry == 1


def test_another_form_scores_the_same_case(ledger: Ledger) -> None:
    """A department has one evaluation in force by each form."""
    record(ledger)
    other = make_sources("另一表")
    ledger.append(make_receipt(sources=other), other, actor=ACTOR, at=AT)
    assert len(current(ledger, DEPARTMENT, 2024)) == 2


def changed(name: str, text: str) -> Sources:
    """Return the sources with one of them changed."""
    return Sources({**make_sources().files, name: text})


def test_one_name_names_one_text(ledger: Ledger) -> None:
    """Another text under a name that has scored is refused with the difference; a revision or a trial is not."""
    record(ledger)
    other = changed("ruleset.yaml", make_sources().files["ruleset.yaml"] + "rounding: 1\n")
    with pytest.raises(Refused, match="scored entry 0 of this ledger with another text") as caught:
        ledger.append(make_receipt(sources=other, department="乙局"), other, actor=ACTOR, at=AT)
    reported = str(caught.value)
    assert "ruleset.yaml:3 +“rounding: 1”" in reported
    assert "revision: 2" in str(caught.value.faults[0].remedy)
    own = changed("facts/performance_target.json", '{"type":"array"}')
    with pytest.raises(Refused, match=r"facts/performance_target.json:1 −“.*” \+“.*array"):
        ledger.append(make_receipt(sources=own, department="乙局"), own, actor=ACTOR, at=AT)
    trial = ledger.append(make_receipt(sources=other, department="乙局"), other, actor=ACTOR, at=AT, standing=TRIAL)
    assert trial.standing == TRIAL
    ledger.append(make_receipt(department="丙局"), make_sources(), actor=ACTOR, at=AT)
    second = changed("ruleset.yaml", make_sources().files["ruleset.yaml"] + "revision: 2\n")
    ledger.append(make_receipt(sources=second, department="乙局", revision=2), second, actor=ACTOR, at=AT)
    assert verify(ledger).findings == ()


def test_a_change_of_shared_sources_is_reported(url: str) -> None:
    """It is not refused: the ruleset's own text is the same."""
    reported: list[Message] = []
    other = changed("calendar.yaml", "2024: [2024-05-01]\n")
    with open_ledger(url, create=True, notify=reported.append) as ledger:
        record(ledger)
        ledger.append(make_receipt(sources=other, department="乙局"), other, actor=ACTOR, at=AT)
        ledger.append(make_receipt(sources=other, department="丙局"), other, actor=ACTOR, at=AT)
    assert [str(each) for each in reported] == [
        "Since entry 0, scored by the same ruleset, these have changed: calendar.yaml."
    ]


def test_a_clock_that_goes_back_is_reported(url: str) -> None:
    """By whoever records and by `verify`; up to five minutes are no matter."""
    reported: list[Message] = []
    with open_ledger(url, create=True, notify=reported.append) as ledger:
        for minutes in (10, 5, 11, 5):
            ledger.append(fresh_receipt(), make_sources(), actor=ACTOR, at=AT + timedelta(minutes=minutes))
        notices = " ".join(map(str, verify(ledger).notices))
    assert [str(each).split(",")[0] for each in reported] == ["Entry 3 has the time 2024-12-01T08:35:00Z"]
    assert "entry before: 1, the first of them entry 3" in notices


def test_long_words_are_refused(ledger: Ledger) -> None:
    """An actor of 200 characters and a reason of 2,000 are the longest."""
    ledger.append(fresh_receipt(), make_sources(), actor="张" * 200, at=AT, reason="因" * 2000)
    for more in ({"actor": "张" * 201}, {"actor": ACTOR, "reason": "因" * 2001}):
        with pytest.raises(InvalidInput, match="at most"):
            ledger.append(fresh_receipt(), make_sources(), at=AT, **more)
    assert verify(ledger).findings == ()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE evaluation SET total = '99' WHERE entry = 0",
        "UPDATE evaluation SET department = 'x' WHERE entry = 0",
        "UPDATE entry SET actor = 'x' WHERE \"index\" = 0",
        "UPDATE entry SET standing = 'beside' WHERE \"index\" = 0",
        "UPDATE entry SET leaf_hash = 'x' WHERE \"index\" = 0",
        "UPDATE ruleset SET title = 'x'",
    ],
)
def test_what_was_changed_is_not_shown(ledger: Ledger, bare: Bare, statement: str) -> None:
    """What is printed of an evaluation is compared with its entry's leaf and its receipt first."""
    first = record(ledger)
    assert plain(ledger.checked(first).content) == plain(make_receipt().content)
    bare.disarm()
    bare.execute(statement)
    with pytest.raises(Damaged, match="entry 0, evaluation"):
        ledger.checked(ledger.find(first.id))


def test_what_is_refused_leaves_no_file(tmp_path: Path) -> None:
    """Neither the ledger nor the folder of its checkpoints; one that was there stays."""
    url, kept = tmp_path / "fenming.db", tmp_path / "kept"
    for _ in range(2):
        with (
            pytest.raises(FenmingError, match="no evaluation"),
            open_ledger(str(url), create=True, checkpoints=kept) as ledger,
        ):
            record(ledger, supersedes="latest", reason="x")
        assert list(tmp_path.iterdir()) == []
    with open_ledger(str(url), create=True, checkpoints=kept) as ledger:
        record(ledger)
    with pytest.raises(FenmingError), open_ledger(str(url), create=True, checkpoints=kept) as ledger:
        record(ledger, missed=2)
    assert url.exists()
    assert (kept / "checkpoints").exists()


def test_whoever_waits_for_a_file_that_is_removed_is_reported(tmp_path: Path) -> None:
    """Or what he records would be in no file that anybody finds."""
    url = tmp_path / "fenming.db"
    with open_ledger(str(url), create=True) as ledger:
        url.unlink()
        with pytest.raises(FenmingError, match="removed or replaced"):
            record(ledger)
    assert list(tmp_path.iterdir()) == []


def cut(sealed: Sealed, *, notes: bool) -> None:
    """Put the ledger back to eight entries, with or without its own checkpoints."""
    statements = [f'DELETE FROM "{table}" WHERE "{key}" >= 8' for table, key in OF_ENTRIES.items()]
    sealed.change(*statements, *(["DELETE FROM checkpoint WHERE size > 8"] if notes else []))


def cut_folder(sealed: Sealed) -> None:
    """Put the folder back to the checkpoint of eight entries."""
    file = sealed.folder / "checkpoints"
    notes = [f"{note}\n\n" for note in file.read_text("utf-8").split("\n\n") if note]
    pairs = ["".join(notes[at : at + 2]) for at in range(0, len(notes), 2)]
    file.write_text("".join(pair for pair in pairs if int(pair.split("\n")[1]) <= 8), "utf-8")


def test_a_rollback_of_the_entries_alone_is_caught(sealed: Sealed) -> None:
    """By the folder, and by the ledger's own checkpoints where the folder was put back too."""
    cut(sealed, notes=True)
    assert places(sealed.report()) == {8, 9}
    sealed.put_back()
    cut(sealed, notes=False)
    cut_folder(sealed)
    assert places(sealed.report()) == {8, 9}
    with sealed.open(KEYS[1]) as ledger, pytest.raises(Damaged, match="has 8 entries, but it had 10"):
        ledger.append(fresh_receipt(), make_sources(), actor=ACTOR, at=AT)


def test_a_rollback_of_all_is_caught_by_an_outside_checkpoint_alone(sealed: Sealed) -> None:
    """Whoever has database and folder can put both back; that is what checkpoints are given away for."""
    with sealed.open() as ledger:
        held = checkpoint_of(ledger)
    cut(sealed, notes=True)
    cut_folder(sealed)
    assert sealed.report().findings == ()
    with sealed.open() as ledger, pytest.raises((FenmingError, ProofRefused), match="8"):
        extend(ledger, held, checkpoint_of(ledger))


def test_rewritten_newest_entries_cannot_be_sealed_without_the_key(sealed: Sealed) -> None:
    """With database and folder in hand: their checkpoints are gone, so that nothing covers what was put there."""
    cut(sealed, notes=True)
    cut_folder(sealed)
    with open_ledger(sealed.url, create=False, signer=KEYS[1]) as ledger:
        ledger.append(fresh_receipt(), make_sources(), actor="伪造者", at=AT)
    sealed.change("DELETE FROM checkpoint WHERE size > 8")
    report = sealed.report()
    assert report.only_unsealed
    assert [each.place for each in report.findings] == ["8"]
    with sealed.open(KEYS[1]) as ledger, pytest.raises(Damaged, match="covers entry 8"):
        ledger.append(fresh_receipt(), make_sources(), actor=ACTOR, at=AT)
