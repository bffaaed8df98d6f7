"""Files as strangers may hand them in: good proofs made without a database, and random changes to them."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any, TypeAlias

from hypothesis import strategies as st

from audit.faults.errors import ProofError, ProofRefused
from audit.log.entries import OFFICIAL, evaluation_entry, key_entry
from audit.log.keys import SigningKey
from audit.log.merkle import leaf_hash
from audit.log.notes import Checkpoint, origin_of
from audit.log.proofs import ConsistencyProof, InclusionProof, parse_proof
from engine.base.sources import canonical
from tests import verifier
from tests.audit.log import rfc6962
from tests.audit.receipts import ACTOR, AT, make_receipt, make_sources

Proof: TypeAlias = InclusionProof | ConsistencyProof

KEY = SigningKey("czj.jiangmen.gov.cn/fenming", bytes(range(32)))
WITNESS = SigningKey("审计局=1", bytes(range(32, 64)))
PIECES = [
    b"\n",
    b"\n\n",
    b'"',
    b"\\",
    b"\\n",
    b"\\ud800",
    b",",
    b":",
    b"{",
    b"}",
    b"[",
    b"]",
    b" ",
    b"0",
    b"=",
    b"\xff",
]
VALUES: list[Any] = [None, True, 0, -1, 1.5, 10**30, "", "\ud800", "\0", [], [""], {}, {"": ""}, "fenming/proof/1"]


@cache
def proofs() -> tuple[Proof, ...]:
    """Return a proof of each of six entries, one without a receipt, and some from checkpoint to checkpoint."""
    receipt, sources = make_receipt(2), make_sources()
    bodies = [canonical(key_entry(0, KEY.public, actor=ACTOR, at=AT, reason="")), *map(evaluation, range(1, 6))]
    made: list[Proof] = []
    for index, body in enumerate(bodies):
        held = (receipt.text.decode(), sources) if index else ()
        made.append(InclusionProof(index, tuple(rfc6962.path(index, bodies)), head(bodies, 6), body.decode(), *held))
    for old, new in ((1, 6), (3, 6), (4, 5), (6, 6)):
        hashes = tuple(rfc6962.proof(old, bodies[:new]))
        made.append(ConsistencyProof(head(bodies, old), head(bodies, new), hashes))
    return tuple(made)


def evaluation(index: int) -> bytes:
    """Return the body of an entry that records an evaluation."""
    receipt = make_receipt(2)
    made = evaluation_entry(index, receipt, actor=ACTOR, at=AT, standing=OFFICIAL, supersedes=None, reason="一\n二")
    return canonical(made)


def head(bodies: list[bytes], size: int) -> Checkpoint:
    """Return a checkpoint that the key and a witness have signed."""
    return Checkpoint(origin_of(leaf_hash(bodies[0])), size, rfc6962.mth(bodies[:size])).signed([KEY, WITNESS])


def taken(text: str) -> Proof | None:
    """Return a proof that holds, or None where it is refused."""
    try:
        proof = parse_proof(text)
        proof.check(KEY.public)
    except (ProofError, ProofRefused):
        return None
    return proof


def second_takes(text: str) -> bool:
    """Tell whether the second verifier takes a proof."""
    try:
        verifier.check(text, KEY.public.text)
    except ValueError:
        return False
    return True


def signed(entry: str, receipt: str | None = None) -> InclusionProof:
    """Return a proof of an entry that the key has signed, whatever it says, as the last of four."""
    bodies = [*map(evaluation, range(3)), entry.encode()]
    held = () if receipt is None else (receipt, make_sources())
    return InclusionProof(3, tuple(rfc6962.path(3, bodies)), head(bodies, 4), entry, *held)


@st.composite
def mutated(draw: st.DrawFn, original: bytes) -> bytes:
    """Flip, insert, delete, repeat, move, truncate: from one to three times."""
    data = original
    for _ in range(draw(st.integers(1, 3))):
        first, second = sorted((draw(st.integers(0, len(data))), draw(st.integers(0, len(data)))))
        match draw(st.integers(0, 6)):
            case 0:
                data = data[:first] + bytes([draw(st.integers(0, 255))]) + data[first + 1 :]
            case 1:
                data = data[:first] + draw(st.sampled_from(PIECES)) + data[first:]
            case 2:
                data = data[:first] + data[first + draw(st.integers(1, 3)) :]
            case 3:
                data = data[:second] + data[first:second][:200] + data[second:]
            case 4:
                data = data[:first]
            case _:
                lines = data.split(b"\n")
                here, there = draw(st.integers(0, len(lines) - 1)), draw(st.integers(0, len(lines) - 1))
                act = draw(st.integers(0, 2))
                line = lines[here] if act == 0 else lines.pop(here)
                lines[there:there] = [line] if act < 2 else []
                data = b"\n".join(lines)
    return data


@st.composite
def rewritten(draw: st.DrawFn, original: str) -> str:
    """Change the JSON: a value, a name, a name twice, a field less, or the text within a field."""
    content = json.loads(original)
    name = draw(st.sampled_from(sorted(content)))
    match draw(st.integers(0, 4)):
        case 0:
            content[name] = draw(st.sampled_from(VALUES))
        case 1:
            del content[name]
        case 2:
            content[draw(st.sampled_from(["more", "Entry", "receipt", "hashes"]))] = draw(st.sampled_from(VALUES))
        case 3:
            twice = draw(st.sampled_from([content[name], *VALUES]))
            pair = f"{json.dumps(name)}: {json.dumps(twice)}"
            whole = json.dumps(content)
            return f"{{{pair}, {whole[1:]}" if draw(st.booleans()) else f"{whole[:-1]}, {pair}}}"
        case _:
            content[name] = draw(inside(content[name]))
    return json.dumps(content)


def inside(value: Any) -> st.SearchStrategy[Any]:
    """Change a value of a proof from within."""
    if isinstance(value, str):
        return mutated(value.encode()).map(lambda data: data.decode("utf-8", "surrogateescape"))
    if isinstance(value, list):
        return st.lists(st.sampled_from([*value, "", None]), max_size=len(value) + 1)
    named: Callable[[dict[str, Any]], dict[str, Any]] = lambda more: {**value, **more}  # noqa: E731 - typed
    return st.dictionaries(st.sampled_from([*value, "more"]), st.sampled_from(["", "{}", None, 1]), min_size=1).map(
        named
    )
