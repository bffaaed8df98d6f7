"""Whatever is changed in a ledger behind its back is found, and told of the entry that it is of.

Whoever changes it here has the database, drops the triggers first, and puts them back afterwards.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from audit.append import Submission
from audit.errors import LedgerError
from audit.ledger import open_ledger
from audit.log.keys import SigningKey
from audit.sqlite_guards import guards
from audit.tables import CHILDREN, Row
from audit.verify import Report, verify
from tests.audit.receipts import ACTOR, AT, make_receipt, make_sources

KEYS = [SigningKey("czj.example/fenming", bytes([n]) * 32) for n in (1, 2)]
TABLES = sorted(Row.metadata.tables)
OF_ENTRIES = {"entry": "index", "evaluation": "entry", **{str(child.__tablename__): "entry" for child in CHILDREN}}


@dataclass(frozen=True)
class Sealed:
    """A ledger that was right once, and the means to change it and to put it back."""

    path: Path

    @property
    def folder(self) -> Path:
        """Where its checkpoints are."""
        return self.path.with_name("kept")

    def change(self, *statements: str, values: tuple[object, ...] = ()) -> None:
        """Change it, past its triggers."""
        with closing(sqlite3.connect(self.path, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("BEGIN")
            for name in guards():
                connection.execute(f"DROP TRIGGER {name}")
            for statement in statements:
                connection.execute(statement, values)
            for text in guards().values():
                connection.execute(text)
            connection.execute("COMMIT")

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Ask it."""
        with closing(sqlite3.connect(self.path)) as connection:
            connection.text_factory = bytes
            return connection.execute(query).fetchall()

    def report(self) -> Report:
        """Verify it with the key that signed it first."""
        with open_ledger(str(self.path), create=False, checkpoints=self.folder) as ledger:
            return verify(ledger, key=KEYS[0].public)

    def keep(self) -> None:
        """Keep a copy."""
        shutil.copytree(self.path.parent, self.path.parent.with_name("copy"), dirs_exist_ok=True)

    def put_back(self) -> None:
        """Put the copy back."""
        shutil.rmtree(self.path.parent)
        shutil.copytree(self.path.parent.with_name("copy"), self.path.parent)


def fill(path: Path, batches: list[int]) -> Sealed:
    """Make a ledger with a change of keys after the first batch, corrections, and two rulesets."""
    path.parent.mkdir()
    sealed = Sealed(path)
    both = [make_sources(), make_sources("修订")]
    made = 0
    for number, size in enumerate(batches):
        with open_ledger(str(path), create=True, checkpoints=sealed.folder, signer=KEYS[number > 0]) as ledger:
            submissions = []
            for n in range(made, made + size):
                sources = both[n % 2]
                receipt = make_receipt(1 + n % 3, department=f"部门{n}", sources=sources)
                submissions.append(Submission(receipt, sources, ACTOR, AT + timedelta(minutes=n)))
            recorded = ledger.append_all(submissions)
            made += size
            again = Submission(
                make_receipt(2, department=recorded[0].department), both[0], ACTOR, AT, recorded[0].id, "复核"
            )
            ledger.append_all([again])
            if number == 0:
                ledger.rotate(KEYS[1], actor=ACTOR, at=AT, reason="年度更换")
    sealed.keep()
    return sealed


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Sealed:
    """A ledger whose appends each have their checkpoint."""
    return fill(tmp_path_factory.mktemp("small") / "here" / "fenming.db", [1, 1, 1, 1])


@pytest.fixture(scope="module")
def tiled(tmp_path_factory: pytest.TempPathFactory) -> Sealed:
    """A ledger with a complete tile."""
    return fill(tmp_path_factory.mktemp("tiled") / "here" / "fenming.db", [5, 255, 3])


@pytest.fixture
def sealed(small: Sealed) -> Iterator[Sealed]:
    """The small ledger, put back afterwards."""
    yield small
    small.put_back()


@pytest.fixture
def wide(tiled: Sealed) -> Iterator[Sealed]:
    """The ledger with a tile, put back afterwards."""
    yield tiled
    tiled.put_back()


def places(report: Report) -> set[int]:
    """Return the faulty entries."""
    return {n for f in report.findings if f.entry is not None for n in range(f.entry, (f.last or f.entry) + 1)}


