"""Verdicts agree with the matchers, and what they call needed is enough, over random rulesets and facts."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.base.faults import EvaluationError, FactsError
from engine.program import compile_ruleset
from engine.ruleset import read_ruleset
from engine.scoring.evaluate import evaluate
from engine.verdicts import compile_verdicts
from tests.engine.generate import random_facts, random_sources
from tests.engine.laws import RIGHTLY_REFUSED
from tests.engine.verdicts.laws import check_verdicts


def verdicts(seed: int, cases: int = 3) -> int:
    """Check the verdicts of a few random cases; return how many conditions were made to hold."""
    random = Random(seed)
    program = compile_ruleset(read_ruleset(random_sources(random)))
    judges = compile_verdicts(program)
    checked = 0
    for _ in range(cases):
        try:
            evaluation = evaluate(program, random_facts(random), limit=50_000)
        except (EvaluationError, FactsError) as error:
            if not RIGHTLY_REFUSED.search(str(error)):
                raise
            continue
        checked += check_verdicts(evaluation, judges)
    return checked


@settings(deadline=None, max_examples=12)
@given(st.integers(0, 10**9))
def test_verdicts_agree_with_the_matchers(seed: int) -> None:
    """A rule has fired if and only if its verdict says so; the first failed condition, changed as it says, holds."""
    verdicts(seed)


def test_conditions_are_made_to_hold() -> None:
    """The law is not empty: random rules fail on conditions that name what they need."""
    assert sum(map(verdicts, range(5))) > 20


@pytest.mark.long
def test_verdicts_at_length() -> None:
    """A hundred random rulesets."""
    for seed in range(100):
        verdicts(seed, 5)
