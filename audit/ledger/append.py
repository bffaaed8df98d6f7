"""Appending: a batch of entries, the rows behind them, the tree over them, in the caller's one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, select

from audit.ledger.entries import first_leaf
from audit.ledger.submission import Submission
from audit.ledger.tiles import StoredTree
from audit.log.entries import (
    Entry,
    cover_entry,
    evaluation_entry,
    evaluation_id,
    is_late,
    key_entry,
)
from audit.log.keys import PublicKey, SigningKey
from audit.log.merkle import leaf_hash
from audit.log.notes import Checkpoint, origin_of
from audit.tables import making, rows
from audit.tables.queries import CHECKPOINT, ENTRY, written
from audit.tables.records import RecordedEvaluation, recorded_evaluation
from audit.tables.schema import CheckpointTable, EntryTable, EvaluationTable, LedgerTable, table
from engine.base.faults import Refused, problem
from engine.base.messages import Message, msg
from engine.base.places import Place
from engine.base.sources import canonical


@dataclass(slots=True)
class Batch:
    """The entries of one transaction, gathered first and then written table by table."""

    connection: Connection
    size: int
    covered: int
    """How many of the entries before it have a checkpoint."""
    keys: Sequence[PublicKey]
    """The keys that the ledger names, in their order."""
    _entries: list[Entry] = field(default_factory=list)
    _evaluations: list[rows.EvaluationRow] = field(default_factory=list)
    _children: dict[type[LedgerTable], list[rows.ChildRow]] = field(default_factory=dict)
    recorded: list[RecordedEvaluation] = field(default_factory=list)
    """The evaluations, as they are in the ledger once all is written."""
    names_key: bool = False
    """Whether one of the entries names a key."""

    @property
    def key(self) -> PublicKey | None:
        """The key in force before the batch."""
        return self.keys[-1] if self.keys else None

    @property
    def next(self) -> int:
        """The index that the next entry takes."""
        return self.size + len(self._entries)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was added."""
        return not self._entries

    def add_evaluation(self, submission: Submission, supersedes: str | None, standing: str) -> None:
        """Add an evaluation and its entry; `supersedes` is the whole id."""
        receipt = submission.receipt
        index = self.next
        row = making.evaluation_row(evaluation_id(index, receipt.sha256), index, receipt)
        self._evaluations.append(row)
        for child, values in making.child_rows(index, receipt.content):
            self._children.setdefault(child, []).extend(values)
        entry = evaluation_entry(
            index,
            receipt,
            actor=submission.actor,
            at=submission.at,
            standing=standing,
            supersedes=supersedes,
            reason=submission.reason,
        )
        self._entries.append(entry)
        self.recorded.append(recorded_evaluation(entry, receipt.content))

    def repeat(self, evaluation: RecordedEvaluation) -> None:
        """Give an evaluation that is recorded already as the answer in the place of a new one."""
        self.recorded.append(evaluation._replace(repeated=True))

    def add_key(self, key: PublicKey, *, actor: str, at: datetime, reason: str) -> None:
        """Add an entry that names the key by which checkpoints are signed from here on."""
        self._entries.append(key_entry(self.next, key, actor=actor, at=at, reason=reason))
        self.names_key = True

    def add_cover(self, *, actor: str, at: datetime, reason: str) -> None:
        """Add an entry that takes the entries without a checkpoint into the record."""
        self._entries.append(cover_entry(self.next, self.covered, actor=actor, at=at, reason=reason))

    def times(self) -> Iterator[tuple[int, str]]:
        """Return the number and the time of each entry."""
        return ((entry.index, entry.at) for entry in self._entries)

    def write(self, tree: StoredTree) -> Checkpoint:
        """Write all that was added, and return the head of the tree with it, not signed yet."""
        bodies = [canonical(entry) for entry in self._entries]
        leaves = [leaf_hash(body) for body in bodies]
        insert_rows(self.connection, EvaluationTable, self._evaluations)
        for child, values in self._children.items():
            insert_rows(self.connection, child, values)
        insert_rows(self.connection, EntryTable, list(map(making.entry_row, self._entries, bodies, leaves)))
        root = tree.grow(leaves)
        first = leaves[0] if self.size == 0 else first_leaf(self.connection)
        return Checkpoint(origin_of(first), self.next, root)