def test_an_untouched_ledger_is_sound(small: Sealed, tiled: Sealed) -> None:
    """Both ledgers verify, with either key, and tell what was looked at."""
    for sealed, entries, evaluations in ((small, 10, 8), (tiled, 268, 266)):
        report = sealed.report()
        assert report.findings == ()
        assert report.notices == ()
        assert (report.entries, report.evaluations, report.covered) == (entries, evaluations, entries)
        assert report.checkpoints == report.signed > 3
        assert report.keys == tuple(key.public for key in KEYS)


def altered(value: Any, place: int = 0) -> Any:
    """Return another value of the same kind; of a text or bytes one with a changed byte."""
    if isinstance(value, bytes):
        if not value:
            return b"x"
        at = place % len(value)
        return value[:at] + bytes([value[at] ^ 1]) + value[at + 1 :]
    return value + 1000 if isinstance(value, int) else "x"


def test_every_changed_byte_is_found(small: Sealed, capsys: pytest.CaptureFixture[str]) -> None:
    """Each column of each table, in the first and the last row, at sampled bytes, valid UTF-8 afterwards or not."""
    dice = random.Random(0)
    trials = 0
    for table in TABLES:
        if table == "tile":
            continue
        names = [str(row[1], "utf-8") for row in small.rows(f'PRAGMA table_info("{table}")')]
        rows = small.rows(f'SELECT * FROM "{table}"')
        key = [str(row[1], "utf-8") for row in small.rows(f'PRAGMA table_info("{table}")') if row[5]]
        for row in {rows[0], rows[len(rows) // 2], rows[-1]}:
            for column, value in zip(names, row, strict=True):
                length = len(value) if isinstance(value, bytes) else 1
                for at in {0, length - 1, *(dice.randrange(max(length, 1)) for _ in range(3))}:
                    where = " AND ".join(f'"{name}" IS ?' for name in key)
                    old = tuple(row[names.index(name)] for name in key)
                    text = isinstance(value, bytes)
                    new = altered(value, at)
                    target = "CAST(? AS TEXT)" if text else "?"
                    keys = tuple(str(k, "utf-8") if isinstance(k, bytes) else k for k in old)
                    small.change(f'UPDATE "{table}" SET "{column}" = {target} WHERE {where}', values=(new, *keys))
                    check_found(small, table, names, row, column)
                    small.put_back()
                    trials += 1
    with capsys.disabled():
        sys.stdout.write(f"\n{trials} changed bytes, all found\n")
    assert trials > 500


def check_found(sealed: Sealed, table: str, names: list[str], row: tuple[object, ...], column: str) -> None:
    """Check that a change is found, and told of the right entry; a ledger that cannot be opened says so itself."""
    try:
        report = sealed.report()
    except LedgerError:
        assert table == "ledger_format"
        return
    assert not report.sound, (table, column)
    if table in OF_ENTRIES:
        entry = row[names.index(OF_ENTRIES[table])]
        assert entry in places(report), (table, column, report.findings)
        if column != OF_ENTRIES[table]:
            assert report.first == entry, (table, column, report.findings)


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
    names = [str(row[1], "utf-8") for row in sealed.rows(f'PRAGMA table_info("{table}")')]
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
        pytest.raises(LedgerError, match="it had 10 before"),
        open_ledger(str(sealed.path), create=False, checkpoints=sealed.folder, signer=KEYS[1]) as ledger,
    ):
        ledger.append(make_receipt(), make_sources(), actor=ACTOR, at=AT)


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
        'INSERT INTO entry SELECT 10, kind, at, actor, NULL, NULL, reason, leaf_hash, body FROM entry WHERE "index" = 0'
    )
    assert 10 in places(sealed.report())


