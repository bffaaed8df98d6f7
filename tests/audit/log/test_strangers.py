"""Laws of what strangers hand in: whatever was changed is refused in our words, or means what it meant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.faults.errors import ProofError, ProofRefused
from audit.log.checkpoints import CheckpointFolder
from audit.log.keys import PublicKey, SigningKey, read_key, read_public_key
from audit.log.merkle import leaf_hash
from audit.log.notes import Checkpoint, origin_of, parse_checkpoint
from audit.log.proofs import ConsistencyProof, InclusionProof, checkpoint_in
from engine.base.faults import FenmingError
from engine.base.sources import canonical
from tests.audit.log.kept import KEYS, checkpoints, head, stretch
from tests.audit.log.strangers import (
    KEY,
    PIECES,
    VALUES,
    WITNESS,
    Proof,
    mutated,
    proofs,
    rewritten,
    second_takes,
    taken,
)
from tests.audit.receipts import make_sources

CHANGED = st.sampled_from(proofs()).flatmap(
    lambda proof: st.tuples(
        st.just(proof),
        st.one_of(
            mutated(proof.text.encode()).map(lambda data: data.decode("utf-8", "replace")), rewritten(proof.text)
        ),
    )
)


def shown(proof: Proof) -> tuple[object, ...]:
    """Return what a proof proves: all but who else has signed."""
    if isinstance(proof, InclusionProof):
        return proof.index, proof.checkpoint.text, proof.entry, proof.hashes
    return proof.old.text, proof.new.text, proof.hashes


@pytest.mark.parametrize("proof", proofs())
def test_what_was_not_changed_is_taken(proof: Proof) -> None:
    """By both verifiers, and written again as it was."""
    assert taken(proof.text) == proof
    assert second_takes(proof.text)


@given(CHANGED)
@settings(max_examples=400)
def test_a_changed_proof_is_refused_or_means_the_same(changed: tuple[Proof, str]) -> None:
    """Both verifiers agree; what is taken proves what the original did, and shows no other receipt."""
    original, text = changed
    found = taken(text)
    assert second_takes(text) == (found is not None)
    if found is not None:
        assert shown(found) == shown(original)
        if isinstance(found, InclusionProof) and isinstance(original, InclusionProof):
            held = found.receipt, found.sources
            assert held in ((None, None), (original.receipt, original.sources))


@pytest.mark.parametrize("name", ["format", "entry", "proof", "receipt", "sources", "old", "new", "hashes"])
def test_a_name_that_stands_twice_is_refused(name: str) -> None:
    """Even with the same value: another reader may take the first one for what counts."""
    for proof in proofs():
        pair = next((line for line in proof.text.splitlines() if line.startswith(f' "{name}": ')), None)
        if pair is not None and pair.endswith(","):
            twice = proof.text.replace("{\n", f"{{\n{pair}\n", 1)
            assert taken(twice) is None
            assert not second_takes(twice)


def test_each_part_must_belong_to_the_others() -> None:
    """A receipt, a source, a number or an origin of something else is refused, though each is well formed."""
    _, one, two, *_, last = proofs()
    assert isinstance(one, InclusionProof)
    assert isinstance(two, InclusionProof)
    assert isinstance(last, ConsistencyProof)
    liar = canonical({"index": 1, "at": "", "actor": ""})
    alone = Checkpoint(origin_of(leaf_hash(liar)), 1, leaf_hash(liar)).signed([KEY])
    elsewhere = Checkpoint("fenming/elsewhere", last.new.size, last.new.root).signed([KEY])
    for wrong in (
        replace(one, receipt=(one.receipt or "").replace("T0", "T9")),
        replace(one, sources=make_sources("another")),
        replace(one, index=2),
        replace(one, entry=two.entry),
        replace(one, hashes=one.hashes[:-1]),
        InclusionProof(0, (), alone, liar.decode()),
        replace(last, new=elsewhere),
        replace(last, hashes=one.hashes[:1]),
    ):
        assert taken(wrong.text) is None, wrong
        assert not second_takes(wrong.text), wrong


def test_a_receipt_stands_with_its_sources_or_not_at_all() -> None:
    """Nor is null a receipt."""
    proof = proofs()[2]
    assert isinstance(proof, InclusionProof)
    bare = InclusionProof(proof.index, proof.hashes, proof.checkpoint, proof.entry)
    assert taken(bare.text) == bare
    for more in ('"receipt": null', '"sources": {}', '"receipt": null, "sources": null', '"receipt": ""'):
        text = bare.text.replace("{", f"{{{more},", 1)
        assert taken(text) is None
        assert not second_takes(text)


def test_an_entry_of_another_kind_carries_no_receipt() -> None:
    """A key's entry with somebody's receipt or texts beside it proves neither, signed though the entry is."""
    key, scored = proofs()[0], proofs()[1]
    assert isinstance(key, InclusionProof)
    assert isinstance(scored, InclusionProof)
    assert taken(key.text) is not None
    for more in (
        {"receipt": scored.receipt, "sources": scored.sources},
        {"receipt": scored.receipt},
        {"sources": scored.sources},
    ):
        wrong = replace(key, **more)
        with pytest.raises(ProofRefused):
            wrong.check(KEY.public)
    both = replace(key, receipt=scored.receipt, sources=scored.sources)
    assert taken(both.text) is None
    assert not second_takes(both.text)


@given(
    st.one_of(
        st.text(st.characters(), max_size=200),
        st.lists(st.sampled_from([*map(repr, VALUES), *(piece.decode("latin-1") for piece in PIECES)])).map("".join),
        st.recursive(st.sampled_from(VALUES[:8]), st.lists).map(str),
    )
)
def test_any_text_is_refused_as_a_proof_and_as_a_checkpoint(text: str) -> None:
    """In our words, whatever it is."""
    assert taken(text) is None
    assert not second_takes(text)
    with pytest.raises(ProofError):
        checkpoint_in(text)


@given(
    st.sampled_from([proof for proof in proofs() if isinstance(proof, ConsistencyProof)]).flatmap(
        lambda proof: mutated(proof.new.note.encode()).map(lambda data: (proof.new, data.decode("utf-8", "replace")))
    )
)
def test_a_changed_checkpoint_is_refused_or_means_the_same(changed: tuple[Checkpoint, str]) -> None:
    """Whatever is beside the signature that is trusted."""
    original, text = changed
    try:
        found = parse_checkpoint(text)
        signed = found.is_signed_by(KEY.public)
    except (ProofError, ProofRefused):
        return
    assert found.note == text
    assert not signed or found.text == original.text


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the files of many examples."""
    return tmp_path_factory.mktemp("strangers")


