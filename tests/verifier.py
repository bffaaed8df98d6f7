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
    left = 1 << (len(bodies) - 1).bit_length() - 1
    return sha(b"\1" + root_of(bodies[:left]) + root_of(bodies[left:]))


def read_checkpoint(note: str, key: str | None) -> tuple[str, int, bytes]:
    """Origin, size and root of a checkpoint that a key has signed."""
    text, _, lines = note.partition("\n\n")
    need(not re.search("[\0-\x09\x0b-\x1f]", note), "the note has control characters")
    origin, size, root = text.split("\n")
    need(size == str(int(size)) and int(size) >= 0 and len(unbase64(root)) == 32, "it is no checkpoint")
    if key is not None:
        name, key_id, code = key.strip().split("+", 2)
        data = unbase64(code)
        need(data[:1] == b"\1" and len(data) == 33, "it is no Ed25519 key")
        need(sha(name.encode() + b"\n" + data)[:4].hex() == key_id, "the key has another id")
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
    if not 0 < old < new:
        return old <= new and not path and old_root == (new_root if old else sha(b""))
    start, *rest = path if old & (old - 1) else [old_root, *path]
    low = (old & -old).bit_length() - 1
    return climb((old - 1) >> low, (new - 1) >> low, start, rest) == (old_root, new_root)


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which no name stands twice."""
    need(len(dict(pairs)) == len(pairs), "a name stands twice")
    return dict(pairs)


def check(text: str, key: str) -> Any:
    """Check a proof of either kind; return the entry's body, or the two sizes."""
    try:
        proof = json.loads(text, object_pairs_hook=unique)
        return {"fenming/proof/1": check_entry, "fenming/consistency/1": check_extension}[proof["format"]](proof, key)
    except (InvalidSignature, AttributeError, LookupError, TypeError, ValueError, RecursionError) as error:
        raise ValueError(str(error) or type(error).__name__) from error


def check_entry(proof: dict[str, Any], key: str) -> Any:
    """Check a proof of an entry."""
    fields, more = {"format", "entry", "proof"}, {"receipt", "sources"}
    need(set(proof) in (fields, fields | more), "it has other fields")
    head, _, note = proof["proof"].partition("\n\n")
    first, numbered, *hashes = head.split("\n")
    index, (_, size, root) = int(numbered[6:]), read_checkpoint(note, key)
    need((first, numbered) == ("c2sp.org/tlog-proof@v1", f"index {index}") and 0 <= index < size, "it is no tlog-proof")
    _, found = climb(index, size - 1, sha(b"\0" + proof["entry"].encode()), [unbase64(each) for each in hashes])
    need(found == root, "the entry is not in the tree")
    body = json.loads(proof["entry"])
    need(body["index"] == index, "the entry has another index")
    if more <= set(proof):
        need(sha(proof["receipt"].encode()).hex() == body["receipt_sha256"], "the receipt is another one")
        texts = {name: sha(source.encode()).hex() for name, source in proof["sources"].items()}
        named = sha(json.dumps(texts, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hex()
        need(named == body["ruleset"], "the texts are others")
    return body


def check_extension(proof: dict[str, Any], key: str) -> tuple[int, int]:
    """Check that one checkpoint extends another."""
    need(set(proof) == {"format", "old", "new", "hashes"} and isinstance(proof["hashes"], list), "it has other fields")
    (origin, old, old_root), (other, new, new_root) = (read_checkpoint(proof[name], key) for name in ("old", "new"))
    path = [unbase64(each) for each in proof["hashes"]]
    need(origin == other and consistent(old, new, old_root, new_root, path), "they are not of one history")
    return old, new


if __name__ == "__main__":
    try:
        sys.stdout.write(f"{check(*(Path(file).read_text('utf-8') for file in sys.argv[1:3]))}\n")
    except (OSError, ValueError) as error:
        sys.exit(f"refused: {error}")
