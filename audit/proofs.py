"""Making proofs from a ledger: each is checked before it is handed out."""

from __future__ import annotations

from sqlalchemy import select

from audit import checkpoint_errors, errors
from audit.append import size_of
from audit.ledger import Ledger
from audit.log import errors as log_errors
from audit.log.keys import PublicKey
from audit.log.notes import Checkpoint
from audit.log.proofs import ConsistencyProof, InclusionProof
from audit.queries import ENTRY
from audit.tree import StoredTree


def prove(ledger: Ledger, index: int, key: PublicKey | None = None) -> InclusionProof:
    """Return the proof of an entry under the newest checkpoint that a key has signed, by default the key in force."""
    with ledger.reading() as connection:
        size = size_of(connection)
        row = connection.execute(select(ENTRY.c.body, ENTRY.c.evaluation).where(ENTRY.c.index == index)).one_or_none()
    if row is None:
        raise errors.no_entry(ledger.path, index, size)
    trusted = key or ledger.key()
    if trusted is None:
        raise checkpoint_errors.unsigned_ledger(ledger.path)
    checkpoint = signed_checkpoint(ledger, index, size, trusted)
    with ledger.reading() as connection:
        hashes = tuple(StoredTree(connection, checkpoint.size).inclusion(index, checkpoint.size))
    receipt, sources = None, None
    if row.evaluation is not None:
        made = ledger.receipt(row.evaluation)
        receipt, sources = made.text.decode(), ledger.sources(made.content["ruleset"]["digest"])
    proof = InclusionProof(index, hashes, checkpoint, row.body, receipt, sources)
    proof.check(trusted)
    return proof


def signed_checkpoint(ledger: Ledger, index: int, size: int, key: PublicKey) -> Checkpoint:
    """Return the newest checkpoint of the ledger that a key has signed and that covers an entry."""
    found = None
    for kept in ledger.checkpoints.all() if ledger.checkpoints is not None else ():
        checkpoint = kept.checkpoint
        if checkpoint is not None and index < checkpoint.size <= size and checkpoint.is_signed_by(key):
            found = checkpoint
    if found is None:
        raise checkpoint_errors.no_signed_checkpoint(ledger.path, index, key.label)
    return found


def checkpoint_of(ledger: Ledger, size: int | None = None) -> Checkpoint:
    """Return the newest checkpoint that was kept, or the newest of those that speak of so many entries."""
    folder = ledger.checkpoints
    kept = [each.checkpoint for each in folder.all()] if folder is not None else []
    found = [each for each in kept if each is not None and size in (None, each.size)]
    if not found:
        name = "" if folder is None else str(folder.folder)
        missing = checkpoint_errors.no_checkpoints(ledger.path, name)
        raise (
            checkpoint_errors.no_such_checkpoint(ledger.path, name, size) if any(kept) and size is not None else missing
        )
    return found[-1]


def extend(ledger: Ledger, old: Checkpoint, new: Checkpoint) -> ConsistencyProof:
    """Return the proof that one checkpoint of a ledger extends another."""
    with ledger.reading() as connection:
        size = size_of(connection)
        if new.size > size:
            raise log_errors.cut_back(new.size, size)
        hashes = StoredTree(connection, size).consistency(old.size, new.size) if old.size <= new.size else []
    proof = ConsistencyProof(old, new, tuple(hashes))
    proof.check(None)
    return proof