@given(data=st.data())
@pytest.mark.parametrize("private", [True, False])
def test_a_changed_key_is_refused_or_is_the_same(place: Path, data: st.DataObject, private: bool) -> None:
    """A public key may have white space around it, a private one nothing."""
    key = data.draw(st.sampled_from([KEY, WITNESS]))
    text = f"{key.text if private else key.public.text}\n"
    read: Callable[[Path], SigningKey | PublicKey] = read_key if private else read_public_key
    file = place / "key"
    file.write_bytes(data.draw(mutated(text.encode())))
    file.chmod(0o600)
    try:
        found = read(file)
    except FenmingError as error:
        said, found = str(error), None
    else:
        said = ""
    if found is None:
        assert said.startswith(f"{file}: ")
        assert key.text not in said
    else:
        assert found == (key if private else key.public)
        assert file.read_text("utf-8").strip() == text.strip()


@given(st.data())
def test_a_changed_folder_of_checkpoints_gains_none(place: Path, data: st.DataObject) -> None:
    """What is read from it, and signed, is what was kept; the rest is reported with the byte where it begins."""
    written = [head(size) for size in range(1, 6)]
    whole = b"".join(map(stretch, written))
    changed = data.draw(st.one_of(mutated(whole), st.binary(max_size=300)))
    (place / "checkpoints").write_bytes(changed)
    kept = list(CheckpointFolder(place).all())
    assert [each.offset for each in kept] == sorted({each.offset for each in kept})
    for found in checkpoints(kept):
        try:
            signed = found.is_signed_by(KEYS[0].public)
        except ProofRefused:
            continue
        assert not signed or found.text in {each.text for each in written}
    for each in kept:
        if each.checkpoint is None:
            assert changed[each.offset :].startswith(each.text)
