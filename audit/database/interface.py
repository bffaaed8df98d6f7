"""Where a ledger can be kept: what every kind of database does for it, and which one an address names."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from audit.database.common.addresses import is_server, ledger_file
from audit.database.postgresql.address import locate
from audit.database.sqlite.database import open_file
from engine.base.faults import FenmingError
from engine.base.messages import Message


class Database(Protocol):
    """A place for one ledger, with its own way of beginning, of guarding, and of saying what went wrong."""

    @property
    def name(self) -> str:
        """How messages name the place: never with a password."""

    @property
    def engine(self) -> Engine:
        """The connections."""

    @property
    def made(self) -> bool:
        """Whether there was no such place before, so that one without entries can be removed."""

    @property
    def writable(self) -> bool:
        """Whether the address lets us write."""

    def begin(self, *, writing: bool) -> AbstractContextManager[Connection]:
        """Begin a transaction: one that reads a single state, or the only one that writes."""

    def discard(self, connection: Connection) -> None:
        """Remove a file that was made for this ledger, where the database is a file."""

    def tables(self, connection: Connection) -> list[str]:
        """Return the names of the tables that are there, whoever made them."""

    def create_tables(self, connection: Connection) -> None:
        """Make the ledger's tables."""

    def install_guards(self, connection: Connection) -> None:
        """Let the tables refuse from here on whatever would change a row."""

    def missing_guards(self, connection: Connection) -> list[str]:
        """Return the names of the guards that are missing or altered, and of what else could change a row."""

    def strange_objects(self, connection: Connection) -> list[Message]:
        """Report what the database holds that fenming did not make, what it lacks, and what was altered."""

    def read_any_text(self, connection: Connection) -> None:
        """Let a connection read stored bytes that are no text, if this kind of database can hold such."""

    def read_without_indexes(self, connection: Connection) -> None:
        """Let a transaction read every row of a table, also one that its indexes do not know of."""

    def explain(self, error: DBAPIError) -> FenmingError:
        """Turn a database error into one that says what is wrong with the ledger and what to do."""


def default_checkpoints(url: str) -> Path:
    """Return the folder where a ledger's checkpoints are kept unless another is named.

    It is called after the ledger, and beside its file; for a server's database it is in the working folder.
    """
    file = ledger_file(url)
    place = locate(url).database if file is None else file
    return Path(f"{place or 'fenming'}.checkpoints")


def open_database(url: str, *, create: bool, timeout: float) -> Database:
    """Return the database at an address: PostgreSQL where it says so, else a file of SQLite."""
    if is_server(url):
        from audit.database.postgresql.database import open_server  # noqa: PLC0415 -- its dialect is slow to import

        return open_server(url, timeout=timeout)
    return open_file(url, create=create, timeout=timeout)
