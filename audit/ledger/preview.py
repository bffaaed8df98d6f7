"""Look what recording an evaluation would come to, without recording it."""

from __future__ import annotations

from audit.ledger.ledger import Ledger
from audit.ledger.names import Names
from audit.ledger.standing import Cases
from audit.ledger.submission import Submission
from audit.log.entries import BESIDE, check_text
from audit.tables.records import RecordedEvaluation


def preview(ledger: Ledger, submission: Submission) -> RecordedEvaluation | None:
    """Return the evaluation in force that the same facts gave already; None where a new one would be recorded.

    Raises where recording would be refused.
    """
    needs_reason = submission.supersedes is not None or submission.standing == BESIDE
    check_text(submission.actor, submission.reason, needs_reason=needs_reason)
    with ledger.reading() as connection:
        decided = Cases(connection, ledger.path).decide(submission)
        if isinstance(decided, RecordedEvaluation):
            return decided
        for _ in Names(connection, ledger.path).check(submission, decided.standing):
            pass
    return None
