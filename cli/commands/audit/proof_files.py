"""What the commands about proofs share: files with proofs and checkpoints, and the key that the reader trusts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from audit.faults.errors import ProofError, ProofRefused
from audit.ledger.ledger import Ledger
from audit.ledger.proofs import checkpoint_of
from audit.log.keys import PublicKey, read_public_key
from audit.log.notes import Checkpoint
from audit.log.proofs import MOST_BYTES, checkpoint_in
from engine.base.messages import Message, msg
from engine.base.places import Place
from workflow.files import read_bytes

_MOST_SIZE_DIGITS = 20
"""No checkpoint speaks of so many entries; and no file's name may be as long as a number can be."""


def checkpoint_named(ledger: Ledger, which: str) -> Checkpoint:
    """Return the checkpoint that a word names: a file, a number of entries, or the latest."""
    if which == "latest":
        return checkpoint_of(ledger)
    if which.isascii() and which.isdigit() and len(which) < _MOST_SIZE_DIGITS and not Path(which).exists():
        return checkpoint_of(ledger, int(which))
    with about(which):
        return checkpoint_in(proof_text(which, msg("Check the path; `fenming audit checkpoint` prints a checkpoint.")))


def proof_text(file: str, remedy: Message) -> str:
    """Return the text of a proof or a checkpoint to the byte; nothing, which is neither, if it is not such a text."""
    try:
        return read_bytes(file, MOST_BYTES, remedy).decode()
    except UnicodeDecodeError:
        return ""


@contextmanager
def about(file: str) -> Iterator[None]:
    """Let what is wrong with a proof or a checkpoint name the file that it is in."""
    try:
        yield
    except (ProofError, ProofRefused) as error:
        raise type(error)(*(replace(fault, where=Place(file)) for fault in error.faults)) from None


def trusted_key(file: str | None) -> PublicKey | None:
    """Return the public key that a file holds; None where none is named."""
    return None if file is None else read_public_key(Path(file))
