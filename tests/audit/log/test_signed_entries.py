"""Laws of what a key has signed that is no entry of ours: neither verifier shows anything of it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from audit.faults.errors import ProofRefused
from audit.log.entries import evaluation_id, key_entry
from audit.log.merkle import leaf_hash
from audit.log.notes import Checkpoint, origin_of
from audit.log.proofs import InclusionProof, parse_proof
from engine.base.sources import Sources, canonical, sha256
from engine.receipt import plain
from tests.audit.log.strangers import KEY, evaluation, second_takes, signed, taken
from tests.audit.receipts import ACTOR, AT, make_content, make_receipt, make_sources

EVALUATION = json.loads(evaluation(3))
KEY_NAMED = plain(key_entry(3, KEY.public, actor=ACTOR, at=AT, reason=""))
ODD: list[dict[str, object]] = [
    {},
    {"index": 3, "at": "", "actor": ""},
    {**EVALUATION, "index": True},
    {**EVALUATION, "index": 3.0},
    {**EVALUATION, "index": "3"},
    {**EVALUATION, "format": "fenming/entry/2"},
    {**EVALUATION, "kind": "note"},
    {**EVALUATION, "kind": ["evaluation"]},
    {**EVALUATION, "at": "yesterday"},
    {**EVALUATION, "at": "2024-12-01T08:30:00+08:00"},
    {**EVALUATION, "actor": ""},
    {**EVALUATION, "actor": "张会计\n李会计"},
    {**EVALUATION, "actor": None},
    {**EVALUATION, "reason": "\x1b[2J"},
    {**EVALUATION, "ledger": "0" * 32},
    {**EVALUATION, "more": ""},
    {**EVALUATION, "evaluation": "0" * 16},
    {**EVALUATION, "key": KEY.public.text},
    {name: value for name, value in EVALUATION.items() if name != "reason"},
    {name: value for name, value in EVALUATION.items() if name != "supersedes"},
    {**EVALUATION, "actor": f"{ACTOR}\n"},
    {**EVALUATION, "at": f"{EVALUATION['at']}\n"},
    {**KEY_NAMED, "key": f"{KEY.public.text}\n"},
    {**KEY_NAMED, "key": "x"},
    {**KEY_NAMED, "key": KEY.public.text.replace(KEY.public.key_id.hex(), "00000000")},
    {**KEY_NAMED, "index": 3.0},
    {**KEY_NAMED, "key": KEY.public.text.replace("+", "+0", 1)},
    {**KEY_NAMED, "evaluation": None},
    {name: value for name, value in KEY_NAMED.items() if name != "key"},
]
"""What is like an entry, but has the rows of one."""


@pytest.mark.parametrize("said", ODD)
def test_a_signed_entry_of_another_kind_is_reported(said: dict[str, object]) -> None:
    """As when the key has signed another log: nothing is shown of it, by neither verifier."""
    proof = signed(json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False))
    with pytest.raises(ProofRefused, match="Entry 3 is signed, but this fenming cannot read what it says"):
        parse_proof(proof.text).check(KEY.public)
    assert not second_takes(proof.text)


def test_a_signed_entry_that_is_written_otherwise_is_reported() -> None:
    """Another program would read it, and find another leaf."""
    body = evaluation(3).decode()
    assert taken(signed(body).text) is not None
    assert second_takes(signed(body).text)
    for other in (f"{body} ", body.replace(",", ", ", 1), body.replace('"index":3', '"index":3e0'), f"[{body}]", "3"):
        assert taken(signed(other).text) is None, other
        assert not second_takes(signed(other).text), other


def test_an_entry_stands_at_its_own_place() -> None:
    """Though it is whole and signed: one of another place, of another ledger, or under a number written otherwise."""
    elsewhere = signed(evaluation(2).decode())
    assert taken(elsewhere.text) is None
    assert not second_takes(elsewhere.text)
    numbered = signed(evaluation(3).decode()).text.replace("index 3", "index 03")
    assert taken(numbered) is None
    assert not second_takes(numbered)
    first = evaluation(0)
    for origin, holds in ((origin_of(leaf_hash(first)), True), ("fenming/" + "0" * 32, False)):
        head = Checkpoint(origin, 1, leaf_hash(first)).signed([KEY])
        proof = InclusionProof(0, (), head, first.decode())
        assert (taken(proof.text) is not None) is holds
        assert second_takes(proof.text) is holds


def test_the_names_of_texts_are_ascii() -> None:
    """Or readers would sort them differently, and find another digest."""
    sources = Sources({**make_sources().files, "规则.yaml": "x"})
    said = {**EVALUATION, "ruleset": sources.digest}
    proof = replace(signed(canonical(said).decode(), make_receipt(2).text.decode()), sources=sources)
    assert taken(proof.text) is None
    assert not second_takes(proof.text)


NAMED = make_content(2)["ruleset"]
NAMING = canonical({"ruleset": NAMED}).decode()


def proof_of(receipt: str) -> InclusionProof:
    """Return a proof of a receipt that the key has signed, whatever it says."""
    digest = sha256(receipt.encode())
    said = {**EVALUATION, "receipt_sha256": digest, "evaluation": evaluation_id(3, digest)}
    return signed(canonical(said).decode(), receipt)


@pytest.mark.parametrize("receipt", ["x", "", NAMING, '{"total": "1"}', f"{NAMING} ", '{"b":1,"a":2}', "[" * 100_000])
def test_a_signed_receipt_that_is_no_canonical_json_is_reported(receipt: str) -> None:
    """Readers would not agree on what it says; one that only names its ruleset is shown by nobody."""
    proof = proof_of(receipt)
    if receipt == NAMING:
        assert taken(proof.text) == proof
        assert second_takes(proof.text)
        return
    assert taken(proof.text) is None
    assert not second_takes(proof.text)


MISNAMED: list[object] = [
    NAMED | {"id": "jiangmen/other/2024"},
    NAMED | {"revision": 2},
    NAMED | {"revision": True},
    NAMED | {"text": "0" * 64},
    NAMED | {"text": NAMED["digest"]},
    NAMED | {"digest": NAMED["text"]},
    NAMED | {"more": ""},
    {name: value for name, value in NAMED.items() if name != "revision"},
    {},
    None,
    "jiangmen/test/2024",
]


@pytest.mark.parametrize("named", MISNAMED)
def test_a_signed_receipt_that_misnames_its_ruleset_is_reported(named: object) -> None:
    """The digest of the texts is right, and they are not what the receipt says they are."""
    proof = proof_of(canonical({"ruleset": named}).decode())
    assert taken(proof.text) is None
    assert not second_takes(proof.text)


@pytest.mark.parametrize("ruleset", ["- x", "id: [", "title: x", "id: jiangmen/test/2024\nrevision: 2\n", ""])
def test_a_ruleset_that_does_not_name_itself_is_reported(ruleset: str) -> None:
    """The texts have the digest that the receipt gives, and the one with the name is another or none."""
    sources = Sources({**make_sources().files, "ruleset.yaml": ruleset})
    receipt = canonical({"ruleset": NAMED | {"digest": sources.digest, "text": sources.text}}).decode()
    said = {**EVALUATION, "receipt_sha256": sha256(receipt.encode()), "ruleset": sources.digest}
    said["evaluation"] = evaluation_id(3, said["receipt_sha256"])
    proof = replace(signed(canonical(said).decode(), receipt), sources=sources)
    assert taken(proof.text) is None
    assert not second_takes(proof.text)
