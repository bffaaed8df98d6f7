"""The database itself keeps the ledger append-only: all here goes through the driver alone."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter

import pytest

from audit.database.postgresql import guards as postgresql_guards
from audit.database.sqlite import guards as sqlite_guards
from audit.ledger.ledger import Ledger, open_ledger
from audit.tables.schema import CHILDREN, LedgerTable
from engine.base.faults import Damaged
from tests.audit.bare import ERRORS, REFUSALS, Bare, bare_connection, on_postgresql, on_sqlite
from tests.audit.conftest import Fresh
from tests.audit.receipts import ACTOR, AT, make_receipt, make_sources

TABLES = sorted(LedgerTable.metadata.tables)
CHILD_TABLES = sorted(str(child.__tablename__) for child in CHILDREN)
IDLE = "RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"
COMPOSITE = ["aggregate", "citation", "fact", "firing", "posting", "result", "score"]


@pytest.fixture(scope="module")
def written(fresh: Fresh) -> Iterator[str]:
    """The address of a ledger with two evaluations, the second correcting the first."""
    with fresh() as url:
        with open_ledger(url, create=True) as ledger:
            first = ledger.append(make_receipt(), make_sources(), actor=ACTOR, at=AT)
            ledger.append(make_receipt(2), make_sources(), actor=ACTOR, at=AT, supersedes=first.id, reason="复核")
        with bare_connection(url) as bare:
            bare.execute("INSERT INTO tile VALUES (0, 0, ?, ?)", (b"root", b"hashes"))
            bare.execute("INSERT INTO checkpoint VALUES (2, 'note')")
        yield url


@pytest.fixture
def full(written: str) -> Iterator[Bare]:
    """A bare connection to that ledger; nothing may change it."""
    with bare_connection(written) as bare:
        before = bare.contents()
        yield bare
        assert bare.contents() == before


def refused(bare: Bare, statement: str, *values: object, match: str = "fenming ledger: ") -> None:
    """Check that a statement is refused."""
    with pytest.raises(REFUSALS, match=match):
        bare.execute(statement, values)


@pytest.mark.parametrize("table", TABLES)
def test_nothing_is_updated_or_deleted(full: Bare, table: str) -> None:
    """UPDATE and DELETE are refused on every column of every table."""
    assert full.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] > 0
    for column in full.columns(table):
        refused(full, f'UPDATE "{table}" SET "{column}" = "{column}"', match="append-only")
    refused(full, f'DELETE FROM "{table}"', match="append-only")


@pytest.mark.parametrize("table", TABLES)
def test_what_is_there_is_not_inserted_again(full: Bare, table: str) -> None:
    """A row whose key is there is refused, also where the statement would change it instead."""
    row = full.execute(f'SELECT * FROM "{table}"').fetchone()
    marks = ", ".join("?" * len(row))
    key = ", ".join(f'"{column.name}"' for column in LedgerTable.metadata.tables[table].primary_key)
    last = full.columns(table)[-1]
    with pytest.raises(REFUSALS):
        full.execute(f'INSERT INTO "{table}" VALUES ({marks})', row)
    upsert = f'ON CONFLICT ({key}) DO UPDATE SET "{last}" = excluded."{last}"'
    refused(full, f'INSERT INTO "{table}" VALUES ({marks}) {upsert}', *row)


@on_postgresql
@pytest.mark.parametrize("role", ["origin", "replica", "local"])
@pytest.mark.parametrize("table", TABLES)
def test_nothing_is_emptied_or_merged_on_postgresql(full: Bare, table: str, role: str) -> None:
    """TRUNCATE, and any UPDATE or DELETE that meets no row, are refused, whatever the session says that it is."""
    full.execute(f"SET session_replication_role = {role}")
    last = full.columns(table)[-1]
    refused(full, f'TRUNCATE "{table}" CASCADE', match="append-only: a row of .* is never truncated")
    refused(full, f'DELETE FROM "{table}" WHERE false', match=f"append-only: a row of {table} is never deleted")
    refused(full, f'UPDATE "{table}" SET "{last}" = "{last}" WHERE false', match="append-only")
    if full.execute("SELECT current_setting('server_version_num')::int < 150000").fetchone()[0]:
        return  # It has no MERGE.
    merge = f'MERGE INTO "{table}" t USING (SELECT 1) one ON false WHEN MATCHED THEN'
    refused(full, f'{merge} UPDATE SET "{last}" = t."{last}"', match="append-only")
    refused(full, f"{merge} DELETE", match="append-only")


@on_postgresql
@pytest.mark.parametrize("isolation", ["REPEATABLE READ", "SERIALIZABLE"])
@pytest.mark.parametrize("table", TABLES)
def test_a_row_is_added_by_what_is_committed(full: Bare, table: str, isolation: str) -> None:
    """A writer who sees a state of the past adds nothing on the strength of it."""
    row = full.execute(f'SELECT * FROM "{table}"').fetchone()
    full.execute(f"SET default_transaction_isolation = '{isolation}'")
    refused(full, f'INSERT INTO "{table}" VALUES ({", ".join("?" * len(row))})', *row, match="READ COMMITTED")


@on_postgresql
def test_a_writer_waits_for_the_one_before(written: str, full: Bare) -> None:
    """Whoever adds a row holds the ledger's lock until the end, so that no law is judged on half a state."""
    with bare_connection(written) as other:
        other.execute("BEGIN")
        other.execute("INSERT INTO source VALUES ('x', '')")
        full.execute("SET lock_timeout = 50")
        for table in TABLES:
            with pytest.raises(ERRORS, match="lock timeout"):
                full.execute(f'INSERT INTO "{table}" DEFAULT VALUES')
        other.execute("ROLLBACK")


