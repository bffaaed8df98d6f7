"""Errors of a ledger on a PostgreSQL server."""

from __future__ import annotations

from audit.faults.errors import LedgerError
from engine.base.confidential import veiled_address
from engine.base.faults import FenmingError
from engine.base.messages import msg
from engine.base.places import Place


def bad_address(url: str) -> FenmingError:
    """The address of a PostgreSQL database cannot be taken apart; it is not repeated, for it may hold a password."""
    return LedgerError.because(
        msg("The address “{url}” of the ledger cannot be read.", url=veiled_address(url)),
        msg(
            "Write it as postgresql://user@host:port/database, and within a name or password %40 for @, %2F for /, "
            "%3F for ?, %23 for # and %3A for :."
        ),
    )


def driver_missing(name: str) -> FenmingError:
    """The ledger is in PostgreSQL, and psycopg is not installed."""
    return LedgerError.because(
        msg("The ledger “{path}” cannot be opened: the PostgreSQL driver is not installed.", path=name),
        msg("Install it with: pip install 'fenming[postgresql]'"),
        Place(name),
    )


def unconnected(name: str, reason: str) -> FenmingError:
    """No connection came about: no server, no such database or user, a wrong password."""
    return LedgerError.because(
        msg("The ledger “{path}” cannot be reached: {reason}.", path=name, reason=reason),
        msg(
            "Check that the server runs, and the host, port, database and user of the address. "
            "A password is best kept in ~/.pgpass or PGPASSWORD."
        ),
        Place(name),
    )


def connection_lost(name: str, reason: str) -> FenmingError:
    """The connection ended before its time; if that was during the commit, nobody can say which came first."""
    return LedgerError.because(
        msg("The connection to the ledger “{path}” was lost: {reason}.", path=name, reason=reason),
        msg(
            "An evaluation is recorded whole or not at all: look at `fenming audit log`, and record it again if it "
            "is not there."
        ),
        Place(name),
    )


def other_encoding(name: str, encoding: str) -> FenmingError:
    """The database cannot hold every character."""
    return LedgerError.because(
        msg("The database “{path}” has the encoding {encoding}; a ledger needs UTF8.", path=name, encoding=encoding),
        msg("Make another with: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0"),
        Place(name),
    )


def no_schema(name: str) -> FenmingError:
    """No schema of the search path is there that the user may use."""
    return LedgerError.because(
        msg("The database “{path}” has no schema that this user may use.", path=name),
        msg("Ask its administrator for USAGE on the ledger's schema, or for a search_path that leads to it."),
        Place(name),
    )


def not_allowed(name: str, reason: str) -> FenmingError:
    """The user lacks a privilege."""
    return LedgerError.because(
        msg("The ledger “{path}” does not allow this user to do that: {reason}.", path=name, reason=reason),
        msg("Nothing was written. Ask its administrator for the right to read the ledger, or to append to it."),
        Place(name),
    )


def server_read_only(name: str) -> FenmingError:
    """The server, the database or the user is set to read only, as on a standby."""
    return LedgerError.because(
        msg("The ledger “{path}” cannot be written: the server takes no writing here.", path=name),
        msg("Nothing was written. Name the primary server, or a user whose transactions are not read-only."),
        Place(name),
    )


def collided(name: str, reason: str) -> FenmingError:
    """The server chose this transaction to give way to another."""
    return LedgerError.because(
        msg(
            "The ledger “{path}” was in use by another program: {reason}.",
            path=name,
            reason=reason,
        ),
        msg("Nothing was written. Try again."),
        Place(name),
    )


def cancelled(name: str, reason: str) -> FenmingError:
    """A limit on time, or an administrator, ended a statement."""
    return LedgerError.because(
        msg("The server of the ledger “{path}” stopped the work: {reason}.", path=name, reason=reason),
        msg("Nothing was written. Try again; if it was a limit on time, ask for a longer statement_timeout."),
        Place(name),
    )


def server_failed(name: str, reason: str) -> FenmingError:
    """The server reported something for which we have no better words, such as too many connections."""
    return LedgerError.because(
        msg("The server of the ledger “{path}” reports: {reason}.", path=name, reason=reason),
        msg("Nothing was written. The server's log says more; when it is put right, try again."),
        Place(name),
    )
