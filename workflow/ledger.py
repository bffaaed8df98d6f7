"""Open the ledger that the settings name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.log.keys import SigningKey
from workflow.settings import Settings

if TYPE_CHECKING:
    from audit.ledger.ledger import Ledger


def open_ledger(settings: Settings, *, create: bool = False, signer: SigningKey | None = None) -> Ledger:
    """Open the ledger; `create` makes it where there is none, and `signer` signs what is appended."""
    # The database library takes as long to import as all else together, and a dry run may need no ledger.
    from audit.database.interface import default_checkpoints  # noqa: PLC0415
    from audit.ledger.ledger import open_ledger as open_at  # noqa: PLC0415

    kept = settings.checkpoints or default_checkpoints(settings.ledger)
    return open_at(settings.ledger, create=create, checkpoints=kept, signer=signer, notify=settings.notify)
