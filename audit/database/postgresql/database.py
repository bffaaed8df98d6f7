"""All that is particular to PostgreSQL: how a server is reached, and how a transaction begins."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, String, Text, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlmodel import AutoString

from audit.database.postgresql import guards as postgresql_guards
from audit.database.postgresql.address import locate, shown
from audit.database.postgresql.errors import explain
from audit.database.postgresql.guards import PATH
from audit.database.postgresql.objects import strange_objects
from audit.faults import errors
from audit.tables.queries import schema_of
from audit.tables.schema import LedgerTable
from engine.base.faults import FenmingError, Unavailable, problem
from engine.base.messages import Message, msg
from engine.base.places import Place

_LONGEST = 2**31 - 1
"""The longest time that the server waits, in milliseconds."""

_SCHEMA = "schema"
"""Where a connection keeps the name of the ledger's schema: the first of the path that it was given."""

_WORDING = "quote_all_identifiers = on"
"""How the server words a key or an index: no name that someone chose reads like other names."""

_TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = %(schema)s AND c.relkind IN ('r', 'p', 'f') AND NOT EXISTS (
    SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')"""
"""The tables of the schema, but for those that an extension brought with it."""

_NO_INDEXES = "; ".join(f"SET LOCAL enable_{scan}scan = off" for scan in ("index", "indexonly", "bitmap"))


@dataclass(frozen=True, slots=True)
class PostgresqlDatabase:
    """A ledger in a database of a server."""

    name: str
    engine: Engine
    timeout: float
    writable: bool = True
    made: bool = False

    @contextmanager
    def begin(self, *, writing: bool) -> Iterator[Connection]:
        """Begin a transaction; one that writes takes the ledger's lock at once, one that reads sees a single state."""
        wait = f"lock_timeout = {min(max(1, round(self.timeout * 1000)), _LONGEST)}"
        settings = "; ".join(f"SET LOCAL {each}" for each in (PATH, _WORDING, wait))
        if writing:
            # Each statement sees what is committed: all of it, for only the holder of the lock adds to it.
            take = f"SELECT pg_advisory_xact_lock({postgresql_guards.LOCK})"
            first = f"READ COMMITTED; {settings}; SET LOCAL synchronous_commit = on; {take}"
        else:
            first = f"REPEATABLE READ, READ ONLY; {settings}"
        with self.engine.connect() as connection, connection.begin():
            connection.exec_driver_sql(f"SET TRANSACTION ISOLATION LEVEL {first}")
            connection.execution_options(schema_translate_map={None: connection.info[_SCHEMA]})
            try:
                yield connection
            except UnicodeDecodeError as error:
                # The server checks what it is given, but a broken disk or a superuser can put any bytes there.
                raise errors.not_text(self.name) from error

    def discard(self, connection: Connection) -> None:
        """Do nothing: the database was there before."""

    def tables(self, connection: Connection) -> list[str]:
        """Return the names of the tables that are there."""
        return list(connection.exec_driver_sql(_TABLES, {"schema": schema_of(connection)}).scalars())

    def create_tables(self, connection: Connection) -> None:
        """Make the ledger's tables."""
        if not schema_of(connection):
            raise errors.no_schema(self.name)
        _metadata().create_all(connection, checkfirst=False)

    def install_guards(self, connection: Connection) -> None:
        """Make the triggers of the tables."""
        postgresql_guards.install_guards(connection, schema_of(connection))

    def missing_guards(self, connection: Connection) -> list[str]:
        """Return the names of the guards that are missing or altered, and of what else could change a row."""
        return postgresql_guards.missing_guards(connection, schema_of(connection))

    def strange_objects(self, connection: Connection) -> list[Message]:
        """Report which guards, keys, columns and indexes are not as a new ledger has them, and what else is there."""
        reported = [msg("{object} is missing, altered, or not ours", object=n) for n in self.missing_guards(connection)]
        return reported + strange_objects(connection, schema_of(connection))

    def read_any_text(self, connection: Connection) -> None:
        """Let a connection read bytes that are no text; that takes its time, so it is for what has shown such."""
        loader = type("AnyText", (connection.dialect.loaded_dbapi.adapt.Loader,), {"load": _as_text})
        connection.connection.driver_connection.adapters.register_loader("text", loader)  # type: ignore[union-attr]

    def read_without_indexes(self, connection: Connection) -> None:
        """Let a connection read every row of a table: a superuser can hide one from the indexes."""
        connection.exec_driver_sql(_NO_INDEXES)

    def explain(self, error: DBAPIError) -> FenmingError:
        """Turn a database error into one that says what is wrong with the ledger and what to do."""
        return explain(error, self.name, self.timeout)


def open_server(url: str, *, timeout: float) -> PostgresqlDatabase:
    """Return the database that an address names; it is connected to with the first transaction."""
    address = locate(url)
    name = shown(address)
    # A fraction of a second is too short to reach any server; libpq takes whole seconds, and two at least.
    settings: dict[str, Any] = {
        "connect_timeout": max(2, math.ceil(min(timeout, _LONGEST // 1000))),
        "application_name": "fenming",
    }
    fixed = {"client_encoding": "UTF8"}
    try:
        engine = create_engine(
            address,
            connect_args={key: value for key, value in settings.items() if key not in address.query} | fixed,
            pool_size=1,
            max_overflow=4,
            pool_pre_ping=True,
            use_native_hstore=False,
        )
    except ImportError:
        raise Unavailable.because(
            problem(
                "ledger.driver-missing",
                "The ledger “{path}” cannot be opened: the PostgreSQL driver is not installed.",
                path=name,
            ),
            msg("Install it with: pip install 'fenming[postgresql]'"),
            Place(name),
        ) from None

    def meet(connection: Any, record: Any) -> None:
        encoding = connection.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            connection.close()
            raise Unavailable.because(
                problem(
                    "ledger.encoding",
                    "The database “{path}” has the encoding {encoding}; a ledger needs UTF8.",
                    path=name,
                    encoding=str(encoding),
                ),
                msg("Make another with: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0"),
                Place(name),
            )
        (record.info[_SCHEMA],) = connection.execute("SELECT pg_catalog.current_schema()").fetchone()
        connection.execute(f"SET {PATH}")
        connection.commit()

    # Before SQLAlchemy asks the server anything: the path that the database sets may lead to what answers instead.
    event.listen(engine, "connect", meet, insert=True)
    return PostgresqlDatabase(name, engine, timeout)


def _as_text(_: object, stored: bytes | bytearray | memoryview) -> str:
    return bytes(stored).decode("utf-8", "surrogateescape")


def _metadata() -> MetaData:
    """Return the tables as PostgreSQL has them: texts compare by their bytes, and indexes are partial as in SQLite."""
    made = MetaData()
    for each in LedgerTable.metadata.sorted_tables:
        copied = each.to_metadata(made)
        for column in copied.columns:
            if isinstance(column.type, (String, AutoString)):
                column.type = Text(collation="C")
        for index in copied.indexes:
            index.dialect_options["postgresql"]["where"] = index.dialect_options["sqlite"]["where"]
    return made
