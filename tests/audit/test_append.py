"""Laws of appending: whole or not at all, in order, exactly as given."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
import rfc8785
from sqlalchemy import event

from audit.ledger.ledger import Ledger, open_ledger
from audit.log.entries import BESIDE
from engine.base.faults import InvalidInput, Refused
from tests.audit.bare import Bare, bare_connection, on_sqlite
from tests.audit.reading import entries
from tests.audit.receipts import ACTOR, AT, DEPARTMENT, as_receipt, make_content, make_receipt, make_sources


def test_an_evaluation_is_returned_as_it_was_recorded(ledger: Ledger) -> None:
    """What append returns is what find, receipt and sources tell afterwards."""
    receipt, sources = make_receipt(), make_sources()
    recorded = ledger.append(receipt, sources, actor=ACTOR, at=AT)
    assert ledger.find("latest") == recorded
    assert recorded.id == hashlib.sha256(f"0:{receipt.sha256}".encode()).hexdigest()[:16]
    assert (recorded.entry, recorded.at, recorded.actor) == (0, "2024-12-01T08:30:00Z", ACTOR)
    assert (recorded.department, recorded.year, recorded.total, recorded.grade) == (DEPARTMENT, "2024", "11.25", "良")
    assert (recorded.ruleset, recorded.ruleset_digest) == ("jiangmen/test/2024", sources.digest)
    assert (recorded.supersedes, recorded.superseded_by, recorded.reason) == (None, None, "")
    assert ledger.receipt(recorded.id) == receipt
    assert ledger.receipt(recorded.id).text == receipt.text
    assert ledger.sources(recorded.ruleset_digest) == sources


def test_the_body_of_an_entry_is_canonical_and_names_its_receipt(ledger: Ledger) -> None:
    """The body's bytes are RFC 8785, their digest is beside them, and they commit to receipt and ruleset."""
    receipt, sources = make_receipt(), make_sources()
    first = ledger.append(receipt, sources, actor="Zoë “Z” 张\\", at=AT)
    ledger.append(receipt, sources, actor=ACTOR, at=AT, supersedes=first.id, reason="漏了一项\n见附件 😀")
    for entry in entries(ledger):
        body = json.loads(entry.body)
        assert rfc8785.dumps(body) == entry.body
        assert hashlib.sha256(b"\0" + entry.body).hexdigest() == entry.leaf_hash
        assert body["receipt_sha256"] == receipt.sha256
        assert body["ruleset"] == sources.digest
        assert (body["format"], body["kind"], body["index"]) == ("fenming/entry/1", "evaluation", entry.index)
        for name in ("at", "actor", "evaluation", "supersedes", "standing", "reason"):
            assert body[name] == getattr(entry, name)


def test_time_and_actor_stay_out_of_the_receipt(ledger: Ledger) -> None:
    """The same case recorded by another person at another time has another entry but the same receipt."""
    receipt = make_receipt()
    local = datetime(2025, 1, 1, 7, 59, 59, 999999, tzinfo=timezone(timedelta(hours=8)))
    one = ledger.append(receipt, make_sources(), actor="甲", at=AT)
    two = ledger.append(receipt, make_sources(), actor="乙", at=local, standing=BESIDE, reason="重算")
    assert two.at == "2024-12-31T23:59:59Z"
    assert one.receipt_sha256 == two.receipt_sha256
    assert one.id != two.id
    assert ledger.receipt(one.id).text == ledger.receipt(two.id).text


def test_entries_are_numbered_from_zero_in_the_order_of_appending(ledger: Ledger) -> None:
    """Indices are contiguous, and listings read on over their pages in order."""
    for number in range(7):
        ledger.append(make_receipt(department=f"部门{number}"), make_sources(), actor=ACTOR, at=AT)
    assert ledger.count() == 7
    assert [entry.index for entry in entries(ledger)] == list(range(7))
    assert [entry.index for entry in entries(ledger, 5)] == [5, 6]
    assert [each.department for each in ledger.evaluations()] == [f"部门{n}" for n in range(7)]
    assert [each.entry for each in ledger.evaluations(newest_first=True)] == list(range(7))[::-1]


