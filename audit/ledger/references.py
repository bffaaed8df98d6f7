"""Finding an evaluation by what somebody calls it: its entry's number, its id or how that begins, or `latest`."""

from __future__ import annotations

from sqlalchemy import Connection

from audit.faults import errors
from audit.log.entries import TRIAL
from audit.tables.queries import ENTRY, EVALUATION, listing, record
from audit.tables.records import RecordedEvaluation
from engine.base.faults import InvalidInput, NotFound, Refused, problem
from engine.base.folding import folded
from engine.base.messages import msg
from engine.base.places import Place
from engine.receipt import Content

LATEST = "latest"
"""The reference to the evaluation in force that was recorded last."""

_SHOWN_CANDIDATES = 5
_ID_DIGITS = 8
"""An id is given with at least so many characters, if they are all digits: fewer are the number of an entry."""


def entry_number(reference: str) -> int | None:
    """Return the number of the entry that a reference is; None where it is not one."""
    if reference.isascii() and reference.isdigit() and len(reference) < _ID_DIGITS:
        return int(reference)
    return None


def resolve(connection: Connection, path: str, reference: str) -> RecordedEvaluation:
    """Return the evaluation of an entry by its number, with this id or the only one that begins so, or the `latest`.

    `NotFound` if no evaluation has it. `latest` means the last one in force.
    """
    query = listing()
    if reference == LATEST:
        row = connection.execute(listing(in_force=True).order_by(ENTRY.c.index.desc()).limit(1)).one_or_none()
        if row is None:
            raise NotFound.because(
                problem("ledger.no-evaluation", "The ledger “{path}” holds no evaluation in force yet.", path=path),
                msg("Record one with `fenming evaluate`; `fenming audit log --all` lists everything that is recorded."),
                Place(path),
            )
        return record(row)
    if (number := entry_number(reference)) is not None:
        row = connection.execute(query.where(ENTRY.c.index == number).limit(1)).one_or_none()
        if row is None:
            raise NotFound.because(
                problem(
                    "ledger.not-an-evaluation",
                    "The ledger “{path}” has no evaluation at entry {entry}.",
                    path=path,
                    entry=number,
                ),
                msg("`fenming audit log` lists what the ledger holds."),
                Place(path),
            )
        return record(row)
    prefix = reference.lower()
    if not prefix or not set(prefix) <= set("0123456789abcdef"):
        raise errors.unknown(path, reference)
    # Ids are hexadecimal, so that all with this prefix are between it and the prefix followed by a “g”.
    query = query.where(EVALUATION.c.id.between(prefix, prefix + "g")).order_by(ENTRY.c.index)
    found = [record(row) for row in connection.execute(query.limit(_SHOWN_CANDIDATES + 1))]
    if not found:
        raise errors.unknown(path, reference)
    if len(found) > 1:
        shown = [f"{e.id} ({e.department} {e.year}, {e.total}, {e.at})" for e in found[:_SHOWN_CANDIDATES]]
        more = ["…"] if len(found) > _SHOWN_CANDIDATES else []
        raise InvalidInput.because(
            problem(
                "ledger.ambiguous",
                "“{reference}” matches more than one evaluation: {candidates}.",
                reference=reference,
                candidates="; ".join(shown + more),
            ),
            msg("Give more digits of the id."),
            Place(path),
        )
    return found[0]


def superseded(connection: Connection, path: str, reference: str, new: Content) -> RecordedEvaluation:
    """Return the evaluation that a new one supersedes; `Refused` where it must not."""
    old = resolve(connection, path, reference)
    was, now = (old.department, old.year, old.ruleset), (new.case.department, new.case.year, new.ruleset.id)
    if (folded(was[0]), *was[1:]) != (folded(now[0]), *now[1:]):
        raise Refused.because(
            problem(
                "recording.other-case",
                "Evaluation {evaluation} is of {was}; it cannot be superseded by one of {now}.",
                evaluation=old.id,
                was="{} {} ({})".format(*was),
                now="{} {} ({})".format(*now),
            ),
            msg("Nothing was written. Name an evaluation of the same department and year by the same ruleset."),
        )
    if old.superseded_by is not None:
        raise errors.superseded_already(old.id, old.superseded_by)
    if old.standing == TRIAL:
        raise Refused.because(
            problem(
                "recording.trial-superseded",
                "Evaluation {evaluation} is a trial, and a trial cannot be superseded.",
                evaluation=old.id,
            ),
            msg("Nothing was written. Record the new evaluation without --supersedes, or as another trial."),
        )
    return old
