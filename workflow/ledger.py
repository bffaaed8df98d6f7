"""Open the ledger that the settings name."""

from __future__ import annotations

from audit.database.interface import default_checkpoints
from audit.ledger.ledger import Ledger
from audit.ledger.ledger import open_ledger as open_at
from audit.log.keys import SigningKey
from workflow.settings import Settings


def open_ledger(settings: Settings, *, create: bool = False, signer: SigningKey | None = None) -> Ledger:
    """Open the ledger; `create` makes it where there is none, and `signer` signs what is appended."""
    kept = settings.checkpoints or default_checkpoints(settings.ledger)
    return open_at(settings.ledger, create=create, checkpoints=kept, signer=signer, notify=settings.notify)
