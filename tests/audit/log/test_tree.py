"""Laws of the stored tree: whatever the batches, its roots, proofs and tiles are those of the entries."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, event, insert, select
from sqlalchemy.engine.interfaces import DBAPICursor

from audit.ledger.ledger import open_ledger
from audit.ledger.submission import Submission
from audit.ledger.tiles import HEIGHT, WIDTH, StoredTree, folded, grown, split
from audit.log.merkle import HASH_BYTES, is_consistent, leaf_hash, node_hash, root_from_inclusion
from audit.tables.schema import EntryTable, LedgerTable, TileTable, table
from tests.audit.log import rfc6962
from tests.audit.reading import entries
from tests.audit.receipts import ACTOR, AT, fresh_receipt, make_sources

SIZE = 65_800
BODIES = [b"entry %d" % number for number in range(SIZE)]
LEAVES = [leaf_hash(body) for body in BODIES]
BATCHES = [1, 254, 1, 1, 511, 256, 63_999, 257, 255, 1, 1, 263]
"""These end at 255, 256 and 257, and at 65,535, 65,536 and 65,537 entries, among others."""
SIZES = [1, 2, 255, 256, 257, 511, 512, 513, 1024, 40_000, 65_279, 65_280, 65_535, 65_536, 65_537, SIZE]
TILE = table(TileTable)


@cache
def root_of(size: int) -> bytes:
    """Return the root of the first entries."""
    return rfc6962.mth(BODIES[:size])


def tile_counts(size: int) -> list[int]:
    """Return how many complete tiles each level has."""
    return [size // WIDTH, size // WIDTH**2]


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    """A database with the entries and tiles of a large tree, grown batch by batch, each root checked on the way."""
    engine = create_engine("sqlite://")
    with engine.connect() as opened:
        LedgerTable.metadata.create_all(opened, tables=[table(EntryTable), TILE])
        size = 0
        for batch in BATCHES:
            rows = [
                {"index": n, "kind": "key", "at": "", "actor": "", "reason": "", "leaf_hash": "", "body": text.decode()}
                for n, text in enumerate(BODIES[size : size + batch], size)
            ]
            opened.execute(insert(table(EntryTable)), rows)
            root = StoredTree(opened, size).grow(LEAVES[size : size + batch])
            size += batch
            levels = opened.execute(select(TILE.c.level)).scalars().all()
            assert [levels.count(level) for level in (0, 1)] == tile_counts(size)
            assert len(levels) == sum(tile_counts(size))
            if size in {255, 256, 257, 65_535, 65_536, 65_537}:
                assert root == rfc6962.mth(BODIES[:size])
        assert size == SIZE
        yield opened
    engine.dispose()


def test_the_batches_end_at_the_boundaries() -> None:
    """The tree was seen just before, at and just after a full tile of each level."""
    ends = {sum(BATCHES[:count]) for count in range(len(BATCHES) + 1)}
    assert ends >= {255, 256, 257, 65_535, 65_536, 65_537, SIZE}


def test_each_tile_holds_its_hashes_and_their_root(connection: Connection) -> None:
    """A tile of level 0 holds 256 leaves' hashes, one of level 1 the roots of 256 tiles, and each its own root."""
    found = {(row.level, row.position): row for row in connection.execute(select(TILE))}
    assert set(found) == {(level, n) for level, count in enumerate(tile_counts(SIZE)) for n in range(count)}
    below = LEAVES
    for level, count in enumerate(tile_counts(SIZE)):
        above = []
        for position in range(count):
            row = found[level, position]
            assert split(row.hashes) == below[position * WIDTH : (position + 1) * WIDTH]
            above.append(row.root)
        below = above
    for position in (0, 1, 255, 256):
        assert found[0, position].root == rfc6962.mth(BODIES[position * WIDTH : (position + 1) * WIDTH])
    assert found[1, 0].root == rfc6962.mth(BODIES[: WIDTH * WIDTH])


@pytest.mark.parametrize("size", SIZES)
def test_the_root_of_any_size_is_that_of_the_rfc(connection: Connection, size: int) -> None:
    """The tree as a whole, and as one that has grown since."""
    root = root_of(size)
    assert StoredTree(connection, size).root() == root
    assert StoredTree(connection, SIZE).root(size) == root
    edge = StoredTree(connection, SIZE).edge(size)
    assert all(len(part) < WIDTH for part in edge)
    assert sum(len(part) * WIDTH**level for level, part in enumerate(edge)) == size
    assert folded(edge) == root


