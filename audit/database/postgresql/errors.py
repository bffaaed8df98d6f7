"""What the errors of PostgreSQL mean for a ledger."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from sqlalchemy.exc import DataError, DBAPIError

from audit.faults import errors
from engine.base.faults import Busy, FenmingError, NotFound, Unavailable, problem
from engine.base.messages import msg
from engine.base.places import Place

_Plain: TypeAlias = Callable[[str], FenmingError]
_Reasoned: TypeAlias = Callable[[str, str], FenmingError]


def _unconnected(name: str, reason: str) -> FenmingError:
    """No connection came about: no server, no such database or user, a wrong password."""
    return Unavailable.because(
        problem("ledger.unreachable", "The ledger “{path}” cannot be reached: {reason}.", path=name, reason=reason),
        msg(
            "Check that the server runs, and the host, port, database and user of the address. "
            "A password is best kept in ~/.pgpass or PGPASSWORD."
        ),
        Place(name),
    )


def _no_database(name: str, reason: str) -> FenmingError:
    """The server has no database of this name."""
    return NotFound.because(
        problem(
            "ledger.no-database",
            "The server has no database for the ledger “{path}”: {reason}.",
            path=name,
            reason=reason,
        ),
        msg("Create the database, or name another with --ledger or FENMING_LEDGER."),
        Place(name),
    )


def _connection_lost(name: str, reason: str) -> FenmingError:
    """The connection ended before its time; if that was during the commit, nobody can say which came first."""
    return Unavailable.because(
        problem(
            "ledger.connection-lost",
            "The connection to the ledger “{path}” was lost: {reason}.",
            path=name,
            reason=reason,
        ),
        msg(
            "An evaluation is recorded completely or not at all: look at `fenming audit log`, and record it again if "
            "it is not there."
        ),
        Place(name),
    )


def _not_allowed(name: str, reason: str) -> FenmingError:
    """The user lacks a privilege."""
    return Unavailable.because(
        problem(
            "ledger.not-allowed",
            "The ledger “{path}” does not allow this user to do that: {reason}.",
            path=name,
            reason=reason,
        ),
        msg("Nothing was written. Ask its administrator for the right to read the ledger, or to append to it."),
        Place(name),
    )


def _server_read_only(name: str) -> FenmingError:
    """The server, the database or the user is set to read only, as on a standby."""
    return Unavailable.because(
        problem(
            "ledger.server-read-only",
            "The ledger “{path}” cannot be written: the server is read-only.",
            path=name,
        ),
        msg("Nothing was written. Name the primary server, or a user whose transactions are not read-only."),
        Place(name),
    )


def _collided(name: str, reason: str) -> FenmingError:
    """The server chose this transaction to give way to another."""
    return Busy.because(
        problem(
            "ledger.collided",
            "The ledger “{path}” was in use by another program: {reason}.",
            path=name,
            reason=reason,
        ),
        msg("Nothing was written. Try again."),
        Place(name),
    )


def _cancelled(name: str, reason: str) -> FenmingError:
    """A limit on time, or an administrator, ended a statement."""
    return Busy.because(
        problem(
            "ledger.cancelled",
            "The server of the ledger “{path}” stopped the work: {reason}.",
            path=name,
            reason=reason,
        ),
        msg("Nothing was written. Try again; if it was a limit on time, ask for a longer statement_timeout."),
        Place(name),
    )


def _server_failed(name: str, reason: str) -> FenmingError:
    """The server reported something for which we have no better words, such as too many connections."""
    return Unavailable.because(
        problem(
            "ledger.server-failed", "The server of the ledger “{path}” reports: {reason}.", path=name, reason=reason
        ),
        msg("Nothing was written. The server's log says more; when it is put right, try again."),
        Place(name),
    )


_MEANINGS: Mapping[str, _Plain] = {
    "25006": _server_read_only,
    "53100": errors.disk_full,
    "3F000": errors.no_schema,
}
_REASONED: Mapping[str, _Reasoned] = {
    "42501": _not_allowed,
    "57014": _cancelled,
    "25P03": _connection_lost,  # a limit on the time of a transaction
    "25P04": _connection_lost,  # likewise
    "40001": _collided,
    "40P01": _collided,
    "42P01": errors.damaged,  # a table is gone
    "42703": errors.damaged,  # a column is gone
    "57P03": _unconnected,  # it is starting or stopping
    "58030": _server_failed,
}
_CLASSES: Mapping[str, _Reasoned] = {
    "08": _connection_lost,
    "22": errors.refused,
    "23": errors.refused,
    "54": errors.refused,  # a text too long for its index
    "28": _unconnected,
    "3D": _no_database,
    "57": _connection_lost,
    "XX": errors.damaged,
}
"""By the first two signs of the SQLSTATE, where no meaning is given for all five."""


def explain(error: DBAPIError, name: str, timeout: float) -> FenmingError:
    """Turn a database error into one that says what is wrong with the ledger and what to do."""
    state = str(getattr(error.orig, "sqlstate", None) or "")
    said = reason(error.orig)
    if state == "55P03":
        return errors.locked(name, timeout)
    if state in _MEANINGS:
        return _MEANINGS[state](name)
    if state:
        return _REASONED.get(state, _CLASSES.get(state[:2], _server_failed))(name, said)
    if isinstance(error, DataError):
        return errors.refused(name, said)
    # Without a state the driver speaks for itself. A commit is not a statement, but it ended a connection.
    connected = error.statement is not None or error.connection_invalidated
    return _connection_lost(name, said) if connected else _unconnected(name, said)


def reason(error: BaseException | None) -> str:
    """Return what the server said, or else the driver, on one line and without a full stop."""
    primary = getattr(getattr(error, "diag", None), "message_primary", None)
    text = " ".join(str(primary or error).removeprefix("connection failed: ").split())
    return text.rstrip(".")
