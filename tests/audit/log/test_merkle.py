"""Laws of the Merkle tree: the published figures, the text of RFC 6962, and proofs that hold for one thing alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.log.merkle import (
    EMPTY_ROOT,
    Frontier,
    Node,
    consistency_proof,
    inclusion_proof,
    is_consistent,
    leaf_hash,
    node_hash,
    root_from_inclusion,
    root_of,
)
from tests.audit.log import rfc6962

# The figures of transparency-dev/merkle (testonly/constants.go, proof/verify_test.go), before that of Google's
# certificate-transparency.
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
NODES = [
    [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7",
        "07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "4271a26be0d8a84f0bd54c8c302e7cb3a3b5d1fa6780a40bcce2873477dab658",
        "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
        "46f6ffadd3d06a09ff3c5860d2755c8b9819db7df44251788c7d8e3180de8eb1",
    ],
    [
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    ],
    [
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    ["5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"],
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
# Each proof by the levels and positions of its nodes.
INCLUSIONS = [
    (0, 1, []),
    (0, 8, [(0, 1), (1, 1), (2, 1)]),
    (5, 8, [(0, 4), (1, 3), (2, 0)]),
    (2, 3, [(1, 0)]),
    (1, 5, [(0, 0), (1, 1), (0, 4)]),
]
CONSISTENCIES = [
    (1, 1, []),
    (1, 8, [(0, 1), (1, 1), (2, 1)]),
    (6, 8, [(1, 2), (1, 3), (2, 0)]),
    (2, 5, [(1, 1), (0, 4)]),
    (6, 7, [(1, 2), (0, 6), (2, 0)]),
]
SOME = bytes(range(32))
ENTRIES = [b"entry %d" % number for number in range(600)]
HASHES = [leaf_hash(entry) for entry in ENTRIES]


def stored(leaves: Sequence[bytes]) -> Node:
    """Return the look-up of complete subtrees over leaf hashes."""

    def node(level: int, position: int) -> bytes:
        part = leaves[position << level : (position + 1) << level]
        assert len(part) == 1 << level, "a proof asked for an incomplete subtree"
        return root_of(part)

    return node


NODE = stored(HASHES)


def altered(proof: Sequence[bytes]) -> Iterator[list[bytes]]:
    """Give every proof that differs from this one in one place."""
    steps = list(proof)
    for at in range(len(steps) + 1):
        for extra in (SOME, b"", *steps[at : at + 1]):
            yield [*steps[:at], extra, *steps[at:]]
    for at, step in enumerate(steps):
        yield steps[:at] + steps[at + 1 :]
        for other in (bytes([step[0] ^ 8]) + step[1:], step[:-1] + bytes([step[-1] ^ 1]), step[:-1], step + b"\0", b""):
            yield [*steps[:at], other, *steps[at + 1 :]]
        for to in range(at):
            yield [*steps[:to], step, *steps[to + 1 : at], steps[to], *steps[at + 1 :]]


@pytest.mark.parametrize("size", range(9))
def test_the_published_roots(size: int) -> None:
    """The eight published leaves have the published hashes and roots, however they are added up."""
    leaves = [leaf_hash(bytes.fromhex(leaf)) for leaf in LEAVES[:size]]
    assert [leaf.hex() for leaf in leaves] == NODES[0][:size]
    assert root_of(leaves).hex() == ROOTS[size]
    frontier = Frontier()
    for leaf in leaves:
        frontier.add(leaf)
    assert (frontier.size, frontier.root().hex()) == (size, ROOTS[size])
    assert rfc6962.mth([bytes.fromhex(leaf) for leaf in LEAVES[:size]]).hex() == ROOTS[size]


def test_the_published_nodes() -> None:
    """A node is the hash of its two children behind a byte of its own."""
    for below, above in pairwise(NODES):
        pairs = zip(below[::2], below[1::2], strict=True)
        assert [node_hash(bytes.fromhex(left), bytes.fromhex(right)).hex() for left, right in pairs] == above
    assert EMPTY_ROOT.hex() == ROOTS[0]


@pytest.mark.parametrize(("index", "size", "nodes"), INCLUSIONS)
def test_the_published_inclusion_proofs(index: int, size: int, nodes: list[tuple[int, int]]) -> None:
    """They are made to the byte, and lead to the published roots."""
    proof = inclusion_proof(index, size, lambda level, position: bytes.fromhex(NODES[level][position]))
    assert [step.hex() for step in proof] == [NODES[level][position] for level, position in nodes]
    root = root_from_inclusion(index, size, bytes.fromhex(NODES[0][index]), proof)
    assert root is not None
    assert root.hex() == ROOTS[size]


@pytest.mark.parametrize(("old", "new", "nodes"), CONSISTENCIES)
def test_the_published_consistency_proofs(old: int, new: int, nodes: list[tuple[int, int]]) -> None:
    """They are made to the byte, and hold between the published roots."""
    proof = consistency_proof(old, new, lambda level, position: bytes.fromhex(NODES[level][position]))
    assert [step.hex() for step in proof] == [NODES[level][position] for level, position in nodes]
    assert is_consistent(old, new, bytes.fromhex(ROOTS[old]), bytes.fromhex(ROOTS[new]), proof)


@pytest.mark.parametrize(
    ("old", "new", "old_root", "new_root", "proof", "holds"),
    [
        (0, 0, EMPTY_ROOT, EMPTY_ROOT, [], True),
        (0, 1, EMPTY_ROOT, SOME, [], True),
        (1, 1, SOME, SOME, [], True),
        (0, 0, SOME, SOME, [], False),
        (0, 0, EMPTY_ROOT, SOME, [], False),
        (0, 1, SOME, SOME, [], False),
        (1, 1, EMPTY_ROOT, SOME, [], False),
        (1, 0, SOME, EMPTY_ROOT, [], False),
        (2, 1, SOME, SOME, [], False),
        (1, 2, SOME, SOME, [], False),
        (3, 4, SOME, SOME, [], False),
        (-1, 1, SOME, SOME, [], False),
        (0, 0, EMPTY_ROOT, EMPTY_ROOT, [SOME], False),
        (0, 1, EMPTY_ROOT, SOME, [SOME], False),
        (1, 1, SOME, SOME, [SOME], False),
    ],
)
def test_trees_that_need_no_proof(
    old: int, new: int, old_root: bytes, new_root: bytes, proof: list[bytes], holds: bool
) -> None:
    """Every tree extends the empty one and itself, without a proof; none extends a longer one."""
    assert is_consistent(old, new, old_root, new_root, proof) is holds


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 0), (1, 1), (2, 1), (-1, 1), (-1, 0)])
def test_no_leaf_stands_outside_its_tree(index: int, size: int) -> None:
    """An index that is not below the size is refused, with a proof or without."""
    assert root_from_inclusion(index, size, SOME, []) is None
    assert root_from_inclusion(index, size, SOME, [SOME]) is None


@given(st.integers(1, 600).flatmap(lambda size: st.tuples(st.integers(0, size - 1), st.just(size))))
def test_an_inclusion_proof_is_that_of_the_rfc(place: tuple[int, int]) -> None:
    """Proofs equal PATH of the text, and lead to MTH."""
    index, size = place
    proof = inclusion_proof(index, size, NODE)
    assert proof == rfc6962.path(index, ENTRIES[:size])
    assert root_from_inclusion(index, size, HASHES[index], proof) == rfc6962.mth(ENTRIES[:size])


@given(st.integers(1, 600).flatmap(lambda new: st.tuples(st.integers(1, new), st.just(new))))
def test_a_consistency_proof_is_that_of_the_rfc(sizes: tuple[int, int]) -> None:
    """Proofs equal PROOF of the text, and hold between the roots."""
    old, new = sizes
    proof = consistency_proof(old, new, NODE)
    assert proof == rfc6962.proof(old, ENTRIES[:new])
    assert is_consistent(old, new, rfc6962.mth(ENTRIES[:old]), rfc6962.mth(ENTRIES[:new]), proof)


def refuses_alterations_of_inclusion(index: int, size: int) -> None:
    """Assert that the proof of one leaf holds for nothing else."""
    leaf, root, proof = HASHES[index], root_of(HASHES[:size]), inclusion_proof(index, size, NODE)
    assert root_from_inclusion(index, size, leaf, proof) == root
    for other in altered(proof):
        assert other == proof or root_from_inclusion(index, size, leaf, other) != root
    for place in range(-1, size + 2):
        assert place == index or root_from_inclusion(place, size, leaf, proof) != root
    for length in (size - 1, size + 1, 2 * size, size // 2):
        if 0 <= length <= len(HASHES):
            assert root_from_inclusion(index, length, leaf, proof) != root_of(HASHES[:length])
    for wrong in (SOME, EMPTY_ROOT, b"", leaf[:-1], HASHES[(index + 1) % len(HASHES)]):
        assert root_from_inclusion(index, size, wrong, proof) != root


def refuses_alterations_of_consistency(old: int, new: int) -> None:
    """Assert that the proof between two trees holds for nothing else."""
    first, second = root_of(HASHES[:old]), root_of(HASHES[:new])
    proof = consistency_proof(old, new, NODE)
    assert is_consistent(old, new, first, second, proof)
    for other in altered(proof):
        assert other == proof or not is_consistent(old, new, first, second, other)
    for wrong in (SOME, EMPTY_ROOT, b"", first[:-1]):
        assert not is_consistent(old, new, wrong, second, proof)
        assert not is_consistent(old, new, first, wrong, proof)
    for was in range(-1, new + 1):
        root = root_of(HASHES[: max(was, 0)])
        assert was == old or (was in (0, new) and not proof) or not is_consistent(was, new, root, second, proof)
        assert was == old or not is_consistent(was, new, first, second, proof)
    if old < new:
        assert not is_consistent(old, new, second, first, proof)
        for now in (new - 1, new + 1, 2 * new, new // 2):
            if 0 <= now <= len(HASHES):
                assert not is_consistent(old, now, first, root_of(HASHES[:now]), proof)


def test_a_proof_altered_in_one_place_is_refused_in_small_trees() -> None:
    """In every tree up to 17 leaves each proof holds for its leaf or sizes and roots alone."""
    for size in range(1, 18):
        for index in range(size):
            refuses_alterations_of_inclusion(index, size)
            refuses_alterations_of_consistency(index + 1, size)


@given(st.data())
@settings(max_examples=25)
def test_a_proof_altered_in_one_place_is_refused_in_larger_trees(data: st.DataObject) -> None:
    """Likewise in larger ones."""
    size = data.draw(st.integers(18, 300))
    refuses_alterations_of_inclusion(data.draw(st.integers(0, size - 1)), size)
    refuses_alterations_of_consistency(data.draw(st.integers(1, size)), size)


def test_no_hash_of_a_proof_is_left_over() -> None:
    """Whatever it would lead to: the way ends where the tree does."""
    leaf, more = leaf_hash(b"leaf"), leaf_hash(b"more")
    assert root_from_inclusion(0, 1, leaf, [more]) is None
    assert root_from_inclusion(1, 2, leaf, [more]) is not None
    assert root_from_inclusion(1, 2, leaf, [more, more]) is None


def test_a_proof_does_not_tell_trees_of_the_same_shape_apart() -> None:
    """The size belongs to the checkpoint: where the way up is the same, RFC 9162's check follows it to the root."""
    proof = inclusion_proof(0, 3, NODE)
    assert root_from_inclusion(0, 4, HASHES[0], proof) == root_of(HASHES[:3]) != root_of(HASHES[:4])


