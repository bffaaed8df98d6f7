"""Two matchers agree, or there is no score."""

from __future__ import annotations

import pytest

from engine.base.faults import MatchersDisagree
from engine.base.places import Place
from engine.facts.model import Fact
from engine.matching.agreement import MAX_SHOWN, agree
from tests.engine.matching.build import fact

NAMES = {0: "1/share", 1: "checks/none"}
A, B = Fact("T", "a", {}, place=Place("facts.yaml", 7)), fact("T", "b")


def test_the_order_of_matches_means_nothing() -> None:
    """Matches are a set."""
    agree(NAMES, [(0, (A,)), (0, (B,)), (1, ())], [(1, ()), (0, (B,)), (0, (A,))])


def test_what_one_side_missed_is_reported_with_rule_facts_and_place() -> None:
    """Both sides are shown, with what a person needs to look the match up."""
    with pytest.raises(MatchersDisagree) as caught:
        agree(NAMES, [(0, (A, B)), (1, ())], [])
    reported = [str(fault.what) for fault in caught.value.faults]
    assert reported == [
        "Rule 1/share on the facts a, b: the plain matcher found it 1 times, the fast one 0 times.",
        "Rule checks/none on the facts none: the plain matcher found it 1 times, the fast one 0 times.",
    ]
    assert caught.value.faults[0].where == Place("facts.yaml", 7)


def test_what_only_the_fast_side_found_is_reported() -> None:
    """The plain matcher may be the one that errs."""
    with pytest.raises(MatchersDisagree, match="1/share on the facts b: the plain matcher found it 0 times"):
        agree(NAMES, [(0, (A,))], [(0, (A,)), (0, (B,))])


@pytest.mark.parametrize(("plain", "fast"), [(2, 1), (1, 2), (2, 2)])
def test_a_match_found_twice_is_a_fault(plain: int, fast: int) -> None:
    """A match fires once; twice would post its points twice, even if both sides did it."""
    with pytest.raises(MatchersDisagree, match=f"found it {plain} times, the fast one {fast} times"):
        agree(NAMES, [(0, (A,))] * plain, [(0, (A,))] * fast)


def test_facts_are_reported_apart_by_what_they_are_not_by_their_names() -> None:
    """Two facts of one id are two facts."""
    with pytest.raises(MatchersDisagree):
        agree(NAMES, [(0, (fact("T", "a"),))], [(0, (A,))])


def test_only_so_many_differences_are_reported() -> None:
    """Nobody reads a hundred thousand differences."""
    with pytest.raises(MatchersDisagree) as caught:
        agree(NAMES, [(0, (fact("T", str(number)),)) for number in range(100)], [])
    assert len(caught.value.faults) == MAX_SHOWN
