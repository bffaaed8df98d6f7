"""The Merkle tree of RFC 6962 and RFC 9162, section 2.1: its hashes, its proofs, and how a proof is checked.

A tree of `size` leaves is known by the hashes of its complete subtrees: `node(level, position)` covers the
2**level leaves from position * 2**level on. Whoever stores them says how they are looked up.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import TypeAlias

Node: TypeAlias = Callable[[int, int], bytes]
"""Gives the hash of a complete subtree by its level and position."""

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of one leaf."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node with two children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(hashes: Sequence[bytes]) -> bytes:
    """Return the root over neighbours of one level, of which only the last may be incomplete."""
    if not hashes:
        return EMPTY_ROOT
    level = list(hashes)
    while len(level) > 1:
        # A node without a right neighbour is the root of its part, and rises as it is.
        alone = [level[-1]] if len(level) % 2 else []
        level = [node_hash(left, right) for left, right in zip(level[::2], level[1::2], strict=False)] + alone
    return level[0]


class Frontier:
    """The root of a tree whose leaves come one after the other: it keeps the complete subtrees at the right edge."""

    def __init__(self) -> None:
        self.size = 0
        self._subtrees: list[bytes] = []

    def add(self, subtree: bytes, level: int = 0) -> None:
        """Add a leaf, or a complete subtree of 2**level leaves where one may begin."""
        found, position = subtree, self.size >> level
        while position % 2:
            found, position = node_hash(self._subtrees.pop(), found), position >> 1
        self._subtrees.append(found)
        self.size += 1 << level

    def root(self) -> bytes:
        """Return the root over all leaves so far."""
        if not self._subtrees:
            return EMPTY_ROOT
        *rest, found = self._subtrees
        for left in reversed(rest):
            found = node_hash(left, found)
        return found


def inclusion_proof(index: int, size: int, node: Node) -> list[bytes]:
    """Return the path from the leaf at `index` to the root of the tree of `size` leaves, the leaf's sibling first."""
    return _path(index, 0, size, node)


def consistency_proof(old: int, new: int, node: Node) -> list[bytes]:
    """Return what shows that the tree of `new` leaves begins with the tree of `old` leaves; 0 < old <= new."""
    return _subproof(old, 0, new, node, whole=True)


def root_from_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes]) -> bytes | None:
    """Return the root that a proof leads to, or None if it is not as long as it must be (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return None
    place, last, found = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return None
        if place % 2 or place == last:
            found = node_hash(step, found)
            while not place % 2 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, step)
        place, last = place >> 1, last >> 1
    return found if last == 0 else None


def is_consistent(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Return whether a proof leads from the one root to the other (RFC 9162, 2.1.4.2).

    Every tree extends the empty one, and itself; the proof is then empty.
    """
    if not 0 <= old <= new:
        return False
    if old in (0, new):
        start = EMPTY_ROOT if old == 0 else old_root
        return not proof and old_root == start and (old < new or old_root == new_root)
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    if not path:
        return False
    place, last = old - 1, new - 1
    while place % 2:
        place, last = place >> 1, last >> 1
    first = second = path[0]
    for step in path[1:]:
        if last == 0:
            return False
        if place % 2 or place == last:
            first, second = node_hash(step, first), node_hash(step, second)
            while not place % 2 and place:
                place, last = place >> 1, last >> 1
        else:
            second = node_hash(second, step)
        place, last = place >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


def _path(index: int, start: int, stop: int, node: Node) -> list[bytes]:
    if stop - start == 1:
        return []
    middle = start + _split(stop - start)
    if index < middle:
        return [*_path(index, start, middle, node), _range(middle, stop, node)]
    return [*_path(index, middle, stop, node), _range(start, middle, node)]


def _subproof(old: int, start: int, stop: int, node: Node, *, whole: bool) -> list[bytes]:
    if old == stop:
        return [] if whole else [_range(start, stop, node)]
    middle = start + _split(stop - start)
    if old <= middle:
        return [*_subproof(old, start, middle, node, whole=whole), _range(middle, stop, node)]
    return [*_subproof(old, middle, stop, node, whole=False), _range(start, middle, node)]


def _range(start: int, stop: int, node: Node) -> bytes:
    """Return the root over the leaves from `start` to `stop`, a subtree of some tree."""
    count = stop - start
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return node(level, start >> level)
    middle = start + _split(count)
    return node_hash(_range(start, middle, node), _range(middle, stop, node))


def _split(count: int) -> int:
    """Return the largest power of two below a count of two or more."""
    return 1 << ((count - 1).bit_length() - 1)