def test_a_frontier_has_the_root_of_every_size() -> None:
    """Leaf by leaf, its root is that of the whole, and that of the text."""
    frontier = Frontier()
    assert frontier.root() == EMPTY_ROOT == root_of([])
    for size, leaf in enumerate(HASHES, 1):
        frontier.add(leaf)
        assert frontier.size == size
        assert frontier.root() == root_of(HASHES[:size]) == rfc6962.mth(ENTRIES[:size])


@given(st.integers(0, 4), st.integers(0, 4), st.integers(0, 2**32))
def test_a_frontier_takes_whole_subtrees(tiles: int, more: int, seed: int) -> None:
    """Subtrees of 256 leaves and of 2 and 4 come to the same root as their leaves one by one."""
    entries = [b"%d/%d" % (seed, number) for number in range(tiles * 256 + more * 4 + 3)]
    leaves = [leaf_hash(entry) for entry in entries]
    frontier = Frontier()
    for start in range(0, tiles * 256, 256):
        frontier.add(root_of(leaves[start : start + 256]), 8)
    for start in range(tiles * 256, tiles * 256 + more * 4, 4):
        frontier.add(root_of(leaves[start : start + 4]), 2)
    frontier.add(root_of(leaves[-3:-1]), 1)
    frontier.add(leaves[-1])
    assert (frontier.size, frontier.root()) == (len(leaves), rfc6962.mth(entries))
