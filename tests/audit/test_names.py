"""What a ruleset's name says: one text, the newest revision, and the texts that the ledger holds under it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from audit.ledger.differences import changed_line
from audit.ledger.ledger import Ledger, open_ledger
from audit.ledger.names import doubled_texts
from audit.ledger.submission import Submission
from audit.log.entries import BESIDE, OFFICIAL, TRIAL
from audit.replay import replay
from audit.tables.records import RecordedEvaluation
from audit.verify import verify
from engine.base.faults import Damaged, Refused
from engine.base.sources import Sources, canonical
from engine.receipt import Receipt
from tests.audit.bare import Bare, bare_connection
from tests.audit.receipts import ACTOR, AT, as_receipt, make_content, make_receipt, make_sources
from tests.audit.sealed import KEYS, Sealed
from tests.audit.test_tail import put

OTHER_TEXT = "ruleset jiangmen/test/2024, revision 1, has another text than before"


def changed(more: str) -> Sources:
    """Return the sources with something added to the ruleset."""
    return Sources({**make_sources().files, "ruleset.yaml": make_sources().files["ruleset.yaml"] + more})


def add_ruleset(url: str, receipt: Receipt, sources: Sources) -> None:
    """Insert a ruleset and its texts, as whoever may insert can."""
    named = receipt.content.ruleset
    with bare_connection(url) as bare:
        for name, digest in sources.manifest.items():
            if not bare.execute("SELECT 1 FROM source WHERE sha256 = ?", (digest,)).fetchone():
                bare.execute("INSERT INTO source VALUES (?, ?)", (digest, sources.files[name]))
        values = (sources.digest, named.id, named.revision, named.title, named.text)
        bare.execute("INSERT INTO ruleset VALUES (?, ?, ?, ?, ?, ?)", (*values, canonical(sources.manifest).decode()))


def test_a_second_text_under_one_name_is_not_covered(sealed: Sealed) -> None:
    """Or no further evaluation by the true ruleset would be taken; verification finds it all the same."""
    other = changed("rounding: 1\n")
    receipt = make_receipt(department="旁人", sources=other)
    add_ruleset(sealed.url, receipt, other)
    put(sealed.url, receipt)
    with sealed.open(KEYS[1]) as ledger, pytest.raises(Damaged, match=OTHER_TEXT):
        ledger.cover(actor=ACTOR, at=AT, reason="已核对")
    found = [(each.entry, str(each.what)) for each in sealed.report().findings if not each.unsealed]
    assert found == [(10, OTHER_TEXT)]
    sealed.put_back()
    add_ruleset(sealed.url, receipt, other)
    put(sealed.url, receipt, standing=TRIAL)
    with sealed.open(KEYS[1]) as ledger:
        ledger.cover(actor=ACTOR, at=AT, reason="已核对")
    assert sealed.report().findings == ()


def test_a_second_text_is_found_at_its_first_entry_of_a_range(sealed: Sealed) -> None:
    """One that was there before does not hide the next one."""
    other = changed("rounding: 1\n")
    receipts = [make_receipt(department=f"旁人{n}", sources=other) for n in range(3)]
    add_ruleset(sealed.url, receipts[0], other)
    for n, receipt in enumerate(receipts):
        put(sealed.url, receipt, index=10 + n)
    assert [each.entry for each in sealed.report().findings if OTHER_TEXT in str(each.what)] == [10]
    with sealed.open() as ledger, ledger.reading() as connection:
        for start in range(13):
            found = [entry for entry, *_ in doubled_texts(connection, start, 12)]
            assert found == [each for each in [max(start, 10)] if each < 12]


def test_two_texts_in_one_recording_are_refused(ledger: Ledger) -> None:
    """None of them is in the ledger yet."""
    sources = [make_sources(), changed("rounding: 1\n")]
    both = [
        Submission(make_receipt(department=f"部门{n}", sources=each), each, ACTOR, AT) for n, each in enumerate(sources)
    ]
    with pytest.raises(Refused, match=r"two texts in one recording. Changed: ruleset.yaml:3 .*rounding: 1"):
        ledger.append_all(both)
    assert ledger.count() == 0


FORGED: list[tuple[str, dict[str, Any]]] = [
    ("another text", {}),
    ("another id", {"id": "jiangmen/other/2024"}),
    ("another revision", {"revision": 2}),
]


@pytest.mark.parametrize(("what", "name"), FORGED)
def test_a_name_that_its_texts_do_not_have_is_found(sealed: Sealed, what: str, name: dict[str, Any]) -> None:
    """The receipt and the row agree on it, and the manifest holds something else."""
    sources = make_sources() if name else changed("rounding: 1\n")
    content = make_content(2, department="旁人", sources=sources)
    forged = {"title": "伪造", "text": make_sources().text, **name}
    if name:
        sources = Sources({**sources.files, "calendar.yaml": "2024: [2024-05-01]\n"})
        forged["digest"] = sources.digest
    receipt = as_receipt(content | {"ruleset": content["ruleset"] | forged})
    add_ruleset(sealed.url, receipt, sources)
    put(sealed.url, receipt)
    reported = f"the name of ruleset {sources.digest}"
    with sealed.open(KEYS[1]) as ledger, pytest.raises(Damaged, match=reported):
        ledger.cover(actor=ACTOR, at=AT, reason=what)
    found = [(each.entry, str(each.what)) for each in sealed.report().findings if not each.unsealed]
    assert found == [(10, f"{reported} is not that of its texts")]


def test_a_ruleset_that_was_there_before_under_another_name_is_not_built_on(url: str, bare: Bare) -> None:
    """Whoever may insert can put one there before its first evaluation."""
    content = make_content(2)
    add_ruleset(url, as_receipt(content | {"ruleset": content["ruleset"] | {"title": "我"}}), make_sources())
    with open_ledger(url, create=False) as ledger, pytest.raises(Damaged, match="the name of ruleset"):
        ledger.append(make_receipt(2), make_sources(), actor=ACTOR, at=AT)
    assert bare.execute("SELECT count(*) FROM entry").fetchone()[0] == 0


@pytest.mark.parametrize("column", ["title", "id", "text"])
def test_a_replay_reports_of_a_changed_name(ledger: Ledger, bare: Bare, column: str) -> None:
    """Every byte of the receipt agrees, and the row of its ruleset does not."""
    first = ledger.append(make_receipt(), make_sources(), actor=ACTOR, at=AT)
    assert replay(ledger, first.id, lambda _, __: make_receipt()).same
    bare.disarm()
    bare.execute(f"UPDATE ruleset SET {column} = 'me'")
    result = replay(ledger, first.id, lambda _, __: make_receipt())
    assert not result.same
    assert [str(each) for each in result.faults] == [f"the name of ruleset {make_sources().digest} is not what it was"]


def revised(revision: int) -> Sources:
    """Return the sources of a revision."""
    return make_sources() if revision == 1 else changed(f"revision: {revision}\n")


def score(ledger: Ledger, revision: int, department: str, missed: int = 1, **more: Any) -> RecordedEvaluation:
    """Score a department by a revision."""
    sources = revised(revision)
    receipt = make_receipt(2, department=department, sources=sources, revision=revision, missed=missed)
    return ledger.append(receipt, sources, actor=ACTOR, at=AT, **more)


def test_a_withdrawn_revision_does_not_score(ledger: Ledger) -> None:
    """Once a later one has scored officially; not even the case that it had scored, as its own correction."""
    first = score(ledger, 1, "甲局")
    score(ledger, 3, "乙局", standing=TRIAL)
    score(ledger, 1, "丙局")
    score(ledger, 3, "乙局")
    for revision, more in ((1, {}), (2, {}), (1, {"supersedes": first.id, "reason": "更正"})):
        with pytest.raises(Refused, match="Entry 3 of this ledger was scored by revision 3") as caught:
            score(ledger, revision, "甲局" if more else "丁局", 2, **more)
        assert f"you have revision {revision}" in str(caught.value)
        assert "--trial" in str(caught.value.faults[0].remedy)
        assert caught.value.exit_code == 4
    assert ledger.count() == 4
    assert score(ledger, 1, "甲局").repeated
    assert score(ledger, 1, "丁局", standing=TRIAL).standing == TRIAL
    beside = score(ledger, 2, "乙局", standing=BESIDE, reason="比较")
    assert score(ledger, 1, "乙局", supersedes=beside.id, reason="更正").standing == BESIDE
    assert score(ledger, 3, "甲局", supersedes=first.id, reason="更正").standing == OFFICIAL
    assert verify(ledger).findings == ()


def test_a_recording_does_not_go_back_to_a_lower_revision(ledger: Ledger) -> None:
    """Within one recording the order is that of the entries."""

    def record(*revisions: int) -> None:
        made = [
            Submission(
                make_receipt(2, department=f"部门{n}", sources=revised(each), revision=each), revised(each), ACTOR, AT
            )
            for n, each in enumerate(revisions)
        ]
        ledger.append_all(made)

    with pytest.raises(Refused, match="by revision 2 of ruleset jiangmen/test/2024, and after that by revision 1"):
        record(1, 2, 1)
    record(1, 2)
    assert ledger.count() == 2


def test_another_form_does_not_supersede(sealed: Sealed, ledger: Ledger) -> None:
    """It would leave the case without an evaluation in force by the first form, which could then score it again."""
    first = ledger.append(make_receipt(), make_sources(), actor=ACTOR, at=AT)
    other = make_sources("修订")
    with pytest.raises(Refused, match=r"is of .* \(jiangmen/test/2024\); it cannot be superseded by one of"):
        ledger.append(make_receipt(sources=other), other, actor=ACTOR, at=AT, supersedes=first.id, reason="更正")
    with sealed.open() as opened:
        old = next(each for each in opened.evaluations(newest_first=True) if each.ruleset == "jiangmen/test/2024")
    put(sealed.url, make_receipt(2, department=old.department, sources=other), supersedes=old.id)
    with sealed.open(KEYS[1]) as opened, pytest.raises(Damaged, match="which another form has scored"):
        opened.cover(actor=ACTOR, at=AT, reason="已核对")
    assert [str(each.what) for each in sealed.report().findings if each.entry == 10 and not each.unsealed] == [
        f"it supersedes {old.id}, which another form has scored"
    ]


LINES = [
    ("  points: 3", "    points: 3", "−“points: 3” +“␣␣points: 3”"),
    ("points: 3", "points: 3 ", "−“points: 3” +“points: 3␣”"),
    ("points: 3", "points:  3", "−“points:␣3” +“points:␣␣3”"),
    ("points: 3\r", "points: 3", "−“points: 3␍” +“points: 3”"),
    ("a b", "a\u3000b", "−“a␣b” +“a<U+3000>b”"),
    ("  points: 3", "  points: 4", "−“points: 3” +“points: 4”"),
    (None, "  points: 4", "+“␣␣points: 4”"),
    ("points: 4", None, "−“points: 4”"),
    ("", "\t", "−“” +“⇥”"),
    ("x" * 70 + "a", "x" * 70 + "b", f"−“…{'x' * 20}a” +“…{'x' * 20}b”"),
    ("a" + "x" * 70, "b" + "x" * 70, f"−“a{'x' * 59}…” +“b{'x' * 59}…”"),
    ("x" * 60, "x" * 61, f"−“{'x' * 60}” +“…{'x' * 21}”"),
]


@pytest.mark.parametrize(("before", "after", "shown"), LINES)
def test_two_lines_are_shown_where_they_differ(before: str | None, after: str | None, shown: str) -> None:
    """Also where they differ in white space alone, or far beyond what fits."""
    assert changed_line(before, after) == shown


def test_the_refusal_shows_what_has_changed(ledger: Ledger) -> None:
    """Every kind of change, the last line break included."""
    text = make_sources().files["ruleset.yaml"]
    ledger.append(make_receipt(), make_sources(), actor=ACTOR, at=AT)
    ends = {text.removesuffix("\n"): "−“”", text.replace("\n", "\r\n"): "␍", text.replace("id: ", "id:  "): "id:␣␣"}
    for other, shown in ends.items():
        sources = Sources({**make_sources().files, "ruleset.yaml": other})
        named = make_content(sources=sources)["ruleset"] | {"id": "jiangmen/test/2024"}
        receipt = as_receipt(json.loads(canonical(make_content(department="乙局") | {"ruleset": named})))
        with pytest.raises(Refused, match="with another text") as caught:
            ledger.append(receipt, sources, actor=ACTOR, at=AT)
        assert shown in str(caught.value)
