"""How firings become postings: parts, floors, caps, judgement, rounding, overrides, in the form's order."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from engine.base.faults import EvaluationError, FactsError, RulesetError
from engine.facts.model import Facts
from engine.receipt import Receipt, plain
from tests.engine.laws import check_books
from tests.engine.mini import fact, indicator, kept, postings, program, ruleset, scored
from tests.evaluated import receipt_of

EACH = {"each": {"p": "project"}}


def project(id_: str = "P1", **values: Any) -> Any:
    """Return a project."""
    defaults = {"name": "甲项目", "amount": 100, "met": True, "day": date(2024, 3, 1), "kind": "甲", "score": 1}
    return fact("project", id_, **{**defaults, **values})


def balanced(receipt: Receipt) -> Receipt:
    """Return a receipt whose books balance."""
    check_books(plain(receipt.content))
    return receipt


def test_award_with_slices_shows_each_loss() -> None:
    """Each fact settles its own slice of the weight, so that a loss is next to the fact that caused it."""
    rule = {**EACH, "award": "if p.met then weight / 2 else 0", "of": "weight / 2"}
    receipt = balanced(scored(ruleset(indicator(rule)), project("P1"), project("P2", met=False)))
    assert sorted(postings(receipt)) == [("award", "0", "0", "5", ""), ("award", "5", "5", "0", "")]


def test_what_no_rule_awards_is_lost() -> None:
    """An award part starts at nothing: what is not awarded is lost, in a posting of its own."""
    receipt = balanced(scored(ruleset(indicator({**EACH, "where": "p.met", "award": 3})), project(met=False)))
    assert postings(receipt) == [("rest", "10", "0", "10", "")]


def test_sole_award_settles_its_part() -> None:
    """The only award of a part, firing once, keeps what it gives and loses the rest in one posting."""
    receipt = balanced(scored(ruleset(indicator({"award": "7.5"})), project()))
    assert postings(receipt) == [("award", "7.5", "7.5", "2.5", "")]


@pytest.mark.parametrize(
    ("award", "line"),
    [("12", ("award", "12", "10", "0", "cap")), ("-3", ("award", "-3", "0", "10", "floor"))],
)
def test_award_beyond_the_weight_is_capped_and_recorded(award: str, line: tuple[str, ...]) -> None:
    """What the rule asked and what was posted are both in the books."""
    assert postings(balanced(scored(ruleset(indicator({"award": award}))))) == [line]


def test_deductions_stop_at_the_floor() -> None:
    """扣完为止: deductions that exceed what is left are posted as far as it goes."""
    rule = {**EACH, "where": "not p.met", "deduct": 4}
    facts = [project(f"P{n}", met=False) for n in range(3)]
    receipt = balanced(scored(ruleset(indicator(rule, method="deduct")), *facts))
    assert postings(receipt) == [
        ("deduction", "4", "0", "4", ""),
        ("deduction", "4", "0", "4", ""),
        ("deduction", "4", "0", "2", "floor"),
    ]


def test_deduct_part_without_deduction_keeps_all() -> None:
    """A deduct part starts full, and the rest is kept in a posting of its own."""
    receipt = balanced(scored(ruleset(indicator({**EACH, "where": "not p.met", "deduct": 4}, method="deduct"))))
    assert postings(receipt) == [("rest", "10", "10", "0", "")]


def test_rounding_is_half_up_once_and_posted() -> None:
    """89.995 of 100 becomes 90, in a posting that says so, and the grade follows the rounded figure."""
    receipt = balanced(scored(ruleset(indicator({"award": "89.995"}, weight=100))))
    assert kept(receipt) == "90"
    assert postings(receipt)[-1] == ("rounding", "0.005", "0.005", "-0.005", "")
    assert plain(receipt.content)["grade"] == "优"


def test_below_the_half_is_rounded_down() -> None:
    """89.9949… stays below 90, and so does the grade."""
    receipt = balanced(scored(ruleset(indicator({"award": "89.99499"}, weight=100))))
    assert (kept(receipt), plain(receipt.content)["grade"]) == ("89.99", "差")


def test_thirds_are_exact_until_rounding() -> None:
    """Three thirds of 10 are 10: nothing is lost on the way."""
    rule = {**EACH, "award": "weight / 3", "of": "weight / 3"}
    receipt = balanced(scored(ruleset(indicator(rule)), *(project(f"P{n}") for n in range(3))))
    assert kept(receipt) == "10"
    assert Fraction(plain(receipt.content)["postings"][0]["kept"]) == Fraction(10, 3)


def test_cap_then_judgement_then_override() -> None:
    """The order is parts, cap, judgement, override; the score before the override stays in the trail."""
    rules: list[dict[str, Any]] = [
        {"override": {"to": 1, "scope": "indicator"}},
        {"each": {"j": "judgement"}, "adjust": "j.points"},
        {"cap": 6},
        {"award": 9},
    ]
    receipt = balanced(scored(ruleset(indicator(*rules)), fact("judgement", "J", points=2)))
    assert [line[0] for line in postings(receipt)] == ["award", "cap", "adjustment", "override"]
    scored_indicator = plain(receipt.content)["indicators"][0]
    assert (scored_indicator["before_override"], scored_indicator["kept"]) == ({"kept": "8", "open": "0"}, "1")


def test_judgement_stays_between_nothing_and_the_weight() -> None:
    """A judgement that leads beyond the weight is posted in full, and the limit takes the rest back."""
    rules: list[dict[str, Any]] = [{"award": 9}, {"each": {"j": "judgement"}, "adjust": "j.points"}]
    receipt = balanced(scored(ruleset(indicator(*rules)), fact("judgement", "J", points=5)))
    assert postings(receipt)[-2:] == [("adjustment", "5", "5", "-5", ""), ("limit", "14", "-4", "4", "cap")]


def test_level_2_override_reaches_every_indicator_under_it() -> None:
    """A spot check zeroes the whole level-2 indicator; the grade before it is kept."""
    zero = {"each": {"j": "judgement"}, "override": {"to": 0, "scope": "level_2"}}
    document = ruleset(
        indicator({"award": 40}, zero, weight=40),
        indicator({"award": 10}, number=2),
        indicator({"award": 50}, number=3, weight=50, path=["一级", "另一个"]),
    )
    content = plain(balanced(scored(document, fact("judgement", "J", points=0))).content)
    assert [i["kept"] for i in content["indicators"]] == ["0", "0", "50"]
    assert content["before_override"] == {"total": "100", "open": "0", "grade": "优", "grades": ["优"]}
    assert (content["total"], content["grade"]) == ("50", "差")


def test_three_outcomes_stay_apart() -> None:
    """Not assessed, not applicable and zero are three statuses, whatever the points."""
    document = ruleset(
        indicator({"award": 10}),
        indicator({"not_applicable": "full"}, number=2),
        indicator({"award": 0}, number=3),
    )
    content = plain(balanced(scored(document, fact("not_assessed", "N", indicator=1, reason="留空"))).content)
    assert [(i["status"], i["kept"], i["lost"], i["open"]) for i in content["indicators"]] == [
        ("not_assessed", "0", "0", "10"),
        ("not_applicable", "10", "0", "0"),
        ("assessed", "0", "10", "0"),
    ]
    assert content["firings"][content["postings"][0]["firing"]]["says"]["zh"] == "未评：留空"


def test_indicator_capped_by_another() -> None:
    """One indicator's points can depend on another's, after all that happens to that one."""
    document = ruleset(
        indicator({"award": 10}, {"cap": "score(2)"}),
        indicator({"award": 7}, {"override": {"to": 4, "scope": "indicator"}}, number=2),
    )
    assert kept(balanced(scored(document))) == "4"


def test_part_override_leaves_the_other_part() -> None:
    """An override of a part zeroes that part alone."""
    parts = [{"id": "a", "weight": "60%*weight", "cites": ["1.1"]}, {"id": "b", "weight": 4, "cites": ["1.1"]}]
    rules: list[dict[str, Any]] = [
        {"part": "a", "award": 6},
        {"part": "b", "award": 4},
        {"part": "a", "override": {"to": 0, "scope": "part"}},
    ]
    assert kept(balanced(scored(ruleset(indicator(*rules, parts=parts))))) == "4"


def test_part_cap_and_part_judgement() -> None:
    """A cap and a judgement may concern one part: that part's points move, and no other's."""
    parts = [{"id": "a", "weight": 6, "cites": ["1.1"]}, {"id": "b", "weight": 4, "cites": ["1.1"]}]
    rules: list[dict[str, Any]] = [
        {"part": "a", "award": 6},
        {"part": "b", "award": 4},
        {"part": "a", "cap": 2},
        {"part": "a", "each": {"j": "judgement"}, "adjust": "j.points"},
    ]
    receipt = balanced(scored(ruleset(indicator(*rules, parts=parts)), fact("judgement", "J", points=Fraction(3, 2))))
    assert kept(receipt) == "7.5"
    assert [part["kept"] for part in plain(receipt.content)["indicators"][0]["parts"]] == ["3.5", "4"]


def test_deduction_below_nothing_is_an_error() -> None:
    """A deduction that would add points is a mistake of the ruleset, not a gift."""
    with pytest.raises(EvaluationError, match="a negative number of points"):
        scored(ruleset(indicator({"deduct": "0 - 1"}, method="deduct")))


def test_needed_facts_must_be_stated() -> None:
    """A fact type that an indicator needs and the file does not name is an error; a stated absence is not."""
    document = ruleset(indicator({**EACH, "where": "p.met", "award": 1}))
    document["facts"]["project"] = {}
    case = {"department": "某局", "year": "2024"}
    with pytest.raises(FactsError, match="do not mention “project”"):
        receipt_of(program(document), Facts(case, (), frozenset()))
    assert kept(receipt_of(program(document), Facts(case, (), frozenset({"project"})))) == "0"


def test_requirement_names_the_fact_that_fails_it() -> None:
    """A requirement is checked for each fact, and says in both languages what is wrong."""
    said = {"zh": "“{p.name}”金额为 {p.amount}", "en": "{p.name} has {p.amount}"}
    need = {
        "each": {"p": "project"},
        "that": "p.amount > 0 万元",
        "say": said,
        "remedy": {"zh": "改正", "en": "Correct it."},
    }
    document = ruleset(indicator({"award": 1}, requires=[need]))
    with pytest.raises(FactsError) as caught:
        scored(document, project("P1"), project("P2", amount=0))
    [fault] = caught.value.faults
    assert str(fault.what) == "Indicator 1: 甲项目 has 0 万元"
    assert fault.remedy.text(lambda text: "language: zh" if text == "language: en" else text) == "改正"


def test_assumed_facts_show_through() -> None:
    """What rests on an assumed fact, directly, derived or through an aggregate, is marked assumed."""
    definitions = [
        {"id": "d", "cites": ["1.1"], "each": {"p": "project"}, "derive": {"seen": {"of": "p", "n": "p.score"}}}
    ]
    document = ruleset(
        indicator({"each": {"s": "seen"}, "award": "s.n"}),
        indicator({"award": "sum(seen.n)"}, number=2),
        indicator({"award": 1}, number=3),
        definitions=definitions,
    )
    assumed = project("P1")
    facts = fact("project", "P1", assumed="推定", **assumed.values)
    content = plain(balanced(scored(document, facts)).content)
    assert [i["assumed"] for i in content["indicators"]] == [True, True, False]


def test_deduction_in_an_award_part_takes_what_was_awarded() -> None:
    """Awards come first; a deduction moves kept points to lost, down to nothing."""
    rules: list[dict[str, Any]] = [{"award": 3}, {**EACH, "where": "not p.met", "deduct": 2}]
    facts = [project("P1", met=False), project("P2", met=False)]
    receipt = balanced(scored(ruleset(indicator(*rules)), *facts))
    assert postings(receipt)[-2:] == [("deduction", "2", "-2", "2", ""), ("deduction", "2", "-1", "1", "floor")]
    assert kept(receipt) == "0"


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ([fact("claim", "C", indicator=9, score=1)], "names indicator 9"),
        ([fact("not_assessed", "N", indicator=9, reason="无")], "names indicator 9"),
        ([fact("claim", "C", indicator=1, score=11)], "claims 11 points"),
        ([fact("claim", "C", indicator=1), fact("claim", "D", indicator=1)], "two facts “claim”: C and D"),
    ],
)
def test_claims_and_omissions_must_fit_the_ruleset(facts: list[Any], words: str) -> None:
    """What is said of an indicator must be said once, of one that exists, within its weight."""
    with pytest.raises(FactsError, match=words):
        scored(ruleset(indicator({"award": 1})), *facts)


def test_a_requirement_that_cannot_be_computed_is_reported() -> None:
    """A requirement with a division by zero is an error of the facts, not a pass."""
    words = {"zh": "字", "en": "words"}
    need = {"that": "1 / count(project) > 0", "say": words, "remedy": words}
    with pytest.raises(FactsError, match="divides by zero"):
        scored(ruleset(indicator({"award": 1}, requires=[need])))


def test_a_single_fact_that_is_missing_is_reported_so() -> None:
    """The remedy for a single fact does not speak of an empty list."""
    document = ruleset(indicator({"award": "default(b.size, 1)", "each": {"b": "budget"}}), facts={"budget": {}})
    with pytest.raises(FactsError) as caught:
        receipt_of(program(document), Facts({"department": "某局", "year": "2024"}, (), frozenset()))
    assert "[]" not in str(caught.value.faults[0].remedy)


def test_no_score_from_a_formula_without_value() -> None:
    """A division by zero names the rule, the fact and the place; nothing is scored."""
    rule = {**EACH, "award": "1 / (p.score - 1)"}
    with pytest.raises(EvaluationError, match="Rule 1/r0 cannot be computed for P1") as caught:
        scored(ruleset(indicator(rule)), project("P1"))
    assert caught.value.faults[0].where.line
    said = {"say": {"zh": "{1 / (p.score - 1)}", "en": "x"}}
    with pytest.raises(EvaluationError, match="Rule 1/r0 cannot be computed for P1"):
        scored(ruleset(indicator({**EACH, "award": "1", **said})), project("P1"))


def test_two_awards_of_one_part_add() -> None:
    """Awards without slices add; neither settles the part alone, whatever readings they are in."""
    reading = {
        "clause": "1.1",
        "question": {"zh": "问", "en": "q"},
        "chosen": "a",
        "alternatives": {"a": {"zh": "甲", "en": "a", "scores": "0"}},
        "authority": "无",
        "decided": {"by": "某", "on": "2024-01-01"},
    }
    rules: list[dict[str, Any]] = [{"award": 3, "under": {"R1": "a"}}, {"award": 4, "under": {"R2": "a"}}]
    receipt = balanced(scored(ruleset(indicator(*rules), readings={"R1": reading, "R2": reading})))
    assert kept(receipt) == "7"
    assert postings(receipt)[-1] == ("rest", "3", "0", "3", "")


JUDGED: list[dict[str, Any]] = [{"award": "4.4"}, {"each": {"j": "judgement"}, "adjust": "j.points"}]


@pytest.mark.parametrize(
    ("award", "points", "wanted"),
    [("4.4", ("0.8", "-0.8"), "4.4"), ("0.8", ("1.19", "-1.23"), "0.76"), ("4.4", ("0.8", "-0.1"), "5")],
)
def test_judgements_are_added_before_they_are_limited(award: str, points: tuple[str, str], wanted: str) -> None:
    """Several judgements of one indicator give the same score whatever they are called."""
    rules = [{"award": award}, JUDGED[1]]
    for ids in (("J1", "J2"), ("J2", "J1")):
        facts = [fact("judgement", i, points=Fraction(p)) for i, p in zip(ids, points, strict=True)]
        assert kept(balanced(scored(ruleset(indicator(*rules, weight=5)), *facts))) == wanted


def test_a_judgement_of_more_than_the_weight_is_refused() -> None:
    """A reviewer cannot change a score by more than there is."""
    with pytest.raises(FactsError, match=r"“J” changes the score by −10\.5, which is more than the weight of 10"):
        scored(ruleset(indicator(*JUDGED)), fact("judgement", "J", points=Fraction(-21, 2)))


def test_a_granted_award_is_not_limited_though_its_slice_is() -> None:
    """What was asked was posted; only the slice that it could lose was cut to what was left."""
    receipt = balanced(scored(ruleset(indicator({"award": 2, "of": 3}, {"award": 5, "of": 9}))))
    assert postings(receipt) == [("award", "2", "2", "1", ""), ("award", "5", "5", "2", "slice")]
    assert receipt.content.notices == ()


def test_a_weight_finer_than_the_rounding_is_refused() -> None:
    """Rounding it up would let an indicator keep more than it weighs."""
    with pytest.raises(RulesetError, match=r"Indicator 1 weighs 9\.875, but scores are rounded to 2 decimals"):
        program(ruleset(indicator({"award": 1}, weight=9.875)))


def test_of_several_caps_and_overrides_the_lowest_counts() -> None:
    """Whatever the rules are called and wherever they are written."""
    caps: list[dict[str, Any]] = [{"cap": 6}, {"cap": 3}]
    overrides = [{"override": {"to": to, "scope": "indicator"}} for to in (4, 1)]
    for rules in (caps, caps[::-1]):
        assert kept(balanced(scored(ruleset(indicator({"award": 9}, *rules))))) == "3"
    for rules in (overrides, overrides[::-1]):
        receipt = balanced(scored(ruleset(indicator({"award": 9}, *rules))))
        assert kept(receipt) == "1"
        assert postings(receipt)[1:] == [("override", "1", "-8", "8", ""), ("override", "4", "0", "0", "stricter")]


def test_deductions_at_the_floor_are_cut_by_what_they_say() -> None:
    """The order is that of clauses and values: which fact is cut does not depend on its id."""
    rule = {**EACH, "where": "not p.met", "deduct": "p.score", "say": {"zh": "{p.name}", "en": "{p.name}"}}
    document = ruleset(indicator(rule, method="deduct", weight=5))
    for ids in (("P1", "P2"), ("P2", "P1")):
        facts = [project(i, name=n, met=False, score=4) for i, n in zip(ids, ("甲", "乙"), strict=True)]
        content = plain(balanced(scored(document, *facts)).content)
        lines = {content["firings"][p["firing"]]["says"]["zh"]: p["lost"] for p in content["postings"]}
        assert lines == {"乙": "4", "甲": "1"}


def test_a_sole_award_of_any_type_keeps_its_sentence() -> None:
    """An award without a slice that fires alone settles its part, also beside awards that every indicator has."""
    rule = {**EACH, "award": "p.score", "say": {"zh": "得 {taken} 分", "en": "{taken}"}}
    every = [{"id": "bonus", "cites": ["1.1"], "each": {"j": "judgement"}, "award": "j.points"}]
    receipt = balanced(scored(ruleset(indicator(rule), every_indicator=every), project(score=7)))
    assert postings(receipt) == [("award", "7", "7", "3", "")]
    assert plain(receipt.content)["firings"][0]["says"]["zh"] == "得 7 分"


def test_what_was_taken_is_reported_from_what_was_asked() -> None:
    """{points} is what the rule asks, {taken} what the books came to; both are rounded for reading."""
    rule = {"deduct": "80 / 3", "say": {"zh": "应扣 {points} 分，扣 {taken} 分", "en": "{points}, {taken}"}}
    content = plain(balanced(scored(ruleset(indicator(rule, method="deduct", weight=5)))).content)
    assert content["firings"][0]["says"]["zh"] == "应扣 26.67 分，扣 5 分"
