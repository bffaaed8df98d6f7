"""The ledger: evaluations are appended whole or not at all, and read back with their digests checked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection

from audit.database.interface import open_database
from audit.ledger.access import Access
from audit.ledger.reader import Reader
from audit.ledger.submission import Submission
from audit.ledger.writer import Writer
from audit.log.checkpoints import CheckpointFolder
from audit.log.entries import OFFICIAL
from audit.log.keys import PublicKey, SigningKey
from audit.log.notes import Checkpoint
from audit.tables.records import RecordedEvaluation
from engine.base.messages import Message
from engine.base.sources import Sources
from engine.receipt import Receipt


def open_ledger(
    url: str,
    *,
    create: bool,
    timeout: float = 30.0,
    checkpoints: Path | None = None,
    signer: SigningKey | None = None,
    notify: Callable[[Message], None] = lambda _: None,
) -> Ledger:
    """Open the ledger at a path, a `sqlite:///` or a `postgresql://` address; make it where `create` allows it.

    `timeout` is how many seconds to wait for another process that is writing; `checkpoints` is the folder where the
    checkpoint of each append is kept (None: it is not kept), and `signer` the key that signs them; `notify` receives
    what a writer should know although it is not an error. `NotFound` if there is no ledger, `InvalidInput` if something
    else is in its place.
    """
    access = Access(open_database(url, create=create, timeout=timeout))
    folder = None if checkpoints is None else CheckpointFolder(checkpoints, timeout)
    ledger = Ledger(url, access, folder, Writer(access, folder, signer, notify))
    try:
        access.prepare(create=create)
    except BaseException:
        access.discard()
        access.close()
        raise
    return ledger


class Ledger(Reader):
    """An open ledger, to be read and written; use it in a `with` statement."""

    def __init__(self, url: str, access: Access, checkpoints: CheckpointFolder | None, writer: Writer) -> None:
        super().__init__(access)
        self.url = url
        self.path = access.path
        self.checkpoints = checkpoints
        self._writer = writer

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self._access.discard()
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._access.close()

    def append(
        self,
        receipt: Receipt,
        sources: Sources,
        *,
        actor: str,
        at: datetime,
        supersedes: str | None = None,
        reason: str = "",
        standing: str = OFFICIAL,
    ) -> RecordedEvaluation:
        """Record an evaluation in one transaction and return it.

        `supersedes` names the evaluation of the same case that this one corrects; then `reason` says why. Where the
        evaluation in force has the same receipt, nothing is recorded, and that one is returned.
        """
        return self.append_all([Submission(receipt, sources, actor, at, supersedes, reason, standing)])[0]

    def append_all(self, submissions: Sequence[Submission]) -> list[RecordedEvaluation]:
        """Record evaluations in one transaction, all or none, under one checkpoint; return them in their order."""
        return self._writer.append(submissions)

    def rotate(self, key: SigningKey, *, actor: str, at: datetime, reason: str, lost: bool = False) -> None:
        """Record that checkpoints are signed by another key from here on; the next one is signed by both.

        `lost` means that the key in force cannot sign any more: everyone who trusts it must then learn of the new one.
        Done again by the former key, it makes up for a checkpoint that a crash kept from being written.
        """
        self._writer.rotate(key, actor=actor, at=at, reason=reason, lost=lost)

    def cover(self, *, actor: str, at: datetime, reason: str) -> tuple[int, Checkpoint]:
        """Take the entries that no signed checkpoint covers into the record, by an entry that says why.

        They are checked first: `Damaged` if one is faulty, `Refused` if there is nothing to cover. Return how many,
        and the checkpoint that covers them.
        """
        return self._writer.cover(actor=actor, at=at, reason=reason)

    def seal(self, *, actor: str, at: datetime) -> Checkpoint:
        """Keep a checkpoint of the ledger as it is, also as the first one of a folder; return it.

        Entries that no checkpoint in the folder covers are checked before; `Damaged` where one is faulty. A ledger
        without a key takes the one that signs, by an entry.
        """
        return self._writer.seal(actor=actor, at=at)

    def key(self) -> PublicKey | None:
        """Return the key that signs the checkpoints; None while they are not signed."""
        keys = self.keys()
        return keys[-1].key if keys else None

    def reading(self, *, any_text: bool = False, without_indexes: bool = False) -> AbstractContextManager[Connection]:
        """Begin a transaction that sees one state of the ledger.

        `any_text` reads bytes that are no text, too; `without_indexes` rows that the indexes do not know of.
        """
        return self._access.reading(any_text=any_text, without_indexes=without_indexes)

    def strange_objects(self, connection: Connection) -> list[Message]:
        """Report what the database holds that fenming did not make, or lacks or has otherwise than it did."""
        return self._access.strange_objects(connection)
