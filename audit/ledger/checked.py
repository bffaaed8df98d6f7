"""Checking an evaluation before it is shown: what its columns say must be what its entry's leaf and its receipt say."""

from __future__ import annotations

from sqlalchemy import Connection, select

from audit import errors
from audit.ledger.append import recorded_evaluation
from audit.log.entries import read_body
from audit.log.merkle import leaf_hash
from audit.tables import rows
from audit.tables.queries import ENTRY, EVALUATION
from audit.tables.records import Evaluation
from engine.base.messages import msg
from engine.base.sources import sha256
from engine.receipt import Receipt, ReceiptError, read_receipt


def checked_receipt(connection: Connection, shown: Evaluation) -> Receipt:
    """Return the receipt of an evaluation that is to be shown; `Strange` where something of it has been changed."""
    what = msg("entry {entry}, evaluation {evaluation}", entry=shown.entry, evaluation=shown.id)
    query = select(ENTRY, EVALUATION.c.receipt, EVALUATION.c.receipt_sha256)
    query = query.join_from(ENTRY, EVALUATION, ENTRY.c.evaluation == EVALUATION.c.id)
    row = connection.execute(query.where(ENTRY.c.index == shown.entry)).one_or_none()
    if row is None:
        raise errors.Strange(what)
    text, stored = rows.stored_bytes(row.body), rows.stored_bytes(row.receipt)
    body = read_body(text.decode("utf-8", "replace"))
    if (
        body is None
        or leaf_hash(text).hex() != row.leaf_hash
        or any(getattr(row, name) != body.get(name) for name in rows.ENTRY_COLUMNS)
        or not sha256(stored) == row.receipt_sha256 == body.get("receipt_sha256")
    ):
        raise errors.Strange(what)
    try:
        receipt = read_receipt(stored)
    except ReceiptError:
        raise errors.Strange(what) from None
    said = recorded_evaluation(body, receipt.content, superseded_by=shown.superseded_by)
    if said != shown or receipt.content.ruleset.digest != body["ruleset"]:
        raise errors.Strange(what)
    if shown.superseded_by is not None:
        _check_correction(connection, shown)
    return receipt


def _check_correction(connection: Connection, shown: Evaluation) -> None:
    """See that the entry by which an evaluation is superseded says so."""
    later = select(ENTRY.c.index, ENTRY.c.body, ENTRY.c.leaf_hash).where(ENTRY.c.evaluation == shown.superseded_by)
    for index, stored, leaf in connection.execute(later):
        text = rows.stored_bytes(stored)
        if rows.parsed(stored).get("supersedes") != shown.id or leaf_hash(text).hex() != leaf:
            raise errors.Strange(
                msg("entry {entry}, evaluation {evaluation}", entry=index, evaluation=shown.superseded_by)
            )
