"""The way to a ledger's database: transactions, whose errors say what is wrong with the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import DBAPIError, MultipleResultsFound

from audit.database.interface import Database
from audit.faults import errors
from audit.ledger.entries import size_of
from audit.tables.schema import FORMAT, FormatTable, LedgerTable, table
from engine.base.faults import Damaged, FenmingError, InvalidInput, NotFound, Unavailable, problem
from engine.base.messages import Message, msg
from engine.base.places import Place


class Access:
    """A ledger's database, through which one process reads and writes it."""

    def __init__(self, database: Database) -> None:
        self.path = database.name
        self.database = database

    @contextmanager
    def transaction(self, *, writing: bool = False) -> Iterator[Connection]:
        """Begin a transaction: one that sees a single state of the ledger, or the only one that writes."""
        try:
            with self.database.begin(writing=writing) as connection:
                yield connection
        except DBAPIError as error:
            raise self.database.explain(error) from error
        except errors.CorruptRecord as error:
            raise errors.altered(self.path, error.what) from error
        except MultipleResultsFound:
            raise errors.damaged(self.path, msg("a table has two rows with the same key")) from None

    @contextmanager
    def reading(self, *, any_text: bool = False, without_indexes: bool = False) -> Iterator[Connection]:
        """Begin a transaction that sees one state of the ledger.

        `any_text` reads bytes that are no text, too; `without_indexes` rows that the indexes do not know of.
        """
        with self.transaction() as connection:
            if any_text:
                self.database.read_any_text(connection)
            if without_indexes:
                self.database.read_without_indexes(connection)
            yield connection

    def prepare(self, *, create: bool) -> None:
        """Check that this is a ledger that we know; make its tables where there is nothing yet."""
        with self.transaction() as connection:
            names = self.database.tables(connection)
            if names:
                self._check_format(connection, names)
                return
        if not create or not self.database.writable:
            raise NotFound.because(
                problem("ledger.empty", "There is nothing in “{path}” yet: it is not a ledger.", path=self.path),
                msg("Record an evaluation with `fenming evaluate`; the ledger is then made in it."),
                Place(self.path),
            )
        with self.transaction(writing=True) as connection:
            # Another process may have made the tables while we waited for the lock.
            if names := self.database.tables(connection):
                self._check_format(connection, names)
                return
            self.database.create_tables(connection)
            self.database.install_guards(connection)
            connection.execute(insert(table(FormatTable)), {"version": FORMAT})

    def discard(self) -> None:
        """Remove a file that was made for this ledger and has no entries, after something was refused."""
        if not self.database.made:
            return
        with suppress(FenmingError, OSError), self.transaction(writing=True) as connection:
            if not self.database.tables(connection) or not size_of(connection):
                self.database.discard(connection)

    def close(self) -> None:
        """Let go of the database."""
        self.database.engine.dispose()

    def require_guards(self, connection: Connection) -> None:
        """Refuse to write where the triggers that refuse changes are missing or altered."""
        if names := self.database.missing_guards(connection):
            raise Damaged.because(
                problem(
                    "ledger.unprotected",
                    "The ledger “{path}” is no longer protected against changes: {triggers} missing, altered or added.",
                    path=self.path,
                    triggers=", ".join(names),
                ),
                msg("Nothing was written. Find out who changed it, and go on from a copy that is still protected."),
                Place(self.path),
            )

    def strange_objects(self, connection: Connection) -> list[Message]:
        """Report what the database holds that `prepare` did not make, or lacks or has otherwise than it did."""
        return self.database.strange_objects(connection)

    def _check_format(self, connection: Connection, names: list[str]) -> None:
        version = None
        if FormatTable.__tablename__ in names:
            version = connection.execute(select(func.max(table(FormatTable).c.version))).scalar_one_or_none()
        if version is None:
            raise InvalidInput.because(
                problem("ledger.not-a-ledger", "“{path}” is a database, but not a fenming ledger.", path=self.path),
                msg("Name the ledger with --ledger or FENMING_LEDGER. fenming has not changed this one."),
                Place(self.path),
            )
        if not isinstance(version, int) or version < FORMAT:
            raise errors.damaged(self.path, msg("the format of the ledger is not what it was"))
        if version > FORMAT:
            raise Unavailable.because(
                problem(
                    "ledger.newer",
                    "The ledger “{path}” has format {version}; this fenming knows formats up to {known}.",
                    path=self.path,
                    version=version,
                    known=FORMAT,
                ),
                msg("Open it with a newer fenming."),
                Place(self.path),
            )
        if lacking := sorted(set(LedgerTable.metadata.tables) - set(names)):
            raise errors.damaged(self.path, msg("it lacks the tables {names}", names=", ".join(lacking)))
