"""Where acts meet: what limits an override, which act of several counts, and in which order firings are cut."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.base.faults import EvaluationError, RulesetError
from engine.base.numbers import percentage
from engine.facts.model import Evidence, Fact, Label
from engine.receipt import plain
from engine.scoring.evaluation import possible_grades
from engine.scoring.firing import Firing
from engine.scoring.ordering import clause_key, fact_key, in_order
from tests.engine.laws import check_books
from tests.engine.mini import fact, indicator, kept, postings, program, ruleset, scored

EACH = {"each": {"p": "project"}}


def project(id_: str = "P1", **values: Any) -> Any:
    """Return a project."""
    return fact("project", id_, **{"name": "甲项目", "amount": 100, "met": True, "kind": "甲", "score": 1, **values})


def override(to: Any, scope: str = "indicator") -> dict[str, Any]:
    """Return an override."""
    return {"override": {"to": to, "scope": scope}}


@pytest.mark.parametrize(
    ("to", "line"),
    [
        (12, ("override", "12", "1", "-1", "cap")),
        (-1, ("override", "-1", "-9", "9", "floor")),
        (10, ("override", "10", "1", "-1", "")),
        ("10 / 3", ("override", "3.33", "-5.67", "5.67", "")),
    ],
)
def test_an_override_is_rounded_and_kept_within_the_weight(to: Any, line: tuple[str, ...]) -> None:
    """What it asked for stays in the books beside what was posted."""
    receipt = scored(ruleset(indicator({"award": 9}, override(to))))
    check_books(plain(receipt.content))
    assert postings(receipt)[-1] == line


def test_the_override_of_the_parent_comes_last() -> None:
    """An override of the level-2 parent decides what one of the indicator has set."""
    receipt = scored(ruleset(indicator({"award": 9}, override(0, "level_2"), override(5))))
    assert [line[:3] for line in postings(receipt)[-2:]] == [("override", "5", "-4"), ("override", "0", "-5")]
    assert kept(receipt) == "0"


def test_of_two_ways_not_to_apply_the_stricter_counts() -> None:
    """An indicator that does not apply scores nothing where one rule says so, though another gives it in full."""
    ways = [{"not_applicable": "full"}, {"not_applicable": "zero"}]
    for rules in (ways, ways[::-1]):
        receipt = scored(ruleset(indicator(*rules)))
        assert [line[2:4] for line in postings(receipt)] == [("0", "10"), ("0", "0")]


def test_of_several_caps_the_lowest_is_posted_first() -> None:
    """The others are recorded as less strict."""
    receipt = scored(ruleset(indicator({"award": 9}, {"cap": 6}, {"cap": 3})))
    assert postings(receipt)[-2:] == [("cap", "3", "-6", "6", ""), ("cap", "6", "0", "0", "stricter")]


def test_several_awards_leave_the_rest_to_its_own_posting() -> None:
    """Only an award that fires alone settles its whole part."""
    receipt = scored(ruleset(indicator({**EACH, "award": "p.score"})), project("P1", score=2), project("P2", score=3))
    assert sorted(postings(receipt)) == [
        ("award", "2", "2", "0", ""),
        ("award", "3", "3", "0", ""),
        ("rest", "5", "0", "5", ""),
    ]


def test_the_rest_names_the_facts_that_gave_nothing() -> None:
    """Whoever asks why the rest is lost sees the facts that the rules looked at and passed over."""
    receipt = scored(ruleset(indicator({**EACH, "where": "p.met", "award": 3})), project("P1", met=False))
    [posting] = receipt.content.postings
    assert receipt.content.firings[posting.firing].facts == ("P1",)


def test_a_score_is_marked_where_any_of_its_facts_is_assumed() -> None:
    """Also where no point was lost by it."""
    assumed = replace(project(), assumed="推定")
    receipt = scored(ruleset(indicator({**EACH, "award": 10})), assumed)
    assert receipt.content.indicator(1).assumed
    assert not scored(ruleset(indicator({**EACH, "award": 10})), project()).content.indicator(1).assumed


def test_what_does_not_apply_says_what_it_gave() -> None:
    """{taken} of a rule that gives an indicator in full is what it gave."""
    says = {"say": {"zh": "不适用，计 {taken} 分", "en": "{taken}"}}
    receipt = scored(ruleset(indicator({"not_applicable": "full", **says})))
    assert receipt.content.firings[0].says.zh == "不适用，计 10 分"


def test_an_override_of_several_indicators_cannot_say_what_it_took() -> None:
    """It takes other points from each."""
    rule = {**override(0, "level_2"), "say": {"zh": "扣 {taken} 分", "en": "{taken}"}}
    with pytest.raises(RulesetError, match=r"“\{taken\}” has no value here"):
        program(ruleset(indicator({"award": 9}, rule)))


def test_a_slice_below_zero_is_refused() -> None:
    """A rule cannot stake a negative number of points."""
    with pytest.raises(EvaluationError, match=r"-1"):
        scored(ruleset(indicator({"award": 1, "of": "0 - 1"})))


@pytest.mark.parametrize(
    ("low", "high", "grades"),
    [(80, 90, ["优", "良"]), (80, Fraction(8999, 100), ["良"]), (90, 90, ["优"]), (0, 100, ["优", "良", "差"])],
)
def test_a_range_has_the_grades_of_both_its_ends(low: Any, high: Any, grades: list[str]) -> None:
    """A grade begins at its figure, so that a range up to exactly 90 may still be the grade from 90."""
    assert possible_grades([("优", 90), ("良", 80), ("差", 0)], low, high) == grades


def test_clauses_are_in_the_order_of_their_numbers() -> None:
    """5.10 comes after 5.2, and 11.remark after 11.2."""
    clauses = ["5.2", "5.10", "11.1", "11.2", "11.remark"]
    assert sorted(set(clauses), key=clause_key) == clauses


def test_the_order_of_facts_is_made_from_what_they_say() -> None:
    """No id counts: not the fact's own, nor its owner's, nor that of a fact that it holds; evidence and reason do."""
    one = project("P1")
    other = replace(project("Z9"), place=one.place)
    assert fact_key(one) == fact_key(other)
    of_one, of_other = (fact("link", "L", start=1, end=2, extra=each) for each in (one, other))
    assert fact_key(of_one) == fact_key(of_other)
    owned = [fact("evidence", f"{each.id}/e1", fact=Label(each.id), title="纪要") for each in (one, other)]
    assert len({fact_key(replace(e, owner=each)) for e, each in zip(owned, (one, other), strict=True)}) == 1
    assert fact_key(replace(one, assumed="推定")) != fact_key(one)
    assert fact_key(replace(one, evidence=(Evidence("纪要"),))) != fact_key(one)


def test_an_id_decides_nothing_through_a_derived_fact() -> None:
    """A derived fact may name the fact that it is from; renaming that changes no point."""
    derive = {"id": "d", **EACH, "derive": {"x": {"by": "id(p)", "n": "p.score", "name": "p.name"}}, "cites": ["1.1"]}
    award = {"each": {"y": "x"}, "award": "if y.n > 5 then y.n else 0", "of": "y.n"}
    document = ruleset(indicator(award), definitions=[derive])
    totals = {
        kept(scored(document, project(one, name="甲", score=8), project(other, name="乙", score=4)))
        for one, other in (("P1", "P2"), ("P2", "P1"))
    }
    assert len(totals) == 1


@pytest.mark.parametrize("where", ["id(p) == 'P1'", "contains(id(p), 'P')", "text(id(p)) == 'P1'"])
def test_a_rule_cannot_look_at_what_an_id_spells(where: str) -> None:
    """An id is compared with another id, or shown."""
    with pytest.raises(RulesetError, match=r"the id of a fact|An id only distinguishes facts"):
        program(ruleset(indicator({**EACH, "where": where, "award": 5})))


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (Fraction(3, 5), "60%"),
        (Fraction(59999999, 10**8), "59.999999%"),
        (Fraction(2, 3), "66.67%"),
        (Fraction(6000001, 10**7), "60.00001%"),
        (Fraction(944, 1000), "94.4%"),
    ],
)
def test_a_percentage_never_looks_like_a_round_one_that_it_is_not(share: Fraction, text: str) -> None:
    """A rate just below a threshold is not written as the threshold."""
    assert percentage(share) == text


@given(st.lists(st.tuples(*[st.integers(0, 2)] * 6), max_size=8))
def test_the_order_of_firings_is_that_of_all_they_say(drawn: list[tuple[int, ...]]) -> None:
    """Clauses, then facts, one after the other and each field by field, then the rest; the labels at the end."""
    firings = [
        Firing(
            f"1/r{rule}", 1, "", "award", (f"5.{8 + clause}",), points=points,
            facts=tuple(Fact("x", f"F{n}", dict.fromkeys("ab"[:fields], score)) for n in range(facts)),
        )
        for clause, facts, fields, score, points, rule in drawn
    ]  # fmt: skip

    def whole(firing: Firing) -> tuple[object, ...]:
        facts = [[(name, f"{value}") for name, value in sorted(each.values.items())] for each in firing.facts]
        return int(firing.clauses[0][2:]), facts, firing.points, firing.rule

    assert in_order(firings) == sorted(firings, key=whole)
    by_rule = sorted(sorted(firings, key=whole), key=lambda firing: firing.rule)
    assert in_order(firings, lambda firing: firing.rule) == by_rule
