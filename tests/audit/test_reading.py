"""Laws of reading: what was changed behind the ledger's back is not passed on as if nothing had happened."""

from __future__ import annotations

import pytest

from audit.ledger.ledger import Ledger
from audit.log.entries import cover_entry
from audit.tables.records import RecordedEvaluation
from engine.base.faults import Damaged, Refused
from engine.base.sources import canonical, sha256
from tests.audit.bare import Bare, on_sqlite
from tests.audit.receipts import ACTOR, AT, make_receipt, make_sources


@pytest.fixture
def recorded(ledger: Ledger) -> RecordedEvaluation:
    """An evaluation in the ledger."""
    return ledger.append(make_receipt(), make_sources(), actor=ACTOR, at=AT)


def tamper(bare: Bare, statement: str, *values: object) -> None:
    """Change a row as someone would who has the file or owns the tables, and drops the triggers."""
    bare.disarm()
    bare.execute(statement, values)


OTHER = '{"total":"100"}'


COVER = canonical(cover_entry(1, 0, actor=ACTOR, at=AT, reason="x")).decode()
"""An entry as fenming writes it, but not of an evaluation."""


@pytest.mark.parametrize(
    ("statement", "values", "what"),
    [
        ("UPDATE evaluation SET receipt = replace(receipt, '11.25', '15')", (), "the receipt of evaluation"),
        ("UPDATE evaluation SET receipt = receipt || ' '", (), "the receipt of evaluation"),
        ("UPDATE evaluation SET receipt_sha256 = 'x'", (), "the receipt of evaluation"),
        (
            "UPDATE evaluation SET receipt = ?, receipt_sha256 = ?",
            (OTHER, sha256(OTHER.encode())),
            "the receipt of evaluation",
        ),
        ("UPDATE entry SET body = replace(body, ':0,', ':1,')", (), "the entry of evaluation"),
        ("UPDATE entry SET body = '{', leaf_hash = ?", (sha256(b"\0{"),), "the entry of evaluation"),
        ("UPDATE entry SET body = '[]', leaf_hash = ?", (sha256(b"\0[]"),), "the entry of evaluation"),
        ("UPDATE entry SET body = ?, leaf_hash = ?", (COVER, sha256(f"\0{COVER}".encode())), "the entry of evaluation"),
        ("UPDATE entry SET leaf_hash = 'x'", (), "the entry of evaluation"),
    ],
)
def test_a_changed_receipt_is_refused(
    ledger: Ledger, bare: Bare, recorded: RecordedEvaluation, statement: str, values: tuple[str, ...], what: str
) -> None:
    """A receipt whose bytes, digest or entry were changed is an error that names it."""
    tamper(bare, statement, *values)
    with pytest.raises(Damaged, match=what):
        ledger.receipt(recorded.id)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE source SET text = text || ' ' WHERE text LIKE 'id: %'",
        "DELETE FROM source WHERE text LIKE 'id: %'",
        "UPDATE source SET sha256 = 'x' WHERE text LIKE 'id: %'",
        "UPDATE ruleset SET manifest = '{}'",
    ],
)
def test_changed_texts_are_refused(ledger: Ledger, bare: Bare, recorded: RecordedEvaluation, statement: str) -> None:
    """A ruleset whose texts were changed or removed is an error that names it."""
    tamper(bare, statement)
    with pytest.raises(Damaged, match="the texts of ruleset"):
        ledger.sources(recorded.ruleset_digest)


@on_sqlite
def test_bytes_that_are_no_text_are_damage(ledger: Ledger, bare: Bare, recorded: RecordedEvaluation) -> None:
    """A text that is not UTF-8, or not even a text, is an error of ours."""
    tamper(bare, "UPDATE evaluation SET receipt = x'00'")
    with pytest.raises(Damaged, match="the receipt of evaluation"):
        ledger.receipt(recorded.id)
    tamper(bare, "UPDATE evaluation SET receipt = CAST(x'fffe' AS TEXT)")
    with pytest.raises(Damaged, match="is damaged"):
        ledger.receipt(recorded.id)


def test_an_evaluation_without_entry_is_not_listed(ledger: Ledger, bare: Bare) -> None:
    """What has no entry was never recorded; and since it is in the way, appending says so."""
    bare.execute("INSERT INTO ruleset VALUES ('d', 'r', 1, 't', 'x', '{}')")
    bare.execute("INSERT INTO evaluation VALUES (0, 'e', 'd', '', '', '', '', 0, '', '', '', '')")
    assert list(ledger.evaluations()) == []
    with pytest.raises(Refused, match="refused the entry"):
        ledger.append(make_receipt(), make_sources(), actor=ACTOR, at=AT)
