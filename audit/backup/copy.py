"""Copying a ledger's database: to a file page by page where both are files, otherwise row by row."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import DBAPIError

from audit.database.common.addresses import ledger_file
from audit.database.interface import open_database
from audit.ledger.access import Access
from audit.ledger.entries import size_of
from audit.log.fsync import sync_folder
from audit.tables.schema import LedgerTable
from engine.base.faults import FenmingError, Refused, Unavailable, problem
from engine.base.messages import msg, reason_of
from engine.base.places import Place

Progress = Callable[[int, int], None]

_PAGES = 4096
_ROWS = 200


def copy_ledger(source: str, target: str, *, timeout: float = 30.0, progress: Progress | None = None) -> None:
    """Copy one state of the ledger at an address to another address, whole or not at all.

    `Refused` where something is at the target already. The source may be appended to meanwhile: a server goes on at
    once, and who appends to a file waits until it is copied.
    """
    count = progress or (lambda *_: None)
    with _opened(source, create=False, timeout=timeout) as reading:
        reading.prepare(create=False)
        file = ledger_file(target)
        if file is None:
            with _opened(target, create=False, timeout=timeout) as writing:
                _copy_rows(reading, writing, count)
            return
        if file.exists() or file.is_symlink():
            raise already_there(str(file))
        part = file.with_name(f".{file.name}.{secrets.token_hex(4)}.part")
        try:
            with _opened(str(part), create=True, timeout=timeout) as writing:
                (_copy_rows if ledger_file(source) is None else _copy_pages)(reading, writing, count)
            file.open("xb").close()  # nobody else has it from here on; a disk for backups may know no hard links
            part.replace(file)
            sync_folder(file.parent)
        except FileExistsError:
            raise already_there(str(file)) from None
        except OSError as error:
            raise unwritable(str(file), error) from error
        finally:
            for end in ("", "-journal"):
                part.with_name(part.name + end).unlink(missing_ok=True)


@contextmanager
def _opened(url: str, *, create: bool, timeout: float) -> Iterator[Access]:
    access = Access(open_database(url, create=create, timeout=timeout))
    try:
        yield access
    finally:
        access.close()


def _copy_pages(source: Access, target: Access, progress: Progress) -> None:
    """Copy a file as it is, by SQLite's own backup, under a lock that lets others read."""
    with source.reading() as reading, target.database.engine.connect() as writing:
        size_of(reading)  # takes the lock, by the rules of waiting: the backup itself would wait for ever
        old, new = reading.connection.driver_connection, writing.connection.driver_connection
        try:
            old.backup(new, pages=_PAGES, progress=lambda _, left, total: progress(total - left, total))  # type: ignore[union-attr]
        except sqlite3.Error as error:
            raise target.database.explain(DBAPIError("backup", None, error)) from error


def _copy_rows(source: Access, target: Access, progress: Progress) -> None:
    """Copy each table in turn; the guards come last, since they would ask for the order of appending."""
    tables = LedgerTable.metadata.sorted_tables
    with source.reading() as reading, target.transaction(writing=True) as writing:
        if target.database.tables(writing):
            raise already_there(target.path)
        target.database.create_tables(writing)
        for number, each in enumerate(tables, 1):
            _copy_table(each.name, reading, writing)
            progress(number, len(tables))
        target.database.install_guards(writing)


def _copy_table(name: str, reading: Connection, writing: Connection) -> None:
    each = LedgerTable.metadata.tables[name]
    ordered = select(each).order_by(*each.primary_key.columns)
    found = reading.execute(ordered, execution_options={"yield_per": _ROWS})
    for rows in found.mappings().partitions():
        writing.execute(insert(each), [dict(row) for row in rows])


def already_there(path: str) -> FenmingError:
    """Something is where a ledger is to be restored to."""
    return Refused.because(
        problem("backup.ledger-exists", "There is already something at “{path}”; it was left as it is.", path=path),
        msg("Name a new ledger with --ledger or FENMING_LEDGER; on PostgreSQL, an empty database or schema."),
        Place(path),
    )


def unwritable(path: str, error: OSError) -> FenmingError:
    """The system does not let us write the copy."""
    return Unavailable.because(
        problem(
            "backup.unwritable", "The copy “{path}” cannot be written: {reason}.", path=path, reason=reason_of(error)
        ),
        msg("Nothing was left behind. Name a folder that you may write to, on a disk with free space."),
        Place(path),
    )
