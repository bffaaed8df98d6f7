"""Score a recorded evaluation once more, for what can be said only of a case that is being scored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.base.faults import Damaged, problem
from engine.base.messages import msg
from engine.facts.model import Facts
from engine.program import Program
from engine.receipt import facts_of
from engine.receipt.make import make_receipt
from engine.scoring.evaluate import evaluate
from engine.scoring.evaluation import Evaluation
from workflow.programs import PROGRAMS
from workflow.show import Shown, show

if TYPE_CHECKING:
    from audit.ledger.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Reproduced:
    """A recorded evaluation whose receipt was made once more, byte for byte, from the recorded texts and facts."""

    shown: Shown
    facts: Facts
    evaluation: Evaluation

    @property
    def program(self) -> Program:
        """The rules under the recorded readings."""
        return self.evaluation.program


def reproduce(ledger: Ledger, reference: str) -> Reproduced:
    """Score a recorded evaluation again from the ledger alone.

    `Damaged` where the receipt is not the recorded one, byte for byte: what explains another score does not explain
    this one.
    """
    shown = show(ledger, reference)
    content, ruleset = shown.case.content, shown.case.ruleset
    facts = facts_of(content, ruleset.facts)
    evaluation = evaluate(PROGRAMS.program(ruleset, content.readings), facts)
    receipt = make_receipt(evaluation)
    if receipt.sha256 != shown.case.receipt_sha256:
        raise Damaged.because(
            problem("evaluation.not-reproduced", "This version of fenming does not make the recorded receipt again."),
            msg("See what differs: fenming replay {evaluation}", evaluation=reference),
        )
    return Reproduced(shown, facts, evaluation)
