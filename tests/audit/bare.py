"""A connection to a ledger without fenming, as anyone has who has the file or the password."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from audit.database.postgresql import guards as postgresql_guards
from audit.database.sqlite import guards as sqlite_guards
from audit.tables.schema import LedgerTable

ERRORS = (sqlite3.Error, psycopg.Error)
REFUSALS = (sqlite3.IntegrityError, psycopg.IntegrityError)

on_sqlite = pytest.mark.parametrize("fresh", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("fresh", ["postgresql"], indirect=True)


class Bare:
    """A connection by the driver alone, on which each statement is committed at once."""

    def __init__(self, connection: sqlite3.Connection | psycopg.Connection[Any]) -> None:
        self.connection = connection

    @property
    def on_sqlite(self) -> bool:
        """Whether this is SQLite."""
        return isinstance(self.connection, sqlite3.Connection)

    def execute(self, statement: str, values: tuple[object, ...] = ()) -> Any:
        """Execute a statement, in which each value stands as `?`."""
        if isinstance(self.connection, sqlite3.Connection):
            return self.connection.execute(statement, values)
        marked = statement.replace("%", "%%").replace("?", "%s") if values else statement
        return self.connection.execute(marked.encode(), values or None)

    def columns(self, table: str) -> list[str]:
        """Return the names of a table's columns."""
        return [each[0] for each in self.execute(f'SELECT * FROM "{table}" LIMIT 0').description]

    def contents(self) -> dict[str, list[Any]]:
        """Return every row of every table."""
        return {name: self.execute(f'SELECT * FROM "{name}"').fetchall() for name in LedgerTable.metadata.tables}

    def disarm(self) -> None:
        """Take the triggers away, as someone can who owns the tables."""
        for name in sqlite_guards.guards() if self.on_sqlite else ():
            self.execute(f"DROP TRIGGER IF EXISTS {name}")
        for name in () if self.on_sqlite else LedgerTable.metadata.tables:
            self.execute(f'ALTER TABLE "{name}" DISABLE TRIGGER USER')

    def arm(self) -> None:
        """Put the triggers back as they were."""
        for text in sqlite_guards.guards().values() if self.on_sqlite else ():
            self.execute(text)
        for each in () if self.on_sqlite else postgresql_guards.triggers():
            self.execute(f'ALTER TABLE "{each.table}" ENABLE ALWAYS TRIGGER {each.name}')


@contextmanager
def bare_connection(url: Path | str) -> Iterator[Bare]:
    """Connect with the driver alone, and close."""
    if str(url).startswith("postgresql://"):
        with closing(psycopg.connect(str(url), autocommit=True)) as connection:
            yield Bare(connection)
    else:
        with closing(sqlite3.connect(url, isolation_level=None)) as file:
            yield Bare(file)
