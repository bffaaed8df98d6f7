"""Ask how far a recorded score depends on the readings of the form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.alternatives.readings import Readings, readings_of
from engine.receipt.make import firing_numbers
from workflow.programs import PROGRAMS
from workflow.reproduce import reproduce
from workflow.show import Shown

if TYPE_CHECKING:
    from audit.ledger.ledger import Ledger


@dataclass(frozen=True, slots=True)
class ReadingsShown:
    """What a recorded case would have scored under other readings; its recorded receipt was made again first."""

    shown: Shown
    readings: Readings

    @property
    def decided(self) -> tuple[tuple[int, tuple[str, ...]], ...]:
        """The firings in which readings decided something, by their positions in the receipt, with these readings."""
        numbers = firing_numbers(self.readings.evaluation)
        return tuple(sorted((numbers[firing], names) for firing, names in self.readings.decided.items()))


def readings(ledger: Ledger, reference: str) -> ReadingsShown:
    """Score a recorded evaluation under the other readings of its ruleset; nothing is written."""
    reproduced = reproduce(ledger, reference)
    ruleset = reproduced.program.ruleset
    found = readings_of(reproduced.evaluation, lambda chosen: PROGRAMS.compiled(ruleset, chosen))
    return ReadingsShown(reproduced.shown, found)
