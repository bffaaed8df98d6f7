"""Whatever is changed in a ledger behind its back is found, and reported of the entry that it is of.

Whoever changes it here has the database, takes the triggers away first, and puts them back afterwards.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest

from audit.database.sqlite.guards import guards
from audit.tables.schema import LedgerTable
from audit.verify import ranges, verify
from engine.base.faults import Damaged, FenmingError
from tests.audit.bare import on_postgresql, on_sqlite
from tests.audit.receipts import ACTOR, AT, fresh_receipt, make_sources
from tests.audit.sealed import KEYS, OF_ENTRIES, TABLES, Sealed, altered, places


def test_an_untouched_ledger_is_sound(small: Sealed, tiled: Sealed) -> None:
    """Both ledgers verify, with either key, and tell what was looked at."""
    for sealed, entries, evaluations in ((small, 10, 8), (tiled, 268, 266)):
        report = sealed.report()
        assert report.findings == ()
        assert report.notices == ()
        assert (report.entries, report.evaluations, report.covered) == (entries, evaluations, entries)
        assert report.checkpoints == report.signed > 3
        assert report.keys == tuple(key.public for key in KEYS)


def test_the_guards_stand_again_after_a_change(sealed: Sealed) -> None:
    """What the tests here find is what was changed, and not that there was someone who changed it."""
    sealed.change("UPDATE entry SET actor = actor", 'DELETE FROM fact WHERE "entry" = -1')
    assert sealed.report().findings == ()


@pytest.mark.long
def test_every_changed_byte_is_found(small: Sealed, tell: Callable[[str], None]) -> None:
    """Each column of each table, in the first and the last row, at sampled bytes, valid UTF-8 afterwards or not."""
    dice = random.Random(0)
    trials = 0
    for table in TABLES:
        if table == "tile":
            continue
        names = [column.name for column in LedgerTable.metadata.tables[table].columns]
        rows = small.rows(f'SELECT * FROM "{table}"')
        key = [column.name for column in LedgerTable.metadata.tables[table].primary_key]
        for row in dict.fromkeys([rows[0], rows[len(rows) // 2], rows[-1]]):
            for column, value in zip(names, row, strict=True):
                length = max(len(value), 1) if isinstance(value, bytes) else 1
                for at in dice.sample(range(length), min(length, small.samples)):
                    where = " AND ".join(f'"{name}" = ?' for name in key)
                    old = tuple(row[names.index(name)] for name in key)
                    text = isinstance(value, bytes)
                    new = altered(value, at, table=table, column=column)
                    target = "CAST(? AS TEXT)" if text else "?"
                    keys = tuple(str(k, "utf-8") if isinstance(k, bytes) else k for k in old)
                    small.change(f'UPDATE "{table}" SET "{column}" = {target} WHERE {where}', values=(new, *keys))
                    check_found(small, table, names, row, column)
                    small.put_back()
                    trials += 1
    tell(f"{trials} changed bytes, all found.")
    assert trials > 100 * small.samples


def check_found(sealed: Sealed, table: str, names: list[str], row: tuple[object, ...], column: str) -> None:
    """Check that a change is found, and reported of the right entry; a ledger that cannot be opened says so itself."""
    try:
        report = sealed.report()
    except FenmingError:
        assert table == "ledger_format"
        return
    assert not report.sound, (table, column)
    if table in OF_ENTRIES:
        entry = row[names.index(OF_ENTRIES[table])]
        assert entry in places(report), (table, column, report.findings)
        if column != OF_ENTRIES[table]:
            assert report.first == entry, (table, column, report.findings)


def test_bytes_that_are_no_text_are_reported(sealed: Sealed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reads them learns that the ledger is damaged; verification says where, also by several processes."""
    sealed.change("UPDATE evaluation SET department = CAST(? AS TEXT) WHERE entry = 4", values=(b"\xff",))
    with sealed.open() as ledger:
        with pytest.raises(Damaged, match="is damaged: a column holds bytes that are no text"):
            list(ledger.evaluations())
        one = verify(ledger)
        assert one.first == 4
        monkeypatch.setattr(ranges, "LONG", 1)
        assert verify(ledger, workers=2) == one


@pytest.mark.parametrize("table", sorted({*OF_ENTRIES} - {"entry"}))
def test_removed_added_and_exchanged_rows_are_found(sealed: Sealed, table: str) -> None:
    """Rows behind an entry: one is missing, one is doubled under another place, two have exchanged places."""
    key = OF_ENTRIES[table]
    entry = 4
    second = {"evaluation": "id", "score": "indicator"}.get(table, "position")
    sealed.change(f'DELETE FROM "{table}" WHERE "{key}" = {entry}')
    report = sealed.report()
    assert report.first == entry
    assert places(report) <= {entry, 5}, "entry 5 corrects entry 4"
    sealed.put_back()
    names = [column.name for column in LedgerTable.metadata.tables[table].columns]
    free = "'ffff'" if table == "evaluation" else "99"
    shifted = ", ".join({key: "77", second: free}.get(name, f'"{name}"') for name in names)
    sealed.change(f'INSERT INTO "{table}" SELECT {shifted} FROM "{table}" WHERE "{key}" = {entry} LIMIT 1')
    assert not sealed.report().sound
    sealed.put_back()
    sealed.change(
        *[
            f'UPDATE "{table}" SET "{key}" = -1 WHERE "{key}" = 4',
            f'UPDATE "{table}" SET "{key}" = 4 WHERE "{key}" = 6',
            f'UPDATE "{table}" SET "{key}" = 6 WHERE "{key}" = -1',
        ]
    )
    assert {4, 6} <= places(sealed.report()) <= {4, 5, 6}


