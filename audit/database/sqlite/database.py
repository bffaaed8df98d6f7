"""All that is particular to SQLite: how a file is opened, how a transaction begins, and what its errors mean."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, inspect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool, QueuePool

from audit.database.common.addresses import locate_file
from audit.database.common.guards import differing
from audit.database.sqlite import guards as sqlite_guards
from audit.database.sqlite.errors import explain, not_a_database, unreachable
from audit.faults import errors
from audit.tables.schema import LedgerTable
from engine.base.faults import Busy, Damaged, FenmingError, InvalidInput, NotFound, problem
from engine.base.messages import Message, msg, reason_of
from engine.base.places import Place

_ENCODING = "UTF-8"

_SMALLEST = 512
"""The least size of a database. SQLite takes any smaller file for an empty database, and would fill it."""


@dataclass(frozen=True, slots=True)
class SqliteDatabase:
    """A ledger's file."""

    name: str
    engine: Engine
    timeout: float
    writable: bool
    made: bool
    """Whether there was no file before."""
    file: str
    """Where the file is, whatever the working folder becomes."""

    @contextmanager
    def begin(self, *, writing: bool) -> Iterator[Connection]:
        """Begin a transaction; one that writes takes the lock at once, since a lock taken later can deadlock."""
        with self.engine.connect() as connection, connection.begin():
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
            if writing and not _is_there(connection, self.file):
                raise Busy.because(
                    problem(
                        "ledger.replaced",
                        "The ledger “{path}” was removed or replaced while the program waited for it.",
                        path=self.name,
                    ),
                    msg("Nothing was written. Run the command again."),
                    Place(self.name),
                )
            yield connection

    def discard(self, connection: Connection) -> None:
        """Remove the file if it was made for this, in a writing transaction, so that waiting processes notice."""
        if self.made and _is_there(connection, self.file):
            Path(self.file).unlink(missing_ok=True)

    def tables(self, connection: Connection) -> list[str]:
        """Return the names of the tables that are there."""
        return inspect(connection).get_table_names()

    def create_tables(self, connection: Connection) -> None:
        """Make the ledger's tables."""
        LedgerTable.metadata.create_all(connection, checkfirst=False)

    def install_guards(self, connection: Connection) -> None:
        """Make the triggers of the tables."""
        sqlite_guards.install_guards(connection)

    def missing_guards(self, connection: Connection) -> list[str]:
        """Return the names of the triggers that are missing, altered or not ours."""
        return sqlite_guards.missing_guards(connection)

    def strange_objects(self, connection: Connection) -> list[Message]:
        """Report which tables, indexes, triggers and views are not as a new ledger has them."""
        found = _objects(connection)
        with create_engine("sqlite://", poolclass=NullPool).connect() as fresh:
            self.create_tables(fresh)
            self.install_guards(fresh)
            wanted = _objects(fresh)
        return differing(wanted, found) + _damages(connection)

    def read_any_text(self, connection: Connection) -> None:
        """Let a connection read bytes that are no text; that takes its time, so it is for what has shown such."""
        connection.connection.driver_connection.text_factory = _as_text  # type: ignore[union-attr]

    def read_without_indexes(self, connection: Connection) -> None:
        """Do nothing: a table is its own index here."""

    def explain(self, error: DBAPIError) -> FenmingError:
        """Turn a database error into one that says what is wrong with the ledger and what to do."""
        return explain(error, self.name, self.timeout)


def open_file(url: str, *, create: bool, timeout: float) -> SqliteDatabase:
    """Return the database in the file that an address names; it need not be there where it may be created."""
    path, read_only = locate_file(url)
    create = create and not read_only
    check_path(path, create=create)
    mode = "ro" if read_only else "rwc" if create else "rw"
    made = create and not Path(path).exists()
    return SqliteDatabase(path, connect(path, mode, timeout), timeout, not read_only, made, str(Path(path).absolute()))


def check_path(path: str, *, create: bool) -> None:
    """Refuse a path at which no ledger is or can be made."""
    file = Path(path)
    try:
        found = file.exists()
        if found and not file.is_file():
            raise InvalidInput.because(
                problem("ledger.not-a-file", "“{path}” is not a file, so it cannot be a ledger.", path=path),
                msg("Name a file, with --ledger or FENMING_LEDGER."),
                Place(path),
            )
        if not found and not create:
            raise NotFound.because(
                problem("ledger.missing", "There is no ledger at “{path}”.", path=path),
                msg(
                    "Check the path, or name another with --ledger or FENMING_LEDGER; `fenming evaluate` makes a new "
                    "ledger."
                ),
                Place(path),
            )
        if not found and not file.parent.is_dir():
            raise errors.folder_missing(path, str(file.parent))
        if found and 0 < file.stat().st_size < _SMALLEST:
            raise not_a_database(path)
    except OSError as error:
        raise unreachable(path, reason_of(error)) from error


def connect(path: str, mode: str, timeout: float) -> Engine:
    """Return an engine on the file; `mode` is SQLite's ro (read), rw (write) or rwc (create)."""
    file = str(Path(path).absolute())
    uri = f"file:{quote(file)}?mode={mode}"

    def dial() -> sqlite3.Connection:
        connection = sqlite3.connect(uri, uri=True, timeout=timeout, isolation_level=None, factory=_Connection)
        try:
            _set_up(connection, path)
            connection.file = _file_of(file)
        except BaseException:
            connection.close()
            raise
        return connection

    return create_engine("sqlite://", creator=dial, pool_size=1, max_overflow=4, poolclass=QueuePool)


class _Connection(sqlite3.Connection):
    """A connection that knows which file it has opened, be another one put in its place or not."""

    file: tuple[int, int] | None = None


def _file_of(path: str) -> tuple[int, int] | None:
    try:
        found = Path(path).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _is_there(connection: Connection, path: str) -> bool:
    """Return whether the file that a connection has opened is still the one at its path."""
    driver = connection.connection.driver_connection
    return isinstance(driver, _Connection) and driver.file is not None and driver.file == _file_of(path)


def _set_up(connection: sqlite3.Connection, path: str) -> None:
    # EXTRA is FULL and also writes the folder, so that a commit outlasts a power cut right after it.
    connection.execute("PRAGMA synchronous = EXTRA")
    connection.execute("PRAGMA foreign_keys = ON")
    # SQLite reads UTF-16 loosely: two texts that differ as they are stored could read the same.
    (encoding,) = connection.execute("PRAGMA encoding").fetchone()
    if encoding != _ENCODING:
        raise Damaged.because(
            problem(
                "ledger.file-encoding",
                "The database “{path}” has the encoding {encoding}; a ledger needs UTF8.",
                path=path,
                encoding=encoding,
            ),
            msg("fenming did not make this file so. Find out who did, and go on from a copy of the ledger as it was."),
            Place(path),
        )


def _objects(connection: Connection) -> dict[str, object]:
    query = "SELECT type || ' ' || name AS name, sql FROM sqlite_master"
    return {row.name: row.sql for row in connection.exec_driver_sql(query)}


def _damages(connection: Connection) -> list[Message]:
    """Report what SQLite's own check finds: above all indexes that no longer lead to their rows, or to other ones."""
    found = connection.exec_driver_sql("PRAGMA integrity_check").scalars()
    return [msg("the check by SQLite itself: {reason}", reason=line) for line in found if line != "ok"]


def _as_text(stored: bytes) -> str:
    return stored.decode("utf-8", "surrogateescape")
