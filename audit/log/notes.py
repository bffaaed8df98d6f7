"""Signed notes and checkpoints as C2SP specifies them: c2sp.org/signed-note, c2sp.org/tlog-checkpoint."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from audit.faults.errors import ProofError, ProofRefused
from audit.faults.wording import entry_count
from audit.log.coding import decoded, encoded
from audit.log.keys import PublicKey, SigningKey
from audit.log.merkle import HASH_BYTES
from engine.base.faults import FenmingError, problem
from engine.base.messages import msg

ORIGIN_PREFIX = "fenming/"
_DASH = "— "
_MOST_BYTES = 100_000
"""How long a note may be: far above sixteen signatures, as many as a verifier must take."""
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Signature:
    """One line under a note: whose it claims to be, and its bytes."""

    name: str
    key_id: bytes
    signature: bytes

    @property
    def line(self) -> str:
        """The line as it is in the note."""
        return f"{_DASH}{self.name} {encoded(self.key_id + self.signature)}\n"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a tree, signed or not: the ledger's origin, how many entries it has, and their root."""

    origin: str
    size: int
    root: bytes
    signatures: tuple[Signature, ...] = ()

    @property
    def text(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{encoded(self.root)}\n"

    @property
    def note(self) -> str:
        """The whole note; without a signature it proves nothing by itself."""
        return self.text + "\n" + "".join(signature.line for signature in self.signatures)

    def signed(self, keys: Iterable[SigningKey]) -> Checkpoint:
        """Return the checkpoint with these keys' signatures, in their order."""
        text = self.text.encode()
        made = tuple(Signature(key.public.name, key.public.key_id, key.sign(text)) for key in keys)
        return Checkpoint(self.origin, self.size, self.root, made)

    def is_signed_by(self, key: PublicKey) -> bool:
        """Return whether a key has signed; a signature in its name that does not hold is an error, as C2SP asks."""
        found = [s for s in self.signatures if (s.name, s.key_id) == (key.name, key.key_id)]
        for signature in found:
            if not key.verifies(signature.signature, self.text.encode()):
                raise ProofRefused.because(
                    problem(
                        "proof.bad-signature",
                        "The signature of “{name}” on the checkpoint of {entries} does not hold.",
                        name=key.label,
                        entries=entry_count(self.size),
                    ),
                    msg("Do not rely on it: the checkpoint has been changed, or was not made with this key."),
                )
        return bool(found)


def origin_of(first_leaf: bytes) -> str:
    """Return the identity of the ledger whose first entry has this leaf hash."""
    return ORIGIN_PREFIX + first_leaf.hex()[:32]


def parse_checkpoint(note: str) -> Checkpoint:
    """Read a checkpoint; `ProofError` where it is not one to the byte."""
    text, blank, lines = note.partition("\n\n")
    parts = text.split("\n")
    if not blank or len(parts) != 3 or not _is_plain(note):  # noqa: PLR2004 - origin, size, root
        raise _no_checkpoint()
    origin, size, root = parts
    if not origin or not _SIZE.fullmatch(size):
        raise _no_checkpoint()
    digest = decoded(root)
    if digest is None or len(digest) != HASH_BYTES:
        raise _no_checkpoint()
    if lines and not lines.endswith("\n"):
        raise _no_checkpoint()
    return Checkpoint(origin, int(size), digest, tuple(_signature(line) for line in lines.split("\n")[:-1]))


def _signature(line: str) -> Signature:
    dash, name, rest = line[: len(_DASH)], *line[len(_DASH) :].partition(" ")[::2]
    data = decoded(rest)
    named = bool(name) and not any(character == "+" or character.isspace() for character in name)
    if dash != _DASH or not named or data is None or len(data) <= 4:  # noqa: PLR2004 - the key's id, then the signature
        raise _no_checkpoint()
    return Signature(name, data[:4], data[4:])


def _is_plain(note: str) -> bool:
    """Return whether a text can be a note at all: of bearable length, in UTF-8, without control characters."""
    try:
        size = len(note.encode())
    except UnicodeEncodeError:
        return False
    return size <= _MOST_BYTES and _CONTROL.search(note) is None


def _no_checkpoint() -> FenmingError:
    """A text is not a checkpoint to the byte."""
    return ProofError.because(
        problem("checkpoint.not-one", "This is not a complete checkpoint."),
        msg("Fetch a complete, unmodified copy."),
    )
