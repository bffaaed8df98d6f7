"""Law 8 over the whole form: what facts are called, and where they are written, changes no score and no posting."""

from random import Random

import pytest

from engine.facts import open_facts, read_facts
from engine.facts.model import Facts
from engine.program import Program
from engine.receipt import Receipt, plain
from tests.engine.generate import renamed
from tests.engine.laws import without_labels
from tests.evaluated import receipt_of
from tests.oracle.generate import case_text, choose_readings
from tests.oracle.program import compiled

SEED, BLOCKS, CASES = 77, 3, 20


@pytest.mark.parametrize("block", [0, *(pytest.param(n, marks=pytest.mark.long) for n in range(1, BLOCKS))])
def test_labels_carry_no_weight(block: int) -> None:
    """Several judgements, caps at the weight, overrides and open points on one indicator included."""
    readings = choose_readings(SEED, block)
    program = compiled(readings)
    adjusted = overridden = 0
    for number in range(CASES):
        text = case_text(SEED, block * CASES + number, readings)
        facts = read_facts(open_facts(text, "case.json"), program.ruleset.facts, program.ruleset.conversions)
        one, other = receipt_of(program, facts), _relabelled(program, facts, Random(number))
        assert without_labels(plain(one.content)) == without_labels(plain(other.content)), text
        kinds = [(p["indicator"], p["kind"]) for p in plain(one.content)["postings"]]
        adjusted += any(kinds.count((i, "adjustment")) > 1 for i, _ in kinds)
        overridden += any(kind == "override" for _, kind in kinds)
    assert adjusted
    assert overridden


def _relabelled(program: Program, facts: Facts, random: Random) -> Receipt:
    return receipt_of(program, renamed(facts, random))
