"""Appending: a batch of entries, the rows behind them, the tree over them, in the caller's one transaction."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, func, select

from audit import checkpoint_errors, errors, rows
from audit.entries import evaluation_body, evaluation_id, key_body
from audit.log.keys import PublicKey, SigningKey, parse_public_key
from audit.log.merkle import leaf_hash
from audit.log.notes import Checkpoint, origin_of
from audit.queries import ENTRY, EVALUATION, KEYS, written
from audit.records import Evaluation, KeyChange
from audit.tables import IS_KEY, Row, table
from audit.tree import StoredTree
from engine.errors import msg
from engine.receipt import Receipt
from engine.sources import Sources, canonical


@dataclass(frozen=True, slots=True)
class Submission:
    """One evaluation to record: what came out, from which texts, who records it when, and what it corrects."""

    receipt: Receipt
    sources: Sources
    actor: str
    at: datetime
    supersedes: str | None = None
    """The evaluation of the same department and year that this one corrects; then `reason` says why."""
    reason: str = ""


@dataclass(slots=True)
class Batch:
    """The entries of one transaction, gathered first and then written table by table."""

    connection: Connection
    size: int
    key: PublicKey | None
    """The key in force."""
    _entries: list[Mapping[str, Any]] = field(default_factory=list)
    _evaluations: list[rows.Values] = field(default_factory=list)
    _children: dict[type[Row], list[rows.Values]] = field(default_factory=dict)
    recorded: list[Evaluation] = field(default_factory=list)
    """The evaluations, as they stand in the ledger once all is written."""

    @property
    def next(self) -> int:
        """The index that the next entry takes."""
        return self.size + len(self._entries)

    def add_evaluation(self, submission: Submission, supersedes: str | None) -> None:
        """Add an evaluation and its entry; `supersedes` is the whole id."""
        receipt = submission.receipt
        index = self.next
        evaluation = evaluation_id(index, receipt.sha256)
        row = rows.evaluation_row(evaluation, index, receipt)
        self._evaluations.append(row)
        for child, values in rows.child_rows(index, receipt.content):
            self._children.setdefault(child, []).extend(values)
        body = evaluation_body(
            index,
            evaluation,
            receipt,
            actor=submission.actor,
            at=submission.at,
            supersedes=supersedes,
            reason=submission.reason,
        )
        self._entries.append(body)
        self.recorded.append(_recorded(body, row, receipt.content["ruleset"]))

    def add_key(self, key: PublicKey, *, actor: str, at: datetime, reason: str) -> None:
        """Add an entry that names the key by which checkpoints are signed from here on."""
        self._entries.append(key_body(self.next, key, actor=actor, at=at, reason=reason))

    def write(self, tree: StoredTree) -> Checkpoint:
        """Write all that was added, and return the head of the tree with it, not signed yet."""
        bodies = [canonical(body) for body in self._entries]
        leaves = [leaf_hash(body) for body in bodies]
        insert_rows(self.connection, EVALUATION, self._evaluations)
        for row, values in self._children.items():
            insert_rows(self.connection, table(row), values)
        insert_rows(self.connection, ENTRY, list(map(rows.entry_row, self._entries, bodies, leaves)))
        root = tree.grow(leaves)
        first = leaves[0] if self.size == 0 else first_leaf(self.connection)
        return Checkpoint(origin_of(first), self.next, root)


def _recorded(body: Mapping[str, Any], row: rows.Values, ruleset: Mapping[str, Any]) -> Evaluation:
    return Evaluation(
        id=body["evaluation"],
        entry=body["index"],
        at=body["at"],
        actor=body["actor"],
        ruleset=ruleset["id"],
        ruleset_title=ruleset["title"],
        ruleset_digest=body["ruleset"],
        department=row[3],
        year=row[4],
        total=row[5],
        open=row[6],
        grade=row[7],
        receipt_sha256=body["receipt_sha256"],
        supersedes=body["supersedes"],
        superseded_by=None,
        reason=body["reason"],
    )


def insert_rows(connection: Connection, into: Table, values: Sequence[rows.Values]) -> None:
    """Insert whole rows, in one call of the driver: SQLAlchemy's own way takes several times as long per row."""
    if not values:
        return
    quote = connection.dialect.identifier_preparer.quote
    columns = ", ".join(quote(column.name) for column in into.columns)
    mark = "?" if connection.dialect.paramstyle == "qmark" else "%s"
    marks = ", ".join([mark] * len(into.columns))
    statement = f"INSERT INTO {written(connection, into)} ({columns}) VALUES ({marks})"  # noqa: S608 - our own tables
    connection.exec_driver_sql(statement, list(values))


