"""What most tests look at: the receipt of a case."""

from __future__ import annotations

from engine.facts import Facts
from engine.program import Program
from engine.receipt import Receipt
from engine.receipt.make import make_receipt
from engine.scoring.evaluate import MAX_FIRINGS, evaluate


def receipt_of(program: Program, facts: Facts, limit: int = MAX_FIRINGS) -> Receipt:
    """Score a case and return its receipt."""
    return make_receipt(evaluate(program, facts, limit))
