"""Writing to a ledger: what is added in one transaction, and then the checkpoint that seals it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, TypeAlias

from sqlalchemy import Connection

from audit.faults.wording import entry_count, entry_range
from audit.ledger.access import Access
from audit.ledger.append import Batch, distinct_sources, late_notices, signing, store_checkpoint
from audit.ledger.entries import keys_of, size_of
from audit.ledger.names import Names
from audit.ledger.sources import add_texts
from audit.ledger.standing import Cases, New, fill_batch
from audit.ledger.submission import Submission
from audit.ledger.tiles import StoredTree
from audit.ledger.uncovered import check_history
from audit.log.checkpoints import CheckpointFolder, OpenCheckpoints
from audit.log.entries import BESIDE, check_text
from audit.log.keys import NamedKey, SigningKey
from audit.log.notes import Checkpoint
from audit.tables.records import RecordedEvaluation
from engine.base.faults import Damaged, Refused, problem
from engine.base.messages import Message, msg
from engine.base.places import Place


class Written(NamedTuple):
    """What a transaction has written: the evaluations, and the head of the tree with its signatures if it has any."""

    recorded: list[RecordedEvaluation]
    checkpoint: Checkpoint


Fill: TypeAlias = Callable[[Batch], None]
"""Adds the entries of one transaction."""


@dataclass(frozen=True, slots=True)
class Act:
    """What a transaction may do beyond adding entries."""

    new: SigningKey | None = None
    """The key that signs from here on."""
    lost: bool = False
    """Whether the key in force cannot sign any more."""
    begin: bool = False
    """Whether a checkpoint is kept in any case, also as the first one of a folder."""
    cover: bool = False
    """Whether entries without a signed checkpoint are taken into the record."""

    @property
    def seals(self) -> bool:
        """Whether a checkpoint is written even where nothing is added."""
        return self.begin or self.new is not None


@dataclass(frozen=True, slots=True)
class Past:
    """What a ledger was before a transaction."""

    tree: StoredTree
    keys: Sequence[NamedKey]
    covered: int
    """How many of its entries have a checkpoint."""
    kept: OpenCheckpoints | None = None
    """The folder's checkpoints, to which nobody else adds meanwhile."""
    pending: Checkpoint | None = None
    """A checkpoint that is in the ledger and not yet in the folder."""
    begun: bool = False
    """Whether the folder had checkpoints."""


