"""Proofs as files: of an entry under a signed checkpoint, and of one checkpoint under a later one.

The hashes are written as in c2sp.org/tlog-proof. A proof of an entry also holds what the entry represents: the reader
needs nothing but the file. docs/ledger-format.md describes both to the byte.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from audit.faults import errors
from audit.faults.errors import ProofError, ProofRefused
from audit.faults.wording import entry_count
from audit.log.coding import decoded, encoded
from audit.log.entries import Entry, EvaluationEntry, read_entry
from audit.log.keys import PublicKey
from audit.log.merkle import HASH_BYTES, is_consistent, leaf_hash, root_from_inclusion
from audit.log.notes import Checkpoint, origin_of, parse_checkpoint
from audit.log.rulesets import is_named_right, named_in
from engine.base.faults import FenmingError, problem
from engine.base.messages import msg
from engine.base.sources import RULESET, Sources, canonical, sha256, sorts_alike

PROOF_FORMAT = "fenming/proof/1"
CONSISTENCY_FORMAT = "fenming/consistency/1"
MOST_BYTES = 30_000_000

_TLOG_PROOF = "c2sp.org/tlog-proof@v1"
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")
_MOST_HASHES = 64
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """An entry, what it represents, and the path from it to the root of a checkpoint."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: Checkpoint
    entry: str
    receipt: str | None = None
    sources: Sources | None = None

    @property
    def text(self) -> str:
        """The file's text."""
        lines = [_TLOG_PROOF, f"index {self.index}", *map(encoded, self.hashes), "", self.checkpoint.note]
        content: dict[str, Any] = {"format": PROOF_FORMAT, "entry": self.entry, "proof": "\n".join(lines)}
        if self.receipt is not None and self.sources is not None:
            content |= {"receipt": self.receipt, "sources": dict(self.sources.files)}
        return json.dumps(content, ensure_ascii=False, indent=1) + "\n"

    def check(self, key: PublicKey) -> Entry:
        """Check all of it against a key that the reader trusts; return what the entry says.

        `ProofRefused` where anything does not hold.
        """
        check_signed(self.checkpoint, key)
        leaf = leaf_hash(self.entry.encode())
        if root_from_inclusion(self.index, self.checkpoint.size, leaf, self.hashes) != self.checkpoint.root:
            raise _not_included(self.index, self.checkpoint.size)
        if self.index == 0 and self.checkpoint.origin != origin_of(leaf):
            raise _not_included(self.index, self.checkpoint.size)
        entry = read_entry(self.entry)
        if entry is None:
            raise errors.unknown_entry(self.index)
        if entry.index != self.index:
            raise _not_included(self.index, self.checkpoint.size)
        scored = entry if isinstance(entry, EvaluationEntry) else None
        if self.receipt is not None and (scored is None or sha256(self.receipt.encode()) != scored.receipt_sha256):
            raise ProofRefused.because(
                problem(
                    "proof.other-receipt",
                    "The receipt in the file is not the one recorded as entry {index}.",
                    index=self.index,
                ),
                msg("Do not rely on it: the receipt has been changed."),
            )
        if self.sources is not None and (scored is None or self.sources.digest != scored.ruleset):
            raise _other_sources(self.index)
        if self.receipt is not None and not _is_canonical(self.receipt):
            raise errors.unknown_entry(self.index)
        if self.receipt is not None and self.sources is not None:
            name, sources = named_in(self.receipt), self.sources
            if name is None:
                raise errors.unknown_entry(self.index)
            if name.digest != sources.digest:
                raise _other_sources(self.index)
            if not is_named_right(name, sources.manifest, sources.files.get(RULESET)):
                raise ProofRefused.because(
                    problem(
                        "proof.misnamed-ruleset",
                        "The receipt of entry {index} does not name the ruleset in the file as the ruleset names "
                        "itself.",
                        index=self.index,
                    ),
                    msg("Do not rely on it: its signer scored by a different text under that name. Ask the signer."),
                )
        return entry


@dataclass(frozen=True, slots=True)
class ConsistencyProof:
    """Two checkpoints, and what shows that the newer one extends the older."""

    old: Checkpoint
    new: Checkpoint
    hashes: tuple[bytes, ...]

    @property
    def text(self) -> str:
        """The file's text."""
        notes = {"old": self.old.note, "new": self.new.note}
        content = {"format": CONSISTENCY_FORMAT, **notes, "hashes": list(map(encoded, self.hashes))}
        return json.dumps(content, ensure_ascii=False, indent=1) + "\n"

    def check(self, key: PublicKey | None) -> None:
        """Check that the newer checkpoint extends the older, and who signed them; `ProofRefused` where not."""
        if key is not None:
            check_signed(self.old, key)
            check_signed(self.new, key)
        if self.old.origin != self.new.origin:
            raise errors.other_ledger(self.old.origin, self.new.origin)
        if not is_consistent(self.old.size, self.new.size, self.old.root, self.new.root, self.hashes):
            raise ProofRefused.because(
                problem(
                    "proof.not-consistent",
                    "The checkpoint of {new} does not extend the one of {old}.",
                    old=self.old.size,
                    new=entry_count(self.new.size),
                ),
                msg(
                    "Entries or one of the checkpoints have been changed, removed or reordered: do not rely on the "
                    "ledger before you know which."
                ),
            )


