"""What an evaluation reports although it is not wrong: each kind of notice, and the cases that are quiet."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from engine.explanation import card_of
from engine.explanation.scored import ScoredCase
from engine.ruleset import read_ruleset
from engine.scoring.notice import AwardCapped, ClaimsIncomplete, Converted, Notice, OtherYear, UnusedFact
from tests.engine.mini import case, fact, indicator, program, ruleset, scored, sources
from tests.evaluated import receipt_of

TARGETS = {"each": {"p": "project"}, "where": "p.met", "award": 10}
LATE = {"each": {"p": "project"}, "where": "not p.met", "deduct": 4}


def project(id_: str = "P1", **values: Any) -> Any:
    """Return a project."""
    return fact("project", id_, **{"name": "甲项目", "amount": 100, "met": True, "kind": "甲", "score": 1, **values})


def reported(document: Any, *facts: Any) -> list[Notice]:
    """Return the notices of a case."""
    return list(scored(document, *facts).content.notices)


def test_a_fact_that_every_rule_passes_over_is_reported() -> None:
    """A fact that no rule takes up is named with its type; one that a rule does take up is not."""
    found = reported(ruleset(indicator(TARGETS)), project("P1"), project("P2", met=False))
    assert found == [UnusedFact("P2", "project", ())]


def test_a_fact_of_an_unassessed_indicator_is_reported_with_the_indicator() -> None:
    """Its rules do not run, so the fact has no effect: the notice names the indicator."""
    waits = fact("not_assessed", "N1", indicator=2, reason="留空")
    document = ruleset(indicator({"award": 10}), indicator(TARGETS, number=2))
    found = reported(document, project(), waits)
    assert found == [UnusedFact("P1", "project", (2,))]
    assert reported(ruleset(indicator({"award": 10}), indicator(TARGETS, number=2)), project()) == []


def test_a_deduction_that_finds_nothing_has_looked() -> None:
    """A fact without a fault is used by the rule that would have deducted for it."""
    assert reported(ruleset(indicator(LATE, method="deduct")), project(met=True)) == []


def test_a_case_of_another_year_is_reported() -> None:
    """The ruleset's year and the case's are in the notice."""
    facts = replace(case(), case={"department": "某局", "year": "2023"})
    content = receipt_of(program(ruleset(indicator({"award": 10}))), facts).content
    assert content.notices == (OtherYear("2023", "2024"),)


def test_an_award_beyond_the_weight_is_reported() -> None:
    """With what the rule asked and what it got, and the facts that it rests on."""
    rule = {"each": {"p": "project"}, "award": 12}
    assert reported(ruleset(indicator(rule)), project()) == [AwardCapped(1, "whole", ("P1",), "12", "10")]
    assert reported(ruleset(indicator({"each": {"p": "project"}, "award": 10})), project()) == []


def test_an_award_of_what_does_not_apply_is_not_reported() -> None:
    """The part has nothing to give, which its status says already."""
    for option in ("zero", "full"):
        waived = {"when": "count(project where not met) = 0", "not_applicable": option}
        assert reported(ruleset(indicator(TARGETS, waived)), project()) == []
    assert reported(ruleset(indicator({**TARGETS, "award": 12})), project()) != []


def test_a_capped_award_of_a_row_names_the_row() -> None:
    """And a row that does not apply is quiet."""
    rows = {"each": {"p": "project"}, "weight": "p.score", "name": "p.name"}
    document = ruleset(
        indicator({"award": 12}, {"where": "not p.met", "not_applicable": "zero"}, weight=10, rows_from=rows)
    )
    receipt = scored(document, project("P1", score=6), project("P2", score=4, met=False))
    assert list(receipt.content.notices) == [AwardCapped(1, "P1", ("P1",), "12", "6")]
    [said] = card_of(ScoredCase(receipt.content, read_ruleset(sources(document)), "")).notices
    assert str(said) == "Indicator 1 指标1, row 甲项目: the rule gives 12; the weight allows only 6."


def test_incomplete_claims_are_reported() -> None:
    """A claimed total that leaves indicators out names them; no claim at all, or all of them, is quiet."""
    document = ruleset(indicator({"award": 10}), indicator({"award": 10}, number=2))
    claims = [fact("claim", f"C{n}", indicator=n, score=9) for n in (1, 2)]
    assert reported(document, claims[0]) == [ClaimsIncomplete("9", 1, 2, (2,))]
    assert reported(document, *claims) == reported(document) == []


def test_a_converted_value_is_reported() -> None:
    """As it was written, and as it was used."""
    converted = replace(project(), converted={"amount": "1000000 元"})
    found = reported(ruleset(indicator(TARGETS)), converted)
    assert found == [Converted("P1", "project", "amount", "1000000 元", "100")]