@on_sqlite
@pytest.mark.parametrize("recursive", ["OFF", "ON"])
@pytest.mark.parametrize("table", TABLES)
def test_no_spelling_of_update_passes_on_sqlite(full: Bare, table: str, recursive: str) -> None:
    """UPDATE and DELETE are refused however they are written."""
    full.execute(f"PRAGMA recursive_triggers = {recursive}")
    for column in full.columns(table):
        for verb in ("UPDATE", "UPDATE OR REPLACE", "UPDATE OR IGNORE"):
            refused(full, f'{verb} "{table}" SET "{column}" = "{column}"', match="append-only")
        refused(full, f'UPDATE "{table}" SET "{column}" = NULL', match="append-only|NOT NULL|mismatch")
    refused(full, f'DELETE FROM "{table}" WHERE 1', match="append-only")


@on_sqlite
@pytest.mark.parametrize("table", TABLES)
def test_nothing_is_replaced_on_sqlite(full: Bare, table: str) -> None:
    """INSERT OR REPLACE, REPLACE and upserts of a row that is there are refused, and so is INSERT OR IGNORE."""
    row = full.execute(f'SELECT * FROM "{table}"').fetchone()
    marks = ", ".join("?" * len(row))
    for verb in ("INSERT", "INSERT OR REPLACE", "REPLACE", "INSERT OR IGNORE", "INSERT OR ABORT"):
        refused(full, f'{verb} INTO "{table}" VALUES ({marks})', *row)
    upsert = f'ON CONFLICT DO UPDATE SET "{full.columns(table)[-1]}" = 0'
    refused(full, f'INSERT INTO "{table}" VALUES ({marks}) {upsert}', *row)


@on_sqlite
@pytest.mark.parametrize("table", COMPOSITE)
def test_no_row_is_replaced_through_a_rowid(full: Bare, table: str) -> None:
    """Tables whose key is not a whole number have no rowid through which a row could be hit."""
    with pytest.raises(ERRORS, match="no such column"):
        full.execute(f'SELECT rowid FROM "{table}"')


def test_no_row_is_replaced_through_another_unique_key(full: Bare) -> None:
    """A new primary key with a known id, evaluation or superseded evaluation is refused."""
    verb = "INSERT OR REPLACE" if full.on_sqlite else "INSERT"
    evaluation, supersedes = full.execute('SELECT evaluation, supersedes FROM entry WHERE "index" = 1').fetchone()
    row = list(full.execute("SELECT * FROM evaluation WHERE entry = 1").fetchone())
    row[full.columns("evaluation").index("entry")] = 2
    says = "with this id|evaluation_id_key"
    refused(full, f"{verb} INTO evaluation VALUES ({', '.join('?' * len(row))})", *row, match=says)
    insert = f"{verb} INTO entry VALUES (2, ?, '', '', ?, ?, NULL, '', '', '')"
    refused(full, insert, "evaluation", evaluation, None)
    refused(full, insert, "other", None, supersedes, match="with this supersedes|entry_supersedes_key")


@pytest.mark.parametrize("index", [-1, 0, 1, 3, 100, None, 2.5, "x", "2x"])
def test_entries_keep_their_order(full: Bare, index: object) -> None:
    """An entry has the next number or is refused."""
    written = "NULL" if index is None else repr(index)
    verb = "INSERT OR REPLACE" if full.on_sqlite else "INSERT"
    if index == 2.5 and not full.on_sqlite:
        written = "'2.5'"  # a number is rounded before any trigger sees it
    with pytest.raises(ERRORS):
        full.execute(f"{verb} INTO entry VALUES ({written}, 'other', '', '', NULL, NULL, NULL, '', '', '')")


