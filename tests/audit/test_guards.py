"""The database itself keeps the ledger append-only: all here goes through a bare sqlite3 connection."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from audit.errors import LedgerError
from audit.ledger import Ledger, open_ledger
from audit.sqlite_guards import guards
from audit.tables import CHILDREN, Row
from tests.audit.bare import bare_connection
from tests.audit.receipts import ACTOR, AT, make_receipt, make_sources

TABLES = sorted(Row.metadata.tables)
CHILD_TABLES = sorted(str(child.__tablename__) for child in CHILDREN)
COMPOSITE = ["aggregate", "fact", "firing", "posting", "score"]


@pytest.fixture
def bare(path: Path) -> Iterator[sqlite3.Connection]:
    """A bare connection to a ledger with two evaluations, the second correcting the first."""
    with open_ledger(str(path), create=True) as ledger:
        first = ledger.append(make_receipt(), make_sources(), actor=ACTOR, at=AT)
        ledger.append(make_receipt(2), make_sources(), actor=ACTOR, at=AT, supersedes=first.id, reason="复核")
    with bare_connection(path) as direct:
        direct.execute("INSERT INTO tile VALUES (0, 0, X'00', X'00')")
    connection = sqlite3.connect(path, isolation_level=None)
    before = list(connection.iterdump())
    yield connection
    assert list(connection.iterdump()) == before
    connection.close()


def columns(bare: sqlite3.Connection, table: str) -> list[str]:
    """Return the names of a table's columns."""
    return [row[1] for row in bare.execute(f'PRAGMA table_info("{table}")')]


def refused(bare: sqlite3.Connection, statement: str, *values: object, match: str = "fenming ledger: ") -> None:
    """Check that a statement is refused."""
    with pytest.raises(sqlite3.IntegrityError, match=match):
        bare.execute(statement, values)


@pytest.mark.parametrize("recursive", ["OFF", "ON"])
@pytest.mark.parametrize("table", TABLES)
def test_nothing_is_updated_or_deleted(bare: sqlite3.Connection, table: str, recursive: str) -> None:
    """UPDATE and DELETE are refused on every column of every table, however they are written."""
    bare.execute(f"PRAGMA recursive_triggers = {recursive}")
    assert bare.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] > 0
    for column in columns(bare, table):
        for verb in ("UPDATE", "UPDATE OR REPLACE", "UPDATE OR IGNORE"):
            refused(bare, f'{verb} "{table}" SET "{column}" = "{column}"', match="append-only")
        refused(bare, f'UPDATE "{table}" SET "{column}" = NULL', match="append-only|NOT NULL|mismatch")
    refused(bare, f'DELETE FROM "{table}"', match="append-only")
    refused(bare, f'DELETE FROM "{table}" WHERE 1', match="append-only")


@pytest.mark.parametrize("table", TABLES)
def test_nothing_is_replaced(bare: sqlite3.Connection, table: str) -> None:
    """INSERT OR REPLACE, REPLACE and upserts of a row that is there are refused, and so is INSERT OR IGNORE."""
    names = columns(bare, table)
    row = bare.execute(f'SELECT * FROM "{table}"').fetchone()
    marks = ", ".join("?" * len(row))
    for verb in ("INSERT", "INSERT OR REPLACE", "REPLACE", "INSERT OR IGNORE", "INSERT OR ABORT"):
        refused(bare, f'{verb} INTO "{table}" VALUES ({marks})', *row)
    upsert = f'ON CONFLICT DO UPDATE SET "{names[-1]}" = 0'
    refused(bare, f'INSERT INTO "{table}" VALUES ({marks}) {upsert}', *row)


@pytest.mark.parametrize("table", COMPOSITE)
def test_no_row_is_replaced_through_a_rowid(bare: sqlite3.Connection, table: str) -> None:
    """Tables whose key is not a whole number have no rowid through which a row could be hit."""
    with pytest.raises(sqlite3.OperationalError, match="no such column"):
        bare.execute(f'SELECT rowid FROM "{table}"')


def test_no_row_is_replaced_through_another_unique_key(bare: sqlite3.Connection) -> None:
    """A new primary key with a known id, evaluation or superseded evaluation is refused."""
    evaluation, supersedes = bare.execute('SELECT evaluation, supersedes FROM entry WHERE "index" = 1').fetchone()
    row = list(bare.execute("SELECT * FROM evaluation WHERE entry = 1").fetchone())
    row[columns(bare, "evaluation").index("entry")] = 2
    refused(bare, f"INSERT OR REPLACE INTO evaluation VALUES ({', '.join('?' * len(row))})", *row, match="with this id")
    insert = 'INSERT OR REPLACE INTO entry VALUES (2, ?, "", "", ?, ?, "", "", "")'.replace('"', "'")
    refused(bare, insert, "evaluation", evaluation, None)
    refused(bare, insert, "other", None, supersedes, match="with this supersedes")


@pytest.mark.parametrize("index", [-1, 0, 1, 3, 100, None, 2.5, "x", "2x"])
def test_entries_keep_their_order(bare: sqlite3.Connection, index: object) -> None:
    """An entry has the next number or is refused."""
    insert = "INSERT OR REPLACE INTO entry VALUES (?, 'other', '', '', NULL, NULL, '', '', '')"
    with pytest.raises(sqlite3.Error):
        bare.execute(insert, (index,))


