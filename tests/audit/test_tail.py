"""Whoever appends signs for all that stands before: entries that no checkpoint covers are checked, and reported."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from audit.ledger.ledger import open_ledger
from audit.log.checkpoints import CheckpointFolder
from audit.log.entries import OFFICIAL, evaluation_entry, evaluation_id, key_entry, read_entry
from audit.log.keys import SigningKey
from audit.log.merkle import EMPTY_ROOT, leaf_hash
from audit.log.notes import Checkpoint
from audit.tables import making, rows
from audit.tables.records import Cover
from audit.tables.schema import EntryTable, EvaluationTable, LedgerTable, table
from engine.base.faults import Damaged, InvalidInput, Refused
from engine.base.messages import Message
from engine.base.sources import canonical, sha256
from engine.receipt import Receipt, plain
from tests.audit.bare import Bare, bare_connection, on_postgresql
from tests.audit.reading import entries, head_of
from tests.audit.receipts import ACTOR, AT, as_receipt, make_content, make_receipt, make_sources
from tests.audit.sealed import KEYS, OF_ENTRIES, Sealed, append, leave_behind


def test_the_next_append_puts_a_checkpoint_that_a_crash_kept_from_the_folder_there(sealed: Sealed) -> None:
    """It was stored with what it covers, so nobody has to be asked about anything."""
    leave_behind(sealed, stored=True)
    report = sealed.report()
    assert report.sound
    assert "is in the ledger and not yet in" in str(report.notices[0])
    reported: list[Message] = []
    with open_ledger(
        sealed.url, create=False, checkpoints=sealed.folder, signer=KEYS[1], notify=reported.append
    ) as ledger:
        append(ledger)
    assert reported == []
    sizes = [kept.checkpoint.size for kept in CheckpointFolder(sealed.folder).all() if kept.checkpoint]
    assert sizes[-2:] == [13, 14]
    assert sealed.report().notices == ()
    assert sealed.report().sound


def test_what_no_signed_checkpoint_covers_is_not_gone_on_from(sealed: Sealed) -> None:
    """Until somebody has said why it is taken into the record, which is an entry of its own."""
    leave_behind(sealed)
    report = sealed.report()
    assert [(finding.place, str(finding.what)) for finding in report.findings] == [
        ("10–12", "no signed checkpoint covers it")
    ]
    assert report.only_unsealed
    for act in (append, lambda ledger: ledger.seal(actor=ACTOR, at=AT)):
        with sealed.open(KEYS[1]) as ledger, pytest.raises(Damaged, match="covers entries 10 to 12") as caught:
            act(ledger)
        assert "--cover-unsealed" in str(caught.value.faults[0].remedy)
    with sealed.open(KEYS[1]) as ledger:
        with pytest.raises(InvalidInput, match="need a reason"):
            ledger.cover(actor=ACTOR, at=AT, reason=" ")
        covered, checkpoint = ledger.cover(actor=ACTOR, at=AT, reason="断电前录入，已核对")
        assert (covered, checkpoint.size) == (3, 14)
        newest = list(entries(ledger))[-1]
        assert newest.kind == "cover"
        assert plain(read_entry(newest.body.decode())) == json.loads(newest.body)
        assert json.loads(newest.body)["from"] == 10
        assert json.loads(newest.body)["to"] == 12
        assert next(ledger.history()) == Cover(13, newest.at, ACTOR, "断电前录入，已核对", 10, 12)
        append(ledger)
        with pytest.raises(Refused, match="no entry without a signed checkpoint"):
            ledger.cover(actor=ACTOR, at=AT, reason="再来一次")
    assert sealed.report().findings == ()


def test_an_unsigned_ledger_has_nothing_to_cover(url: str, tmp_path: Path) -> None:
    """Its entries have no signed checkpoint in any case."""
    with open_ledger(url, create=True, checkpoints=tmp_path / "kept") as ledger:
        append(ledger)
        with pytest.raises(Refused, match="no entry without a signed checkpoint"):
            ledger.cover(actor=ACTOR, at=AT, reason="x")


@pytest.mark.parametrize("change", [{"from": 1}, {"to": 8}, {"from": 13}, {"from": -1}, {"from": "0"}])
def test_a_cover_of_other_entries_is_found(sealed: Sealed, change: dict[str, Any]) -> None:
    """It covers those right before it, from one that is there; to the format `from` may be any of these."""
    leave_behind(sealed)
    with sealed.open(KEYS[1]) as ledger:
        ledger.cover(actor=ACTOR, at=AT, reason="x")
        body = json.loads(list(entries(ledger))[-1].body) | change
    text = canonical(body)
    sealed.change(
        'UPDATE entry SET body = ?, leaf_hash = ? WHERE "index" = 13', values=(text.decode(), leaf_hash(text).hex())
    )
    reported = {str(finding.what) for finding in sealed.report().findings if finding.entry == 13}
    assert (read_entry(text.decode()) is None) is (change != {"from": 1})
    assert ("it does not cover the entries before it" in reported) is (change != {"from": 1})


def test_an_unsigned_tail_is_reported_and_covered(url: str, tmp_path: Path) -> None:
    """Where nobody signs, whoever appends next is reported once."""
    kept = tmp_path / "kept"
    with open_ledger(url, create=True, checkpoints=kept) as ledger:
        append(ledger)
    with open_ledger(url, create=False) as ledger:
        append(ledger, "另一部门")
    for number, expected in enumerate((["No checkpoint covered the entries from 1 on"], [])):
        reported: list[Message] = []
        with open_ledger(url, create=False, checkpoints=kept, notify=reported.append) as ledger:
            append(ledger, f"部门{number}")
        assert [str(message).split(",")[0] for message in reported] == expected


FAULTS = [
    (
        "UPDATE entry SET actor = 'x' WHERE \"index\" = 11",
        "entry 11, which has no checkpoint yet: its body",
    ),
    ("UPDATE entry SET body = replace(body, '复核', '复查') WHERE \"index\" = 12", "entry 12, which has no checkpoint"),
    ("UPDATE entry SET kind = 'note' WHERE \"index\" = 12", "entry 12, which has no checkpoint"),
    ("UPDATE evaluation SET total = '100' WHERE entry = 10", "entry 10, which has no checkpoint yet"),
    ("UPDATE evaluation SET receipt = receipt || ' ' WHERE entry = 11", "entry 11, which has no checkpoint yet"),
    ("UPDATE posting SET kept = '7' WHERE entry = 11 AND position = 0", "entry 11, which has no checkpoint yet"),
    ("DELETE FROM fact WHERE entry = 11", "entry 11, which has no checkpoint yet"),
    ('UPDATE entry SET supersedes = NULL WHERE "index" = 12', "entry 12, which has no checkpoint yet"),
]


@pytest.mark.parametrize(("statement", "said"), FAULTS)
@pytest.mark.parametrize("sealing", [False, True])
def test_what_somebody_put_there_is_not_signed(sealed: Sealed, statement: str, said: str, sealing: bool) -> None:
    """Neither by an append nor by a seal, nor by the first checkpoint of another folder."""
    leave_behind(sealed)
    sealed.change(statement)
    kept = (sealed.folder / "checkpoints").read_bytes()
    with sealed.open(KEYS[1]) as ledger, pytest.raises(Damaged, match=said):
        ledger.seal(actor=ACTOR, at=AT) if sealing else append(ledger)
    with sealed.open(KEYS[1], sealed.here / "other") as ledger, pytest.raises(Damaged, match=said):
        ledger.seal(actor=ACTOR, at=AT)
    assert (sealed.folder / "checkpoints").read_bytes() == kept
    assert not (sealed.here / "other").exists()


@pytest.mark.parametrize("body", ["{garbage", "{}", '{"index":10,"kind":"note"}'])
def test_what_whoever_may_insert_puts_there_is_not_signed(sealed: Sealed, body: str) -> None:
    """The triggers let it in, for they only keep what is there; the next append looks at it."""
    leaf = leaf_hash(body.encode()).hex()
    with bare_connection(sealed.url) as bare:
        bare.execute(
            'INSERT INTO entry ("index", kind, at, actor, reason, leaf_hash, body) VALUES (10, ?, ?, ?, ?, ?, ?)',
            ("note", "2024-12-01T08:30:00Z", ACTOR, "x", leaf, body),
        )
    with sealed.open(KEYS[1]) as ledger, pytest.raises(Damaged, match="entry 10, which has no checkpoint yet"):
        append(ledger)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM tile WHERE level = 0 AND position = 0",
        "UPDATE tile SET root = hashes WHERE level = 0 AND position = 0",
    ],
)
def test_a_tile_that_is_not_of_its_entries_is_not_built_on(sealed: Sealed, statement: str) -> None:
    """The root of the next checkpoint would be none of this ledger."""
    leave_behind(sealed, many=260)
    sealed.change(statement)
    with sealed.open(KEYS[1]) as ledger, pytest.raises(Damaged, match="tile 0/0 is not that of its entries"):
        append(ledger)


def test_an_honest_tail_of_more_than_a_tile_is_covered(sealed: Sealed) -> None:
    """Its tiles are those of its entries."""
    leave_behind(sealed, many=260)
    with sealed.open(KEYS[1]) as ledger:
        ledger.cover(actor=ACTOR, at=AT, reason="x")
        append(ledger)
    assert sealed.report().sound


def test_a_note_that_nobody_signed_hides_nothing(sealed: Sealed) -> None:
    """Anyone can write one for what he has put there; where a key is in force it speaks for nothing."""
    leave_behind(sealed)
    sealed.change("UPDATE evaluation SET total = '100' WHERE entry = 10")
    with open_ledger(sealed.url, create=False) as ledger, ledger.reading() as connection:
        head = head_of(connection)
    assert head is not None
    with (sealed.folder / "checkpoints").open("a", encoding="utf-8") as file:
        file.write(f"{head.note}\n")
    with sealed.open(KEYS[1]) as ledger, pytest.raises(Damaged, match="entry 10, which has no checkpoint yet"):
        append(ledger)


STRANGER = SigningKey("czj.example/fenming", bytes([9]) * 32)


@pytest.mark.parametrize("forged", ["of nothing", "a copy of an older one", "a stranger's", "a broken signature"])
def test_no_note_behind_the_newest_takes_its_place(sealed: Sealed, forged: str) -> None:
    """Or a ledger that was put back to an older state, or rewritten, would be gone on from and signed."""
    file = sealed.folder / "checkpoints"
    notes = [each.checkpoint for each in CheckpointFolder(sealed.folder).all()]
    newest = notes[-1]
    assert newest is not None
    sealed.change(*(f'DELETE FROM "{table}" WHERE "{key}" >= 8' for table, key in OF_ENTRIES.items()))
    with open_ledger(sealed.url, create=False) as ledger, ledger.reading() as connection:
        head = head_of(connection)
    assert head is not None
    note = {
        "of nothing": Checkpoint(head.origin, 0, EMPTY_ROOT).note,
        "a copy of an older one": next(each.note for each in notes if each is not None and each.size == 8),
        "a stranger's": replace(head, size=11).signed([STRANGER]).note,
        "a broken signature": replace(newest, size=11, root=head.root).note,
    }[forged]
    with file.open("a", encoding="utf-8") as stream:
        stream.write(f"{note}\n")
    kept = file.read_bytes()
    with sealed.open(KEYS[1]) as ledger, pytest.raises(Damaged, match="has 8 entries, but it had 10 before"):
        append(ledger)
    assert file.read_bytes() == kept


def test_a_faulty_text_that_was_there_before_is_not_built_on(url: str, bare: Bare, tmp_path: Path) -> None:
    """Whoever may insert can put another text under the digest of the next ruleset: it could never be scored again."""
    key = next(iter(make_sources().manifest.values()))
    bare.execute("INSERT INTO source VALUES (?, ?)", (key, "garbage"))
    with (
        open_ledger(url, create=False, checkpoints=tmp_path / "kept", signer=KEYS[0]) as ledger,
        pytest.raises(Damaged, match="the texts of ruleset"),
    ):
        append(ledger)
    assert bare.execute("SELECT count(*) FROM entry").fetchone()[0] == 0


def test_the_texts_behind_what_has_no_checkpoint_are_looked_at(sealed: Sealed) -> None:
    """They would be signed for with it."""
    leave_behind(sealed)
    sealed.change("UPDATE source SET text = text || 'x'")
    with sealed.open(KEYS[1]) as ledger, pytest.raises(Damaged, match="the texts of ruleset"):
        ledger.seal(actor=ACTOR, at=AT)


def put(url: str, receipt: Receipt, *, index: int = 10, supersedes: str | None = None, standing: Any = OFFICIAL) -> str:
    """Insert an evaluation as whoever may insert can, all of it fitting together; return its id."""
    evaluation = evaluation_id(index, receipt.sha256)
    said = {"supersedes": supersedes, "reason": "x" if supersedes else "", "standing": standing}
    body = evaluation_entry(index, receipt, actor=ACTOR, at=AT, **said)
    text = canonical(body)
    made: list[tuple[type[LedgerTable], Sequence[rows.TableRow]]] = [
        (EvaluationTable, [making.evaluation_row(evaluation, index, receipt)]),
        *making.child_rows(index, receipt.content),
        (EntryTable, [making.entry_row(body, text, leaf_hash(text))]),
    ]
    with bare_connection(url) as bare:
        for row, values in made:
            marks = ", ".join("?" * len(table(row).columns))
            for each in values:
                bare.execute(f'INSERT INTO "{row.__tablename__}" VALUES ({marks})', each)
    return evaluation


def test_a_whole_evaluation_that_somebody_put_there_is_not_signed(sealed: Sealed) -> None:
    """Nothing about it is wrong but who put it there, which no row can show: so whoever signs for it must say why."""
    put(sealed.url, make_receipt(2, department="旁人"))
    with sealed.open(KEYS[1]) as ledger, pytest.raises(Damaged, match="covers entry 10"):
        append(ledger)
    assert sealed.report().only_unsealed


def test_an_unknown_standing_and_a_second_one_in_force_are_not_signed(sealed: Sealed) -> None:
    """Nor is a correction that has another standing than what it corrects."""
    with sealed.open(KEYS[1]) as ledger:
        own = (each for each in ledger.evaluations(newest_first=True) if each.ruleset == "jiangmen/test/2024")
        old = next(own)
    receipt = make_receipt(2, department=old.department)
    again = {
        "its standing is unknown": put(sealed.url, make_receipt(3, department="旁人"), standing="final"),
    }
    with sealed.open(KEYS[1]) as ledger, pytest.raises(Damaged, match=next(iter(again))):
        append(ledger)
    sealed.put_back()
    put(sealed.url, receipt)
    with sealed.open(KEYS[1]) as ledger, pytest.raises(Damaged, match=r"scores a case that evaluation .* scores"):
        append(ledger)
    assert sealed.report().first == 10
    sealed.put_back()
    put(sealed.url, receipt, supersedes=old.id, standing="beside")
    with sealed.open(KEYS[1]) as ledger, pytest.raises(Damaged, match="has another standing"):
        append(ledger)


def test_a_correction_that_fits_together_but_corrects_something_else_is_not_signed(sealed: Sealed) -> None:
    """One of another case, and one of itself."""
    with sealed.open(KEYS[1]) as ledger:
        newest = next(ledger.evaluations(newest_first=True))
    receipt = make_receipt(2, department="旁人")
    for index, old in ((10, newest.id), (10, evaluation_id(10, receipt.sha256))):
        put(sealed.url, receipt, index=index, supersedes=old)
        with (
            sealed.open(KEYS[1]) as ledger,
            pytest.raises(Damaged, match="which is not an earlier evaluation of its case"),
        ):
            append(ledger)
        assert sealed.report().first == 10
        sealed.put_back()


@pytest.mark.parametrize(
    "manifest", ['{"ruleset.yaml":["x",null]}', '{"ruleset.yaml":"\\ud800"}', '{"\\udfff":"x"}', "[]"]
)
def test_a_ruleset_whose_manifest_is_none_is_reported(sealed: Sealed, manifest: str) -> None:
    """Its digest is right, and what it names are no digests: neither an append nor a replay stumbles over it."""
    content = make_content(2) | {"ruleset": make_content(2)["ruleset"] | {"digest": sha256(manifest.encode())}}
    receipt = as_receipt(content)
    with bare_connection(sealed.url) as bare:
        named = content["ruleset"]
        values = (named["digest"], named["id"], named["revision"], named["title"], named["text"], manifest)
        bare.execute("INSERT INTO ruleset VALUES (?, ?, ?, ?, ?, ?)", values)
    put(sealed.url, receipt)
    reported = f"the texts of ruleset {named['digest']}"
    with sealed.open(KEYS[1]) as ledger:
        with pytest.raises(Damaged, match=reported):
            append(ledger)
        with pytest.raises(Damaged, match=reported):
            ledger.sources(named["digest"])
    assert not sealed.report().sound


ODD_BODIES = [
    ({"at": "yesterday"}, "its timestamp is not valid"),
    ({"at": "2024-12-01T08:30:00Z\n"}, "its timestamp is not valid"),
    ({"actor": ""}, "its actor or its reason is not plain text"),
    ({"actor": "张\x85三"}, "its actor or its reason is not plain text"),
    ({"ledger": "0" * 32}, "its body"),
    ({"key": "x"}, "key"),
]


@pytest.mark.parametrize(("said", "reported"), ODD_BODIES)
def test_a_well_made_entry_that_says_something_odd_is_not_signed(
    sealed: Sealed, said: dict[str, str], reported: str
) -> None:
    """All its columns agree with its body; by the format it is not one, and nobody could check a proof of it."""
    body = plain(key_entry(10, STRANGER.public, actor=ACTOR, at=AT, reason="x")) | said
    text = canonical(body)
    with bare_connection(sealed.url) as bare:
        bare.execute(
            'INSERT INTO entry ("index", kind, at, actor, reason, leaf_hash, body) VALUES (10, ?, ?, ?, ?, ?, ?)',
            ("key", body["at"], body["actor"], "x", leaf_hash(text).hex(), text.decode()),
        )
    with sealed.open(KEYS[1]) as ledger, pytest.raises(Damaged, match=reported):
        append(ledger)
    assert not sealed.report().sound


@on_postgresql
def test_a_doubled_correction_is_found(sealed: Sealed) -> None:
    """Whatever wrote it: the later of two entries that supersede the same evaluation is faulty."""
    with sealed.open(KEYS[1]) as ledger:
        first = ledger.append(make_receipt(), make_sources(), actor=ACTOR, at=AT)
        second = ledger.append(make_receipt(2), make_sources(), actor=ACTOR, at=AT, supersedes=first.id, reason="复核")
    change = f"UPDATE entry SET supersedes = '{first.id}' WHERE \"index\" = 9"
    sealed.change("ALTER TABLE entry DROP CONSTRAINT entry_supersedes_key", change)
    reported = [str(finding.what) for finding in sealed.report().findings if finding.entry == second.entry]
    assert reported == [f"it supersedes {first.id}, as an earlier entry does"]
