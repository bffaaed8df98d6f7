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


def no_evaluation(path: str) -> FenmingError:
    """`latest` was asked of a ledger without an evaluation."""
    return LedgerError.because(
        msg("The ledger “{path}” holds no evaluation in force yet.", path=path),
        msg("Record one with `fenming evaluate`; `fenming audit log --all` lists everything that is recorded."),
        Place(path),
    )


def unknown(path: str, reference: str) -> FenmingError:
    """No evaluation has this id."""
    return LedgerError.because(
        msg(
            "The ledger “{path}” has no evaluation whose id begins with “{reference}”.", path=path, reference=reference
        ),
        msg("`fenming audit log --all` lists the evaluations; `latest` is the last one in force."),
        Place(path),
    )


def not_an_evaluation(path: str, entry: int) -> FenmingError:
    """No entry has this number, or one that names a key."""
    return LedgerError.because(
        msg("Entry {entry} of the ledger “{path}” is no evaluation, or is not there.", path=path, entry=entry),
        msg("`fenming audit log` lists what the ledger holds."),
        Place(path),
    )


def ambiguous(path: str, reference: str, candidates: str) -> FenmingError:
    """Several evaluations have ids that begin so."""
    return LedgerError.because(
        msg(
            "“{reference}” stands for more than one evaluation: {candidates}.",
            reference=reference,
            candidates=candidates,
        ),
        msg("Give more digits of the id."),
        Place(path),
    )


def unknown_ruleset(path: str, digest: str) -> FenmingError:
    """No ruleset has this digest."""
    return LedgerError.because(
        msg("The ledger “{path}” holds no ruleset with the digest “{digest}”.", path=path, digest=digest),
        msg("`fenming audit log` lists the evaluations with their rulesets."),
        Place(path),
    )


def wrong_case(evaluation: str, was: str, now: str) -> FenmingError:
    """A correction names an evaluation of another case."""
    return LedgerError.because(
        msg(
            "Evaluation {evaluation} is of {was}; it cannot be superseded by one of {now}.",
            evaluation=evaluation,
            was=was,
            now=now,
        ),
        msg("Nothing was written. Name an evaluation of the same department and year by the same ruleset."),
    )


def superseded_already(evaluation: str, by: str) -> FenmingError:
    """A correction names an evaluation that has a correction already."""
    return LedgerError.because(
        msg("Evaluation {evaluation} has already been superseded by {by}.", evaluation=evaluation, by=by),
        msg("Nothing was written. Supersede {by} instead.", by=by),
    )


def in_force(department: str, year: str, ruleset: str, evaluation: str, entry: int) -> FenmingError:
    """The case has been scored by this form, and the new evaluation does not say what it is."""
    return LedgerError.because(
        msg(
            "{department}, {year}, has been scored by {ruleset} already: evaluation {id}, entry {entry}, is in force.",
            department=department,
            year=year,
            ruleset=ruleset,
            id=evaluation,
            entry=entry,
        ),
        msg(
            "Nothing was written. Say what the new evaluation is: `--supersedes {id} --reason TEXT` corrects that one, "
            "`--beside --reason TEXT` is recorded next to it, `--trial` is a trial.",
            id=evaluation,
        ),
    )


def in_force_twice(department: str, year: str, ruleset: str) -> FenmingError:
    """Two evaluations that are recorded together score one case by one form."""
    return LedgerError.because(
        msg(
            "{department}, {year}, is scored by {ruleset} twice in one recording.",
            department=department,
            year=year,
            ruleset=ruleset,
        ),
        msg("Nothing was written. Record one of the two, then say of the other what it is."),
    )


def standing_given() -> FenmingError:
    """A correction also says that it is beside, or a trial."""
    return LedgerError.because(
        msg("An evaluation that supersedes another takes its standing; it cannot be recorded as something else."),
        msg("Nothing was written. Leave out either --supersedes or the other option."),
    )


def trial_superseded(evaluation: str) -> FenmingError:
    """A correction names a trial."""
    return LedgerError.because(
        msg("Evaluation {evaluation} is a trial, and a trial cannot be superseded.", evaluation=evaluation),
        msg("Nothing was written. Record the new evaluation without --supersedes, or as another trial."),
    )