def test_listings_read_on_over_pages(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """A listing longer than a page is complete, in either direction, also where its end is a page's end."""
    monkeypatch.setattr("audit.ledger.reader._PAGE", 2)
    for length in range(1, 6):
        ledger.append(make_receipt(1, missed=0, department=f"部门{length}"), make_sources(), actor=ACTOR, at=AT)
        assert [entry.index for entry in entries(ledger)] == list(range(length))
        assert [each.entry for each in ledger.evaluations()] == list(range(length))
        assert [each.entry for each in ledger.evaluations(newest_first=True)] == list(range(length))[::-1]


def test_texts_are_stored_once(ledger: Ledger, url: str) -> None:
    """Two rulesets that share their schemas share the stored texts; the same ruleset adds nothing."""
    for number, note in enumerate(("", "", "第二稿")):
        sources = make_sources(note)
        ledger.append(make_receipt(sources=sources, department=f"部门{number}"), sources, actor=ACTOR, at=AT)
        assert ledger.sources(sources.digest) == sources
    with bare_connection(url) as bare:
        rows = bare.contents()
    assert len(rows["ruleset"]) == 2
    assert len(rows["source"]) == 4


def test_a_ruleset_of_nothing_new_but_another_name_is_stored(ledger: Ledger) -> None:
    """A ruleset whose texts are all there already, under other names, needs no new text."""
    first = make_sources()
    second = type(first)({**first.files, "shared/other.json": first.files["facts/performance_target.json"]})
    for number, sources in enumerate((first, second)):
        ledger.append(make_receipt(sources=sources, department=f"部门{number}"), sources, actor=ACTOR, at=AT)
        assert ledger.sources(sources.digest) == sources


def test_columns_repeat_the_receipt(ledger: Ledger, url: str) -> None:
    """A bare SQL query finds the firings, postings, facts, scores and results of a receipt."""
    recorded = ledger.append(make_receipt(), make_sources(), actor=ACTOR, at=AT)
    with bare_connection(url) as connection:
        rows = connection.execute(
            "SELECT p.lost, f.rule, f.clauses, f.says_zh, f.formulas FROM posting p JOIN firing f "
            "ON f.entry = p.entry AND f.position = p.firing WHERE p.entry = ? AND p.lost <> '0'",
            (recorded.entry,),
        ).fetchall()
        assert len(rows) == 1
        lost, rule, clauses, says, formulas = rows[0]
        assert (lost, rule, clauses, says) == ("3.75", "1/share", '["1.1"]', "“服务企业”完成。")
        assert json.loads(formulas)[0]["numbers"] == "15 / 4"
        facts = connection.execute(
            "SELECT id, derived_by, assumed, assumed_reason FROM fact ORDER BY position"
        ).fetchall()
        assert facts[0] == ("T0", None, 1, "完成情况表未公开")
        assert facts[1] == ("T1", None, 0, "")
        assert facts[4] == ("completion(T0)", 0, 1, "")
        assert connection.execute("SELECT weight, kept, lost, claimed FROM score").fetchall() == [
            ("15", "11.25", "3.75", "14.25")
        ]
        assert connection.execute("SELECT formula, value FROM aggregate").fetchall() == [("count(completion)", "4")]
        assert connection.execute(
            "SELECT r.name, r.title, r.kind, r.value, r.unit, r.status, f.rule FROM result r LEFT JOIN firing f "
            "ON f.entry = r.entry AND r.firings = '[' || f.position || ']' ORDER BY r.position"
        ).fetchall() == [
            ("kept", "实得分", "number", "11.25", "分", "settled", "kept/given"),
            ("advice", "", "text", None, "", "none", None),
        ]


def test_a_receipt_without_rows_is_recorded(ledger: Ledger) -> None:
    """A case in which nothing fires is an evaluation too."""
    content = make_content()
    empty = {"facts", "derived", "aggregates", "firings", "postings", "indicators", "levels", "stated"}
    del content["results"]
    receipt = as_receipt({name: [] if name in empty else value for name, value in content.items()})
    recorded = ledger.append(receipt, make_sources(), actor=ACTOR, at=AT)
    assert ledger.receipt(recorded.id) == receipt


def test_unicode_comes_back_byte_for_byte(ledger: Ledger) -> None:
    """Characters outside the common planes, quotes, controls and right-to-left text survive."""
    content = make_content()
    content["facts"][0]["values"]["name"] = "𠮷野家😀 \u202e\u0000\u0001\"'\\ e\u0301 é ｆ"
    receipt = as_receipt(content)
    recorded = ledger.append(receipt, make_sources(), actor="𠮷田　太郎", at=AT)
    assert ledger.receipt(recorded.id).text == receipt.text
    assert ledger.find("latest").actor == "𠮷田　太郎"


def test_a_large_receipt_is_recorded(ledger: Ledger) -> None:
    """Two thousand firings go in and come out."""
    receipt = make_receipt(1000)
    recorded = ledger.append(receipt, make_sources(), actor=ACTOR, at=AT)
    assert ledger.receipt(recorded.id) == receipt


def test_a_failure_at_any_statement_leaves_nothing(ledger: Ledger, bare: Bare) -> None:
    """Whichever statement of an append fails, the ledger is as before, and the next append works."""

    class InjectedError(Exception):
        """The injected failure."""

    countdown = 0

    def strike(*_: object) -> None:
        nonlocal countdown
        countdown -= 1
        if countdown == 0:
            raise InjectedError

    ledger.append(make_receipt(), make_sources(), actor=ACTOR, at=AT)
    before = bare.contents()
    new = make_sources("新")
    event.listen(ledger._access.database.engine, "before_cursor_execute", strike)
    struck = 0
    while True:
        countdown = struck + 1
        try:
            ledger.append(make_receipt(sources=new), new, actor=ACTOR, at=AT)
        except InjectedError:
            struck += 1
            assert bare.contents() == before
        else:
            break
    event.remove(ledger._access.database.engine, "before_cursor_execute", strike)
    assert struck >= 12
    assert [entry.index for entry in entries(ledger)] == [0, 1]
    assert ledger.receipt(ledger.find("latest").id) == make_receipt(sources=new)


def test_a_failure_at_the_commit_leaves_nothing(ledger: Ledger, bare: Bare) -> None:
    """An append whose commit fails has not happened."""

    def fail(_: object) -> None:
        raise RuntimeError("no commit")

    before = bare.contents()
    event.listen(ledger._access.database.engine, "commit", fail)
    with pytest.raises(RuntimeError, match="no commit"):
        ledger.append(make_receipt(), make_sources(), actor=ACTOR, at=AT)
    event.remove(ledger._access.database.engine, "commit", fail)
    assert bare.contents() == before
    assert ledger.append(make_receipt(), make_sources(), actor=ACTOR, at=AT).entry == 0


def test_the_texts_must_be_those_of_the_receipt(ledger: Ledger) -> None:
    """A receipt that names another ruleset than the texts given is refused."""
    with pytest.raises(Refused, match="names the ruleset"):
        ledger.append(make_receipt(), make_sources("other"), actor=ACTOR, at=AT)
    assert ledger.count() == 0


@pytest.mark.parametrize("actor", ["", "  ", "a\tb", "a\u2028b", "a\ud800b", "a\x7f"])
def test_an_actor_is_plain_text(ledger: Ledger, actor: str) -> None:
    """An actor that cannot be read or stored is refused with an error that itself can be printed."""
    with pytest.raises(InvalidInput, match="as the actor") as caught:
        ledger.append(make_receipt(), make_sources(), actor=actor, at=AT)
    assert str(caught.value).encode()
    assert ledger.count() == 0


def test_a_reason_is_plain_text(ledger: Ledger) -> None:
    """A reason may have lines, but no other control characters."""
    with pytest.raises(InvalidInput, match="as the reason"):
        ledger.append(make_receipt(), make_sources(), actor=ACTOR, at=AT, reason="\x1b[31m")
    assert ledger.append(make_receipt(), make_sources(), actor=ACTOR, at=AT, reason="一\n二").reason == "一\n二"


def test_the_ledger_survives_reopening(bare_url: str) -> None:
    """Opening again, to read or to write, finds what was there."""
    with open_ledger(bare_url, create=True) as ledger:
        recorded = ledger.append(make_receipt(), make_sources(), actor=ACTOR, at=datetime.now(UTC))
    with open_ledger(bare_url, create=True) as ledger:
        assert ledger.find("latest") == recorded
    with open_ledger(bare_url, create=False) as ledger:
        assert ledger.find(recorded.id) == recorded


@on_sqlite
def test_what_is_committed_is_on_the_disk(ledger: Ledger) -> None:
    """Each connection waits for the disk, the folder too (EXTRA, 3), and keeps references whole."""
    with ledger._access.database.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 3
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "delete"
