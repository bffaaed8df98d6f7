"""The ledger's Merkle tree: complete tiles of subtree hashes stored beside the entries, the rest counted out of them.

A tile is what c2sp.org/tlog-tiles means by it: 256 neighbouring hashes of the tree's level 8 * level, which become one
hash, its root, eight levels higher. A tile is stored once it is complete and never changes, so that a proof reads a few
tiles whatever the ledger's size; hashes at the right edge are taken from the entries and from the tiles' roots.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, insert, select

from audit.faults.errors import CorruptRecord
from audit.log.merkle import HASH_BYTES, consistency_proof, inclusion_proof, leaf_hash, root_of
from audit.tables.queries import ENTRY, TILE, body_bytes
from audit.tables.rows import TileRow
from engine.base.messages import msg

HEIGHT = 8
WIDTH = 1 << HEIGHT
"""How many hashes a tile has."""


@dataclass(frozen=True, slots=True)
class StoredTree:
    """The tree over a ledger's first `size` entries, as one transaction sees them."""

    connection: Connection
    size: int
    _known: dict[tuple[int, int], list[bytes]] = field(default_factory=dict)

    def root(self, size: int | None = None) -> bytes:
        """Return the root over the first `size` entries, or over all."""
        return folded(self.edge(self.size if size is None else size))

    def edge(self, size: int) -> list[list[bytes]]:
        """Return the hashes of the incomplete tile of each level, the leaves' first, in a tree of this size."""
        found: list[list[bytes]] = []
        while size:
            level = len(found)
            whole = size // WIDTH * WIDTH
            count = size - whole
            found.append(self._tile(level, size // WIDTH, count)[:count] if count else [])
            size //= WIDTH
        return found

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """Return the proof that an entry is in the tree of this size."""
        return inclusion_proof(index, size, self._node)

    def consistency(self, old: int, new: int) -> list[bytes]:
        """Return the proof that the tree of one size begins with the tree of another."""
        return consistency_proof(old, new, self._node) if old else []

    def grow(self, leaves: Sequence[bytes]) -> bytes:
        """Store the tiles that these leaf hashes complete, and return the root with them."""
        edge = self.edge(self.size)
        tiles = list(grown(edge, self.size, leaves))
        if tiles:
            self.connection.execute(insert(TILE), [tile._asdict() for tile in tiles])
        return folded(edge)

    def _node(self, level: int, position: int) -> bytes:
        """Return the hash of a complete subtree."""
        height = level % HEIGHT
        first, count = position << height, 1 << height
        hashes = self._tile(level // HEIGHT, first // WIDTH, first % WIDTH + count)
        return root_of(hashes[first % WIDTH : first % WIDTH + count])

    def _tile(self, level: int, position: int, count: int) -> list[bytes]:
        """Return at least the first `count` hashes of a tile, stored or not."""
        known = self._known.get((level, position))
        if known is None or len(known) < count:
            known = self._stored(level, position) or self._counted(level, position, count)
            self._known[level, position] = known
        return known

    def _stored(self, level: int, position: int) -> list[bytes] | None:
        if (position + 1) << (HEIGHT * (level + 1)) > self.size:
            return None
        query = select(TILE.c.hashes).where(TILE.c.level == level, TILE.c.position == position)
        hashes = self.connection.execute(query).scalar_one_or_none()
        if hashes is not None and (not isinstance(hashes, bytes) or len(hashes) != WIDTH * HASH_BYTES):
            raise CorruptRecord(msg("the hashes of a tile"))
        return None if hashes is None else split(hashes)

    def _counted(self, level: int, position: int, count: int) -> list[bytes]:
        """Return hashes of the right edge, from the entries or from the roots of the tiles below."""
        first = position * WIDTH
        if level == 0:
            bodies = select(ENTRY.c.body).where(ENTRY.c.index >= first, ENTRY.c.index < first + count)
            rows = self.connection.execute(bodies.order_by(ENTRY.c.index)).scalars()
            return [leaf_hash(body_bytes(body)) for body in rows]
        roots = select(TILE.c.root).where(TILE.c.level == level - 1, TILE.c.position >= first)
        roots = roots.where(TILE.c.position < first + count).order_by(TILE.c.position)
        return [_hash(root) for root in self.connection.execute(roots).scalars()]


def _hash(stored: object) -> bytes:
    if not isinstance(stored, bytes) or len(stored) != HASH_BYTES:
        raise CorruptRecord(msg("the root of a tile"))
    return stored


def split(hashes: bytes) -> list[bytes]:
    """Return the hashes of a stored tile."""
    return [hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES)]


def folded(edge: Sequence[Sequence[bytes]]) -> bytes:
    """Return the root of the tree with this right edge."""
    rest: list[bytes] = []
    for part in edge:
        if part or rest:
            rest = [root_of([*part, *rest])]
    return root_of(rest)


def grown(edge: list[list[bytes]], size: int, leaves: Sequence[bytes]) -> Iterator[TileRow]:
    """Add leaves to the right edge of a tree of some size, and give the tiles that become complete, as rows."""
    fresh = list(leaves)
    level = 0
    while fresh:
        if level == len(edge):
            edge.append([])
        hashes = edge[level] + fresh
        position = size // WIDTH
        fresh = []
        while len(hashes) >= WIDTH:
            tile, hashes = hashes[:WIDTH], hashes[WIDTH:]
            root = root_of(tile)
            fresh.append(root)
            yield TileRow(level, position, root, b"".join(tile))
            position += 1
        edge[level] = hashes
        size //= WIDTH
        level += 1
