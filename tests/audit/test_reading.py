"""Laws of reading: what was changed behind the ledger's back is not passed on as if nothing had happened."""

from __future__ import annotations

from pathlib import Path

import pytest

from audit.errors import LedgerError
from audit.ledger import Ledger, open_ledger
from audit.records import Evaluation
from audit.sqlite_guards import guards
from engine.sources import sha256
from tests.audit.bare import bare_connection
from tests.audit.receipts import ACTOR, AT, make_receipt, make_sources


@pytest.fixture
def recorded(ledger: Ledger) -> Evaluation:
    """An evaluation in the ledger."""
    return ledger.append(make_receipt(), make_sources(), actor=ACTOR, at=AT)


def tamper(path: str, statement: str, *values: object) -> None:
    """Change a row as someone would who has the file and drops the triggers."""
    with bare_connection(path) as connection:
        for name in guards():
            connection.execute(f"DROP TRIGGER IF EXISTS {name}")
        connection.execute(statement, values)


OTHER = '{"total":"100"}'


@pytest.mark.parametrize(
    ("statement", "values", "what"),
    [
        ("UPDATE evaluation SET receipt = replace(receipt, '11.25', '15')", (), "the receipt of evaluation"),
        ("UPDATE evaluation SET receipt = receipt || ' '", (), "the receipt of evaluation"),
        ("UPDATE evaluation SET receipt = x'00'", (), "the receipt of evaluation"),
        ("UPDATE evaluation SET receipt_sha256 = 'x'", (), "the receipt of evaluation"),
        (
            "UPDATE evaluation SET receipt = ?, receipt_sha256 = ?",
            (OTHER, sha256(OTHER.encode())),
            "the receipt of evaluation",
        ),
        ("UPDATE entry SET body = replace(body, ':0,', ':1,')", (), "the entry of evaluation"),
        ("UPDATE entry SET body = '{', body_sha256 = ?", (sha256(b"{"),), "the entry of evaluation"),
        ("UPDATE entry SET body = '[]', body_sha256 = ?", (sha256(b"[]"),), "the entry of evaluation"),
        ("UPDATE entry SET body_sha256 = 'x'", (), "the entry of evaluation"),
    ],
)
def test_a_changed_receipt_is_refused(
    ledger: Ledger, recorded: Evaluation, statement: str, values: tuple[str, ...], what: str
) -> None:
    """A receipt whose bytes, digest or entry were changed is an error that names it."""
    tamper(ledger.path, statement, *values)
    with pytest.raises(LedgerError, match=what):
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
def test_changed_texts_are_refused(ledger: Ledger, recorded: Evaluation, statement: str) -> None:
    """A ruleset whose texts were changed or removed is an error that names it."""
    tamper(ledger.path, statement)
    with pytest.raises(LedgerError, match="the texts of ruleset"):
        ledger.sources(recorded.ruleset_digest)


def test_bytes_that_are_no_text_are_damage(ledger: Ledger, recorded: Evaluation) -> None:
    """A text that is not UTF-8 is an error of ours."""
    tamper(ledger.path, "UPDATE evaluation SET receipt = CAST(x'fffe' AS TEXT)")
    with pytest.raises(LedgerError, match="is damaged"):
        ledger.receipt(recorded.id)


def test_an_evaluation_without_entry_is_not_listed(path: Path) -> None:
    """What has no entry was never recorded; and since it stands in the way, appending says so."""
    open_ledger(str(path), create=True).close()
    with bare_connection(path) as bare:
        bare.execute("INSERT INTO ruleset VALUES ('d', 'r', 't', '{}')")
        bare.execute("INSERT INTO evaluation VALUES (0, 'e', 'd', '', '', '', '', '', '')")
    with open_ledger(str(path), create=False) as ledger:
        assert list(ledger.evaluations()) == []
        with pytest.raises(LedgerError, match="refused the entry"):
            ledger.append(make_receipt(), make_sources(), actor=ACTOR, at=AT)
