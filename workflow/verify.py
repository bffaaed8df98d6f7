"""Verify a whole ledger."""

from __future__ import annotations

from audit.faults.errors import no_checkpoints
from audit.log.keys import PublicKey
from audit.verify import Report, verify
from engine.base.messages import msg
from workflow.ledger import open_ledger
from workflow.settings import Settings


def verify_ledger(settings: Settings, key: PublicKey | None = None, workers: int = 1) -> Report:
    """Check every entry, row and checkpoint of the ledger by so many processes; `key` is the one that is trusted.

    `NotFound` where the settings name a folder of checkpoints that is not there: without checkpoints a ledger verifies
    all the same, and the mistake would pass unnoticed.
    """
    with open_ledger(settings) as ledger, settings.progress(msg("Verifying")) as count:
        if settings.checkpoints is not None and not settings.checkpoints.is_dir():
            raise no_checkpoints(ledger.path, str(settings.checkpoints))
        return verify(ledger, key=key, progress=count, workers=workers)