@pytest.mark.parametrize("name", sorted(guards()))
def test_a_dropped_or_altered_trigger_is_found(sealed: Sealed, name: str) -> None:
    """Each trigger, gone or toothless."""
    with closing(sqlite3.connect(sealed.path)) as connection:
        connection.execute(f"DROP TRIGGER {name}")
    assert [str(f.what) for f in sealed.report().findings] == [f"trigger {name} is missing"]
    with closing(sqlite3.connect(sealed.path)) as connection:
        connection.execute(guards()[name].replace(" BEGIN SELECT", " BEGIN SELECT 1; SELECT"))
    assert [str(f.what) for f in sealed.report().findings] == [f"trigger {name} has been altered"]


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER helper AFTER INSERT ON entry BEGIN SELECT 1; END",
        "CREATE VIEW totals AS SELECT total FROM evaluation",
        "CREATE INDEX quick ON posting (lost)",
        "CREATE TABLE notes (text)",
        "DROP INDEX ix_evaluation_department",
        "DROP INDEX ix_entry_key",
        "ALTER TABLE score ADD COLUMN more",
    ],
)
def test_anything_else_in_the_database_is_found(sealed: Sealed, statement: str) -> None:
    """Triggers, views, tables, indexes and columns that are not ours, and ours that are gone."""
    with closing(sqlite3.connect(sealed.path)) as connection:
        connection.execute(statement)
    assert not sealed.report().sound


@pytest.mark.parametrize("column", ["root", "hashes", "level", "position"])
def test_a_changed_tile_is_found(wide: Sealed, column: str) -> None:
    """Its hashes, at several places, its root, and where it stands."""
    value = wide.rows(f"SELECT {column} FROM tile")[0][0]
    for place in (0, 31, 32, 5000, 8191):
        wide.change(f"UPDATE tile SET {column} = ?", values=(altered(value, place),))
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


def test_every_changed_byte_of_the_checkpoints_is_found(sealed: Sealed, capsys: pytest.CaptureFixture[str]) -> None:
    """Each seventh byte of the file, to three other values."""
    file = sealed.folder / "checkpoints"
    kept = file.read_bytes()
    trials = 0
    for at in range(0, len(kept), 7):
        for value in {kept[at] ^ 1, kept[at] ^ 0x20, 0x0A} - {kept[at]}:
            changed = kept[:at] + bytes([value]) + kept[at + 1 :]
            if changed.replace(b"\n\n\n", b"\n\n") == kept:
                continue
            file.write_bytes(changed)
            report = sealed.report()
            # What is like a note that a crash cut short is told, but is no fault.
            assert not report.sound or report.notices, (at, value, changed[max(at - 60, 0) : at + 60])
            trials += 1
    with capsys.disabled():
        sys.stdout.write(f"\n{trials} changed bytes of the checkpoints, all found\n")
    assert trials > 500


Rewrite = Callable[[Sealed], None]


def forge(sealed: Sealed, *, key: SigningKey | None, keep: bool) -> None:
    """Write the whole ledger anew with another score, as someone who knows how, has all but the office's key."""
    sealed.path.unlink()
    if not keep:
        shutil.rmtree(sealed.folder)
    folder = sealed.path.with_name("forged") if keep else sealed.folder
    with open_ledger(str(sealed.path), create=True, checkpoints=folder, signer=key) as ledger:
        for n in range(8):
            ledger.append(make_receipt(4, department=f"部门{n}", missed=0), make_sources(), actor=ACTOR, at=AT)


@pytest.mark.parametrize("key", [None, SigningKey("czj.example/fenming", bytes(32))])
@pytest.mark.parametrize("keep", [True, False])
def test_a_whole_forgery_is_found(sealed: Sealed, key: SigningKey | None, keep: bool) -> None:
    """By the checkpoints that were kept; and where these are forged too, by the key that the reader holds."""
    forge(sealed, key=key, keep=keep)
    report = sealed.report()
    assert not report.sound
    if keep:
        assert any("is of" in str(finding.what) for finding in report.findings)
    else:
        assert "is not signed by the key" in str(report.findings[0].what)


def test_a_fork_is_found(sealed: Sealed) -> None:
    """Newer entries replaced by others, properly appended: the checkpoint where the histories part tells from where."""
    sealed.change(*(f'DELETE FROM "{table}" WHERE "{key}" >= 7' for table, key in OF_ENTRIES.items()))
    with open_ledger(str(sealed.path), create=False, signer=KEYS[1]) as ledger:
        for n in range(5):
            ledger.append(make_receipt(4, department=f"部门{n}", missed=0), make_sources(), actor=ACTOR, at=AT)
    report = sealed.report()
    assert report.first == 7
    with (
        pytest.raises(LedgerError, match="are not those of its checkpoint"),
        open_ledger(str(sealed.path), create=False, checkpoints=sealed.folder, signer=KEYS[1]) as ledger,
    ):
        ledger.append(make_receipt(), make_sources(), actor=ACTOR, at=AT)