class Writer:
    """A ledger to be written to."""

    def __init__(
        self,
        access: Access,
        checkpoints: CheckpointFolder | None,
        signer: SigningKey | None,
        notify: Callable[[Message], None],
    ) -> None:
        self._access = access
        self._checkpoints = checkpoints
        self._signer = signer
        self._notify = notify

    def append(self, submissions: Sequence[Submission]) -> list[RecordedEvaluation]:
        """Record evaluations in one transaction, all or none, under one checkpoint; return them in their order."""
        if not submissions:
            return []
        for each in submissions:
            check_text(each.actor, each.reason, needs_reason=each.supersedes is not None or each.standing == BESIDE)
        path = self._access.path
        texts = distinct_sources(path, submissions)

        def fill(batch: Batch) -> None:
            cases, names = Cases(batch.connection, path), Names(batch.connection, path)
            decided = [cases.decide(each) for each in submissions]
            fresh = [each for each in decided if isinstance(each, New)]
            for each in fresh:
                for notice in names.check(each.submission, each.standing):
                    self._notify(notice)
            if fresh:
                self._take_key(batch, submissions[0].actor, submissions[0].at)
                add_texts(batch.connection, texts)
            fill_batch(batch, decided)

        return self._write(fill, Act()).recorded

    def rotate(self, key: SigningKey, *, actor: str, at: datetime, reason: str, lost: bool) -> None:
        """Record that checkpoints are signed by another key from here on; the next one is signed by both."""
        check_text(actor, reason, needs_reason=True)

        def fill(batch: Batch) -> None:
            if batch.key != key.public:
                batch.add_key(key.public, actor=actor, at=at, reason=reason)

        self._write(fill, Act(new=key, lost=lost))

    def cover(self, *, actor: str, at: datetime, reason: str) -> tuple[int, Checkpoint]:
        """Take the entries that no signed checkpoint covers into the record, by an entry that says why."""
        check_text(actor, reason, needs_reason=True)
        covered = 0

        def fill(batch: Batch) -> None:
            nonlocal covered
            covered = batch.size - batch.covered
            if batch.key is None or not covered:
                raise Refused.because(
                    problem(
                        "ledger.nothing-to-cover",
                        "The ledger “{path}” has no entry without a signed checkpoint that could be covered.",
                        path=self._access.path,
                    ),
                    msg("Nothing was written. `fenming audit seal` without --cover-unsealed keeps a checkpoint."),
                    Place(self._access.path),
                )
            batch.add_cover(actor=actor, at=at, reason=reason)

        checkpoint = self._write(fill, Act(begin=True, cover=True)).checkpoint
        return covered, checkpoint

    def seal(self, *, actor: str, at: datetime) -> Checkpoint:
        """Keep a checkpoint of the ledger as it is, also as the first one of a folder; return it."""
        check_text(actor, "", needs_reason=False)
        return self._write(lambda batch: self._take_key(batch, actor, at), Act(begin=True)).checkpoint

    def _take_key(self, batch: Batch, actor: str, at: datetime) -> None:
        """Name the key that signs, in a ledger that has none yet."""
        if self._signer is not None and batch.key is None:
            batch.add_key(self._signer.public, actor=actor, at=at, reason="")

    def _write(self, fill: Fill, act: Act) -> Written:
        """Write what `fill` adds in one transaction, and then its checkpoint; return both.

        The checkpoints are locked after the database and let go after the commit, so that they are in the order of the
        entries, and none is of entries that are not there. Where nothing is added, nothing is sealed unless the act
        asks for it; only a checkpoint that a crash kept from the folder is put there.
        """
        with ExitStack() as afterwards:
            with self._access.transaction(writing=True) as connection:
                past = self._past(connection, act, afterwards)
                batch = Batch(connection, past.tree.size, past.covered, [key for _, key in past.keys])
                fill(batch)
                for notice in late_notices(connection, batch):
                    self._notify(notice)
                checkpoint = batch.write(past.tree)
                seals = act.seals or not batch.is_empty
                if seals:
                    self._report_uncovered(past)
                    signers = signing(self._access.path, batch, self._signer, act.new, lost=act.lost)
                    checkpoint = checkpoint.signed(signers)
                    store_checkpoint(connection, checkpoint)
                if past.kept is not None:
                    past.kept.keep()
            if past.kept is not None and past.pending is not None:
                past.kept.append(past.pending)
            is_there = batch.is_empty and past.kept is not None and past.kept.last(lambda _: True) == checkpoint
            if past.kept is not None and seals and not is_there:
                past.kept.append(checkpoint)
        return Written(batch.recorded, checkpoint)

    def _past(self, connection: Connection, act: Act, afterwards: ExitStack) -> Past:
        """Refuse to go on from a ledger that is not what it was; return what it was.

        Only with `begin` is a folder without its file taken for the place of the checkpoints of a ledger that has
        entries: it may be the wrong one. A signed ledger's entries without a signed checkpoint are left alone unless
        they are to be covered.
        """
        path = self._access.path
        self._access.require_guards(connection)
        tree = StoredTree(connection, size_of(connection))
        if act.begin and not tree.size:
            raise Refused.because(
                problem(
                    "ledger.nothing-to-seal",
                    "The ledger “{path}” has no entries yet, so there is nothing to seal.",
                    path=path,
                ),
                msg("Record an evaluation with `fenming evaluate`; its checkpoint is kept by itself."),
                Place(path),
            )
        keys = keys_of(connection)
        if self._checkpoints is None:
            return Past(tree, keys, tree.size)
        begun = self._checkpoints.begun()
        if tree.size and not act.begin and not begun:
            raise Refused.because(
                problem(
                    "checkpoint.elsewhere",
                    "The ledger “{path}” has {entries}, and its checkpoints are not in “{folder}”.",
                    path=path,
                    entries=entry_count(tree.size),
                    folder=str(self._checkpoints.folder),
                ),
                msg(
                    "Nothing was written. Name their folder with --checkpoints or FENMING_CHECKPOINTS. If they are "
                    "lost, or to be kept here from now on, `fenming audit seal` checks the ledger and begins."
                ),
                Place(path),
            )
        kept = afterwards.enter_context(self._checkpoints.locked())
        covered, pending = check_history(path, tree, kept, keys, self._signer)
        if keys and covered < tree.size and not act.cover:
            raise Damaged.because(
                problem(
                    "ledger.uncovered",
                    "No signed checkpoint covers {entries} of the ledger “{path}”.",
                    entries=entry_range(covered, tree.size - 1),
                    path=path,
                ),
                msg(
                    "Nothing was written. fenming records each entry with its signed checkpoint, so find out who added "
                    "these: `fenming audit log --all`. To take them into the record, use "
                    "`fenming audit seal --cover-unsealed --reason TEXT`."
                ),
                Place(path),
            )
        return Past(tree, keys, covered, kept, pending, begun)

    def _report_uncovered(self, past: Past) -> None:
        """Say that the next checkpoint of an unsigned ledger also covers entries that none has covered."""
        if past.begun and not past.keys and past.covered < past.tree.size:
            self._notify(
                msg(
                    "No checkpoint covered the entries from {first} on, as after a crash; they are sound, and the next "
                    "one covers them too. If nothing has crashed, find out who added them: `fenming audit log`.",
                    first=past.covered,
                )
            )
