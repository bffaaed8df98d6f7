"""Errors of a ledger's checkpoints and of the keys that sign them."""

from __future__ import annotations

from audit.faults.errors import LedgerError
from audit.faults.wording import entry_count, entry_range
from engine.base.faults import FenmingError
from engine.base.messages import Message, msg, plural
from engine.base.places import Place


def checkpoints_busy(path: str, seconds: float) -> FenmingError:
    """Another process held the file of the checkpoints for longer than we wait."""
    return LedgerError.because(
        msg(
            "The file of checkpoints “{path}” was in use by another program for over {seconds} s.",
            path=path,
            seconds=f"{seconds:g}",
        ),
        msg("Nothing was written. Wait for the other program to end, then try again."),
        Place(path),
    )


def checkpoints_unread(path: str, reason: Message) -> FenmingError:
    """The system does not let us at the checkpoints."""
    return LedgerError.because(
        msg("The checkpoints “{path}” cannot be read: {reason}.", path=path, reason=reason),
        msg("Check the folder and its permissions, or name another with --checkpoints or FENMING_CHECKPOINTS."),
        Place(path),
    )


def checkpoints_unwritten(path: str, reason: Message) -> FenmingError:
    """The checkpoints take no writing, which shows before anything is recorded."""
    return LedgerError.because(
        msg("The checkpoints “{path}” cannot be written: {reason}.", path=path, reason=reason),
        msg(
            "Nothing was written. Check the folder and its permissions, or name another with --checkpoints or "
            "FENMING_CHECKPOINTS."
        ),
        Place(path),
    )


def checkpoint_lost(path: str, reason: Message) -> FenmingError:
    """What was recorded is in the ledger, but the checkpoint could not be kept."""
    return LedgerError.because(
        msg("The checkpoint could not be kept in “{path}”: {reason}.", path=path, reason=reason),
        msg(
            "What was recorded stays: do not record it again. Mend the folder; then `fenming audit seal` keeps the "
            "checkpoint, or, after a change of keys, the same `fenming audit key rotate` once more."
        ),
        Place(path),
    )


def checkpoints_elsewhere(path: str, folder: str, size: int) -> FenmingError:
    """The ledger has entries, and checkpoints were never kept in this folder."""
    return LedgerError.because(
        msg(
            "The ledger “{path}” has {entries}, and its checkpoints are not in “{folder}”.",
            path=path,
            entries=entry_count(size),
            folder=folder,
        ),
        msg(
            "Nothing was written. Name their folder with --checkpoints or FENMING_CHECKPOINTS. If they are lost, or to "
            "be kept here from now on, `fenming audit seal` checks the ledger and begins."
        ),
        Place(path),
    )


def nothing_to_seal(path: str) -> FenmingError:
    """A checkpoint is asked for, and there is no entry yet."""
    return LedgerError.because(
        msg("The ledger “{path}” has no entries yet, so there is nothing to seal.", path=path),
        msg("Record an evaluation with `fenming evaluate`; its checkpoint is kept by itself."),
        Place(path),
    )


def unsealed(path: str, first: int, last: int) -> FenmingError:
    """The ledger is signed, and entries have no signed checkpoint: none that fenming recorded lacks one."""
    return LedgerError.because(
        msg(
            "No signed checkpoint covers {entries} of the ledger “{path}”.",
            entries=entry_range(first, last),
            path=path,
        ),
        msg(
            "Nothing was written. fenming records each entry with its signed checkpoint, so find out who added "
            "these: `fenming audit log --all`. To take them into the record, use "
            "`fenming audit seal --cover-unsealed --reason TEXT`."
        ),
        Place(path),
    )


def unconfirmed_key(path: str, entry: int, name: str) -> FenmingError:
    """An entry names a key, and neither the key before it nor its holder has signed for that."""
    return LedgerError.because(
        msg(
            "Entry {entry} of the ledger “{path}” makes “{name}” the signing key, and no signature of the office "
            "confirms it.",
            entry=entry,
            path=path,
            name=name,
        ),
        msg(
            "Nothing was written. If the key is the office's own, sign with it: --signing-key or FENMING_KEY. "
            "Otherwise find out who added the entry, and go on from a copy of the ledger without it; "
            "`fenming audit seal --cover-unsealed` does not cover such an entry."
        ),
        Place(path),
    )


