"""What can be wrong with what is asked of a ledger, or is to be recorded in it, each with its remedy."""

from __future__ import annotations

from audit.faults.errors import LedgerError
from engine.base.faults import FenmingError
from engine.base.messages import Message, msg
from engine.base.places import Place


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
