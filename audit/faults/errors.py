"""What can be wrong with a ledger, each with its remedy."""

from __future__ import annotations

from engine.base.confidential import veiled_address
from engine.base.faults import FenmingError
from engine.base.messages import Message, msg
from engine.base.places import Place


class LedgerError(FenmingError):
    """The ledger refused, or is not what it should be; nothing was written."""

    exit_code = 4


class NotText(LedgerError):
    """A column holds bytes that are no text."""


class CorruptRecord(Exception):
    """What stands in the database is nothing that we write; the ledger turns this into an error with its path."""

    def __init__(self, what: Message) -> None:
        super().__init__(what.template)
        self.what = what


def unknown_kind(url: str) -> FenmingError:
    """The address names something other than a SQLite file or a PostgreSQL database; it may hold a password."""
    return LedgerError.because(
        msg(
            "“{url}” is no ledger that fenming can open: it keeps ledgers in SQLite and PostgreSQL.",
            url=veiled_address(url),
        ),
        msg("Give the path of a file, such as fenming.db, or an address such as postgresql://user@host/database."),
    )


def missing(path: str) -> FenmingError:
    """There is no file, and the command only reads."""
    return LedgerError.because(
        msg("There is no ledger at “{path}”.", path=path),
        msg("Check the path, or name another with --ledger or FENMING_LEDGER; `fenming evaluate` makes a new ledger."),
        Place(path),
    )


def folder_missing(path: str, folder: str) -> FenmingError:
    """The ledger would stand in a folder that does not exist."""
    return LedgerError.because(
        msg("The ledger “{path}” cannot be made: there is no folder “{folder}”.", path=path, folder=folder),
        msg("Make the folder first, or name another ledger with --ledger or FENMING_LEDGER."),
        Place(path),
    )


def not_a_file(path: str) -> FenmingError:
    """A folder or a device stands where the ledger should be."""
    return LedgerError.because(
        msg("“{path}” is not a file, so it cannot be a ledger.", path=path),
        msg("Name a file, with --ledger or FENMING_LEDGER."),
        Place(path),
    )


def unreachable(path: str, reason: Message | str) -> FenmingError:
    """The system does not let us at the file."""
    return LedgerError.because(
        msg("The ledger “{path}” cannot be opened: {reason}.", path=path, reason=reason),
        msg("Check the path, and that you may read and write the file and its folder."),
        Place(path),
    )


def removed_meanwhile(path: str) -> FenmingError:
    """The file that was opened is no longer at its path."""
    return LedgerError.because(
        msg("The ledger “{path}” was removed or replaced while the program waited for it.", path=path),
        msg("Nothing was written. Run the command again."),
        Place(path),
    )


def not_permitted(path: str) -> FenmingError:
    """The system keeps us from reading the file."""
    return LedgerError.because(
        msg("The ledger “{path}” cannot be opened: you have no permission to read it.", path=path),
        msg("Nothing was written. Ask its owner for the right to read it, or name another ledger with --ledger."),
        Place(path),
    )


def cannot_be_made(path: str, folder: str, *, read_only: bool) -> FenmingError:
    """There is no file yet, and the folder takes none."""
    reason = msg("the disk is read-only") if read_only else msg("you have no permission to write there")
    return LedgerError.because(
        msg(
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
    return LedgerError.because(
        msg("“{path}” is not a database, so it is not a ledger.", path=path),
        msg("Name the ledger's file with --ledger or FENMING_LEDGER. fenming has not changed this one."),
        Place(path),
    )


def not_a_ledger(path: str) -> FenmingError:
    """There is a database, but not one of ours."""
    return LedgerError.because(
        msg("“{path}” is a database, but not a fenming ledger.", path=path),
        msg("Name the ledger with --ledger or FENMING_LEDGER. fenming has not changed this one."),
        Place(path),
    )


def empty(path: str) -> FenmingError:
    """There are no tables, as when their making was cut short."""
    return LedgerError.because(
        msg("There is nothing in “{path}” yet: it is not a ledger.", path=path),
        msg("Record an evaluation with `fenming evaluate`; the ledger is then made in it."),
        Place(path),
    )


def newer(path: str, version: int, known: int) -> FenmingError:
    """A later fenming wrote the ledger."""
    return LedgerError.because(
        msg(
            "The ledger “{path}” has format {version}; this fenming knows formats up to {known}.",
            path=path,
            version=version,
            known=known,
        ),
        msg("Open it with a newer fenming."),
        Place(path),
    )


def unguarded(path: str, names: list[str]) -> FenmingError:
    """Someone has removed or altered the triggers that refuse changes."""
    return LedgerError.because(
        msg(
            "The ledger “{path}” is no longer protected against changes: {triggers} missing, altered or added.",
            path=path,
            triggers=", ".join(names),
        ),
        msg("Nothing was written. Find out who changed it, and go on from a copy that is still protected."),
        Place(path),
    )


def locked(path: str, seconds: float) -> FenmingError:
    """Another process held the ledger for longer than we wait."""
    return LedgerError.because(
        msg(
            "The ledger “{path}” was in use by another program for over {seconds} s.", path=path, seconds=f"{seconds:g}"
        ),
        msg("Nothing was written. Wait for the other program to end, then try again."),
        Place(path),
    )


def read_only(path: str) -> FenmingError:
    """The file or its folder does not take writing."""
    return LedgerError.because(
        msg("The ledger “{path}” cannot be written: it is read-only here.", path=path),
        msg("Nothing was written. Check that you may write the file and its folder (a journal is kept beside it)."),
        Place(path),
    )


def disk_full(path: str) -> FenmingError:
    """There is no room left."""
    return LedgerError.because(
        msg("The ledger “{path}” cannot grow: the disk is full.", path=path),
        msg("Nothing was written. Make room, then try again."),
        Place(path),
    )


def disk_failed(path: str, reason: Message | str) -> FenmingError:
    """The system reported an error while reading or writing."""
    return LedgerError.because(
        msg("The ledger “{path}” cannot be read or written: {reason}.", path=path, reason=reason),
        msg(
            "Check the disk and the file's permissions, then try again. An evaluation is recorded whole or not at all."
        ),
        Place(path),
    )


def damaged(path: str, what: Message | str) -> FenmingError:
    """What is stored does not fit together."""
    return LedgerError.because(
        msg("The ledger “{path}” is damaged: {what}.", path=path, what=what),
        msg("Do not rely on it. Compare it with a copy, and find out what changed it."),
        Place(path),
    )


def not_text(path: str) -> FenmingError:
    """What should be text is not."""
    return NotText.because(
        msg("The ledger “{path}” is damaged: a column holds bytes that are no text.", path=path),
        msg("Do not rely on it. `fenming audit verify` tells where it is."),
        Place(path),
    )


def altered(path: str, what: Message) -> FenmingError:
    """What is stored is not what was recorded."""
    return LedgerError.because(
        msg("The ledger “{path}” has been changed since it was written: {what}.", path=path, what=what),
        msg("Do not rely on it. Compare it with a copy, and find out what changed it."),
        Place(path),
    )


def refused(path: str, reason: Message | str) -> FenmingError:
    """The database itself refused an entry."""
    return LedgerError.because(
        msg("The ledger “{path}” refused the entry: {reason}.", path=path, reason=reason),
        msg("Nothing was written. If this happens again, the ledger may have been changed by another program."),
        Place(path),
    )