def nothing_to_cover(path: str) -> FenmingError:
    """Entries are to be covered, and all of them are."""
    return LedgerError.because(
        msg("The ledger “{path}” has no entry without a signed checkpoint that could be covered.", path=path),
        msg("Nothing was written. `fenming audit seal` without --cover-unsealed keeps a checkpoint."),
        Place(path),
    )


def foreign_checkpoints(path: str, folder: str) -> FenmingError:
    """The folder's checkpoints are of another ledger, or the ledger is another one than it was."""
    return LedgerError.because(
        msg("The checkpoints in “{folder}” are not of the ledger “{path}”.", path=path, folder=folder),
        msg(
            "Nothing was written. If the ledger has been replaced, find out by whom; for a new ledger name another "
            "folder with --checkpoints or FENMING_CHECKPOINTS."
        ),
        Place(path),
    )


def entries_removed(path: str, size: int, kept: int) -> FenmingError:
    """The ledger is shorter than it was."""
    return LedgerError.because(
        msg(
            "The ledger “{path}” has {entries}, but it had {kept} before.",
            path=path,
            entries=entry_count(size),
            kept=kept,
        ),
        msg("Nothing was written: its newest entries have been removed. Go on from a copy that still has them."),
        Place(path),
    )


def rewritten(path: str, size: int) -> FenmingError:
    """The ledger's tree is not the one that a checkpoint has."""
    return LedgerError.because(
        plural(
            "The first entry of the ledger “{path}” is not that of its checkpoint.",
            "The first {count} entries of the ledger “{path}” are not those of its checkpoint.",
            count=size,
            path=path,
        ),
        msg("Nothing was written: the ledger has been rewritten. `fenming audit verify` tells what is wrong."),
        Place(path),
    )


def key_needed(path: str, name: str) -> FenmingError:
    """The ledger is signed, and there is no key."""
    return LedgerError.because(
        msg("The ledger “{path}” is signed by “{name}”, and no key is given.", path=path, name=name),
        msg("Nothing was written. Name the private key's file with --signing-key or FENMING_KEY."),
        Place(path),
    )


def other_key(path: str, name: str) -> FenmingError:
    """The ledger is signed by another key."""
    return LedgerError.because(
        msg("The ledger “{path}” is signed by another key, “{name}”.", path=path, name=name),
        msg("Nothing was written. Sign with that key; `fenming audit key rotate` changes over to another one."),
        Place(path),
    )


def same_key(path: str) -> FenmingError:
    """The new key is the one in force."""
    return LedgerError.because(
        msg("The ledger “{path}” is signed by this key already.", path=path),
        msg("Nothing was written. Make a new key with `fenming audit key new`."),
        Place(path),
    )


def unsigned_ledger(path: str) -> FenmingError:
    """A proof is asked for, and nobody vouches for the ledger."""
    return LedgerError.because(
        msg("The ledger “{path}” is not signed, so nothing in it can be proved to others.", path=path),
        msg("Make a key with `fenming audit key new`, and take it up with `fenming audit key rotate`."),
        Place(path),
    )


def no_signed_checkpoint(path: str, index: int, name: str) -> FenmingError:
    """The folder holds no checkpoint that covers the entry and is signed."""
    return LedgerError.because(
        msg(
            "No checkpoint that “{name}” signed covers entry {index} of “{path}”.",
            path=path,
            index=index,
            name=name,
        ),
        msg(
            "If the key has changed since, take the newer one. Else check the key, and name the folder of the "
            "checkpoints with --checkpoints or FENMING_CHECKPOINTS."
        ),
        Place(path),
    )


def no_checkpoints(path: str, folder: str) -> FenmingError:
    """The folder holds no checkpoint."""
    return LedgerError.because(
        msg("There is no checkpoint of the ledger “{path}” in “{folder}”.", path=path, folder=folder),
        msg("Name the folder of its checkpoints with --checkpoints or FENMING_CHECKPOINTS."),
        Place(path),
    )


def no_such_checkpoint(path: str, folder: str, size: int) -> FenmingError:
    """The folder holds checkpoints, and none of so many entries."""
    return LedgerError.because(
        msg("There is no checkpoint of {entries} in “{folder}”.", entries=entry_count(size), folder=folder),
        msg("Give a number of entries that the ledger had after a recording, or `latest`."),
        Place(path),
    )
