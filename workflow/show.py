"""Show a scored case: what the ledger holds of it, as a card or as an explanation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.log.entries import EvaluationEntry
from audit.tables.records import RecordedEvaluation, recorded_evaluation
from engine.base.faults import Fault, NotFound, problem
from engine.base.messages import listing, msg
from engine.base.sources import Sources
from engine.explanation import Card, Explanation, ScoredCase, card_of, explain, scored_case
from engine.explanation.explain import explain_result, explain_whole
from engine.receipt import read_receipt
from engine.receipt.model import ResultLine
from workflow.programs import PROGRAMS
from workflow.score import Scored

if TYPE_CHECKING:
    from audit.ledger.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Shown:
    """A scored case, and what the ledger says of it; nothing, where it was not recorded."""

    case: ScoredCase
    recorded: RecordedEvaluation | None

    @property
    def card(self) -> Card:
        """The card."""
        return card_of(self.case)

    def explanation(self, what: int | str | None = None, *, whole: bool = False) -> Explanation:
        """Explain an indicator by its number, a result by its name, or what was lost in any indicator and all results.

        `whole` explains every posting; `NotFound` where there is no such indicator or result.
        """
        if what is None:
            return explain_whole(self.case) if whole else explain(self.case)
        if not str(what).isdecimal():
            return explain_result(self.case, require_result(self.case, str(what)))
        require_indicator(self.case, int(what))
        return explain(self.case, int(what))


def show(ledger: Ledger, reference: str) -> Shown:
    """Return a recorded evaluation by its id, the beginning of it, or `latest`, once it has been checked."""
    recorded = ledger.find(reference)
    receipt = ledger.checked(recorded)
    digest = recorded.ruleset_digest
    return Shown(scored_case(receipt, PROGRAMS.ruleset(ledger.sources(digest), digest)), recorded)


def show_unrecorded(scored: Scored) -> Shown:
    """Return what was scored and is not recorded."""
    return Shown(scored_case(scored.receipt, scored.ruleset), None)


def show_entry(text: bytes, sources: Sources, entry: EvaluationEntry) -> Shown:
    """Return the evaluation of an entry, from its receipt and the texts that scored it.

    `ReceiptError` or `RulesetError` where these are not what this program writes.
    """
    receipt = read_receipt(text)
    case = scored_case(receipt, PROGRAMS.ruleset(sources))
    return Shown(case, recorded_evaluation(entry, receipt.content))


def require_result(case: ScoredCase, name: str) -> ResultLine:
    """Return the result of a name or a title; `NotFound` where the case has no such one."""
    line = case.result(name)
    if line is not None:
        return line
    names = [one.name for one in case.content.results]
    raise NotFound.because(
        problem("evaluation.no-such-result", "There is no result “{name}” in this evaluation.", name=name),
        msg("Its results are: {names}.", names=listing(names))
        if names
        else msg("Its indicators are numbered {numbers}.", numbers=listing(i.number for i in case.content.indicators)),
    )


def require_indicator(case: ScoredCase, indicator: int) -> None:
    """Refuse a number that no indicator of the case has."""
    numbers = [line.number for line in case.content.indicators]
    if indicator not in numbers:
        raise NotFound(
            Fault(
                problem(
                    "evaluation.no-such-indicator",
                    "There is no indicator {number} in this evaluation.",
                    number=indicator,
                ),
                msg("Its indicators are numbered {numbers}.", numbers=listing(numbers)),
            )
        )
