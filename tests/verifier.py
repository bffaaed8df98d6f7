"""A second verifier, written from docs/ledger-format.md alone: python tests/verifier.py PROOF PUBLIC_KEY."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def need(condition: object, why: str) -> None:
    """Refuse unless a condition holds."""
    if not condition:
        raise ValueError(why)


def unbase64(text: str) -> bytes:
    """Read base 64 in its one canonical spelling."""
    data = base64.b64decode(text.encode(), validate=True)
    need(base64.b64encode(data).decode() == text, "base 64 is not canonical")
    return data


def sha(data: bytes) -> bytes:
    """SHA-256."""
    return hashlib.sha256(data).digest()


def root_of(bodies: list[bytes]) -> bytes:
    """The root of the tree over entries."""
    if len(bodies) < 2:
        return sha(b"\0" + bodies[0]) if bodies else sha(b"")
    left = 1
    while left * 2 < len(bodies):
        left *= 2
    return sha(b"\1" + root_of(bodies[:left]) + root_of(bodies[left:]))


def read_checkpoint(note: str, key: str | None) -> tuple[str, int, bytes]:
    """Origin, size and root of a checkpoint that a key has signed."""
    text, _, lines = note.partition("\n\n")
    need("\r" not in note and "\0" not in note, "the note has control characters")
    origin, size, root = text.split("\n")
    need(size == str(int(size)) and int(size) >= 0 and len(unbase64(root)) == 32, "it is no checkpoint")
    if key is not None:
        name, key_id, code = key.strip().split("+", 2)
        data = unbase64(code)
        named = sha(name.encode() + b"\n" + data)[:4].hex()
        need(named == key_id and data[:1] == b"\1" and len(data) == 33, "it is no Ed25519 key")
        own = 0
        for line in lines.removesuffix("\n").split("\n") if lines else []:
            signature = unbase64(line.split(" ")[2])
            need(re.fullmatch(r"— [^\s+]+ [^ ]+", line) and len(signature) > 4, "a line is no signature")
            if line.split(" ")[1] == name and signature[:4].hex() == key_id:
                Ed25519PublicKey.from_public_bytes(data[1:]).verify(signature[4:], f"{text}\n".encode())
                own += 1
        need(own and lines.endswith("\n"), "the checkpoint is not signed by the key")
    return origin, int(size), unbase64(root)


def read_checkpoints(text: str) -> list[tuple[str, int, bytes]]:
    """The whole notes of a folder's file."""
    found = []
    for part in text.split("\n\n"):
        with suppress(ValueError):  # signatures, or what a crash has left
            found.append(read_checkpoint(f"{part.strip(chr(10))}\n\n", None))
    return found


def climb(fn: int, sn: int, start: bytes, path: list[bytes]) -> tuple[bytes, bytes]:
    """The two roots to which a path leads (RFC 9162, 2.1.3.2 and 2.1.4.2): of the older tree, and of the newer."""
    fr = sr = start
    for step in path:
        need(sn, "the proof is too long")
        if fn & 1 or fn == sn:
            fr, sr = sha(b"\1" + step + fr), sha(b"\1" + step + sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = sha(b"\1" + sr + step)
        fn, sn = fn >> 1, sn >> 1
    need(sn == 0, "the proof is too short")
    return fr, sr


def consistent(old: int, new: int, old_root: bytes, new_root: bytes, path: list[bytes]) -> bool:
    """Whether a path leads from one root to another (RFC 9162, 2.1.4.2)."""
    need(old <= new, "the older checkpoint is the larger one")
    if old in (0, new):
        return not path and old_root == (new_root if old else sha(b""))
    start, *rest = path if old & (old - 1) else [old_root, *path]
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    return climb(fn, sn, start, rest) == (old_root, new_root)


def check(text: str, key: str) -> Any:
    """Check a proof of either kind; return the entry's body, or the two sizes."""
    kinds = {"fenming/proof/1": check_entry, "fenming/consistency/1": check_extension}
    try:
        # No name stands twice.
        proof = json.loads(text, object_pairs_hook=lambda p: dict(p) if len(dict(p)) == len(p) else None)
        return kinds[proof["format"]](proof, key)
    except (InvalidSignature, AttributeError, LookupError, TypeError, ValueError, RecursionError) as error:
        raise ValueError(str(error) or type(error).__name__) from error


def check_entry(proof: dict[str, Any], key: str) -> Any:
    """Check a proof of an entry."""
    head, _, note = proof["proof"].partition("\n\n")
    first, numbered, *hashes = head.split("\n")
    index, (_, size, root) = int(numbered[6:]), read_checkpoint(note, key)
    need(first == "c2sp.org/tlog-proof@v1" and numbered == f"index {index}", "it is no tlog-proof")
    need(0 <= index < size, "the index is beyond the tree")
    _, found = climb(index, size - 1, sha(b"\0" + proof["entry"].encode()), [unbase64(each) for each in hashes])
    need(found == root, "the entry is not in the tree")
    body = json.loads(proof["entry"])
    need(body["index"] == index, "the entry has another index")
    if "receipt" in proof:
        need(sha(proof["receipt"].encode()).hex() == body["receipt_sha256"], "the receipt is another one")
    if "sources" in proof:
        texts = {name: sha(source.encode()).hex() for name, source in proof["sources"].items()}
        canonical = json.dumps(texts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        need(sha(canonical.encode()).hex() == body["ruleset"], "the texts are others")
    return body


def check_extension(proof: dict[str, Any], key: str) -> tuple[int, int]:
    """Check that one checkpoint extends another."""
    (origin, old, old_root), (other, new, new_root) = (read_checkpoint(proof[name], key) for name in ("old", "new"))
    need(origin == other, "the checkpoints are of two ledgers")
    need(consistent(old, new, old_root, new_root, [unbase64(each) for each in proof["hashes"]]), "they do not agree")
    return old, new


if __name__ == "__main__":
    try:
        sys.stdout.write(f"{check(*(Path(file).read_text('utf-8') for file in sys.argv[1:3]))}\n")
    except (OSError, ValueError) as error:
        sys.exit(f"refused: {error}")
