"""Score recorded cases again, from the ledger alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from audit.ledger.ledger import Ledger
from audit.replay import ReplayResult
from audit.replay import replay as replay_one
from engine.base.sources import Sources
from engine.receipt import Content, Receipt, facts_of
from engine.receipt.make import make_receipt
from engine.scoring.evaluate import evaluate
from workflow.programs import PROGRAMS


def recompute(sources: Sources, content: Content) -> Receipt:
    """Return the receipt that the recorded texts, readings and facts give today."""
    ruleset = PROGRAMS.ruleset(sources)
    program = PROGRAMS.program(ruleset, content.readings)
    return make_receipt(evaluate(program, facts_of(content, ruleset.facts)))


def replay(ledger: Ledger, references: Iterable[str]) -> Iterator[ReplayResult]:
    """Score evaluations again, one after the other, and compare each with what was recorded."""
    for reference in references:
        yield replay_one(ledger, reference, recompute)
