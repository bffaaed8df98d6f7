"""What the errors of SQLite, and of its file, mean for a ledger."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from audit.faults import errors
from engine.base.faults import FenmingError, InvalidInput, Unavailable, problem
from engine.base.messages import Message, msg
from engine.base.places import Place


def _no_permission(path: str) -> FenmingError | None:
    """Report which permission is lacking where SQLite cannot open a file, or the journal beside it; it does not say."""
    folder = Path(path).parent
    if not folder.is_dir():
        return None
    writable = os.access(folder, os.W_OK | os.X_OK)
    if not os.access(path, os.F_OK):
        read_only = bool(os.statvfs(folder).f_flag & os.ST_RDONLY)
        return None if writable else _cannot_be_made(path, str(folder), read_only=read_only)
    if not os.access(path, os.R_OK):
        return Unavailable.because(
            problem(
                "ledger.no-permission",
                "The ledger “{path}” cannot be opened: you have no permission to read it.",
                path=path,
            ),
            msg("Nothing was written. Ask its owner for the right to read it, or name another ledger with --ledger."),
            Place(path),
        )
    return None if writable else errors.read_only(path)


def unreachable(path: str, reason: Message | str) -> FenmingError:
    """The system does not let us at the file."""
    return Unavailable.because(
        problem("ledger.unopened", "The ledger “{path}” cannot be opened: {reason}.", path=path, reason=reason),
        msg("Check the path, and that you may read and write the file and its folder."),
        Place(path),
    )


def _cannot_be_made(path: str, folder: str, *, read_only: bool) -> FenmingError:
    """There is no file yet, and the folder takes none."""
    reason = msg("the disk is read-only") if read_only else msg("you have no permission to write there")
    return Unavailable.because(
        problem(
            "ledger.cannot-be-made",
            "The ledger “{path}” cannot be made in the folder “{folder}”: {reason}.",
            path=path,
            folder=folder,
            reason=reason,
        ),
        msg("Nothing was written. Name a folder in which you may write, with --ledger or FENMING_LEDGER."),
        Place(path),
    )


def not_a_database(path: str) -> FenmingError:
    """The file is something else."""
    return InvalidInput.because(
        problem("ledger.not-a-database", "“{path}” is not a database, so it is not a ledger.", path=path),
        msg("Name the ledger's file with --ledger or FENMING_LEDGER. fenming has not changed this one."),
        Place(path),
    )


def _disk_failed(path: str, reason: Message | str) -> FenmingError:
    """The system reported an error while reading or writing."""
    return Unavailable.because(
        problem(
            "ledger.disk-failed", "The ledger “{path}” cannot be read or written: {reason}.", path=path, reason=reason
        ),
        msg(
            "Check the disk and the file's permissions, then try again. An evaluation is recorded completely or not at "
            "all."
        ),
        Place(path),
    )


_MEANINGS: Mapping[str, Callable[[str], FenmingError]] = {
    "SQLITE_READONLY": errors.read_only,
    "SQLITE_FULL": errors.disk_full,
    "SQLITE_NOTADB": not_a_database,
}
_REASONED: Mapping[str, Callable[[str, Message | str], FenmingError]] = {
    "SQLITE_CANTOPEN": lambda path, reason: _no_permission(path) or unreachable(path, reason),
    "SQLITE_IOERR": _disk_failed,
    "SQLITE_CONSTRAINT": errors.refused,
    "SQLITE_TOOBIG": errors.refused,
    "SQLITE_CORRUPT": errors.damaged,
    "SQLITE_FORMAT": errors.damaged,
    "SQLITE_SCHEMA": errors.damaged,
    "SQLITE_ERROR": errors.damaged,
}


_WORDS = {each.template: each for each in (msg("unable to open database file"), msg("disk I/O error"))}
"""What SQLite says in English, so that it is said in the reader's language."""


def explain(error: DBAPIError, path: str, timeout: float) -> FenmingError:
    """Turn a database error into one that says what is wrong with the ledger and what to do."""
    # The name may have an extension, as in SQLITE_IOERR_WRITE; a text that cannot be decoded has none.
    name = "_".join(str(getattr(error.orig, "sqlite_errorname", "")).split("_")[:2])
    if str(error.orig).startswith("Could not decode to UTF-8"):
        return errors.not_text(path)
    if name in ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_PROTOCOL"):
        return errors.locked(path, timeout)
    if name in _MEANINGS:
        return _MEANINGS[name](path)
    said = str(error.orig)
    return _REASONED.get(name, _disk_failed)(path, _WORDS.get(said, said))
