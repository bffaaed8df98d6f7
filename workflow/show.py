"""Show a scored case: what the ledger holds of it, as a card or as an explanation."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from audit.log.entries import EvaluationEntry
from audit.tables.records import RecordedEvaluation, recorded_evaluation
from engine.base.faults import Fault, NotFound, problem
from engine.base.folding import folded
from engine.base.messages import listing, msg
from engine.base.sources import Sources
from engine.explanation import (
    Card,
    Explanation,
    ScoredCase,
    card_of,
    explain,
    explanation_digest,
    losses,
    open_address,
    scored_case,
)
from engine.receipt import read_receipt
from engine.receipt.model import IndicatorLine, ResultLine
from workflow.programs import PROGRAMS
from workflow.score import Scored

if TYPE_CHECKING:
    from audit.ledger.ledger import Ledger

_ALIKE = 0.5
"""How much of a name must be as it was written; names of indicators are short."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A scored case, and what the ledger says of it; nothing, where it was not recorded."""

    case: ScoredCase
    recorded: RecordedEvaluation | None

    @property
    def card(self) -> Card:
        """The card."""
        return card_of(self.case)

    @property
    def whole_explanation(self) -> Explanation:
        """The explanation of every posting and every result; formulas have the words of the recorded ruleset."""
        program = PROGRAMS.program(self.case.ruleset, self.case.content.readings)
        return explain(self.case, program, "" if self.recorded is None else self.recorded.id)

    @property
    def explanation_digest(self) -> str:
        """The digest of the whole explanation."""
        return explanation_digest(self.whole_explanation)

    def explanation(self, what: int | str | None = None, *, whole: bool = False) -> Explanation:
        """Explain an indicator by its number or name, a result, a node by its address, or what was lost anywhere.

        `whole` explains every posting; `NotFound` where there is no such indicator, result or address.
        """
        found = self.whole_explanation
        if what is None or not str(what):
            return found if whole else losses(found)
        opened = open_address(found, str(int(what)) if str(what).isdecimal() else str(what))
        if opened is not None:
            return opened
        if "/" in str(what):
            raise _no_such_address(found, str(what))
        if str(what).isdecimal():
            require_indicator(self.case, int(what))
        named = require_named(self.case, str(what))
        return replace(found, levels=(), facts=(), clauses=(), readings=(),
                       indicators=tuple(each for each in found.indicators if each.line in named.indicators),
                       results=tuple(each for each in found.results if each.line in named.results))  # fmt: skip


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


@dataclass(frozen=True, slots=True)
class Named:
    """What a name means in an evaluation: an indicator and a result may be called alike."""

    indicators: tuple[IndicatorLine, ...]
    results: tuple[ResultLine, ...]


def require_named(case: ScoredCase, name: str) -> Named:
    """Return the indicators and the result of a name; `NotFound`, with names like it, where there are none."""
    content, result = case.content, case.result(name)
    indicators = tuple(line for line in content.indicators if folded(line.name) == folded(name))
    if indicators or result is not None:
        return Named(indicators, () if result is None else (result,))
    results = [line.name for line in content.results]
    known = dict.fromkeys([*(line.name for line in content.indicators), *results, *(r.title for r in content.results)])
    near = difflib.get_close_matches(name, known, cutoff=_ALIKE)
    numbered = msg("Its indicators are numbered {numbers}.", numbers=listing(i.number for i in content.indicators))
    remedy = msg("Its results are: {names}.", names=listing(results)) if results else numbered
    if near:
        remedy = msg("Did you mean one of these: {names}?", names=listing(f"“{each}”" for each in near))
    raise NotFound.because(
        problem("evaluation.no-such-result", "There is no indicator or result “{name}” in this evaluation.", name=name),
        remedy,
    )


def split_address(reference: str) -> tuple[str, str]:
    """Return the evaluation that an address begins with, and the rest of it."""
    evaluation, _, rest = reference.partition("/")
    return evaluation, rest.strip("/")


def _no_such_address(explanation: Explanation, address: str) -> NotFound:
    return NotFound.because(
        problem("evaluation.no-such-address", "There is nothing at “{address}” in this evaluation.", address=address),
        msg(
            "See the addresses: fenming explain {evaluation} --depth all --addresses",
            evaluation=explanation.evaluation or "EVALUATION",
        ),
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
