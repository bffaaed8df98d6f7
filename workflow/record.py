"""Record what was scored."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from audit.ledger.ledger import Ledger
from audit.log.entries import BESIDE, OFFICIAL, TRIAL
from audit.tables.records import Evaluation as RecordedEvaluation
from engine.base.faults import Fault, UsageFault
from engine.base.messages import msg
from workflow.score import Scored


@dataclass(frozen=True, slots=True)
class Recording:
    """How an evaluation is to be recorded: by whom, and what it is beside others of its case."""

    actor: str
    supersedes: str | None = None
    reason: str = ""
    standing: str = OFFICIAL
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


def standing_of(supersedes: str | None, reason: str, *, beside: bool, trial: bool) -> str:
    """Return the standing that is asked for; `UsageFault` where the wishes do not go together."""
    if (supersedes is not None) + beside + trial > 1:
        raise UsageFault(
            Fault(
                msg("An evaluation supersedes another, is beside another, or is a trial; only one of the three."),
                msg("Give one of --supersedes, --beside and --trial."),
            )
        )
    if beside and not reason.strip():
        raise UsageFault(
            Fault(
                msg("An evaluation beside the one in force needs a reason."),
                msg("Give the reason with --reason."),
            )
        )
    return BESIDE if beside else TRIAL if trial else OFFICIAL


def record(ledger: Ledger, scored: Scored, recording: Recording) -> RecordedEvaluation:
    """Record what was scored; where the evaluation in force has the same receipt, return that one."""
    return ledger.append(
        scored.receipt,
        scored.sources,
        actor=recording.actor,
        at=recording.at,
        supersedes=recording.supersedes,
        reason=recording.reason,
        standing=recording.standing,
    )
