"""Copying a whole ledger that is in use: every row of one state of it, and its checkpoints."""

from audit.backup.checkpoints import copy_checkpoints
from audit.backup.copy import copy_ledger

__all__ = ["copy_checkpoints", "copy_ledger"]