def parse_proof(text: str) -> InclusionProof | ConsistencyProof:
    """Read a proof's file; `ProofError` where it is not one."""
    content = _object(text)
    kind = content.get("format")
    if kind == PROOF_FORMAT and content.keys() <= {"format", "entry", "proof", "receipt", "sources"}:
        return _inclusion(content)
    if kind == CONSISTENCY_FORMAT and content.keys() == {"format", "old", "new", "hashes"}:
        old, new, hashes = content["old"], content["new"], content["hashes"]
        if isinstance(old, str) and isinstance(new, str) and isinstance(hashes, list):
            return ConsistencyProof(parse_checkpoint(old), parse_checkpoint(new), _hashes(hashes))
    raise _no_proof()


def checkpoint_in(text: str) -> Checkpoint:
    """Return the checkpoint that a text is, or that a proof leads to."""
    if not text.lstrip().startswith("{"):
        return parse_checkpoint(text)
    proof = parse_proof(text)
    return proof.checkpoint if isinstance(proof, InclusionProof) else proof.new


def _inclusion(content: Mapping[str, Any]) -> InclusionProof:
    entry, proof, receipt, sources = (content.get(name) for name in ("entry", "proof", "receipt", "sources"))
    if not isinstance(entry, str) or not isinstance(proof, str):
        raise _no_proof()
    head, blank, note = proof.partition("\n\n")
    first, *lines = head.split("\n")
    index = _INDEX.fullmatch(lines[0]) if lines else None
    if first != _TLOG_PROOF or not blank or index is None:
        raise _no_proof()
    texts = None
    if "receipt" in content or "sources" in content:
        if not isinstance(receipt, str) or not isinstance(sources, dict) or not _is_texts(sources):
            raise _no_proof()
        texts = Sources(sources)
    return InclusionProof(int(index[1]), _hashes(lines[1:]), parse_checkpoint(note), entry, receipt, texts)


def _is_texts(sources: Mapping[str, object]) -> bool:
    named = all(map(sorts_alike, sources))
    return named and all(isinstance(text, str) and _is_text(text) for text in sources.values())


def _is_text(text: str) -> bool:
    """Return whether a string is text that UTF-8 can write."""
    return _SURROGATE.search(text) is None


def _hashes(lines: Sequence[object]) -> tuple[bytes, ...]:
    found = [decoded(line) if isinstance(line, str) else None for line in lines]
    hashes = tuple(digest for digest in found if digest is not None and len(digest) == HASH_BYTES)
    if len(hashes) != len(lines) or len(hashes) > _MOST_HASHES:
        raise _no_proof()
    return hashes


def _is_canonical(text: str) -> bool:
    try:
        return canonical(json.loads(text)) == text.encode()
    except (TypeError, ValueError, RecursionError):
        return False


def _object(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text, object_pairs_hook=_unique) if _is_text(text) else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not all(_is_text(value) for value in found.values() if isinstance(value, str)):
        raise _no_proof()
    return found


def _unique(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse an object in which a name occurs twice: readers would not agree on which value counts."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name occurs twice")
    return found


def check_signed(checkpoint: Checkpoint, key: PublicKey) -> None:
    """Check that a key has signed a checkpoint; `ProofRefused` where not."""
    if not checkpoint.is_signed_by(key):
        raise ProofRefused.because(
            problem(
                "proof.not-signed",
                "The checkpoint of {entries} is not signed by the key “{name}”.",
                name=key.label,
                entries=entry_count(checkpoint.size),
            ),
            msg(
                "It proves nothing to whoever trusts that key. Check that it is the right key. If the office has "
                "changed its key since, ask it for the proof of the entry that names the new one: "
                "`fenming audit prove ENTRY --key FORMER`."
            ),
        )


def _no_proof() -> FenmingError:
    """A file is not a proof of ours."""
    return ProofError.because(
        problem("proof.not-one", "This is not a complete proof made by fenming."),
        msg("Fetch a complete, unmodified copy; `fenming audit prove` makes one."),
    )


def _not_included(index: int, size: int) -> FenmingError:
    """The way does not lead from the entry to the root."""
    return ProofRefused.because(
        problem(
            "proof.not-included",
            "This is not entry {index} of the ledger when it had {entries}.",
            index=index,
            entries=entry_count(size),
        ),
        msg("Do not rely on it: the entry or the proof has been changed, or they do not belong together."),
    )


def _other_sources(index: int) -> FenmingError:
    """The ruleset is not the one that the entry names."""
    return ProofRefused.because(
        problem(
            "proof.other-ruleset",
            "The ruleset in the file is not the one that entry {index} was scored by.",
            index=index,
        ),
        msg("Do not rely on it: the ruleset has been changed."),
    )
