"""A second verifier, written from docs/ledger-format.md alone: python tests/verifier.py PROOF PUBLIC_KEY."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
from pathlib import Path
from typing import Any

import yaml
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FIELDS = {"format", "index", "kind", "at", "actor", "reason"}
EVALUATION = {"evaluation", "receipt_sha256", "ruleset", "standing", "supersedes"}
KINDS = {"evaluation": EVALUATION, "key": {"key"}, "cover": {"from", "to"}}
FAULTS = InvalidSignature, AttributeError, LookupError, TypeError, ValueError, RecursionError, yaml.YAMLError
canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
NOTE = re.compile("(?P<text>([^\n]+)\n(0|[1-9][0-9]*)\n([^\n]+)\n)\n(?P<lines>(— [^\\s+]+ [^ \n]+\n)*)")


def need(condition: object, why: str) -> None:
    if not condition:
        raise ValueError(why)


def unbase64(text: str) -> bytes:
    data = base64.b64decode(text.encode(), validate=True)
    need(base64.b64encode(data).decode() == text, "base 64 is not canonical")
    return data


def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def read_key(key: str) -> tuple[str, str, bytes]:
    name, key_id, code = key.split("+", 2)
    data = unbase64(code)
    need(name.isprintable() and re.fullmatch(r"\S+", name) and data[:1] == b"\1" and len(data) == 33, "it is no key")
    need(sha(name.encode() + b"\n" + data)[:4].hex() == key_id, "the key has another id")
    return name, key_id, data[1:]


def read_checkpoint(note: str, key: str) -> tuple[str, int, bytes]:
    found = NOTE.fullmatch(note)
    if found is None or re.search("[\0-\x09\x0b-\x1f]", note) or len(unbase64(found[4])) != 32:
        raise ValueError("it is not a checkpoint")
    name, key_id, data = read_key(key.strip())
    lines = [line.split(" ") for line in found["lines"].splitlines()]
    need(all(len(unbase64(line[2])) > 4 for line in lines), "a line is not a signature")
    own = [unbase64(line[2]) for line in lines if (line[1], unbase64(line[2])[:4].hex()) == (name, key_id)]
    need(own, "the checkpoint is not signed by the key")
    for signature in own:
        Ed25519PublicKey.from_public_bytes(data).verify(signature[4:], found["text"].encode())
    return found[2], int(found[3]), unbase64(found[4])


def climb(fn: int, sn: int, start: bytes, path: list[bytes]) -> tuple[bytes, bytes]:  # RFC 9162, 2.1.3.2, 2.1.4.2
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


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    need(len(dict(pairs)) == len(pairs), "a name occurs twice")
    return dict(pairs)


def check(text: str, key: str) -> Any:
    try:
        proof = json.loads(text, object_pairs_hook=once)
        return {"fenming/proof/1": check_entry, "fenming/consistency/1": check_extension}[proof["format"]](proof, key)
    except FAULTS as error:
        raise ValueError(str(error) or type(error).__name__) from error


def read_body(text: str) -> Any:
    body = json.loads(text)
    index, fields = body["index"], FIELDS | KINDS[body["kind"]]
    need(set(body) == fields or (index == 0 and set(body) == fields | {"ledger"}), "it has other fields")
    need(canonical(body) == text and body["format"] == "fenming/entry/1", "it is not canonical, or of another format")
    need(type(index) is int and re.fullmatch(r"(\d\d){1,2}(-\d\d){2}T(\d\d:){2}\d\dZ", body["at"]), "bad index or time")
    need(body["actor"] and len(body["actor"]) <= 200 and len(body["reason"]) <= 2000, "the actor or reason is too long")
    need(not re.search("[\0-\x1f\x7f-\x9f\u2028\u2029]", body["actor"] + body["reason"].replace("\n", "")), "no text")
    if body["kind"] == "cover":
        first, last = body["from"], body["to"]
        need(type(first) is type(last) is int and 0 <= first <= last == index - 1, "it covers other entries")
    known = ("official", "beside", "trial") if body.get("supersedes") is None else ("official", "beside")
    need(body.get("standing", "official") in known, "the standing is unknown, or a trial supersedes another")
    identity = sha(f"{index}:{body.get('receipt_sha256')}".encode()).hex()[:16]
    need(body.get("evaluation", identity) == identity and ("key" not in body or read_key(body["key"])), "another id")
    return body


def check_entry(proof: dict[str, Any], key: str) -> Any:
    need(set(proof) - {"receipt", "sources"} == {"format", "entry", "proof"}, "it has other fields")
    head, _, note = proof["proof"].partition("\n\n")
    (first, numbered, *hashes), (origin, size, root) = head.split("\n"), read_checkpoint(note, key)
    index = int(numbered[6:])
    need((first, numbered) == ("c2sp.org/tlog-proof@v1", f"index {index}") and 0 <= index < size, "not a tlog-proof")
    leaf = sha(b"\0" + proof["entry"].encode())
    need(climb(index, size - 1, leaf, [unbase64(each) for each in hashes])[1] == root, "the entry is not in the tree")
    body = read_body(proof["entry"])
    need(body["index"] == index and (index or origin == f"fenming/{leaf.hex()[:32]}"), "another index or origin")
    if "receipt" in proof or "sources" in proof:
        need(sha(proof["receipt"].encode()).hex() == body["receipt_sha256"], "the receipt is another one")
        need(canonical(json.loads(proof["receipt"])) == proof["receipt"], "the receipt is not canonical JSON")
        texts = {name: sha(source.encode()).hex() for name, source in proof["sources"].items()}
        own = {name: digest for name, digest in texts.items() if re.match(r"ruleset(\.en|\.zh)?\.yaml$|facts/", name)}
        sums = {"digest": sha(canonical(texts).encode()).hex(), "text": sha(canonical(own).encode()).hex()}
        need(max("".join(texts)) < "\ud800" and sums["digest"] == body["ruleset"], "the texts are others")
        named, said = json.loads(proof["receipt"])["ruleset"], yaml.safe_load(proof["sources"]["ruleset.yaml"])
        sums |= {"id": said.get("id", said.get("编号")), "revision": said.get("revision", said.get("版次", 1))}
        need(canonical(named) == canonical(sums | {"title": str(named["title"])}), "the receipt names another ruleset")
    return body


def check_extension(proof: dict[str, Any], key: str) -> tuple[int, int]:
    need(set(proof) == {"format", "old", "new", "hashes"} and isinstance(proof["hashes"], list), "it has other fields")
    (origin, old, old_root), (other, new, new_root) = (read_checkpoint(proof[name], key) for name in ("old", "new"))
    need(origin == other and old <= new, "they are not of one history, or not in its order")
    path = [unbase64(each) for each in proof["hashes"]]
    if old in (0, new):
        need(not path and old_root == (new_root if old else sha(b"")), "they are not of one history")
        return old, new
    start, *rest = path if old & (old - 1) else [old_root, *path]
    low = (old & -old).bit_length() - 1
    need(climb((old - 1) >> low, (new - 1) >> low, start, rest) == (old_root, new_root), "they are not of one history")
    return old, new


if __name__ == "__main__":
    try:
        sys.stdout.write(f"{check(*(Path(file).read_text('utf-8') for file in sys.argv[1:3]))}\n")
    except (OSError, ValueError) as error:
        sys.exit(f"refused: {error}")