@pytest.mark.parametrize("size", SIZES)
def test_inclusion_in_any_size_is_that_of_the_rfc(connection: Connection, size: int) -> None:
    """Proofs of leaves at the edges of tiles and of the tree."""
    indices = {0, 1, 255, 256, 257, 511, 65_279, 65_535, 65_536, size // 2, size - 2, size - 1}
    entries, root = BODIES[:size], root_of(size)
    now, later = StoredTree(connection, size), StoredTree(connection, SIZE)
    for number, index in enumerate(sorted(index for index in indices if 0 <= index < size)):
        proof = now.inclusion(index, size)
        assert later.inclusion(index, size) == StoredTree(connection, SIZE).inclusion(index, size) == proof
        assert root_from_inclusion(index, size, LEAVES[index], proof) == root
        if number % 6 == 0 or size < 1000:
            assert proof == rfc6962.path(index, entries)


@pytest.mark.parametrize("new", SIZES)
def test_consistency_of_any_sizes_is_that_of_the_rfc(connection: Connection, new: int) -> None:
    """Proofs between trees whose sizes lie at the edges of tiles."""
    tree = StoredTree(connection, SIZE)
    entries, root = BODIES[:new], tree.root(new)
    for number, old in enumerate(size for size in SIZES if size <= new):
        proof = tree.consistency(old, new)
        assert StoredTree(connection, new).consistency(old, new) == proof
        assert is_consistent(old, new, tree.root(old), root, proof)
        if number % 6 == 0 or new < 1000:
            assert proof == rfc6962.proof(old, entries)
    assert tree.consistency(0, new) == []


def test_a_proof_reads_few_tiles(connection: Connection) -> None:
    """A proof asks the database a handful of questions, whatever the ledger's size, and none of them twice."""
    asked: list[str] = []

    def count(_: Connection, __: DBAPICursor, statement: str, *___: object) -> None:
        asked.append(statement)

    event.listen(connection, "before_cursor_execute", count)
    try:
        tree = StoredTree(connection, SIZE)
        tree.inclusion(40_000, SIZE)
        once = len(asked)
        tree.inclusion(40_000, SIZE)
        assert len(asked) == once <= 6
    finally:
        event.remove(connection, "before_cursor_execute", count)


@given(st.lists(st.one_of(st.integers(0, 3), st.integers(250, 260), st.integers(0, 700)), max_size=6))
@settings(max_examples=40)
def test_any_batches_grow_the_same_tree(batches: list[int]) -> None:
    """The root after each batch, and the tiles given, each once and as soon as it is complete, depend on size alone."""
    edge: list[list[bytes]] = []
    size = 0
    given_tiles: list[tuple[int, int]] = []
    for batch in batches:
        for row in grown(edge, size, LEAVES[size : size + batch]):
            assert row._fields == ("level", "position", "root", "hashes")
            assert len(row.hashes) == WIDTH * HASH_BYTES
            start = row.position * WIDTH
            assert (row.level, split(row.hashes)) == (0, LEAVES[start : start + WIDTH])
            assert row.root == rfc6962.mth(BODIES[start : start + WIDTH])
            given_tiles.append((row.level, row.position))
        size += batch
        assert given_tiles == [(0, position) for position in range(size // WIDTH)]
        assert folded(edge) == rfc6962.mth(BODIES[:size])


def test_one_leaf_may_complete_a_tile_of_every_level() -> None:
    """Before 256³ equal leaves each level lacks one hash; one more leaf completes three tiles."""
    subtree = [LEAVES[0]]
    for level in range(3 * HEIGHT):
        subtree.append(node_hash(subtree[level], subtree[level]))
    edge = [[subtree[level * HEIGHT]] * (WIDTH - 1) for level in range(3)]
    rows = list(grown(edge, WIDTH**3 - 1, LEAVES[:1]))
    assert [(row.level, row.position) for row in rows] == [(0, WIDTH**2 - 1), (1, WIDTH - 1), (2, 0)]
    assert [row.root for row in rows] == [subtree[HEIGHT], subtree[2 * HEIGHT], subtree[3 * HEIGHT]]
    assert edge == [[], [], [], [subtree[3 * HEIGHT]]]
    assert folded(edge) == subtree[3 * HEIGHT]
    assert list(grown(edge, WIDTH**3, LEAVES[1:2])) == []
    assert folded(edge) == node_hash(subtree[3 * HEIGHT], LEAVES[1])


@pytest.mark.parametrize(
    "batches",
    [
        *([255, 1, 1], [254, 3]),
        *(pytest.param(batches, marks=pytest.mark.long) for batches in ([256, 1], [257], [1, 300])),
    ],
)
def test_a_ledger_grows_the_tree_of_its_entries(tmp_path: Path, batches: list[int]) -> None:
    """The checkpoint after each batch has the root over the entries' bodies, and proofs hold against it."""
    sources = make_sources()
    with open_ledger(str(tmp_path / "fenming.db"), create=True, checkpoints=tmp_path / "kept") as ledger:
        kept = ledger.checkpoints
        assert kept is not None
        for batch in batches:
            ledger.append_all([Submission(fresh_receipt(1), sources, ACTOR, AT) for _ in range(batch)])
        bodies = [entry.body for entry in entries(ledger)]
        heads = [each.checkpoint for each in kept.all()]
        assert [head and head.size for head in heads] == [sum(batches[: n + 1]) for n in range(len(batches))]
        assert [head and head.root for head in heads] == [rfc6962.mth(bodies[: head.size]) for head in heads if head]
        with ledger.reading() as opened:
            tree = StoredTree(opened, len(bodies))
            assert opened.execute(select(TILE.c.level, TILE.c.position)).all() == [(0, 0)] * (len(bodies) >= WIDTH)
            for index in {0, 253, 254, 255, len(bodies) - 1}:
                assert tree.inclusion(index, len(bodies)) == rfc6962.path(index, bodies)
                assert tree.consistency(index + 1, len(bodies)) == rfc6962.proof(index + 1, bodies)
