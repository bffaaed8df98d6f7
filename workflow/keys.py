"""Make keys, change over to another, and say which one signs."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from audit.faults.errors import unsigned_ledger
from audit.log.keys import PublicKey, SigningKey, new_key, read_key, read_public_key, write_key
from workflow.ledger import open_ledger
from workflow.settings import Settings


def make_key(name: str, file: str) -> SigningKey:
    """Make a key for an office, and write it to a new file that only its owner can read."""
    key = new_key(name)
    write_key(key, Path(file))
    return key


def rotate_key(
    settings: Settings, file: str, *, actor: str, reason: str, former: SigningKey | None, lost: bool
) -> SigningKey:
    """Sign with the key in a file from here on; return it. Where the former key is `lost`, it vouches for nothing."""
    fresh = read_key(Path(file))
    signer = None if lost or (former is not None and former.public == fresh.public) else former
    with open_ledger(settings, signer=signer) as ledger:
        ledger.rotate(fresh, actor=actor, at=datetime.now(UTC), reason=reason, lost=lost)
    return fresh


def key_in_force(settings: Settings) -> PublicKey:
    """Return the key that signs the ledger's checkpoints; `Refused` where nobody signs them."""
    with open_ledger(settings) as ledger:
        key = ledger.key()
        if key is None:
            raise unsigned_ledger(ledger.path)
    return key


def trusted_key(file: str | None) -> PublicKey | None:
    """Return the public key that a file holds; None where none is named."""
    return None if file is None else read_public_key(Path(file))