def other_text(path: str, ruleset: str, revision: int, entry: int | None, changed: str) -> FenmingError:
    """A ruleset's name has scored by another text, in an entry or in the same recording."""
    what = (
        msg(
            "Ruleset {ruleset}, revision {revision}, has two texts in one recording. Changed: {changed}.",
            ruleset=ruleset,
            revision=revision,
            changed=changed,
        )
        if entry is None
        else msg(
            "Ruleset {ruleset}, revision {revision}, scored entry {entry} of this ledger with another text. "
            "Changed: {changed}.",
            ruleset=ruleset,
            revision=revision,
            entry=entry,
            changed=changed,
        )
    )
    remedy = msg(
        "Nothing was written. If the change corrects the ruleset, add `revision: {next}` and `corrigendum: {example}` "
        "to it; to try it out, use --trial.",
        next=revision + 1,
        example="{reason: …, on: 2025-03-01}",
    )
    return LedgerError.because(what, remedy, Place(path))


def older_revision(path: str, ruleset: str, revision: int, newest: int, entry: int | None) -> FenmingError:
    """A higher revision of the ruleset has scored officially, in an entry or earlier in the same recording."""
    what = (
        msg(
            "This recording scores by revision {newest} of ruleset {ruleset}, and after that by revision {revision}.",
            newest=newest,
            ruleset=ruleset,
            revision=revision,
        )
        if entry is None
        else msg(
            "Entry {entry} of this ledger was scored by revision {newest} of this ruleset; you have revision "
            "{revision}.",
            entry=entry,
            newest=newest,
            revision=revision,
        )
    )
    remedy = msg("Nothing was written. Use the newest revision; to try the older one, use --trial.")
    return LedgerError.because(what, remedy, Place(path))


def no_reason() -> FenmingError:
    """What needs a reason does not say why."""
    return LedgerError.because(
        msg(
            "A correction, an evaluation beside another, a change of keys, and the covering of entries each need a "
            "reason."
        ),
        msg("Nothing was written. Give the reason with --reason."),
    )


def bad_text(name: Message, value: str) -> FenmingError:
    """The actor or the reason cannot be kept as text."""
    return LedgerError.because(
        msg(
            "“{value}” cannot be recorded as the {name}: it is empty or has characters that do not print.",
            name=name,
            value=value,
        ),
        msg("Nothing was written. Write it as plain text."),
    )


def long_text(name: Message, length: int, most: int) -> FenmingError:
    """The actor or the reason is too long."""
    return LedgerError.because(
        msg("The {name} has {length} characters; at most {most} can be recorded.", name=name, length=length, most=most),
        msg("Nothing was written. Shorten it."),
    )


def wrong_sources(path: str, given: str, named: str) -> FenmingError:
    """The texts given are not those that the receipt was made from."""
    return LedgerError.because(
        msg(
            "The receipt names the ruleset {named}, but the texts given with it are {given}.", named=named, given=given
        ),
        msg("Nothing was written. Evaluate again."),
        Place(path),
    )


def workers_ended(path: str) -> FenmingError:
    """Something ended the processes that verify."""
    return LedgerError.because(
        msg("The verification of “{path}” was cut off: a process of it was ended.", path=path),
        msg("Nothing was changed. Verify again, with more memory to spare."),
        Place(path),
    )


def no_entry(path: str, index: int, size: int) -> FenmingError:
    """No entry has this number."""
    return LedgerError.because(
        msg("The ledger “{path}” has no entry {index}; entries: {size}.", path=path, index=index, size=size),
        msg("Entries are numbered from 0; `fenming audit log` lists them."),
        Place(path),
    )


def other_file_encoding(path: str, encoding: str) -> FenmingError:
    """The file's texts are not in UTF-8, in which fenming makes every file: somebody has made it anew."""
    return LedgerError.because(
        msg("The database “{path}” has the encoding {encoding}; a ledger needs UTF8.", path=path, encoding=encoding),
        msg("fenming did not make this file so. Find out who did, and go on from a copy of the ledger as it was."),
        Place(path),
    )