@pytest.mark.parametrize("entry", [-1, 0, 1, None])
def test_an_evaluation_comes_before_its_entry(bare: sqlite3.Connection, entry: object) -> None:
    """An evaluation cannot be put where an entry is already, or where none can follow."""
    ruleset = bare.execute("SELECT digest FROM ruleset").fetchone()[0]
    assert columns(bare, "evaluation")[:3] == ["entry", "id", "ruleset"]
    insert = "INSERT OR REPLACE INTO evaluation VALUES (?, 'new', ?, '', '', '', '', '', '')"
    refused(bare, insert, entry, ruleset)


def test_an_entry_of_an_evaluation_needs_its_evaluation(bare: sqlite3.Connection) -> None:
    """An entry cannot claim an evaluation that is not there, nor leave it out, nor carry one under another kind."""
    insert = "INSERT INTO entry VALUES (2, ?, '', '', ?, NULL, '', '', '')"
    refused(bare, insert, "evaluation", "0000000000000000", match="follows its evaluation")
    refused(bare, insert, "evaluation", None, match="follows its evaluation")
    refused(bare, insert, "other", "0000000000000000", match="follows its evaluation")


@pytest.mark.parametrize("table", CHILD_TABLES)
def test_a_sealed_evaluation_takes_no_more_rows(bare: sqlite3.Connection, table: str) -> None:
    """A new line, even with a free position, cannot be added to an evaluation that has its entry, nor to none."""
    row = list(bare.execute(f'SELECT * FROM "{table}"').fetchone())
    assert columns(bare, table)[0] == "entry"
    row[1] = 10_000
    marks = ", ".join("?" * len(row))
    for verb in ("INSERT", "INSERT OR REPLACE", "INSERT OR IGNORE"):
        refused(bare, f'{verb} INTO "{table}" VALUES ({marks})', *row, match="is closed")
        refused(bare, f'{verb} INTO "{table}" VALUES ({marks})', 99, *row[1:], match="is closed")


def test_every_table_is_guarded() -> None:
    """Each table, present or to come, has its triggers against update, delete and replacement."""
    for table in TABLES:
        assert {f"{table}_no_update", f"{table}_no_delete", f"{table}_no_replace_0"} <= set(guards())
    assert {f"{table}_sealed" for table in CHILD_TABLES} <= set(guards())


@pytest.mark.parametrize("name", sorted(guards()))
def test_nothing_is_appended_where_a_trigger_is_gone_or_altered(ledger: Ledger, name: str) -> None:
    """The ledger is not extended once its protection is broken; the error names the trigger."""
    ledger.append(make_receipt(2), make_sources(), actor=ACTOR, at=AT)
    with bare_connection(ledger.path) as connection:
        connection.execute(f"DROP TRIGGER {name}")
    with pytest.raises(LedgerError, match=name):
        ledger.append(make_receipt(2), make_sources(), actor=ACTOR, at=AT)
    with bare_connection(ledger.path) as connection:
        connection.execute(guards()[name].replace(" BEGIN SELECT", " BEGIN SELECT 1; SELECT"))
    with pytest.raises(LedgerError, match=name):
        ledger.append(make_receipt(2), make_sources(), actor=ACTOR, at=AT)
    assert ledger.count() == 1


def test_rows_may_be_added_until_the_entry_is_there(path: Path) -> None:
    """What an append does is possible from a bare connection too: the database guards the order, not the writer."""
    open_ledger(str(path), create=True).close()
    with bare_connection(path) as bare:
        bare.execute("INSERT INTO ruleset VALUES ('d', 'r', 't', '{}')")
        bare.execute("INSERT INTO evaluation VALUES (0, 'e', 'd', '', '', '', '', '', '')")
        bare.execute("INSERT INTO aggregate VALUES (0, 0, '', '', '')")
        bare.execute("INSERT INTO entry VALUES (0, 'evaluation', '', '', 'e', NULL, '', '', '')")
        refused(bare, "INSERT INTO aggregate VALUES (0, 1, '', '', '')", match="is closed")
        bare.execute("INSERT INTO entry VALUES (1, 'other', '', '', NULL, NULL, '', '', '')")


def test_an_entry_takes_no_evaluation_that_was_written_for_another(path: Path) -> None:
    """An evaluation whose number another entry took cannot be sealed under a later one."""
    open_ledger(str(path), create=True).close()
    with bare_connection(path) as bare:
        bare.execute("INSERT INTO ruleset VALUES ('d', 'r', 't', '{}')")
        bare.execute("INSERT INTO evaluation VALUES (0, 'e', 'd', '', '', '', '', '', '')")
        bare.execute("INSERT INTO entry VALUES (0, 'other', '', '', NULL, NULL, '', '', '')")
        seal = "INSERT INTO entry VALUES (1, 'evaluation', '', '', 'e', NULL, '', '', '')"
        refused(bare, seal, match="follows its evaluation")
