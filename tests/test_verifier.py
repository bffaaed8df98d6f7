"""The second verifier, which shares no code with audit/, comes to the same answers."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from audit.faults.errors import ProofError, ProofRefused
from audit.ledger.ledger import Ledger, open_ledger
from audit.ledger.proofs import checkpoint_of, extend, prove
from audit.log.keys import SigningKey
from audit.log.proofs import ConsistencyProof, InclusionProof, parse_proof
from tests import verifier
from tests.audit.reading import entries
from tests.audit.receipts import ACTOR, AT, make_receipt, make_sources

KEYS = [SigningKey("czj.example/fenming", bytes([n]) * 32) for n in (1, 2)]
PUBLIC = KEYS[1].public.text


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """A ledger of nine entries whose key has changed."""
    folder = tmp_path_factory.mktemp("proved")
    for number, key in enumerate(KEYS):
        with open_ledger(str(folder / "l.db"), create=True, checkpoints=folder / "kept", signer=key) as opened:
            if number:
                break
            for n in range(3):
                opened.append(make_receipt(2, department=f"部门{n}"), make_sources(), actor=ACTOR, at=AT)
            opened.rotate(KEYS[1], actor=ACTOR, at=AT, reason="年度更换")
    with open_ledger(str(folder / "l.db"), create=True, checkpoints=folder / "kept", signer=KEYS[1]) as opened:
        for n in range(4):
            opened.append(make_receipt(3, department=f"单位{n}"), make_sources(), actor=ACTOR, at=AT)
        yield opened


def proofs(ledger: Ledger) -> list[InclusionProof | ConsistencyProof]:
    """Return a proof of each entry, and one for each pair of checkpoints that the newer key signed."""
    size = ledger.count()
    pairs = [(old, new) for old in range(5, size + 1) for new in range(old, size + 1)]
    found: list[InclusionProof | ConsistencyProof] = [prove(ledger, index) for index in range(size)]
    return found + [extend(ledger, checkpoint_of(ledger, old), checkpoint_of(ledger, new)) for old, new in pairs]


def root_of(bodies: list[bytes]) -> bytes:
    """Return the root of a Merkle tree over these leaves, as RFC 9162 (2.1.1) defines it."""
    if len(bodies) < 2:
        return verifier.sha(b"\0" + bodies[0]) if bodies else verifier.sha(b"")
    k = 1 << (len(bodies) - 1).bit_length() - 1
    return verifier.sha(b"\1" + root_of(bodies[:k]) + root_of(bodies[k:]))


def test_it_is_short_and_shares_no_code() -> None:
    """Under 150 lines, and nothing of ours in them."""
    text = Path(verifier.__file__).read_text("utf-8")
    assert text.count("\n") < 150
    assert not [line for line in text.splitlines() if line.startswith(("import", "from")) and "audit" in line]
    assert "engine" not in text


def test_what_we_prove_it_takes(ledger: Ledger) -> None:
    """Each entry, and each pair of checkpoints."""
    for proof in proofs(ledger):
        found = verifier.check(proof.text, PUBLIC)
        if isinstance(proof, InclusionProof):
            assert found["index"] == proof.index
        else:
            assert found == (proof.old.size, proof.new.size)


def test_what_one_refuses_the_other_refuses(ledger: Ledger) -> None:
    """A thousand changed proofs: neither takes one that does not mean the same."""
    dice = random.Random(0)
    found = proofs(ledger)
    for _ in range(1000):
        text = dice.choice(found).text
        at = dice.randrange(len(text))
        changed = text[:at] + dice.choice('0aA=\n +x{"一') + text[at + 1 :]
        assert ours(changed) == theirs(changed), changed[max(at - 40, 0) : at + 40]


def test_another_key_is_refused(ledger: Ledger) -> None:
    """A proof under the newer key proves nothing to whoever trusts another."""
    text = prove(ledger, 1).text
    for key in (SigningKey("czj.example/fenming", bytes(32)), SigningKey("other", bytes([2]) * 32)):
        with pytest.raises(ValueError, match="not signed"):
            verifier.check(text, key.public.text)


def test_it_counts_the_whole_ledger_again(ledger: Ledger) -> None:
    """Every checkpoint of the folder is the root over the entries' bytes."""
    bodies = [entry.body for entry in entries(ledger)]
    assert ledger.checkpoints is not None
    text = ledger.checkpoints.file.read_text("utf-8")
    notes = [f"{note}\n" for note in text.removesuffix("\n\n").split("\n\nfenming/")]
    assert len(notes) == 8
    for number, note in enumerate(notes):
        key = KEYS[number > 2].public.text
        origin, size, root = verifier.read_checkpoint(f"fenming/{note}" if number else note, key)
        assert origin == f"fenming/{root_of(bodies[:1]).hex()[:32]}"
        assert root == root_of(bodies[:size])


def test_what_counts_for_nothing_is_not_handed_out(ledger: Ledger) -> None:
    """A note that lost its signatures, one of another ledger, one whose signature does not hold, a copy of an older."""
    assert ledger.checkpoints is not None
    file = ledger.checkpoints.file
    kept, newest = file.read_bytes(), checkpoint_of(ledger)
    foreign = replace(newest, origin="fenming/" + "0" * 32).signed([KEYS[1]])
    broken = replace(newest, root=bytes(32))
    older = checkpoint_of(ledger, newest.size - 1)
    for note in (replace(newest, signatures=()), foreign, broken, older):
        with file.open("a", encoding="utf-8") as stream:
            stream.write(f"{note.note}\n")
    assert checkpoint_of(ledger) == newest
    assert prove(ledger, 1).checkpoint == newest
    file.write_bytes(kept)


def ours(text: str) -> bool:
    """Return whether fenming accepts a proof."""
    try:
        parse_proof(text).check(KEYS[1].public)
    except (ProofError, ProofRefused):
        return False
    return True


def theirs(text: str) -> bool:
    """Return whether the second verifier does."""
    try:
        verifier.check(text, PUBLIC)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("name", ["entry", "receipt", "proof", "old", "hashes"])
def test_a_name_that_stands_twice_is_refused_by_both(ledger: Ledger, name: str) -> None:
    """A reader that takes the first of the two would show what no one has checked."""
    for proof in proofs(ledger)[1:]:
        text = proof.text
        if f'"{name}": ' not in text:
            continue
        twice = text.replace("{", f'{{"{name}": "forged",', 1)
        with pytest.raises(ProofError):
            parse_proof(twice)
        with pytest.raises(ValueError, match="twice"):
            verifier.check(twice, PUBLIC)