def test_many_entries_in_one_statement_keep_their_order(full: Bare) -> None:
    """Rows that come together are counted one by one."""
    rows = "SELECT {}, 'other', '', '', NULL, NULL, NULL, '', '', '' FROM (VALUES (0), (1), (2)) AS n"
    column = "column1" if full.on_sqlite else "n.column1"
    refused(full, f"INSERT INTO entry {rows.format(f'2 + 2 * {column}')}", match="without a gap")


@pytest.mark.parametrize("entry", [-1, 0, 1, None])
def test_an_evaluation_comes_before_its_entry(full: Bare, entry: object) -> None:
    """An evaluation cannot be put where an entry is already, or where none can follow."""
    verb = "INSERT OR REPLACE" if full.on_sqlite else "INSERT"
    ruleset = full.execute("SELECT digest FROM ruleset").fetchone()[0]
    assert full.columns("evaluation")[:3] == ["entry", "id", "ruleset"]
    refused(full, f"{verb} INTO evaluation VALUES (?, 'new', ?, '', '', '', '', 0, '', '', '', '')", entry, ruleset)


def test_an_entry_of_an_evaluation_needs_its_evaluation(full: Bare) -> None:
    """An entry cannot claim an evaluation that is not there, nor leave it out, nor carry one under another kind."""
    insert = "INSERT INTO entry VALUES (2, ?, '', '', ?, NULL, NULL, '', '', '')"
    refused(full, insert, "evaluation", "0000000000000000", match="follows its evaluation")
    refused(full, insert, "evaluation", None, match="follows its evaluation")
    refused(full, insert, "other", "0000000000000000", match="follows its evaluation")


@pytest.mark.parametrize("table", CHILD_TABLES)
def test_a_sealed_evaluation_takes_no_more_rows(full: Bare, table: str) -> None:
    """A new line, even with a free position, cannot be added to an evaluation that has its entry, nor to none."""
    row = list(full.execute(f'SELECT * FROM "{table}"').fetchone())
    assert full.columns(table)[0] == "entry"
    row[1] = 10_000
    marks = ", ".join("?" * len(row))
    for verb in ("INSERT", "INSERT OR REPLACE", "INSERT OR IGNORE") if full.on_sqlite else ("INSERT",):
        refused(full, f'{verb} INTO "{table}" VALUES ({marks})', *row, match="is closed")
        refused(full, f'{verb} INTO "{table}" VALUES ({marks})', 99, *row[1:], match="is closed")


def test_every_table_is_guarded() -> None:
    """Each table, present or to come, has its triggers against update, delete and replacement."""
    on_files, on_servers = set(sqlite_guards.guards()), {each.name for each in postgresql_guards.triggers()}
    for table in TABLES:
        kept = "sealed" if table in CHILD_TABLES else "no_replace_0"
        assert {f"{table}_no_update", f"{table}_no_delete", f"{table}_{kept}"} <= on_files
        assert {f"{table}_no_update", f"{table}_no_delete", f"{table}_no_truncate", f"{table}_in_turn"} <= on_servers
    assert {f"{table}_sealed" for table in CHILD_TABLES} <= on_files & on_servers


def unguarded(ledger: Ledger, *names: str) -> None:
    """Check that the ledger takes nothing, because of what is named."""
    with pytest.raises(Damaged, match="no longer protected") as caught:
        ledger.append(make_receipt(2), make_sources(), actor=ACTOR, at=AT)
    for name in names:
        assert name in str(caught.value)


@on_sqlite
@pytest.mark.parametrize("name", sorted(sqlite_guards.guards()))
def test_nothing_is_appended_where_a_trigger_is_gone_or_altered(ledger: Ledger, bare: Bare, name: str) -> None:
    """The ledger is not extended once its protection is broken; the error names the trigger."""
    ledger.append(make_receipt(2), make_sources(), actor=ACTOR, at=AT)
    bare.execute(f"DROP TRIGGER {name}")
    unguarded(ledger, name)
    bare.execute(sqlite_guards.guards()[name].replace(" BEGIN SELECT", " BEGIN SELECT 1; SELECT"))
    unguarded(ledger, name)
    assert ledger.count() == 1


@on_sqlite
def test_nothing_is_appended_where_a_trigger_is_not_ours(ledger: Ledger, bare: Bare) -> None:
    """A trigger that someone has added could do anything with what is written."""
    bare.execute("CREATE TRIGGER extra AFTER INSERT ON fact BEGIN SELECT 1; END")
    unguarded(ledger, "extra")


