"""The ledger: evaluations are appended whole or not at all, and read back with their digests checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from heapq import merge
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import DBAPIError, MultipleResultsFound

from audit import errors
from audit.checks.entry import entry_faults
from audit.database.interface import Database, open_database
from audit.ledger.append import (
    Batch,
    Submission,
    distinct_sources,
    keys_of,
    late_notices,
    other_entries,
    signing,
    size_of,
    store_checkpoint,
)
from audit.ledger.checked import checked_receipt
from audit.ledger.names import Names
from audit.ledger.references import find
from audit.ledger.sources import add_texts, stored_sources
from audit.ledger.standing import Cases, New, fill_batch
from audit.ledger.tiles import StoredTree
from audit.ledger.uncovered import check_history
from audit.log import checkpoint_errors
from audit.log.checkpoints import CheckpointFolder
from audit.log.entries import BESIDE, OFFICIAL, check_text
from audit.log.keys import PublicKey, SigningKey
from audit.log.merkle import leaf_hash
from audit.log.notes import Checkpoint
from audit.tables import rows
from audit.tables.queries import ENTRY, EVALUATION, entry_record, listing, record
from audit.tables.ranges import read_stretch
from audit.tables.records import Cover, Entry, Evaluation, KeyChange
from audit.tables.schema import FORMAT, Format, Row, table
from engine.base.faults import FenmingError
from engine.base.messages import Message, msg
from engine.base.sources import Sources, sha256
from engine.receipt import Receipt, ReceiptError, read_receipt

_PAGE = 500


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
    checkpoint of each append is kept (without one none is), and `signer` the key that signs them; `notify` is told what
    whoever appends should know although it is not wrong. `LedgerError` where there is no ledger, or something else
    stands there.
    """
    database = open_database(url, create=create, timeout=timeout)
    kept = None if checkpoints is None else CheckpointFolder(checkpoints, timeout)
    ledger = Ledger(url, database, kept, signer, notify)
    try:
        ledger.prepare(create=create and database.writable)
    except BaseException:
        ledger.discard()
        ledger.close()
        raise
    return ledger


