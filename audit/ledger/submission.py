"""What is given to the ledger to record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from audit.log.entries import OFFICIAL
from engine.base.sources import Sources
from engine.receipt import Receipt


@dataclass(frozen=True, slots=True)
class Submission:
    """One evaluation to record: what came out, from which texts, who records it when, and what it corrects."""

    receipt: Receipt
    sources: Sources
    actor: str
    at: datetime
    supersedes: str | None = None
    """The evaluation of the same department and year that this one corrects; then `reason` says why."""
    reason: str = ""
    standing: str = OFFICIAL
    """What it is where it supersedes nothing; else it takes the standing of the one that it supersedes."""
