"""What only the tests ask of a ledger: its entries as they are stored, a case's history, the head of its tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, select

from audit.ledger.entries import first_leaf, size_of
from audit.ledger.ledger import Ledger
from audit.ledger.tiles import StoredTree
from audit.log.notes import Checkpoint, origin_of
from audit.tables.queries import ENTRY, EVALUATION, body_bytes, listing, record
from audit.tables.records import RecordedEvaluation


@dataclass(frozen=True, slots=True)
class RecordedEntry:
    """One line of the ledger; `body` is its canonical JSON, the bytes that everything else is checked against."""

    index: int
    kind: str
    at: str
    """When it was made, in UTC: 2024-12-01T08:30:00Z."""
    actor: str
    evaluation: str | None
    supersedes: str | None
    """The evaluation that this one corrects."""
    standing: str | None
    reason: str
    body: bytes
    leaf_hash: str
    """The hash of the body as a leaf of the Merkle tree, in hexadecimal."""


def entries(ledger: Ledger, start: int = 0) -> Iterator[RecordedEntry]:
    """Return the entries from `start` on."""
    query = select(ENTRY).where(ENTRY.c.index >= start).order_by(ENTRY.c.index)
    with ledger.reading() as connection:
        rows = connection.execute(query).mappings().all()
        yield from [RecordedEntry(**{**row, "body": body_bytes(row["body"])}) for row in rows]


def case_history(ledger: Ledger, department: str, year: int | str) -> tuple[RecordedEvaluation, ...]:
    """Return every evaluation of a case, the oldest first."""
    query = listing().where(EVALUATION.c.department == department, EVALUATION.c.year == str(year))
    with ledger.reading() as connection:
        return tuple(record(row) for row in connection.execute(query.order_by(ENTRY.c.index)))


def current(ledger: Ledger, department: str, year: int | str) -> tuple[RecordedEvaluation, ...]:
    """Return the evaluations of a case that are in force, one for each form, the oldest first."""
    return tuple(each for each in case_history(ledger, department, year) if each.in_force)


def head_of(connection: Connection) -> Checkpoint | None:
    """Return the head of the tree as it is, not signed; None for a ledger without entries."""
    size = size_of(connection)
    if not size:
        return None
    return Checkpoint(origin_of(first_leaf(connection)), size, StoredTree(connection, size).root())
