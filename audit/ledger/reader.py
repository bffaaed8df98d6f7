"""Reading a ledger: what was recorded is found and given out once its digests have been checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import merge
from typing import TypeAlias

from sqlalchemy import func, select

from audit.checks.entry import entry_faults
from audit.faults import errors
from audit.ledger.access import Access
from audit.ledger.checked import checked_receipt
from audit.ledger.entries import keys_of, other_entries, size_of
from audit.ledger.references import resolve
from audit.ledger.sources import stored_sources
from audit.log.entries import EvaluationEntry, read_entry
from audit.log.keys import NamedKey
from audit.log.merkle import leaf_hash
from audit.tables.criteria import Criteria
from audit.tables.queries import ENTRY, EVALUATION, listing, record
from audit.tables.ranges import read_range
from audit.tables.records import Cover, KeyChange, RecordedEvaluation
from audit.tables.stored import stored_bytes
from engine.base.faults import NotFound, problem
from engine.base.messages import Message, msg
from engine.base.places import Place
from engine.base.sources import Sources, sha256
from engine.receipt import Receipt, ReceiptError, read_receipt

Recorded: TypeAlias = RecordedEvaluation | KeyChange | Cover
"""What one entry records."""

_PAGE = 500


class Reader:
    """A ledger to be read."""

    def __init__(self, access: Access) -> None:
        self._access = access

    def find(self, reference: str) -> RecordedEvaluation:
        """Return the evaluation with this id, with the only id that begins so, or the `latest`."""
        with self._access.transaction() as connection:
            return resolve(connection, self._access.path, reference)

    def receipt(self, evaluation: str) -> Receipt:
        """Return an evaluation's receipt, once its digest and its entry's have been checked."""
        path = self._access.path
        columns = (EVALUATION.c.receipt, EVALUATION.c.receipt_sha256, ENTRY.c.body, ENTRY.c.leaf_hash)
        query = select(*columns).join_from(EVALUATION, ENTRY, ENTRY.c.evaluation == EVALUATION.c.id)
        with self._access.transaction() as connection:
            row = connection.execute(query.where(EVALUATION.c.id == evaluation)).one_or_none()
        if row is None:
            raise errors.unknown(path, evaluation)
        entry = read_entry(row.body) if isinstance(row.body, str) else None
        if leaf_hash(stored_bytes(row.body)).hex() != row.leaf_hash or not isinstance(entry, EvaluationEntry):
            raise errors.altered(path, msg("the entry of evaluation {evaluation}", evaluation=evaluation))
        stored = msg("the receipt of evaluation {evaluation}", evaluation=evaluation)
        text = row.receipt.encode() if isinstance(row.receipt, str) else b""
        if not sha256(text) == row.receipt_sha256 == entry.receipt_sha256:
            raise errors.altered(path, stored)
        try:
            return read_receipt(text)
        except ReceiptError:
            raise errors.altered(path, stored) from None

    def checked(self, shown: RecordedEvaluation) -> Receipt:
        """Return the receipt of an evaluation that is to be shown.

        `Damaged` where its row is not what its entry's leaf and its receipt say.
        """
        with self._access.transaction() as connection:
            return checked_receipt(connection, shown)

    def row_faults(self, entry: int) -> tuple[Message, ...]:
        """Report what is wrong with an entry and the rows behind it, as verification would."""
        with self._access.transaction() as connection:
            found = read_range(connection, entry, entry + 1, rulesets=True)
            row = found.entries.get(entry)
            return () if row is None else tuple(entry_faults(connection, row, found))

    def sources(self, digest: str) -> Sources:
        """Return the texts of a ruleset, once their digests have been checked."""
        with self._access.transaction() as connection:
            found = stored_sources(connection, digest)
        if found is None:
            raise NotFound.because(
                problem(
                    "ledger.unknown-ruleset",
                    "The ledger “{path}” holds no ruleset with the digest “{digest}”.",
                    path=self._access.path,
                    digest=digest,
                ),
                msg("`fenming audit log` lists the evaluations with their rulesets."),
                Place(self._access.path),
            )
        return found

    def evaluations(
        self, *, newest_first: bool = False, in_force: bool = False, before: int | None = None
    ) -> Iterator[RecordedEvaluation]:
        """Return the evaluations in the order of their entries, reading on as they are asked for.

        `before` leaves out those of this entry and later ones.
        """
        index = ENTRY.c.index
        query = listing(in_force=in_force).order_by(index.desc() if newest_first else index).limit(_PAGE)
        if before is not None:
            query = query.where(index < before)
        page = query
        while True:
            with self._access.transaction() as connection:
                found = [record(row) for row in connection.execute(page)]
            yield from found
            if len(found) < _PAGE:
                return
            last = found[-1].entry
            page = query.where(index < last if newest_first else index > last)

    def search(
        self, criteria: Criteria, most: int | None = None, *, before: int | None = None
    ) -> list[RecordedEvaluation]:
        """Return the evaluations that may meet some criteria, the newest first; `Criteria.meets` decides.

        At most so many, of those `before` an entry.
        """
        query = criteria.query.order_by(ENTRY.c.index.desc()).limit(most)
        if before is not None:
            query = query.where(ENTRY.c.index < before)
        with self._access.transaction() as connection:
            return [record(row) for row in connection.execute(query)]

    def departments(self) -> Sequence[str]:
        """Return the names of all departments that were scored, sorted."""
        with self._access.transaction() as connection:
            names = connection.execute(select(EVALUATION.c.department).distinct()).scalars()
            return sorted(name for name in names if isinstance(name, str))

    def history(self, *, in_force: bool = False) -> Iterator[Recorded]:
        """Return all that was recorded, the newest first, reading on as it is asked for.

        `in_force` leaves out the evaluations that are superseded, beside or a trial. Else an entry of which nothing can
        be reported is an error: a row that it needs is missing or has been changed.
        """
        with self._access.transaction() as connection:
            left = size_of(connection)
            others = list(other_entries(connection))
        recorded: Iterator[Recorded] = self.evaluations(newest_first=True, in_force=in_force, before=left)
        for each in merge(recorded, reversed(others), key=lambda each: -each.entry):
            if not in_force and each.entry != left - 1:
                break
            left -= 1
            yield each
        if not in_force and left:
            raise errors.altered(self._access.path, msg("entry {entry}", entry=left - 1))

    def keys(self) -> Sequence[NamedKey]:
        """Return the keys that have signed, in their order, each with the entry that names it."""
        with self._access.transaction() as connection:
            return keys_of(connection)

    def count(self) -> int:
        """Return how many entries there are."""
        with self._access.transaction() as connection:
            return int(connection.execute(select(func.count()).select_from(ENTRY)).scalar_one())
