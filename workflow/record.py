"""Record what was scored."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from audit.database.common.addresses import ledger_file
from audit.faults.errors import folder_missing
from audit.ledger.submission import Submission
from audit.log.entries import BESIDE, OFFICIAL, TRIAL
from audit.tables.records import RecordedEvaluation
from engine.base.faults import Fault, Refused, UsageFault, problem
from engine.base.messages import msg
from workflow.ledger import open_ledger
from workflow.score import Scored
from workflow.settings import Settings

if TYPE_CHECKING:
    from audit.ledger.ledger import Ledger


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
                problem(
                    "option.one-standing",
                    "An evaluation supersedes another, is recorded beside another, or is a trial: "
                    "only one of the three.",
                ),
                msg("Give one of --supersedes, --beside and --trial."),
            )
        )
    if beside and not reason.strip():
        raise UsageFault(
            Fault(
                problem("option.beside-reason", "An evaluation beside the one in force needs a reason."),
                msg("Give the reason with --reason."),
            )
        )
    return BESIDE if beside else TRIAL if trial else OFFICIAL


def require_own_ruleset(scored: Scored, standing: str) -> None:
    """Refuse to record a score by another ruleset than the facts file names, unless it is a trial."""
    if scored.instead_of and standing != TRIAL:
        raise Refused(
            Fault(
                problem(
                    "recording.other-ruleset",
                    "The facts file names the ruleset “{named}”, and it was scored by “{ruleset}”: "
                    "that can only be a trial.",
                    named=scored.instead_of,
                    ruleset=scored.ruleset.id,
                ),
                msg("Nothing was written. Record it with --trial, or let the file name the ruleset that scores it."),
            )
        )


def preview(settings: Settings, scored: Scored, recording: Recording) -> RecordedEvaluation | None:
    """Look what recording would come to: nothing is written, not even a ledger that is not there yet.

    Returns the evaluation in force that the same facts gave already, or None where a new one would be recorded. The
    errors are those of recording.
    """
    file = ledger_file(settings.ledger)
    if file is not None and not file.exists() and recording.supersedes is None:
        if not file.parent.is_dir():
            raise folder_missing(settings.ledger, str(file.parent))
        return None
    from audit.ledger.preview import preview as look_ahead  # noqa: PLC0415 - a dry run without a ledger does without

    with open_ledger(settings) as ledger:
        return look_ahead(ledger, _submission(scored, recording))


def record(ledger: Ledger, scored: Scored, recording: Recording) -> RecordedEvaluation:
    """Record what was scored; where the evaluation in force has the same receipt, return that one."""
    return ledger.append_all([_submission(scored, recording)])[0]


def _submission(scored: Scored, recording: Recording) -> Submission:
    require_own_ruleset(scored, recording.standing)
    return Submission(
        scored.receipt,
        scored.sources,
        recording.actor,
        recording.at,
        recording.supersedes,
        recording.reason,
        recording.standing,
    )
