"""Compare two evaluations, or what a department claimed with its score."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.explanation.comparison import Comparison, compare, compare_claim
from workflow.show import Shown, show

if TYPE_CHECKING:
    from audit.ledger.ledger import Ledger


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Two recorded evaluations and what differs; the same one twice where its claim is compared."""

    first: Shown
    second: Shown
    comparison: Comparison


def side_by_side(ledger: Ledger, first: str, second: str | None) -> SideBySide:
    """Compare two evaluations; without a second one, what was claimed in the first with its score."""
    one = show(ledger, first)
    if second is None:
        return SideBySide(one, one, compare_claim(one.case))
    other = show(ledger, second)
    return SideBySide(one, other, compare(one.case, other.case))
