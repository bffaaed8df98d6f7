"""Whatever has been put into a ledger's tables, using it ends in our own words: that it was changed, and how."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from audit.ledger.ledger import Ledger, open_ledger
from audit.ledger.proofs import prove
from audit.verify import verify
from engine.base.faults import Damaged
from tests.audit.bare import bare_connection, on_sqlite
from tests.audit.filled import KEY
from tests.audit.reading import entries
from tests.audit.receipts import ACTOR, AT, make_receipt, make_sources


def append(ledger: Ledger) -> object:
    """Append one more evaluation."""
    return ledger.append(make_receipt(), make_sources(), actor=ACTOR, at=AT)


def change(url: str, *statements: str) -> None:
    """Change rows behind the ledger's back, its triggers standing again afterwards."""
    with bare_connection(url) as bare:
        bare.disarm()
        for statement in statements:
            bare.execute(statement)
        bare.arm()


def reported(url: str, kept: Path, act: Callable[[Ledger], object]) -> str:
    """Return what is said when someone uses the ledger."""
    with open_ledger(url, create=False, checkpoints=kept, signer=KEY) as ledger, pytest.raises(Damaged) as caught:
        act(ledger)
    return str(caught.value)


@pytest.mark.parametrize(
    ("statement", "act", "what"),
    [
        ("UPDATE entry SET leaf_hash = 'zz' WHERE \"index\" = 0", append, "the leaf hash of entry 0"),
        ("UPDATE tile SET hashes = root", lambda ledger: prove(ledger, 2), "the hashes of a tile"),
        ('UPDATE entry SET body = \'{"key":5}\' WHERE "index" = 0', Ledger.key, "the entry that names its key"),
        ("UPDATE entry SET body = '[' WHERE \"index\" = 0", Ledger.key, "the entry that names its key"),
    ],
)
def test_an_altered_ledger_is_reported_by_whatever_meets_it(
    filled: str, tmp_path: Path, statement: str, act: Callable[[Ledger], object], what: str
) -> None:
    """Not only by verification."""
    change(filled, statement)
    said = reported(filled, tmp_path / "kept", act)
    assert "has been changed since it was written" in said
    assert what in said


@on_sqlite
@pytest.mark.parametrize(
    "act",
    [append, lambda ledger: prove(ledger, 262), lambda ledger: list(entries(ledger))],
    ids=["append", "prove", "read"],
)
def test_a_body_that_is_no_text_is_reported(filled: str, tmp_path: Path, act: Callable[[Ledger], object]) -> None:
    """SQLite keeps any bytes in any column."""
    change(filled, 'UPDATE entry SET body = CAST(body AS BLOB) WHERE "index" > 256')
    assert "the body of an entry" in reported(filled, tmp_path / "kept", act)


@pytest.mark.parametrize("index", [1_000_000_000, 2**31 - 1])
def test_an_entry_far_beyond_the_others_is_named_without_counting_up_to_it(
    filled: str, tmp_path: Path, index: int
) -> None:
    """Or one forged row would keep verification busy for ever."""
    columns = "kind, at, actor, evaluation, supersedes, reason, leaf_hash, body"
    change(
        filled,
        f'INSERT INTO entry ("index", {columns}) SELECT {index}, kind, at, actor, NULL, NULL, reason, leaf_hash, body '
        'FROM entry WHERE "index" = 0',
    )
    with open_ledger(filled, create=False, checkpoints=tmp_path / "kept") as ledger:
        report = verify(ledger, key=KEY.public)
    assert [(each.entry, str(each.what)) for each in report.findings] == [(index, "it is far beyond the others")]


def test_a_version_that_the_tables_never_had_is_reported(filled: str, tmp_path: Path) -> None:
    """An added row is an added row."""
    change(filled, "INSERT INTO ledger_format VALUES (0)")
    with open_ledger(filled, create=False, checkpoints=tmp_path / "kept") as ledger:
        report = verify(ledger, key=KEY.public)
    assert [str(each.what) for each in report.findings] == ["the format of the ledger is not what it was"]