def insert_rows(connection: Connection, into: type[LedgerTable], values: Sequence[rows.TableRow]) -> None:
    """Insert whole rows, in one call of the driver: SQLAlchemy's own way takes several times as long per row."""
    if not values:
        return
    made = table(into)
    quote = connection.dialect.identifier_preparer.quote
    columns = ", ".join(quote(column.name) for column in made.columns)
    mark = "?" if connection.dialect.paramstyle == "qmark" else "%s"
    marks = ", ".join([mark] * len(made.columns))
    statement = f"INSERT INTO {written(connection, made)} ({columns}) VALUES ({marks})"  # noqa: S608 - our own tables
    connection.exec_driver_sql(statement, list(values))


def late_notices(connection: Connection, batch: Batch) -> Iterator[Message]:
    """Report each new entry whose time is well before that of the entry before it."""
    before = connection.execute(select(ENTRY.c.at).where(ENTRY.c.index == batch.size - 1)).scalar_one_or_none()
    for index, at in batch.times():
        if is_late(before, at):
            yield msg(
                "Entry {entry} has the time {at}, more than five minutes before {before}, the time of the entry "
                "before it. Check this machine's clock.",
                entry=index,
                at=at,
                before=str(before),
            )
        before = at


def store_checkpoint(connection: Connection, checkpoint: Checkpoint) -> None:
    """Store a signed checkpoint in the transaction that it covers; one that is there already stays."""
    there = select(CHECKPOINT.c.size).where(CHECKPOINT.c.size == checkpoint.size)
    if checkpoint.signatures and connection.execute(there).one_or_none() is None:
        insert_rows(connection, CheckpointTable, [rows.CheckpointRow(checkpoint.size, checkpoint.note)])


def signing(
    path: str, batch: Batch, given: SigningKey | None, new: SigningKey | None, *, lost: bool
) -> list[SigningKey]:
    """Return the keys that sign the checkpoint of a batch: the ledger's, and on a change of keys the new one too.

    In a ledger without a key, the key that an entry of the batch names signs; while there is none, nobody does. Where
    the new key is in force already and the one before it is given, a change that a crash cut short is completed.
    """
    keys = batch.keys
    if not keys:
        return [key for key in (new or given,) if key is not None and batch.names_key]
    current = keys[-1]
    if new is not None and new.public == current:
        if given is None or given.public not in keys[-2:-1]:
            raise Refused.because(
                problem("key.same", "The ledger “{path}” is signed by this key already.", path=path),
                msg("Nothing was written. Make a new key with `fenming audit key new`."),
                Place(path),
            )
        return [given, new]
    if new is not None and lost:
        return [new]
    if given is None:
        raise Refused.because(
            problem(
                "key.needed",
                "The ledger “{path}” is signed by “{name}”, and no key is given.",
                path=path,
                name=current.label,
            ),
            msg("Nothing was written. Name the private key's file with --signing-key or FENMING_KEY."),
            Place(path),
        )
    if given.public != current:
        raise Refused.because(
            problem(
                "key.other", "The ledger “{path}” is signed by another key, “{name}”.", path=path, name=current.label
            ),
            msg("Nothing was written. Sign with that key; `fenming audit key rotate` changes over to another one."),
            Place(path),
        )
    return [given] if new is None else [given, new]


def distinct_sources(path: str, submissions: Sequence[Submission]) -> dict[str, Submission]:
    """Return a submission for each ruleset by its digest; refuse texts that the receipt was not made from."""
    digests: dict[int, str] = {}
    found: dict[str, Submission] = {}
    for each in submissions:
        # The same texts are hashed once, however many evaluations are made from them.
        given = digests.get(id(each.sources)) or digests.setdefault(id(each.sources), each.sources.digest)
        named = each.receipt.content.ruleset.digest
        if given != named:
            raise Refused.because(
                problem(
                    "recording.other-sources",
                    "The receipt names the ruleset {named}, but the texts given with it are {given}.",
                    named=named,
                    given=given,
                ),
                msg("Nothing was written. Evaluate again."),
                Place(path),
            )
        found.setdefault(given, each)
    return found