class Ledger:
    """An open ledger; use it in a `with` statement."""

    def __init__(
        self,
        url: str,
        database: Database,
        checkpoints: CheckpointFolder | None,
        signer: SigningKey | None,
        notify: Callable[[Message], None],
    ) -> None:
        self.url = url
        self.path = database.name
        self.checkpoints = checkpoints
        self._database = database
        self._signer = signer
        self._notify = notify

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self.discard()
        self.close()

    def discard(self) -> None:
        """Remove a file that was made for this ledger and has no entries, after something was refused."""
        if not self._database.made:
            return
        with suppress(FenmingError, OSError), self._transaction(writing=True) as connection:
            if not self._database.tables(connection) or not size_of(connection):
                self._database.discard(connection)

    def close(self) -> None:
        """Let go of the database."""
        self._database.engine.dispose()

    def prepare(self, *, create: bool) -> None:
        """Check that this is a ledger that we know; make its tables where there is nothing yet."""
        with self._transaction() as connection:
            names = self._database.tables(connection)
            if names:
                self._check_format(connection, names)
                return
        if not create:
            raise errors.empty(self.path)
        with self._transaction(writing=True) as connection:
            # Another process may have made the tables while we waited for the lock.
            if names := self._database.tables(connection):
                self._check_format(connection, names)
                return
            self._database.create_tables(connection)
            connection.execute(insert(table(Format)), {"version": FORMAT})

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
    ) -> Evaluation:
        """Record an evaluation in one transaction and return it.

        `supersedes` names the evaluation of the same department and year that this one corrects; then `reason`
        says why. Where the evaluation in force has the same receipt, nothing is recorded, and that one is returned.
        """
        return self.append_all([Submission(receipt, sources, actor, at, supersedes, reason, standing)])[0]

    def append_all(self, submissions: Sequence[Submission]) -> list[Evaluation]:
        """Record evaluations in one transaction, all or none, under one checkpoint; return them in their order."""
        if not submissions:
            return []
        for each in submissions:
            check_text(each.actor, each.reason, needs_reason=each.supersedes is not None or each.standing == BESIDE)
        texts = distinct_sources(self.path, submissions)

        def fill(batch: Batch) -> None:
            cases = Cases(batch.connection, self.path)
            decided = [cases.decide(each) for each in submissions]
            names = Names(batch.connection, self.path)
            fresh = [each for each in decided if isinstance(each, New)]
            for each in fresh:
                for notice in names.check(each.submission, each.standing):
                    self._notify(notice)
            if fresh:
                self._take_key(batch, submissions[0].actor, submissions[0].at)
                add_texts(batch.connection, texts)
            fill_batch(batch, decided)

        return self._append(fill)[0]

    def rotate(self, key: SigningKey, *, actor: str, at: datetime, reason: str, lost: bool = False) -> None:
        """Record that checkpoints are signed by another key from here on; the next one is signed by both.

        `lost` tells that the key in force cannot sign any more: then whoever trusts it must be told of the new one.
        Done again by the former key, it makes up for a checkpoint that a crash kept from being written.
        """
        check_text(actor, reason, needs_reason=True)

        def fill(batch: Batch) -> None:
            if batch.key != key.public:
                batch.add_key(key.public, actor=actor, at=at, reason=reason)

        self._append(fill, key, lost=lost)

    def cover(self, *, actor: str, at: datetime, reason: str) -> tuple[int, Checkpoint]:
        """Take the entries that no signed checkpoint covers into the record, by an entry that says why.

        They are checked before; `LedgerError` where one is faulty, or where there are none. Return how many they are,
        and the checkpoint that covers them.
        """
        check_text(actor, reason, needs_reason=True)
        found = []

        def fill(batch: Batch) -> None:
            if batch.key is None or batch.covered == batch.size:
                raise checkpoint_errors.nothing_to_cover(self.path)
            found.append(batch.size - batch.covered)
            batch.add_cover(actor=actor, at=at, reason=reason)

        checkpoint = self._append(fill, begin=True, cover=True)[1]
        return found[0], checkpoint

    def seal(self, *, actor: str, at: datetime) -> Checkpoint:
        """Keep a checkpoint of the ledger as it stands, also as the first one of a folder; return it.

        Entries that no checkpoint in the folder covers are checked before; `LedgerError` where one is faulty. A ledger
        without a key takes the one that signs, by an entry.
        """
        check_text(actor, "", needs_reason=False)
        return self._append(lambda batch: self._take_key(batch, actor, at), begin=True)[1]

    def find(self, reference: str) -> Evaluation:
        """Return the evaluation with this id, with the only id that begins so, or the `latest`."""
        with self._transaction() as connection:
            return find(connection, self.path, reference)

    def receipt(self, evaluation: str) -> Receipt:
        """Return an evaluation's receipt, once its digest and its entry's have been checked."""
        columns = (EVALUATION.c.receipt, EVALUATION.c.receipt_sha256, ENTRY.c.body, ENTRY.c.leaf_hash)
        query = select(*columns).join_from(EVALUATION, ENTRY, ENTRY.c.evaluation == EVALUATION.c.id)
        with self._transaction() as connection:
            row = connection.execute(query.where(EVALUATION.c.id == evaluation)).one_or_none()
        if row is None:
            raise errors.unknown(self.path, evaluation)
        entry = msg("the entry of evaluation {evaluation}", evaluation=evaluation)
        body = rows.parsed(row.body)
        if leaf_hash(_bytes(row.body)).hex() != row.leaf_hash or not body:
            raise errors.altered(self.path, entry)
        stored = msg("the receipt of evaluation {evaluation}", evaluation=evaluation)
        if row.receipt_sha256 != body.get("receipt_sha256"):
            raise errors.altered(self.path, stored)
        text = _bytes(row.receipt)
        if sha256(text) != row.receipt_sha256:
            raise errors.altered(self.path, stored)
        try:
            return read_receipt(text)
        except ReceiptError:
            raise errors.altered(self.path, stored) from None

    def checked(self, shown: Evaluation) -> Receipt:
        """Return the receipt of an evaluation that is to be shown.

        `LedgerError` where what is told of it is not what its entry's leaf and its receipt say.
        """
        with self._transaction() as connection:
            return checked_receipt(connection, shown)

    def row_faults(self, entry: int) -> tuple[Message, ...]:
        """Tell what is wrong with an entry and the rows behind it, as verification would."""
        with self._transaction() as connection:
            stretch = read_stretch(connection, entry, entry + 1, rulesets=True)
            found = stretch.entries.get(entry)
            return () if found is None else tuple(entry_faults(connection, found, stretch))

    def sources(self, digest: str) -> Sources:
        """Return the texts of a ruleset, once their digests have been checked."""
        with self._transaction() as connection:
            found = stored_sources(connection, digest)
        if found is None:
            raise errors.unknown_ruleset(self.path, digest)
        return found

    def evaluations(
        self, *, newest_first: bool = False, in_force: bool = False, bound: int | None = None
    ) -> Iterator[Evaluation]:
        """Return the evaluations in the order of their entries, reading on as they are asked for.

        `bound` leaves out those from this entry on, or up to it.
        """
        while True:
            query = (
                listing(in_force=in_force)
                .order_by(ENTRY.c.index.desc() if newest_first else ENTRY.c.index)
                .limit(_PAGE)
            )
            if bound is not None:
                query = query.where(ENTRY.c.index < bound if newest_first else ENTRY.c.index > bound)
            with self._transaction() as connection:
                page = [record(row) for row in connection.execute(query).mappings()]
            yield from page
            if len(page) < _PAGE:
                return
            bound = page[-1].entry

    def history(self, *, in_force: bool = False) -> Iterator[Evaluation | KeyChange | Cover]:
        """Return all that was recorded, the newest first, reading on as it is asked for.

        `in_force` leaves out the evaluations that are superseded, beside or a trial. Else an entry of which nothing can
        be reported is an error: a row that it needs is missing or has been changed.
        """
        with self._transaction() as connection:
            expected = size_of(connection)
            others = list(other_entries(connection))
        recorded: Iterator[Evaluation | KeyChange | Cover] = self.evaluations(
            newest_first=True, in_force=in_force, bound=expected
        )
        for each in merge(recorded, reversed(others), key=lambda each: -each.entry):
            if not in_force and each.entry != expected - 1:
                break
            expected -= 1
            yield each
        if not in_force and expected:
            raise errors.altered(self.path, msg("entry {entry}", entry=expected - 1))

    def entries(self, start: int = 0) -> Iterator[Entry]:
        """Return the entries from `start` on, reading on as they are asked for."""
        while True:
            query = select(ENTRY).where(ENTRY.c.index >= start).order_by(ENTRY.c.index).limit(_PAGE)
            with self._transaction() as connection:
                page = [entry_record(row) for row in connection.execute(query).mappings()]
            yield from page
            if len(page) < _PAGE:
                return
            start = page[-1].index + 1

    def key(self) -> PublicKey | None:
        """Return the key that signs the checkpoints; None while they are not signed."""
        keys = self.keys()
        return keys[-1][1] if keys else None

    def keys(self) -> Sequence[tuple[int, PublicKey]]:
        """Return the keys that have signed, in their order, each with the entry that names it."""
        with self._transaction() as connection:
            return keys_of(connection)

    def count(self) -> int:
        """Return how many entries there are."""
        with self._transaction() as connection:
            return int(connection.execute(select(func.count()).select_from(ENTRY)).scalar_one())

    def case_history(self, department: str, year: int | str) -> tuple[Evaluation, ...]:
        """Return every evaluation of a case, the oldest first."""
        query = listing().where(EVALUATION.c.department == department, EVALUATION.c.year == str(year))
        with self._transaction() as connection:
            return tuple(record(row) for row in connection.execute(query.order_by(ENTRY.c.index)).mappings())

    def current(self, department: str, year: int | str) -> tuple[Evaluation, ...]:
        """Return the evaluations of a case that are in force, one for each form, the oldest first."""
        return tuple(each for each in self.case_history(department, year) if each.in_force)

    def _take_key(self, batch: Batch, actor: str, at: datetime) -> None:
        """Name the key that signs, in a ledger that has none yet."""
        if self._signer is not None and batch.key is None:
            batch.add_key(self._signer.public, actor=actor, at=at, reason="")

    def _append(
        self,
        fill: Callable[[Batch], None],
        new: SigningKey | None = None,
        *,
        lost: bool = False,
        begin: bool = False,
        cover: bool = False,
    ) -> tuple[list[Evaluation], Checkpoint]:
        """Write what `fill` adds in one transaction, and then its checkpoint; return both.

        The checkpoints are locked after the database and let go after the commit, so that they stand in the order of
        the entries, and none stands for entries that are not there. Only with `begin` is a folder without their file
        taken for the place of those of a ledger that has entries: it may be the wrong one. A signed ledger's entries
        without a signed checkpoint are left alone unless they are to be covered. Where `fill` adds nothing, nothing
        is sealed either, but for a `new` key or the checkpoint that `begin` asks for.
        """
        with ExitStack() as afterwards:
            with self._transaction(writing=True) as connection:
                if names := self._database.missing_guards(connection):
                    raise errors.unguarded(self.path, names)
                tree = StoredTree(connection, size_of(connection))
                if begin and not tree.size:
                    raise checkpoint_errors.nothing_to_seal(self.path)
                keys = keys_of(connection)
                kept = stored = None
                covered = tree.size
                begun = self.checkpoints is not None and self.checkpoints.begun()
                if self.checkpoints is not None:
                    if tree.size and not begin and not begun:
                        raise checkpoint_errors.checkpoints_elsewhere(
                            self.path, str(self.checkpoints.folder), tree.size
                        )
                    kept = afterwards.enter_context(self.checkpoints.locked())
                    covered, stored = check_history(self.path, tree, kept, keys, self._signer)
                    if keys and covered < tree.size and not cover:
                        raise checkpoint_errors.unsealed(self.path, covered, tree.size - 1)
                batch = Batch(connection, tree.size, covered, [key for _, key in keys])
                fill(batch)
                for notice in late_notices(connection, batch):
                    self._notify(notice)
                checkpoint = batch.write(tree)
                seals = not batch.is_empty or begin or new is not None
                if seals:
                    if begun and not keys and covered < tree.size:
                        self._tell_uncovered(covered)
                    checkpoint = checkpoint.signed(signing(self.path, batch, self._signer, new, lost=lost))
                    store_checkpoint(connection, checkpoint)
                if kept is not None:
                    kept.keep()
            if kept is not None and stored is not None:
                kept.append(stored)
            if kept is not None and seals and not (batch.is_empty and kept.last(lambda _: True) == checkpoint):
                kept.append(checkpoint)
        return batch.recorded, checkpoint

    def _tell_uncovered(self, first: int) -> None:
        self._notify(
            msg(
                "No checkpoint covered the entries from {first} on, as after a crash; they are whole, and the next one "
                "covers them too. If nothing has crashed, look who added them: `fenming audit log`.",
                first=first,
            )
        )

    @contextmanager
    def reading(self, *, any_text: bool = False, without_indexes: bool = False) -> Iterator[Connection]:
        """Begin a transaction that sees one state of the ledger.

        `any_text` reads bytes that are no text, too; `without_indexes` rows that the indexes do not know of.
        """
        with self._transaction() as connection:
            if any_text:
                self._database.read_any_text(connection)
            if without_indexes:
                self._database.read_without_indexes(connection)
            yield connection

    def strange_objects(self, connection: Connection) -> list[Message]:
        """Tell what the database holds that `prepare` did not make, or lacks or has otherwise than it did."""
        return self._database.strange_objects(connection)

    def _check_format(self, connection: Connection, names: list[str]) -> None:
        version = None
        if Format.__tablename__ in names:
            version = connection.execute(select(func.max(table(Format).c.version))).scalar_one_or_none()
        if version is None:
            raise errors.not_a_ledger(self.path)
        if not isinstance(version, int) or version < FORMAT:
            raise errors.damaged(self.path, msg("the format of the ledger is not what it was"))
        if version > FORMAT:
            raise errors.newer(self.path, version, FORMAT)
        if lacking := sorted(set(Row.metadata.tables) - set(names)):
            raise errors.damaged(self.path, msg("it lacks the tables {names}", names=", ".join(lacking)))

    @contextmanager
    def _transaction(self, *, writing: bool = False) -> Iterator[Connection]:
        try:
            with self._database.begin(writing=writing) as connection:
                yield connection
        except DBAPIError as error:
            raise self._database.explain(error) from error
        except errors.Strange as error:
            raise errors.altered(self.path, error.what) from error
        except MultipleResultsFound:
            raise errors.damaged(self.path, msg("a key stands twice in a table")) from None


def _bytes(stored: object) -> bytes:
    return stored.encode() if isinstance(stored, str) else b""
