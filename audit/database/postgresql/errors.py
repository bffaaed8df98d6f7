"""What the errors of PostgreSQL mean for a ledger."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from sqlalchemy.exc import DataError, DBAPIError

from audit.database.common import server_errors
from audit.faults import errors
from engine.base.faults import FenmingError

_Plain: TypeAlias = Callable[[str], FenmingError]
_Reasoned: TypeAlias = Callable[[str, str], FenmingError]

_MEANINGS: Mapping[str, _Plain] = {
    "25006": server_errors.server_read_only,
    "53100": errors.disk_full,
    "3F000": server_errors.no_schema,
}
_REASONED: Mapping[str, _Reasoned] = {
    "42501": server_errors.not_allowed,
    "57014": server_errors.cancelled,
    "25P03": server_errors.connection_lost,  # a limit on the time of a transaction
    "25P04": server_errors.connection_lost,  # likewise
    "40001": server_errors.collided,
    "40P01": server_errors.collided,
    "42P01": errors.damaged,  # a table is gone
    "42703": errors.damaged,  # a column is gone
    "57P03": server_errors.unconnected,  # it is starting or stopping
    "58030": server_errors.server_failed,
}
_CLASSES: Mapping[str, _Reasoned] = {
    "08": server_errors.connection_lost,
    "22": errors.refused,
    "23": errors.refused,
    "54": errors.refused,  # a text too long for its index
    "28": server_errors.unconnected,
    "3D": server_errors.unconnected,
    "57": server_errors.connection_lost,
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
        return _REASONED.get(state, _CLASSES.get(state[:2], server_errors.server_failed))(name, said)
    if isinstance(error, DataError):
        return errors.refused(name, said)
    # Without a state the driver speaks for itself. A commit is no statement, but there was a connection that it ended.
    connected = error.statement is not None or error.connection_invalidated
    return server_errors.connection_lost(name, said) if connected else server_errors.unconnected(name, said)


def reason(error: BaseException | None) -> str:
    """Return what the server said, or else the driver, on one line and without a full stop."""
    primary = getattr(getattr(error, "diag", None), "message_primary", None)
    text = " ".join(str(primary or error).removeprefix("connection failed: ").split())
    return text.rstrip(".")
