"""Comparing the signed checkpoints that the ledger itself holds with the tree, as it grows again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection, func, select

from audit.faults.wording import entry_count
from audit.ledger.ledger import Ledger
from audit.ledger.uncovered import has_signed, key_at, read_stored
from audit.log.keys import NamedKey
from audit.log.notes import Checkpoint
from audit.tables.queries import CHECKPOINT
from audit.tables.rows import CheckpointRow
from audit.verify.report import Finding
from engine.base.messages import Message, msg

_PAGE = 1000


def newest_stored(connection: Connection) -> int:
    """Return of how many entries the newest checkpoint in the ledger is."""
    found = connection.execute(select(func.max(CHECKPOINT.c.size))).scalar_one()
    return found if isinstance(found, int) else 0


@dataclass(slots=True)
class StoredNotes:
    """The checkpoints of the ledger's table still to come, by their sizes, and what the ones so far have shown."""

    ledger: Ledger
    origin: str
    limit: int
    """The newest that was there when the verification began."""
    keys: list[NamedKey]
    """The ledger's keys so far, which grow while the entries are read."""
    findings: list[Finding] = field(default_factory=list)
    count: int = 0
    covered: int = 0
    _rows: Iterator[CheckpointRow] = field(init=False)
    _next: CheckpointRow | None = None

    def __post_init__(self) -> None:
        self._rows = self._read()
        self._next = next(self._rows, None)

    @property
    def next_size(self) -> int | None:
        """The tree size at which the next checkpoint is to be compared."""
        return self._next.size if self._next is not None and isinstance(self._next.size, int) else None

    def compare(self, root: bytes, known: frozenset[str]) -> Checkpoint | None:
        """Compare the tree's root with the checkpoint of this size; a note that is `known` has been checked already.

        Return it if it counts.
        """
        if self._next is None:
            return None
        size, note = self._next
        self.count += 1
        checkpoint = read_stored(size, note)
        if checkpoint is None or not self._is_authoritative(checkpoint, note in known):
            self._find(_not_signed(size))
        elif checkpoint.root != root:
            self._find(
                msg("the stored checkpoint of {entries} is not of these entries", entries=entry_count(str(size)))
            )
        else:
            self.covered = checkpoint.size
        self._next = next(self._rows, None)
        return checkpoint if checkpoint is not None and checkpoint.size == self.covered else None

    def finish(self, size: int, covered: int) -> None:
        """Report the checkpoints beyond the last entry; another checkpoint may have been reported up to `covered`."""
        while self._next is not None:
            stored, note = self._next
            self.count += 1
            checkpoint = read_stored(stored, note)
            if checkpoint is not None and checkpoint.size > size and self._is_authoritative(checkpoint, known=False):
                start = max(size, covered)
                covered = max(covered, checkpoint.size)
                if start < checkpoint.size:
                    missing = msg(
                        "missing, although there is a checkpoint of {entries}", entries=entry_count(checkpoint.size)
                    )
                    self.findings.append(Finding(start, missing, checkpoint.size - 1))
            else:
                self._find(_not_signed(stored))
            self._next = next(self._rows, None)

    def _is_authoritative(self, checkpoint: Checkpoint, known: bool) -> bool:  # noqa: FBT001 - private
        if known:
            return True
        key = key_at(self.keys, checkpoint.size)
        return checkpoint.origin == self.origin and key is not None and has_signed(key, checkpoint)

    def _read(self) -> Iterator[CheckpointRow]:
        start: object = None
        while True:
            page = select(CHECKPOINT).where(CHECKPOINT.c.size <= self.limit)
            if start is not None:
                page = page.where(CHECKPOINT.c.size > start)
            with self.ledger.reading(any_text=True) as connection:
                found = connection.execute(page.order_by(CHECKPOINT.c.size).limit(_PAGE)).all()
            rows = [CheckpointRow._make(row) for row in found]
            yield from rows
            if len(rows) < _PAGE:
                return
            start = rows[-1].size

    def _find(self, what: Message) -> None:
        self.findings.append(Finding(None, what))


def _not_signed(size: object) -> Message:
    count = entry_count(str(size))
    return msg("the stored checkpoint of {entries} is not one that the ledger's key signed", entries=count)
