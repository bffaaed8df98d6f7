"""What nobody assessed stays open: it is neither kept nor lost, until an override settles it."""

from __future__ import annotations

from typing import Any

import pytest

from engine.base.faults import EvaluationError, FactsError
from engine.receipt import Receipt, plain
from tests.engine.laws import check_books
from tests.engine.mini import fact, indicator, kept, ruleset, scored


def balanced(receipt: Receipt) -> Receipt:
    """Return a receipt whose books balance."""
    check_books(plain(receipt.content))
    return receipt


def test_level_2_override_works_from_an_indicator_that_is_not_assessed() -> None:
    """Not assessing the indicator whose remark holds the override protects nothing: it settles its open points too."""
    zero = {"each": {"j": "judgement"}, "override": {"to": 0, "scope": "level_2"}}
    document = ruleset(indicator({"award": 10}, zero), indicator({"award": 10}, number=2))
    facts = [fact("judgement", "J", points=0), fact("not_assessed", "N", indicator=1, reason="未报")]
    content = plain(balanced(scored(document, *facts)).content)
    lines = [(i["kept"], i["lost"], i["open"], i["status"]) for i in content["indicators"]]
    assert lines == [("0", "10", "0", "not_assessed"), ("0", "10", "0", "assessed")]


@pytest.mark.parametrize(
    "rule", [{"each": {"j": "judgement"}, "adjust": "j.points"}, {"each": {"j": "judgement"}, "cap": "j.points"}]
)
def test_what_is_open_cannot_be_judged_or_capped(rule: dict[str, Any]) -> None:
    """A judgement or a cap of an indicator that is not assessed is an error that names both facts."""
    facts = [fact("judgement", "J", points=1), fact("not_assessed", "N", indicator=1, reason="未报")]
    with pytest.raises(FactsError, match="“J” changes the score of indicator 1, which “N” leaves unassessed"):
        scored(ruleset(indicator({"award": 4}, rule)), *facts)


def test_a_standing_cap_has_nothing_to_limit_in_an_open_indicator() -> None:
    """A cap that rests on no fact, even one on another indicator's score, is no judgement: the points stay open."""
    waits = [fact("not_assessed", f"N{n}", indicator=n, reason="未报") for n in (1, 2)]
    document = ruleset(indicator({"award": 10}), indicator({"award": 10}, {"cap": "score(1) / 2"}, number=2))
    receipt = balanced(scored(document, *waits))
    assert [line.open for line in receipt.content.indicators] == ["10", "10"]
    assert kept(balanced(scored(document, waits[1])), 1) == "10"
    with pytest.raises(EvaluationError, match="Indicator 1 is not assessed"):
        scored(document, waits[0])


def test_an_override_of_a_part_settles_its_open_points() -> None:
    """The part is decided, and the other parts stay open."""
    parts = [{"id": name, "title": name, "weight": 5, "cites": ["1.1"]} for name in ("a", "b")]
    zero = {"part": "a", "each": {"j": "judgement"}, "override": {"to": 2, "scope": "part"}}
    rules: list[dict[str, Any]] = [{"part": "a", "award": 5}, {"part": "b", "award": 5}, zero]
    facts = [fact("judgement", "J", points=0), fact("not_assessed", "N", indicator=1, reason="未报")]
    receipt = balanced(scored(ruleset(indicator(*rules, parts=parts)), *facts))
    [line] = receipt.content.indicators
    assert [(part.kept, part.lost, part.open) for part in line.parts] == [("2", "3", "0"), ("0", "0", "5")]


def test_the_total_is_a_range_while_points_are_open() -> None:
    """The grade is given where every total that is possible has one grade; else the grades are named."""
    document = ruleset(indicator({"award": 95}, weight=95), indicator({"award": 5}, number=2, weight=5))
    low = plain(balanced(scored(document, fact("not_assessed", "N", indicator=2, reason="未报"))).content)
    assert (low["total"], low["open"], low["grade"], low["grades"]) == ("95", "5", "优", ["优"])
    high = plain(balanced(scored(document, fact("not_assessed", "N", indicator=1, reason="未报"))).content)
    assert (high["total"], high["open"], high["grade"], high["grades"]) == ("5", "95", None, ["优", "差"])


def test_an_override_settles_open_points() -> None:
    """An override of the indicator itself decides it, though nobody assessed it."""
    zero = {"each": {"j": "judgement"}, "override": {"to": 2, "scope": "indicator"}}
    facts = [fact("judgement", "J", points=0), fact("not_assessed", "N", indicator=1, reason="未报")]
    content = plain(balanced(scored(ruleset(indicator({"award": 10}, zero)), *facts)).content)
    assert [content["indicators"][0][side] for side in ("kept", "lost", "open")] == ["2", "8", "0"]
    assert content["indicators"][0]["before_override"] == {"kept": "0", "open": "10"}


def test_the_points_of_an_open_indicator_are_unknown() -> None:
    """A rule that asks for them stops the evaluation; one that asks whether they are open does not."""
    asks = ruleset(indicator({"award": 10}), indicator({"award": "score(1)"}, number=2))
    with pytest.raises(EvaluationError, match="Indicator 1 is not assessed"):
        scored(asks, fact("not_assessed", "N", indicator=1, reason="未报"))
    guarded = {"award": "if open_points(1) > 0 then 1 else score(1)"}
    document = ruleset(indicator({"award": 10}), indicator(guarded, number=2))
    assert kept(scored(document, fact("not_assessed", "N", indicator=1, reason="未报")), 2) == "1"
