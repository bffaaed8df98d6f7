"""Keep a checkpoint of the ledger, and take entries into the record that none covers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from audit.log.keys import SigningKey
from audit.log.notes import Checkpoint
from workflow.ledger import open_ledger
from workflow.settings import Settings


@dataclass(frozen=True, slots=True)
class Sealed:
    """A checkpoint that is kept: in which folder, and how many entries were taken into the record for it."""

    checkpoint: Checkpoint
    folder: Path | None
    covered: int = 0


def seal(settings: Settings, signer: SigningKey | None, *, actor: str, cover: str = "") -> Sealed:
    """Keep a checkpoint of the ledger as it is; `cover` says why entries without one are taken into the record."""
    with open_ledger(settings, signer=signer) as ledger:
        now = datetime.now(UTC)
        folder = None if ledger.checkpoints is None else ledger.checkpoints.folder
        if not cover:
            return Sealed(ledger.seal(actor=actor, at=now), folder)
        covered, head = ledger.cover(actor=actor, at=now, reason=cover)
        return Sealed(head, folder, covered)
