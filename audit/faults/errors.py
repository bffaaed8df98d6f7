"""What can be wrong with a ledger, each with its remedy."""

from __future__ import annotations

from engine.base.faults import Busy, Damaged, FenmingError, InvalidInput, NotFound, Refused, Unavailable, problem
from engine.base.messages import Message, msg
from engine.base.places import Place


class NotText(Damaged):
    """A column holds bytes that are no text."""


class CheckpointNotKept(Unavailable):
    """What was to be recorded is recorded, and its checkpoint could not be kept: to repeat it would record it twice."""

    exit_code, status = 74, 500


class ProofError(InvalidInput):
    """A file is not a checkpoint or a proof."""


class ProofRefused(Refused):
    """A proof is well written and does not prove what it should."""

    exit_code = 1


class CorruptRecord(Exception):
    """The database holds data that fenming never writes; the ledger turns this into an error with its path."""

    def __init__(self, what: Message) -> None:
        super().__init__(what.template)
        self.what = what


def folder_missing(path: str, folder: str) -> FenmingError:
    """The ledger would be in a folder that does not exist."""
    return NotFound.because(
        problem(
            "ledger.no-folder",
            "The ledger “{path}” cannot be made: there is no folder “{folder}”.",
            path=path,
            folder=folder,
        ),
        msg("Make the folder first, or name another ledger with --ledger or FENMING_LEDGER."),
        Place(path),
    )


def locked(path: str, seconds: float) -> FenmingError:
    """Another process held the ledger for longer than we wait."""
    return Busy.because(
        problem(
            "ledger.locked",
            "The ledger “{path}” was in use by another program for over {seconds} s.",
            path=path,
            seconds=f"{seconds:g}",
        ),
        msg("Nothing was written. Wait for the other program to end, then try again."),
        Place(path),
    )


def read_only(path: str) -> FenmingError:
    """The file or its folder does not take writing."""
    return Unavailable.because(
        problem("ledger.read-only", "The ledger “{path}” cannot be written: it is read-only here.", path=path),
        msg("Nothing was written. Check that you may write the file and its folder (a journal is kept beside it)."),
        Place(path),
    )


def disk_full(path: str) -> FenmingError:
    """There is no room left."""
    return Unavailable.because(
        problem("ledger.disk-full", "The ledger “{path}” cannot grow: the disk is full.", path=path),
        msg("Nothing was written. Make room, then try again."),
        Place(path),
    )


def damaged(path: str, what: Message | str) -> FenmingError:
    """What is stored does not fit together."""
    return Damaged.because(
        problem("ledger.damaged", "The ledger “{path}” is damaged: {what}.", path=path, what=what),
        msg("Do not rely on it. Compare it with a copy, and find out what changed it."),
        Place(path),
    )


def not_text(path: str) -> FenmingError:
    """What should be text is not."""
    return NotText.because(
        problem("ledger.not-text", "The ledger “{path}” is damaged: a column holds bytes that are no text.", path=path),
        msg("Do not rely on it. `fenming audit verify` reports where it is."),
        Place(path),
    )


def altered(path: str, what: Message) -> FenmingError:
    """What is stored is not what was recorded."""
    return Damaged.because(
        problem(
            "ledger.altered", "The ledger “{path}” has been changed since it was written: {what}.", path=path, what=what
        ),
        msg("Do not rely on it. Compare it with a copy, and find out what changed it."),
        Place(path),
    )


def refused(path: str, reason: Message | str) -> FenmingError:
    """The database itself refused an entry."""
    return Refused.because(
        problem("ledger.refused", "The ledger “{path}” refused the entry: {reason}.", path=path, reason=reason),
        msg("Nothing was written. If this happens again, the ledger may have been changed by another program."),
        Place(path),
    )


def no_schema(name: str) -> FenmingError:
    """No schema of the search path is there that the user may use."""
    return Unavailable.because(
        problem("ledger.no-schema", "The database “{path}” has no schema that this user may use.", path=name),
        msg("Ask its administrator for USAGE on the ledger's schema, or for a search_path that leads to it."),
        Place(name),
    )


def unsigned_ledger(path: str) -> FenmingError:
    """A proof is asked for, and nobody vouches for the ledger."""
    return Refused.because(
        problem(
            "ledger.unsigned", "The ledger “{path}” is not signed, so nothing in it can be proved to others.", path=path
        ),
        msg("Make a key with `fenming audit key new`, and take it up with `fenming audit key rotate`."),
        Place(path),
    )


def no_checkpoints(path: str, folder: str) -> FenmingError:
    """The folder holds no checkpoint."""
    return NotFound.because(
        problem(
            "checkpoint.none", "There is no checkpoint of the ledger “{path}” in “{folder}”.", path=path, folder=folder
        ),
        msg("Name the folder of its checkpoints with --checkpoints or FENMING_CHECKPOINTS."),
        Place(path),
    )


def unknown(path: str, reference: str) -> FenmingError:
    """No evaluation has this id."""
    return NotFound.because(
        problem(
            "ledger.unknown-evaluation",
            "The ledger “{path}” has no evaluation whose id begins with “{reference}”.",
            path=path,
            reference=reference,
        ),
        msg("`fenming audit log --all` lists the evaluations; `latest` is the last one in force."),
        Place(path),
    )


def superseded_already(evaluation: str, by: str) -> FenmingError:
    """A correction names an evaluation that has a correction already."""
    return Refused.because(
        problem(
            "recording.superseded-already",
            "Evaluation {evaluation} has already been superseded by {by}.",
            evaluation=evaluation,
            by=by,
        ),
        msg("Nothing was written. Supersede {by} instead.", by=by),
    )


def unknown_entry(index: int) -> FenmingError:
    """The key has signed something that is not an entry as fenming writes them."""
    return ProofRefused.because(
        problem(
            "proof.unknown-entry", "Entry {index} is signed, but this fenming cannot read what it says.", index=index
        ),
        msg("Check it with a newer fenming, or ask who signed it."),
    )


def other_ledger(old: str, new: str) -> FenmingError:
    """Two checkpoints are of different ledgers."""
    return ProofRefused.because(
        problem("proof.other-ledger", "The one checkpoint is of “{old}”, the other of “{new}”.", old=old, new=new),
        msg("Compare checkpoints of one ledger."),
    )


def cut_back(kept: int, size: int) -> FenmingError:
    """A ledger has fewer entries than a checkpoint of it that somebody kept."""
    return ProofRefused.because(
        problem(
            "proof.cut-back",
            "The newest entries are gone: of the {kept} under the checkpoint, {size} are left.",
            size=size,
            kept=kept,
        ),
        msg(
            "Entries have been removed, or an older copy of the ledger put in its place. Keep the checkpoint: it "
            "shows that there were more."
        ),
    )
