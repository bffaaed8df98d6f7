"""Checking an evaluation before it is shown: what its columns say must be what its entry's leaf and its receipt say."""

from __future__ import annotations

from sqlalchemy import Connection, select

from audit.faults import errors
from audit.log.entries import EvaluationEntry, read_entry
from audit.log.merkle import leaf_hash
from audit.tables.queries import ENTRY, EVALUATION
from audit.tables.records import RecordedEvaluation, recorded_evaluation
from audit.tables.rows import EntryRow, EvaluationRow
from audit.tables.stored import parsed, stored_bytes
from engine.base.messages import msg
from engine.base.sources import sha256
from engine.receipt import Receipt, ReceiptError, read_receipt


def checked_receipt(connection: Connection, shown: RecordedEvaluation) -> Receipt:
    """Return the receipt of an evaluation that is to be shown; `CorruptRecord` where something of it was changed."""
    what = msg("entry {entry}, evaluation {evaluation}", entry=shown.entry, evaluation=shown.id)
    entries = connection.execute(select(ENTRY).where(ENTRY.c.index == shown.entry)).all()
    evaluations = connection.execute(select(EVALUATION).where(EVALUATION.c.id == shown.id)).all()
    if len(entries) != 1 or len(evaluations) != 1:
        raise errors.CorruptRecord(what)
    entry, evaluation = EntryRow._make(entries[0]), EvaluationRow._make(evaluations[0])
    text, stored = stored_bytes(entry.body), stored_bytes(evaluation.receipt)
    recorded = read_entry(text.decode("utf-8", "replace"))
    if (
        not isinstance(recorded, EvaluationEntry)
        or entry.evaluation != evaluation.id
        or leaf_hash(text).hex() != entry.leaf_hash
        or any(said != getattr(recorded, name) for name, said in entry.said.items())
        or not sha256(stored) == evaluation.receipt_sha256 == recorded.receipt_sha256
    ):
        raise errors.CorruptRecord(what)
    try:
        receipt = read_receipt(stored)
    except ReceiptError:
        raise errors.CorruptRecord(what) from None
    said = recorded_evaluation(recorded, receipt.content, superseded_by=shown.superseded_by)
    if said != shown or receipt.content.ruleset.digest != recorded.ruleset:
        raise errors.CorruptRecord(what)
    if shown.superseded_by is not None:
        _check_correction(connection, shown)
    return receipt


def _check_correction(connection: Connection, shown: RecordedEvaluation) -> None:
    """See that the entry by which an evaluation is superseded says so."""
    later = select(ENTRY.c.index, ENTRY.c.body, ENTRY.c.leaf_hash).where(ENTRY.c.evaluation == shown.superseded_by)
    for index, stored, leaf in connection.execute(later):
        text = stored_bytes(stored)
        if parsed(stored).get("supersedes") != shown.id or leaf_hash(text).hex() != leaf:
            raise errors.CorruptRecord(
                msg("entry {entry}, evaluation {evaluation}", entry=index, evaluation=shown.superseded_by)
            )