@on_postgresql
def test_nothing_is_appended_where_a_trigger_is_gone_or_altered_on_postgresql(ledger: Ledger, bare: Bare) -> None:
    """Each trigger counts: there, enabled always, with its own function; put right, the ledger goes on."""
    for table, its in groupby(sorted(postgresql_guards.triggers(), key=attrgetter("table")), attrgetter("table")):
        triggers = [*its]
        other = f"UPDATE OF {bare.columns(table)[-1]}"
        drop = [f'DROP TRIGGER {each.name} ON "{table}"' for each in triggers]
        made = [each.create("public") for each in triggers]
        altered = [text.replace(each.event, other, 1) for each, text in zip(triggers, made, strict=True)]
        for state in ("DISABLE TRIGGER", "ENABLE TRIGGER", "ENABLE REPLICA TRIGGER"):
            bare.execute("; ".join(f'ALTER TABLE "{table}" {state} {each.name}' for each in triggers))
            unguarded(ledger, *(each.name for each in triggers))
        for steps in (drop, altered):
            bare.execute("; ".join(steps))
            unguarded(ledger, *(each.name for each in triggers))
        bare.execute("; ".join([*drop, *made]))
    assert ledger.append(make_receipt(2), make_sources(), actor=ACTOR, at=AT).entry == 0


@on_postgresql
@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("ALTER FUNCTION fenming_append_only() SECURITY DEFINER", "entry_no_update"),
        ("ALTER FUNCTION fenming_append_only() SET search_path = pg_temp", "entry_no_update"),
        ("ALTER FUNCTION fenming_in_turn() RESET ALL", "entry_in_turn"),
        (
            f"CREATE OR REPLACE FUNCTION fenming_append_only() {IDLE} SET search_path = public, pg_temp",
            "entry_no_update",
        ),
        (
            f"CREATE FUNCTION f() {IDLE}; CREATE TRIGGER extra BEFORE INSERT ON fact EXECUTE FUNCTION f()",
            "extra",
        ),
        ("CREATE RULE quiet AS ON UPDATE TO entry DO INSTEAD NOTHING", "quiet"),
        ("ALTER TABLE entry DISABLE TRIGGER ALL", "entry_evaluation_fkey"),
        ("ALTER TABLE entry DROP CONSTRAINT entry_supersedes_key", "entry (supersedes)"),
        ("ALTER TABLE fact DROP CONSTRAINT fact_pkey", "fact (entry, position)"),
        ("ALTER TABLE evaluation DROP CONSTRAINT evaluation_ruleset_fkey", "evaluation (ruleset)"),
        ("ALTER TABLE entry ENABLE ROW LEVEL SECURITY", "entry (row security)"),
        ("ALTER TABLE score SET UNLOGGED", "score (unlogged)"),
        ("CREATE TABLE more () INHERITS (entry)", "entry (inherited)"),
    ],
)
def test_nothing_is_appended_where_the_tables_are_altered(
    ledger: Ledger, bare: Bare, statement: str, named: str
) -> None:
    """What else could change, hide or lose a row is named, and nothing is written."""
    bare.execute(statement)
    unguarded(ledger, named)
    assert ledger.count() == 0


def test_rows_may_be_added_until_the_entry_is_there(bare: Bare) -> None:
    """What an append does is possible from a bare connection too: the database guards the order, not the writer."""
    bare.execute("INSERT INTO ruleset VALUES ('d', 'r', 1, 't', 'x', '{}')")
    bare.execute("INSERT INTO evaluation VALUES (0, 'e', 'd', '', '', '', '', 0, '', '', '', '')")
    bare.execute("INSERT INTO aggregate VALUES (0, 0, '', '', '')")
    bare.execute("INSERT INTO entry VALUES (0, 'evaluation', '', '', 'e', NULL, NULL, '', '', '')")
    refused(bare, "INSERT INTO aggregate VALUES (0, 1, '', '', '')", match="is closed")
    bare.execute("INSERT INTO entry VALUES (1, 'other', '', '', NULL, NULL, NULL, '', '', '')")


def test_an_entry_takes_no_evaluation_that_was_written_for_another(bare: Bare) -> None:
    """An evaluation whose number another entry took cannot be sealed under a later one."""
    bare.execute("INSERT INTO ruleset VALUES ('d', 'r', 1, 't', 'x', '{}')")
    bare.execute("INSERT INTO evaluation VALUES (0, 'e', 'd', '', '', '', '', 0, '', '', '', '')")
    bare.execute("INSERT INTO entry VALUES (0, 'other', '', '', NULL, NULL, NULL, '', '', '')")
    seal = "INSERT INTO entry VALUES (1, 'evaluation', '', '', 'e', NULL, NULL, '', '', '')"
    refused(bare, seal, match="follows its evaluation")
