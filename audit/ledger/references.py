"""Finding an evaluation by what somebody calls it: its entry's number, its id or how that begins, or `latest`."""

from __future__ import annotations

from sqlalchemy import Connection

from audit.faults import recording_errors
from audit.log.entries import TRIAL
from audit.tables.queries import ENTRY, EVALUATION, listing, record
from audit.tables.records import RecordedEvaluation
from engine.base.folding import folded
from engine.receipt import Content

LATEST = "latest"
"""The reference to the evaluation in force that was recorded last."""

_SHOWN_CANDIDATES = 5
_ID_DIGITS = 8
"""An id is given with at least so many characters, if they are all digits: fewer are the number of an entry."""


def entry_number(reference: str) -> int | None:
    """Return the number of the entry that a reference is; None where it is none."""
    if reference.isascii() and reference.isdigit() and len(reference) < _ID_DIGITS:
        return int(reference)
    return None


def resolve(connection: Connection, path: str, reference: str) -> RecordedEvaluation:
    """Return the evaluation of an entry by its number, with this id or the only one that begins so, or the `latest`.

    `LedgerError` where there is none. The latest is the last one in force.
    """
    query = listing()
    if reference == LATEST:
        row = (
            connection.execute(listing(in_force=True).order_by(ENTRY.c.index.desc()).limit(1)).mappings().one_or_none()
        )
        if row is None:
            raise recording_errors.no_evaluation(path)
        return record(row)
    if (number := entry_number(reference)) is not None:
        row = connection.execute(query.where(ENTRY.c.index == number).limit(1)).mappings().one_or_none()
        if row is None:
            raise recording_errors.not_an_evaluation(path, number)
        return record(row)
    prefix = reference.lower()
    if not prefix or not set(prefix) <= set("0123456789abcdef"):
        raise recording_errors.unknown(path, reference)
    # Ids are hexadecimal, so that all with this prefix stand between it and the prefix followed by a “g”.
    query = query.where(EVALUATION.c.id.between(prefix, prefix + "g")).order_by(ENTRY.c.index)
    found = [record(row) for row in connection.execute(query.limit(_SHOWN_CANDIDATES + 1)).mappings()]
    if not found:
        raise recording_errors.unknown(path, reference)
    if len(found) > 1:
        shown = [f"{e.id} ({e.department} {e.year}, {e.total}, {e.at})" for e in found[:_SHOWN_CANDIDATES]]
        more = ["…"] if len(found) > _SHOWN_CANDIDATES else []
        raise recording_errors.ambiguous(path, reference, "; ".join(shown + more))
    return found[0]


def superseded(connection: Connection, path: str, reference: str, new: Content) -> RecordedEvaluation:
    """Return the evaluation that a new one supersedes; `LedgerError` where it must not."""
    old = resolve(connection, path, reference)
    was, now = (old.department, old.year, old.ruleset), (new.case.department, new.case.year, new.ruleset.id)
    if (folded(was[0]), *was[1:]) != (folded(now[0]), *now[1:]):
        raise recording_errors.wrong_case(old.id, *("{} {} ({})".format(*each) for each in (was, now)))
    if old.superseded_by is not None:
        raise recording_errors.superseded_already(old.id, old.superseded_by)
    if old.standing == TRIAL:
        raise recording_errors.trial_superseded(old.id)
    return old