@pytest.mark.parametrize("entry", [0, 4, 9])
def test_a_removed_entry_is_found(sealed: Sealed, entry: int) -> None:
    """The first, one in the middle, the last: the last is missed by the checkpoints alone."""
    sealed.change(f'DELETE FROM entry WHERE "index" = {entry}')
    assert entry in places(sealed.report())
    assert sealed.report().first == entry


def test_removed_newest_entries_are_found(sealed: Sealed) -> None:
    """With all that belongs to them: what is left is whole, but the checkpoints know better."""
    sealed.change(*(f'DELETE FROM "{table}" WHERE "{key}" >= 7' for table, key in OF_ENTRIES.items()))
    report = sealed.report()
    assert places(report) == {7, 8, 9}
    with (
        pytest.raises(Damaged, match="it had 10 before"),
        sealed.open(KEYS[1]) as ledger,
    ):
        ledger.append(fresh_receipt(), make_sources(), actor=ACTOR, at=AT)


def test_exchanged_entries_are_found(sealed: Sealed) -> None:
    """Two entries with all that belongs to them in each other's place."""
    steps = []
    for table, key in OF_ENTRIES.items():
        steps += [
            f'UPDATE "{table}" SET "{key}" = -1 WHERE "{key}" = 4',
            f'UPDATE "{table}" SET "{key}" = 4 WHERE "{key}" = 5',
            f'UPDATE "{table}" SET "{key}" = 5 WHERE "{key}" = -1',
        ]
    sealed.change(*steps)
    assert {4, 5} <= places(sealed.report())


def test_an_inserted_entry_is_found(sealed: Sealed) -> None:
    """An entry at the end that no append made, with whatever it says of itself."""
    sealed.change(
        "INSERT INTO entry SELECT 10, kind, at, actor, NULL, NULL, NULL, reason, leaf_hash, body "
        'FROM entry WHERE "index" = 0'
    )
    assert 10 in places(sealed.report())


@on_sqlite
@pytest.mark.parametrize("name", sorted(guards()))
def test_a_dropped_or_altered_trigger_is_found(sealed: Sealed, name: str) -> None:
    """Each trigger, gone or toothless."""
    with closing(sqlite3.connect(sealed.url)) as connection:
        connection.execute(f"DROP TRIGGER {name}")
    assert [str(f.what) for f in sealed.report().findings] == [f"trigger {name} is missing"]
    with closing(sqlite3.connect(sealed.url)) as connection:
        connection.execute(guards()[name].replace(" BEGIN SELECT", " BEGIN SELECT 1; SELECT"))
    assert [str(f.what) for f in sealed.report().findings] == [f"trigger {name} has been altered"]


@on_sqlite
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER helper AFTER INSERT ON entry BEGIN SELECT 1; END",
        "CREATE VIEW totals AS SELECT total FROM evaluation",
        "CREATE INDEX quick ON posting (lost)",
        "CREATE TABLE notes (text)",
        "DROP INDEX ix_evaluation_case",
        "DROP INDEX ix_entry_key",
        "ALTER TABLE score ADD COLUMN more",
    ],
)
def test_anything_else_in_the_database_is_found(sealed: Sealed, statement: str) -> None:
    """Triggers, views, tables, indexes and columns that are not ours, and ours that are gone."""
    with closing(sqlite3.connect(sealed.url)) as connection:
        connection.execute(statement)
    assert not sealed.report().sound


@pytest.mark.parametrize("column", ["root", "hashes", "level", "position"])
def test_a_changed_tile_is_found(wide: Sealed, column: str) -> None:
    """Its hashes, at several places, its root, and where it stands."""
    value = wide.rows(f"SELECT {column} FROM tile")[0][0]
    for other in {altered(value, place) for place in (0, 31, 32, 5000, 8191)}:
        wide.change(f"UPDATE tile SET {column} = ?", values=(other,))
        report = wide.report()
        assert any("tile 0/0" in str(finding.what) for finding in report.findings), report.findings
        wide.put_back()


@pytest.mark.parametrize("statement", ["DELETE FROM tile", "INSERT INTO tile SELECT 1, 0, root, hashes FROM tile"])
def test_a_removed_or_added_tile_is_found(wide: Sealed, statement: str) -> None:
    """Tiles are those of the tree, no more and no fewer."""
    wide.change(statement)
    assert "tile" in str(wide.report().findings[0].what)


def test_a_changed_body_under_a_tile_is_one_faulty_entry(wide: Sealed) -> None:
    """What column and tile agree on was sealed; the other entries are not blamed."""
    wide.change('UPDATE entry SET body = replace(body, \'"actor"\', \'"Actor"\') WHERE "index" = 100')
    assert places(wide.report()) == {100}


@on_postgresql
@pytest.mark.parametrize("table", [*OF_ENTRIES, "tile", "ruleset"])
def test_a_row_beside_the_index_is_found(wide: Sealed, table: str) -> None:
    """A superuser can have two rows under one key, of which the index knows one; only who reads all sees both."""
    index = f"UPDATE pg_index SET indisready = {{0}}, indisunique = {{0}} WHERE indrelid = '{table}'::regclass"
    index += " AND indexrelid IN (SELECT conindid FROM pg_constraint WHERE contype IN ('p', 'u'))"
    wide.change(index.format(False))
    wide.change(f'INSERT INTO "{table}" SELECT * FROM "{table}" LIMIT 1')
    if table == "ruleset":
        wide.change("UPDATE ruleset SET title = 'x' WHERE ctid = (SELECT min(ctid) FROM ruleset)")
    wide.change(index.format(True))
    found = [str(finding.what) for finding in wide.report().findings]
    assert any(each.startswith((f"{table} has 1 row beside", "tile 0/0", "the name of ruleset")) for each in found)
