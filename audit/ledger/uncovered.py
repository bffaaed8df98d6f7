"""Going on from a ledger: it must be what its newest checkpoint says, and what none covers yet is looked at.

A crash between a commit and its checkpoint leaves entries without one; so does whoever may insert rows and is not this
program. The next checkpoint will speak for them, so they are checked as verification would check them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TypeAlias

from sqlalchemy import Connection, select

from audit.checks.entry import entry_faults
from audit.faults import errors
from audit.faults.errors import ProofError, ProofRefused
from audit.faults.wording import entry_count
from audit.ledger.entries import first_leaf
from audit.ledger.names import doubled_texts
from audit.ledger.sources import require_sources
from audit.ledger.standing import doubled_cases
from audit.ledger.tiles import WIDTH, StoredTree, folded, grown
from audit.log.checkpoints import OpenCheckpoints
from audit.log.keys import NamedKey, PublicKey, SigningKey
from audit.log.notes import Checkpoint, origin_of, parse_checkpoint
from audit.tables.queries import CHECKPOINT, TILE
from audit.tables.ranges import EntryRange, read_range
from audit.tables.rows import TileRow
from engine.base.faults import Damaged, plural_problem, problem
from engine.base.messages import Message, msg
from engine.base.places import Place

Keys: TypeAlias = Sequence[NamedKey]
"""The keys of a ledger in their order, each with the entry that names it."""

_LENGTH = 4 * WIDTH


def key_at(keys: Keys, size: int) -> PublicKey | None:
    """Return the key that must sign a checkpoint of this size; None while there is none."""
    return next((key for entry, key in reversed(keys) if entry < size), None)


def check_history(
    path: str, tree: StoredTree, kept: OpenCheckpoints, keys: Keys, signer: SigningKey | None
) -> tuple[int, Checkpoint | None]:
    """Refuse to go on from a ledger that is not what it was; return how many of its entries have a checkpoint.

    A signed checkpoint that is in the ledger and not yet in the folder, as after a crash, is returned as well. An entry
    that names a key must be under a checkpoint of the folder, or one of the ledger that the office has signed.
    """
    last = kept.last(partial(is_authoritative, keys=keys))
    edge = _matching(path, tree, kept, last)
    covered = 0 if last is None else last.size
    # No checkpoint of the ledger counts that is of an entry whose key nobody has confirmed.
    end = next(_unconfirmed(tree, covered, keys, signer), None)
    stored = next(stored_checkpoints(tree.connection, covered, keys, end, newest_first=True), None)
    if stored is not None:
        edge = _matching(path, tree, kept, stored)
        covered = stored.size
    for start in range(covered, tree.size, _LENGTH):
        _check(path, tree, edge, range(start, min(start + _LENGTH, tree.size)))
    for entry, key in keys:
        if entry >= covered:
            raise Damaged.because(
                problem(
                    "key.unconfirmed",
                    "Entry {entry} of the ledger “{path}” makes “{name}” the signing key, and no signature of the "
                    "office confirms it.",
                    entry=entry,
                    path=path,
                    name=key.label,
                ),
                msg(
                    "Nothing was written. If the key is the office's own, sign with it: --signing-key or FENMING_KEY. "
                    "Otherwise find out who added the entry, and go on from a copy of the ledger without it; "
                    "`fenming audit seal --cover-unsealed` does not cover such an entry."
                ),
                Place(path),
            )
    return covered, stored


def _matching(path: str, tree: StoredTree, kept: OpenCheckpoints, last: Checkpoint | None) -> list[list[bytes]]:
    """Return the right edge of the tree that a checkpoint is of; refuse where the ledger does not have that tree."""
    covered = 0 if last is None else last.size
    if last is not None and covered:
        if not tree.size or last.origin != origin_of(first_leaf(tree.connection)):
            raise Damaged.because(
                problem(
                    "checkpoint.foreign",
                    "The checkpoints in “{folder}” are not of the ledger “{path}”.",
                    path=path,
                    folder=str(kept.file.parent),
                ),
                msg(
                    "Nothing was written. If the ledger has been replaced, find out by whom; for a new ledger name "
                    "another folder with --checkpoints or FENMING_CHECKPOINTS."
                ),
                Place(path),
            )
        if covered > tree.size:
            raise Damaged.because(
                problem(
                    "ledger.cut-back",
                    "The ledger “{path}” has {entries}, but it had {kept} before.",
                    path=path,
                    entries=entry_count(tree.size),
                    kept=covered,
                ),
                msg(
                    "Nothing was written: its newest entries have been removed. Go on from a copy that still has them."
                ),
                Place(path),
            )
    edge = tree.edge(covered)
    if last is not None and folded(edge) != last.root:
        raise Damaged.because(
            plural_problem(
                "ledger.rewritten",
                "The first entry of the ledger “{path}” is not that of its checkpoint.",
                "The first {count} entries of the ledger “{path}” are not those of its checkpoint.",
                count=covered,
                path=path,
            ),
            msg("Nothing was written: the ledger has been rewritten. `fenming audit verify` reports what is wrong."),
            Place(path),
        )
    return edge


def stored_checkpoints(
    connection: Connection, beyond: int, keys: Keys, most: int | None = None, *, newest_first: bool = False
) -> Iterator[Checkpoint]:
    """Return the checkpoints in the ledger of more than `beyond` and at most `most` entries that count, by their sizes.

    Whoever may add rows may add one here as well, so only one counts that the key of its time has signed.
    """
    if not keys:
        return
    origin = origin_of(first_leaf(connection))
    newer = select(CHECKPOINT).where(CHECKPOINT.c.size > beyond)
    if most is not None:
        newer = newer.where(CHECKPOINT.c.size <= most)
    for row in connection.execute(newer.order_by(CHECKPOINT.c.size.desc() if newest_first else CHECKPOINT.c.size)):
        checkpoint = read_stored(row.size, row.note)
        if checkpoint is None or key_at(keys, row.size) is None or not is_authoritative(checkpoint, keys):
            continue
        if checkpoint.origin == origin:
            yield checkpoint


def _unconfirmed(tree: StoredTree, covered: int, keys: Keys, signer: SigningKey | None) -> Iterator[int]:
    """Return the entries from `covered` on that name a key which the office has not confirmed.

    Whoever may add rows can name a key of his own, and sign checkpoints by it. The holder of a key confirms it by
    signing with it, the key before it by a signature on a checkpoint. Where the folder holds no checkpoint yet, the
    first key is taken as it is.
    """
    held = None if signer is None else signer.public
    if keys and keys[-1].key == held:
        return
    former = None
    for place, (entry, key) in enumerate(keys):
        known = entry < covered or key == held or (place == 0 and covered == 0)
        if not known and (former is None or not _has_vouched(tree, former, entry, keys)):
            yield entry
        former = key


def _has_vouched(tree: StoredTree, former: PublicKey, entry: int, keys: Keys) -> bool:
    """Return whether a key has signed a checkpoint of these entries that covers the one which ends its time.

    One of as many other entries, as of a copy that was not gone on from, says nothing of them.
    """
    for checkpoint in stored_checkpoints(tree.connection, entry, keys, tree.size):
        if has_signed(former, checkpoint) and tree.root(checkpoint.size) == checkpoint.root:
            return True
    return False


def read_stored(size: object, note: object) -> Checkpoint | None:
    """Return the checkpoint that a row of the ledger holds; None where it does not hold one of its size."""
    try:
        found = parse_checkpoint(note) if isinstance(note, str) else None
    except ProofError:
        return None
    return found if found is not None and found.size == size else None


def is_authoritative(checkpoint: Checkpoint, keys: Keys) -> bool:
    """Return whether a checkpoint speaks for the ledger: the key of its time signed it, or the ledger had no key."""
    key = key_at(keys, checkpoint.size)
    return key is None or has_signed(key, checkpoint)


def has_signed(key: PublicKey, checkpoint: Checkpoint) -> bool:
    """Return whether a key has signed a checkpoint and its signature is right."""
    try:
        return checkpoint.is_signed_by(key)
    except ProofRefused:
        return False


def _check(path: str, tree: StoredTree, edge: list[list[bytes]], numbers: range) -> None:
    """Check entries that no checkpoint covers, and the tiles that they complete."""
    span = read_range(tree.connection, numbers.start, numbers.stop, rulesets=True)
    for number in numbers:
        if (fault := _fault(tree.connection, span, number)) is not None:
            reported = msg("entry {entry}, which has no checkpoint yet: {fault}", entry=number, fault=fault)
            raise errors.altered(path, reported)
    for number, evaluation in doubled_cases(tree.connection, numbers.start, numbers.stop):
        doubled = msg("it scores a case that evaluation {evaluation} scores already", evaluation=evaluation)
        reported = msg("entry {entry}, which has no checkpoint yet: {fault}", entry=number, fault=doubled)
        raise errors.altered(path, reported)
    for number, ruleset, revision in doubled_texts(tree.connection, numbers.start, numbers.stop):
        doubled = msg(
            "ruleset {ruleset}, revision {revision}, has another text than before", ruleset=ruleset, revision=revision
        )
        reported = msg("entry {entry}, which has no checkpoint yet: {fault}", entry=number, fault=doubled)
        raise errors.altered(path, reported)
    for digest in {evaluation.ruleset for evaluation in span.evaluations.values()}:
        require_sources(tree.connection, digest)
    for tile in grown(edge, numbers.start, [span.leaves[number].hash for number in numbers]):
        stored = select(TILE).where(TILE.c.level == tile.level, TILE.c.position == tile.position)
        if [TileRow._make(row) for row in tree.connection.execute(stored)] != [tile]:
            what = msg("tile {level}/{position} is not that of its entries", level=tile.level, position=tile.position)
            raise errors.altered(path, what)


def _fault(connection: Connection, span: EntryRange, number: int) -> Message | None:
    entry = span.entries.get(number)
    if entry is None:
        return msg("missing")
    return next(entry_faults(connection, entry, span), None)
