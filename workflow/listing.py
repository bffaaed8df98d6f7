"""List what a ledger holds."""

from __future__ import annotations

from itertools import islice

from audit.tables.records import Cover, KeyChange, RecordedEvaluation
from workflow.ledger import open_ledger
from workflow.settings import Settings


def newest(settings: Settings, most: int, *, everything: bool) -> list[RecordedEvaluation | KeyChange | Cover]:
    """Return the newest entries, each checked: the evaluations in force, or `everything` that is recorded."""
    with open_ledger(settings) as ledger:
        found = list(islice(ledger.history(in_force=not everything), most))
        for each in found:
            if isinstance(each, RecordedEvaluation):
                ledger.checked(each)
    return found
