"""The laws of an evaluation, over random rulesets and facts."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.base.faults import EvaluationError, FactsError
from engine.facts.model import Facts
from engine.program import Program, compile_ruleset
from engine.receipt import Receipt, plain
from engine.ruleset import read_ruleset
from tests.engine.generate import random_facts, random_sources, relabelled, renamed, shuffled
from tests.engine.laws import RIGHTLY_REFUSED, check_books, check_closed, check_results, without_labels
from tests.evaluated import receipt_of

SOME = settings(max_examples=settings().max_examples * 3 // 10)
"""An example takes a tenth of a second, so that a share of them is tried; the test below tries the rest."""


def evaluated(program: Program, facts: Facts) -> Receipt | None:
    """Return the receipt, or None where a formula rightly has no value."""
    try:
        return receipt_of(program, facts, limit=20_000)
    except (EvaluationError, FactsError) as error:
        if not RIGHTLY_REFUSED.search(str(error)):
            raise
        return None


@SOME
@given(st.integers(0, 2**32))
def test_books_balance_and_matchers_agree(seed: int) -> None:
    """Laws 2 and 3: the two matchers agree (else this raises), and every point is in one posting."""
    books(seed)


def books(seed: int) -> None:
    """Check that the books of three cases balance."""
    random = Random(seed)
    program = compile_ruleset(read_ruleset(random_sources(random)))
    for _ in range(3):
        receipt = evaluated(program, random_facts(random))
        if receipt is not None:
            check_books(plain(receipt.content))
            check_closed(plain(receipt.content))
            check_results(plain(receipt.content))


@SOME
@given(st.integers(0, 2**32))
def test_order_changes_no_byte(seed: int) -> None:
    """Law 1: the same facts in another order, and a ruleset compiled again, give the same receipt."""
    order(seed)


def order(seed: int) -> None:
    """Check that a case in another order has the same receipt."""
    random = Random(seed)
    sources = random_sources(random)
    facts = random_facts(random)
    one = evaluated(compile_ruleset(read_ruleset(sources)), facts)
    other = evaluated(compile_ruleset(read_ruleset(sources)), shuffled(facts, random))
    assert (one and one.text) == (other and other.text)


@SOME
@given(st.integers(0, 2**32))
def test_labels_carry_no_weight(seed: int) -> None:
    """Law 8: other ids of facts, other names of rules and another order of both post the same points."""
    labels(seed)


def labels(seed: int) -> None:
    """Check that a case with other labels has the same points."""
    random = Random(seed)
    sources = random_sources(random)
    facts = random_facts(random)
    one = evaluated(compile_ruleset(read_ruleset(sources)), facts)
    other = evaluated(compile_ruleset(read_ruleset(relabelled(sources, random))), renamed(facts, random))
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        assert without_labels(plain(one.content)) == without_labels(plain(other.content))


@pytest.mark.long
@pytest.mark.parametrize("law", [books, order, labels])
def test_each_law_at_length(law: Callable[[int], None]) -> None:
    """A hundred random rulesets."""
    for seed in range(100):
        law(seed)
