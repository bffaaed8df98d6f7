"""Find what it would take to gain the points that a recorded evaluation lost or has open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.alternatives.improve import improve as improvement_of
from engine.alternatives.improvement import Improvement
from engine.base.messages import msg
from workflow.reproduce import Reproduced, reproduce
from workflow.settings import Progress, no_progress
from workflow.show import require_indicator

if TYPE_CHECKING:
    from audit.ledger.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Improved:
    """A recorded evaluation that was scored again, and what it would take to gain more."""

    reproduced: Reproduced
    improvement: Improvement
    indicator: int | None = None
    """The indicator that was asked for; None for all of them."""


def improve(ledger: Ledger, reference: str, indicator: int | None = None, progress: Progress = no_progress) -> Improved:
    """Return what it would take to gain the points that an indicator, or any of them, lost or has open.

    `NotFound` where the evaluation or the indicator does not exist; `Damaged` where the receipt is not made again.
    """
    reproduced = reproduce(ledger, reference)
    if indicator is not None:
        require_indicator(reproduced.shown.case, indicator)
    with progress(msg("Looking for changes")) as count:
        return Improved(reproduced, improvement_of(reproduced.evaluation, indicator, count=count), indicator)
