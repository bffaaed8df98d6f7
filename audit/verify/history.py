"""Comparing the checkpoints that were kept outside the database with the tree, as it grows again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, islice, pairwise

from audit.faults.errors import ProofRefused
from audit.faults.wording import entry_count
from audit.ledger.uncovered import key_at
from audit.log.checkpoint_records import CheckpointRecord
from audit.log.checkpoints import CheckpointFolder
from audit.log.keys import NamedKey, PublicKey
from audit.log.notes import Checkpoint
from audit.verify.report import Finding
from engine.base.messages import Message, msg


@dataclass(slots=True)
class History:
    """The checkpoints still to come, in the order in which they were kept, and what the ones so far have shown."""

    origin: str
    kept: Iterator[CheckpointRecord]
    keys: list[NamedKey] = field(default_factory=list)
    """The ledger's keys so far, each with the entry that names it."""
    findings: list[Finding] = field(default_factory=list)
    count: int = 0
    signed: int = 0
    cut_short: int = 0
    matched: int = 0
    """How many entries the newest checkpoint spoke of that matched."""
    covered: int = 0
    notes: frozenset[str] = frozenset()
    """The notes of the size that was compared last, as far as they count."""
    signers: set[PublicKey] = field(default_factory=set)
    """The keys that have signed a checkpoint while they were in force, or the one that ended their time."""
    vouched: set[int] = field(default_factory=set)
    """Entries by which the key changed with the former key's signature."""
    _next: Checkpoint | None = None
    _broken: bool = False
    _unread: list[CheckpointRecord] = field(default_factory=list)
    """What is not a checkpoint; whether a crash cut it short is only known once all keys are."""

    def __post_init__(self) -> None:
        self._advance()

    @property
    def next_size(self) -> int | None:
        """The tree size at which the next checkpoint is to be compared."""
        return None if self._next is None else self._next.size

    @property
    def lost_keys(self) -> list[int]:
        """Entries by which the key changed without the former key's signature, be its checkpoint there or not."""
        return [entry for entry, _ in self.keys[1:] if entry not in self.vouched]

    def compare(self, root: bytes) -> None:
        """Compare the tree's root with every checkpoint of this size."""
        size = self.next_size
        self.notes = frozenset()
        while self._next is not None and self._next.size == size:
            self._compare(self._next, root)
            self._advance()

    def skip(self, size: int) -> None:
        """Report the checkpoints that come after one of more entries, at a time when the tree has this size."""
        while self._next is not None and self._next.size < size:
            self._find(msg("a checkpoint of {entries} follows one of more", entries=entry_count(self._next.size)))
            self._advance()

    def finish(self, size: int) -> None:
        """Report the checkpoints beyond the last entry."""
        while self._next is not None:
            checkpoint = self._next
            if checkpoint.size > size:
                start = max(size, self.covered)
                if start < checkpoint.size:
                    missing = msg(
                        "missing, although there is a checkpoint of {entries}", entries=entry_count(checkpoint.size)
                    )
                    self.findings.append(Finding(start, missing, checkpoint.size - 1))
                self._sign(checkpoint)
            else:
                self.skip(size + 1)
                continue
            self.covered = max(self.covered, checkpoint.size)
            self._advance()
        signers = {key.name for _, key in self.keys}
        for kept in self._unread:
            if kept.is_cut_short(self.origin, signers):
                self.cut_short += 1
            else:
                self._find(msg("the file of checkpoints holds something else at byte {offset}", offset=kept.offset))

    def _compare(self, checkpoint: Checkpoint, root: bytes) -> None:
        if self._sign(checkpoint):
            self.covered = checkpoint.size
        if checkpoint.root == root:
            self.matched = checkpoint.size
        elif not self._broken:
            self._broken = True
            reported = msg("not what the checkpoint of {entries} was made of", entries=entry_count(checkpoint.size))
            self.findings.append(Finding(self.matched, reported, checkpoint.size - 1))

    def _sign(self, checkpoint: Checkpoint) -> bool:
        """Check the signature of the key that was in force; a key that begins is vouched for by the one before.

        Return whether the checkpoint counts: without signatures, or where only that of the former key is under a
        change of keys, it is what a crash left of a signed one, or what others can write.
        """
        key = key_at(self.keys, checkpoint.size)
        if key is None:
            return True
        try:
            signed = checkpoint.is_signed_by(key)
            if not signed and (not checkpoint.signatures or self._is_half_signed(checkpoint)):
                self.cut_short += 1
                return False
            self.signed += 1
            if signed:
                self.signers.add(key)
                self.notes |= {checkpoint.note}
            else:
                self._find(
                    msg("the checkpoint of {entries} is signed by another key", entries=entry_count(checkpoint.size))
                )
            self.vouch(checkpoint)
        except ProofRefused as error:
            self._find(error.faults[0].what)
        return True

    def vouch(self, checkpoint: Checkpoint) -> None:
        """Note the former keys that have signed a checkpoint, and so vouch for those that followed them."""
        for (_, former), (entry, _) in pairwise(self.keys):
            if entry < checkpoint.size and entry not in self.vouched and checkpoint.is_signed_by(former):
                self.vouched.add(entry)
                self.signers.add(former)

    def _is_half_signed(self, checkpoint: Checkpoint) -> bool:
        """Return whether the key has just changed and only the former one has signed."""
        former = key_at(self.keys, checkpoint.size - 1)
        begins = any(entry == checkpoint.size - 1 for entry, _ in self.keys)
        return begins and former is not None and checkpoint.is_signed_by(former)

    def _advance(self) -> None:
        self._next = None
        for kept in self.kept:
            if kept.checkpoint is None:
                self._unread.append(kept)
                continue
            self.count += 1
            if kept.checkpoint.origin != self.origin:
                origin = kept.checkpoint.origin
                reported = msg(
                    "the checkpoint at byte {offset} is of another ledger, “{origin}”; check --checkpoints",
                    offset=kept.offset,
                    origin=origin,
                )
                self._find(reported)
                continue
            self._next = kept.checkpoint
            return

    def _find(self, what: Message) -> None:
        self.findings.append(Finding(None, what))


def opened(folder: CheckpointFolder | None) -> Iterator[CheckpointRecord]:
    """Open a folder's checkpoints as they are now, to be read later."""
    kept: Iterator[CheckpointRecord] = iter(()) if folder is None else folder.all()
    return chain(list(islice(kept, 1)), kept)
