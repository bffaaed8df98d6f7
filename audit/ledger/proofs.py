"""Making proofs from a ledger: each is checked before it is handed out."""

from __future__ import annotations

from operator import attrgetter, itemgetter

from sqlalchemy import select

from audit.faults import errors
from audit.faults.wording import entry_count
from audit.ledger.entries import first_leaf, keys_of, size_of
from audit.ledger.ledger import Ledger
from audit.ledger.tiles import StoredTree
from audit.ledger.uncovered import has_signed, is_authoritative, key_at, stored_checkpoints
from audit.log.keys import PublicKey
from audit.log.notes import Checkpoint, origin_of
from audit.log.proofs import ConsistencyProof, InclusionProof
from audit.tables.queries import ENTRY, body_bytes
from audit.tables.records import RecordedEvaluation
from engine.base.faults import NotFound, problem
from engine.base.messages import msg
from engine.base.places import Place

_SIZE = attrgetter("size")
"""Of the checkpoints of a ledger the newest is that of most entries, wherever it is in the file."""


def prove(ledger: Ledger, index: int, key: PublicKey | None = None) -> InclusionProof:
    """Return the proof of an entry under the newest checkpoint that a key has signed, by default the key in force."""
    with ledger.reading() as connection:
        size = size_of(connection)
        row = connection.execute(select(ENTRY.c.body, ENTRY.c.evaluation).where(ENTRY.c.index == index)).one_or_none()
        body = "" if row is None else body_bytes(row.body).decode()
    if row is None:
        raise NotFound.because(
            problem(
                "ledger.no-entry",
                "The ledger “{path}” has no entry {index}; entries: {size}.",
                path=ledger.path,
                index=index,
                size=size,
            ),
            msg("Entries are numbered from 0; `fenming audit log` lists them."),
            Place(ledger.path),
        )
    trusted = key or ledger.key()
    if trusted is None:
        raise errors.unsigned_ledger(ledger.path)
    checkpoint = signed_checkpoint(ledger, index, size, trusted)
    return _proof(ledger, index, body, row.evaluation, checkpoint, trusted)


def first_proof(ledger: Ledger, recorded: RecordedEvaluation) -> InclusionProof | None:
    """Return the proof of an evaluation under the first signed checkpoint that covers it, or None if none covers it.

    Later entries do not change it.
    """
    keys = ledger.keys()
    with ledger.reading() as connection:
        size = size_of(connection)
        query = select(ENTRY.c.body).where(ENTRY.c.index == recorded.entry)
        body = body_bytes(connection.execute(query).scalar_one()).decode()
    found = [
        (each.size, each.note, each, key)
        for each in _checkpoints(ledger)
        if recorded.entry < each.size <= size and (key := key_at(keys, each.size)) and has_signed(key, each)
    ]
    if not found:
        return None
    *_, checkpoint, key = min(found, key=itemgetter(0, 1))
    return _proof(ledger, recorded.entry, body, recorded.id, checkpoint, key)


def _proof(
    ledger: Ledger, index: int, body: str, evaluation: str | None, checkpoint: Checkpoint, key: PublicKey
) -> InclusionProof:
    """Make a proof and check it."""
    with ledger.reading() as connection:
        hashes = tuple(StoredTree(connection, checkpoint.size).inclusion(index, checkpoint.size))
    receipt, sources = None, None
    if evaluation is not None:
        made = ledger.receipt(evaluation)
        receipt, sources = made.text.decode(), ledger.sources(made.content.ruleset.digest)
    proof = InclusionProof(index, hashes, checkpoint, body, receipt, sources)
    proof.check(key)
    return proof


def signed_checkpoint(ledger: Ledger, index: int, size: int, key: PublicKey) -> Checkpoint:
    """Return the newest checkpoint of the ledger that a key has signed and that covers an entry."""
    found = [each for each in _checkpoints(ledger) if index < each.size <= size and has_signed(key, each)]
    if not found:
        raise NotFound.because(
            problem(
                "checkpoint.none-signed",
                "No checkpoint that “{name}” signed covers entry {index} of “{path}”.",
                path=ledger.path,
                index=index,
                name=key.label,
            ),
            msg(
                "If the key has changed since, take the newer one. Else check the key, and name the folder of the "
                "checkpoints with --checkpoints or FENMING_CHECKPOINTS."
            ),
            Place(ledger.path),
        )
    return max(found, key=_SIZE)


def checkpoint_of(ledger: Ledger, size: int | None = None) -> Checkpoint:
    """Return the newest checkpoint that was kept, or the newest of those that speak of so many entries."""
    keys = ledger.keys()
    kept = [each for each in _checkpoints(ledger) if is_authoritative(each, keys)]
    found = [each for each in kept if size in (None, each.size)]
    if found:
        return max(found, key=_SIZE)
    name = "" if ledger.checkpoints is None else str(ledger.checkpoints.folder)
    if kept and size is not None:
        raise NotFound.because(
            problem(
                "checkpoint.none-of-size",
                "There is no checkpoint of {entries} in “{folder}”.",
                entries=entry_count(size),
                folder=name,
            ),
            msg("Give a number of entries that the ledger had after a recording, or `latest`."),
            Place(ledger.path),
        )
    raise errors.no_checkpoints(ledger.path, name)


def _checkpoints(ledger: Ledger) -> list[Checkpoint]:
    """Return the checkpoints of the ledger that its folder holds, and those newer ones that it holds itself.

    A crash can keep a checkpoint from the folder, and those of other ledgers may be there as well.
    """
    records = ledger.checkpoints.all() if ledger.checkpoints is not None else ()
    kept = [each.checkpoint for each in records if each.checkpoint is not None]
    with ledger.reading() as connection:
        if not size_of(connection):
            return []
        origin, keys = origin_of(first_leaf(connection)), keys_of(connection)
        own = [each for each in kept if each.origin == origin]
        newest = max((each.size for each in own if is_authoritative(each, keys)), default=0)
        return own + list(stored_checkpoints(connection, newest, keys))


def extend(ledger: Ledger, old: Checkpoint, new: Checkpoint) -> ConsistencyProof:
    """Return the proof that one checkpoint of a ledger extends another."""
    with ledger.reading() as connection:
        size = size_of(connection)
        if new.size > size:
            raise errors.cut_back(new.size, size)
        hashes = StoredTree(connection, size).consistency(old.size, new.size) if old.size <= new.size else []
    proof = ConsistencyProof(old, new, tuple(hashes))
    proof.check(None)
    return proof
