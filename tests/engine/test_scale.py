"""Sizes that must work: 2,000 rules, 5,000 facts, and both at once."""

from __future__ import annotations

import pytest

from engine.base.faults import TooManyFirings
from engine.receipt import plain
from tests.engine.laws import check_books, check_closed
from tests.engine.mini import case, fact, indicator, kept, program, ruleset, scored
from tests.evaluated import receipt_of


def banded(rules: int, facts: int) -> dict[str, object]:
    """Return a ruleset whose rules each take a slice of the numbers, all on one fact type."""
    slices = [
        {
            "each": {"j": "judgement"},
            "where": f"j.points >= {n} and j.points < {n + 1}",
            "award": f"weight / {facts}",
            "of": f"weight / {facts}",
        }
        for n in range(rules)
    ]
    return ruleset(indicator(*slices, weight=100))


@pytest.mark.parametrize(("rules", "count"), [(300, 700), pytest.param(2000, 5000, marks=pytest.mark.long)])
def test_many_rules_and_facts(rules: int, count: int) -> None:
    """Every fact fires its one rule, the books balance, and 5,000 slices of 1/50 point add to 100."""
    facts = [fact("judgement", f"J{n}", points=n % rules) for n in range(count)]
    receipt = scored(banded(rules, count), *facts)
    assert kept(receipt) == "100"
    assert sum(firing["action"] == "award" for firing in plain(receipt.content)["firings"]) == count
    check_books(plain(receipt.content))
    check_closed(plain(receipt.content))


def test_2_000_fact_types_of_rules() -> None:
    """2,000 derived types in a chain of rules work too."""
    first = {"id": "d0", "cites": ["1.1"], "each": {"j": "judgement"}, "derive": {"t0": {"n": "j.points"}}}
    rest = [
        {"id": f"d{n}", "cites": ["1.1"], "each": {"j": f"t{n // 2}"}, "derive": {f"t{n}": {"n": "j.n + 1"}}}
        for n in range(1, 600)
    ]
    document = ruleset(indicator({"each": {"t": "t599"}, "award": "t.n"}, weight=100), definitions=[first, *rest])
    assert kept(scored(document, fact("judgement", "J", points=1))) == "11"


def test_a_join_of_5_000_facts_with_themselves() -> None:
    """An equality join does not look at every pair."""
    rule = {"each": {"a": "link", "b": "link"}, "where": "a.end == b.start", "award": "0.001", "of": "0.001"}
    facts = [fact("link", f"L{n}", start=n, end=n + 1) for n in range(5000)]
    assert kept(scored(ruleset(indicator(rule)), *facts)) == "5"


def test_a_cross_product_is_stopped() -> None:
    """Rules that pair everything with everything end in an error that says what to do."""
    rule = {"each": {"a": "link", "b": "link"}, "where": "a.end < b.start", "award": "0.001"}
    facts = case(*(fact("link", f"L{n}", start=n, end=n) for n in range(700)))
    with pytest.raises(TooManyFirings, match="more than"):
        receipt_of(program(ruleset(indicator(rule))), facts)
