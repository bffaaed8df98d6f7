"""Building the tree again from the entries, and comparing it with the stored tiles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from sqlalchemy import Connection, func, select

from audit.ledger.entries import size_of
from audit.ledger.tiles import HEIGHT, WIDTH, split
from audit.log.merkle import HASH_BYTES, root_of
from audit.tables.queries import TILE
from audit.verify.report import Finding
from engine.base.messages import msg


class StoredTile(NamedTuple):
    """What the ledger holds of a tile: its root and its hashes, or nothing for what are no bytes."""

    root: bytes
    hashes: bytes


Tiles: TypeAlias = Mapping[int, StoredTile]
"""Tiles of one level by position."""

_HASH = re.compile("[0-9a-f]{64}")


def read_tiles(connection: Connection, level: int, start: int, stop: int) -> Tiles:
    """Return the tiles of a level from one position to another."""
    query = select(TILE.c.position, TILE.c.root, TILE.c.hashes).where(TILE.c.level == level)
    query = query.where(TILE.c.position >= start, TILE.c.position < stop)
    return {row.position: StoredTile(_bytes(row.root), _bytes(row.hashes)) for row in connection.execute(query)}


def sealed(leaves: Sequence[bytes], columns: Sequence[object], tile: bytes | None) -> list[bytes]:
    """Return the leaf hashes to go on with, of entries whose bodies, columns and tile may disagree.

    What two of the three agree on counts as sealed, so that one changed body is reported as one faulty entry
    and not as a history that is wrong from there on.
    """
    if [leaf.hex() for leaf in leaves] == columns:
        return list(leaves)
    slots = split(tile) if tile is not None and len(tile) == len(leaves) * HASH_BYTES else [b""] * len(leaves)
    found = []
    for leaf, column, slot in zip(leaves, columns, slots, strict=True):
        own = _hash(column)
        found.append(leaf if leaf in (own, slot) else slot or own or leaf)
    return found


def check_tile(level: int, position: int, hashes: Sequence[bytes], tile: StoredTile | None) -> Iterator[Finding]:
    """Compare a complete tile with what it must hold."""
    if tile is None:
        yield Finding(None, msg("tile {level}/{position} is missing", level=level, position=position))
        return
    if tile.hashes != b"".join(hashes):
        yield Finding(None, msg("tile {level}/{position} is not that of its entries", level=level, position=position))
    elif tile.root != root_of(hashes):
        yield Finding(None, msg("the root of tile {level}/{position} is wrong", level=level, position=position))


def check_upper_tiles(connection: Connection, size: int, roots: Sequence[bytes]) -> Iterator[Finding]:
    """Check the tiles above the leaves', given the roots of those below, and that there are no others."""
    level, below = 1, list(roots)
    while len(below) >= WIDTH:
        tiles = read_tiles(connection, level, 0, len(below) // WIDTH)
        above = []
        for position in range(len(below) // WIDTH):
            hashes = below[position * WIDTH : (position + 1) * WIDTH]
            yield from check_tile(level, position, hashes, tiles.get(position))
            above.append(root_of(hashes))
        level, below = level + 1, above
    expected = sum(size >> (HEIGHT * each) for each in range(1, level + 1))
    now = size_of(connection)  # others may have appended meanwhile
    met: set[tuple[int, int]] = set()
    for row in connection.execute(select(TILE.c.level, TILE.c.position)) if _count(connection) != expected else ():
        place = (row.level, row.position)
        if place in met or not _may_stand(*place, now):
            what = msg("tile {level}/{position} has been added", level=row.level, position=row.position)
            yield Finding(None, what)
        met.add(place)


def _may_stand(level: object, position: object, size: int) -> bool:
    """Return whether a tree of this size has a complete tile there, whatever someone has put into the columns."""
    if not isinstance(level, int) or not isinstance(position, int) or level < 0 or position < 0:
        return False
    return level < size.bit_length() and (position + 1) << (HEIGHT * (level + 1)) <= size


def _count(connection: Connection) -> int:
    return int(connection.execute(select(func.count()).select_from(TILE)).scalar_one())


def _bytes(stored: object) -> bytes:
    return stored if isinstance(stored, bytes) else b""


def _hash(column: object) -> bytes:
    text = column if isinstance(column, str) else ""
    return bytes.fromhex(text) if _HASH.fullmatch(text) else b""