def size_of(connection: Connection) -> int:
    """Return how many entries there are, which are numbered from 0 without a gap."""
    newest = connection.execute(select(func.max(ENTRY.c.index))).scalar_one()
    return 0 if newest is None else int(newest) + 1


def first_leaf(connection: Connection) -> bytes:
    """Return the leaf hash of the first entry, from which the ledger has its identity."""
    stored = connection.execute(select(ENTRY.c.leaf_hash).where(ENTRY.c.index == 0)).scalar_one_or_none()
    if not isinstance(stored, str) or not re.fullmatch("[0-9a-f]{64}", stored):
        raise errors.Strange(msg("the leaf hash of entry 0"))
    return bytes.fromhex(stored)


def head_of(connection: Connection) -> Checkpoint | None:
    """Return the head of the tree as it is, not signed; None for a ledger without entries."""
    size = size_of(connection)
    if not size:
        return None
    origin = origin_of(first_leaf(connection))
    return Checkpoint(origin, size, StoredTree(connection, size).root())


def keys_of(connection: Connection) -> list[tuple[int, PublicKey]]:
    """Return the keys that entries name, in their order, each with its entry; the last one is in force."""
    found = []
    for index, body in connection.execute(KEYS.order_by(ENTRY.c.index)):
        key = parse_public_key(str(rows.parsed(body).get("key")))
        if key is None:
            raise errors.Strange(msg("the entry that names its key"))
        found.append((index, key))
    return found


def key_changes(connection: Connection) -> list[KeyChange]:
    """Return the entries that name keys, in their order."""
    found = connection.execute(select(ENTRY.c.at, ENTRY.c.actor, ENTRY.c.reason).where(IS_KEY).order_by(ENTRY.c.index))
    return [KeyChange(entry, *said, key) for said, (entry, key) in zip(found, keys_of(connection), strict=True)]


def signing(
    path: str, keys: Sequence[PublicKey], given: SigningKey | None, new: SigningKey | None, *, lost: bool
) -> list[SigningKey]:
    """Return the keys that sign the next checkpoint: the ledger's, and on a change of keys the new one too.

    A ledger without a key takes the one that is given; without one its checkpoints are not signed. Where the new key
    is in force already and the one before it is given, a change that a crash cut short is completed.
    """
    if not keys:
        return [key for key in (new or given,) if key is not None]
    current = keys[-1]
    if new is not None and new.public == current:
        if given is None or given.public not in keys[-2:-1]:
            raise checkpoint_errors.same_key(path)
        return [given, new]
    if new is not None and lost:
        return [new]
    if given is None:
        raise checkpoint_errors.key_needed(path, current.label)
    if given.public != current:
        raise checkpoint_errors.other_key(path, current.label)
    return [given] if new is None else [given, new]


def distinct_sources(path: str, submissions: Sequence[Submission]) -> dict[str, Submission]:
    """Return a submission for each ruleset by its digest; refuse texts that the receipt was not made from."""
    digests: dict[int, str] = {}
    found: dict[str, Submission] = {}
    for each in submissions:
        # The same texts are hashed once, however many evaluations are made from them.
        given = digests.get(id(each.sources)) or digests.setdefault(id(each.sources), each.sources.digest)
        named = each.receipt.content["ruleset"]["digest"]
        if given != named:
            raise errors.wrong_sources(path, given, named)
        found.setdefault(given, each)
    return found
