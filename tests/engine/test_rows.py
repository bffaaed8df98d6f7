"""Rows from facts: each is a line of the card with its own weight, rounding, cap, judgement, override and claim."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.checks.balance import book_faults
from engine.base.faults import FenmingError, RulesetError
from engine.explanation import card_of
from engine.explanation.card import IndicatorRow, LevelRow, PartRow
from engine.explanation.scored import ScoredCase
from engine.facts.model import Fact
from engine.receipt import Receipt, plain, read_receipt
from engine.receipt.facts import facts_of
from engine.scoring.notice import ClaimsIncomplete
from tests.engine.laws import check_books
from tests.engine.mini import case, fact, indicator, program, ruleset, scored
from tests.evaluated import receipt_of

ROWS = {"each": {"p": "project"}, "weight": "p.score", "name": "p.name", "path": "p.kind",
        "columns": {"额度": "p.amount", "备注": "p.extra"}, "claimed": "p.extra"}  # fmt: skip


def form(*rules: Any, weight: int = 10, rows: Any = ROWS, **more: Any) -> dict[str, Any]:
    """Return a form whose one indicator has projects as rows."""
    return ruleset(indicator(*rules, weight=weight, rows_from=rows), **more)


def project(id_: str, weight: Any, amount: Any = 100, kind: str = "甲", **values: Any) -> Fact:
    """Return a project that is a row."""
    given_values = {"name": f"项目{id_}", "amount": amount, "met": True, "kind": kind, "score": weight, **values}
    return fact("project", id_, **given_values)


def lines(receipt: Receipt) -> list[tuple[str, ...]]:
    """Return (id, weight, kept) of the rows, whose books are in order."""
    content = plain(receipt.content)
    check_books(content)
    assert list(book_faults(receipt.content)) == []
    assert read_receipt(receipt.text).content == receipt.content
    return [(part["id"], part["weight"], part["kept"]) for part in content["indicators"][0]["parts"]]


SHARE = {"award": "row_weight * min(1, p.amount / 150 万元)"}


def test_each_fact_is_a_row_with_a_rounding_of_its_own() -> None:
    """In the order of the facts, not of their ids; the indicator adds up what was rounded."""
    receipt = scored(form(SHARE), project("乙", 7, 50), project("甲", 3, 100, kind="乙"))
    assert lines(receipt) == [("乙", "7", "2.33"), ("甲", "3", "2")]
    assert plain(receipt.content)["total"] == "4.33"
    assert [(level["path"], level["kept"]) for level in plain(receipt.content)["levels"]] == [
        (["一级"], "4.33"), (["一级", "二级"], "4.33"), (["一级", "二级", "甲"], "2.33"), (["一级", "二级", "乙"], "2"),
    ]  # fmt: skip


def test_a_row_says_what_its_fact_says() -> None:
    """Its columns, the department's own score where there is one, its path."""
    receipt = scored(form(SHARE), project("A", 7, extra=6), project("B", 3, kind="乙"))
    rows = [part["row"] for part in plain(receipt.content)["indicators"][0]["parts"]]
    assert rows == [
        {"path": ["甲"], "columns": {"额度": "100 万元", "备注": "6"}, "claimed": "6", "reason": ""},
        {"path": ["乙"], "columns": {"额度": "100 万元", "备注": ""}, "claimed": None, "reason": ""},
    ]
    assert plain(receipt.content)["indicators"][0]["claimed"] is None
    claimed = scored(form(SHARE), project("A", 7, extra=6), project("B", 3, extra=2))
    assert plain(claimed.content)["indicators"][0]["claimed"] == "8"


@pytest.mark.parametrize(
    ("act", "kept"),
    [
        ({"deduct": 2}, "4"),
        ({"cap": 1}, "1"),
        ({"adjust": -1}, "5"),
        ({"adjust": 3}, "6"),
        ({"override": {"to": "1.005", "scope": "part"}}, "1.01"),
        ({"not_applicable": "zero"}, "0"),
    ],
)
def test_acts_on_one_row_leave_the_others(act: dict[str, Any], kept: str) -> None:
    """Deduction, cap, judgement and override of the row whose fact the rule matches."""
    award = {"award": "row_weight"}
    receipt = scored(form(award, {"where": "p.kind == '甲'", **act}), project("A", 6), project("B", 4, kind="乙"))
    assert lines(receipt) == [("A", "6", kept), ("B", "4", "4")]


def test_forms_work_on_each_row() -> None:
    """Pro rata is a share of the row's weight, and steps are counted on the row's fact."""
    facts = [project("A", 6, 50), project("B", 4, 300)]
    pro_rata = {"award": {"pro_rata": "p.amount / 100 万元"}}
    assert lines(scored(form(pro_rata), *facts)) == [("A", "6", "3"), ("B", "4", "4")]
    steps = {"for_each": "100 万元", "over": "100 万元", "measure": "p.amount", "take": "0.5", "steps": "whole"}
    assert lines(scored(form({"award": "row_weight"}, {"deduct": steps}), *facts)) == [("A", "6", "6"), ("B", "4", "3")]


def test_acts_on_the_whole_come_after_the_rows() -> None:
    """A cap or an override that says so acts on the indicator, and a rule of every indicator does."""
    facts = [project("A", 6), project("B", 4)]
    whole = form({"award": "row_weight"}, {"cap": {"to": 7, "scope": "indicator"}})
    receipt = scored(whole, *facts)
    assert lines(receipt) == [("A", "6", "6"), ("B", "4", "4")]
    assert plain(receipt.content)["indicators"][0]["kept"] == "7"
    every = {"id": "judged", "cites": ["1.1"], "each": {"j": "judgement"}, "adjust": "j.points"}
    judged = scored(form({"award": "row_weight"}, every_indicator=[every]), *facts, fact("judgement", "J", points=-3))
    assert plain(judged.content)["indicators"][0]["kept"] == "7"
    assert lines(judged)[0] == ("A", "6", "6")


def test_rows_of_two_indicators_are_told_apart_by_their_condition() -> None:
    """Each fact is a row of the indicator whose condition it meets."""
    both = ruleset(
        *(
            indicator(
                {"award": "row_weight"}, number=number, weight=5, rows_from={**ROWS, "where": f"p.kind == '{kind}'"}
            )
            for number, kind in ((1, "甲"), (2, "乙"))
        )
    )
    receipt = scored(both, project("A", 5), project("B", 2, kind="乙"), project("C", 3, kind="乙"))
    assert [len(line["parts"]) for line in plain(receipt.content)["indicators"]] == [1, 2]


def refused(document: dict[str, Any], *facts: Fact) -> set[str]:
    """Return the codes of what is wrong."""
    with pytest.raises(FenmingError) as error:
        scored(document, *facts)
    return {found.code for found in error.value.faults}


def test_weights_must_add_up_and_be_fit_for_rounding() -> None:
    """The rows' weights are the department's, so it is told."""
    assert refused(form(SHARE), project("A", 7), project("B", 4)) == {"facts.rows-total"}
    assert refused(form(SHARE)) == {"facts.rows-total"}
    assert refused(form(SHARE), project("A", 11), project("B", -1)) == {"facts.row-weight"}


def test_a_row_that_no_rule_settles_is_an_error_that_names_it() -> None:
    """Unless it starts full and takes deductions."""
    some = {"award": "row_weight", "where": "p.kind == '甲'"}
    facts = [project("A", 6), project("B", 4, kind="乙")]
    with pytest.raises(FenmingError, match="项目B") as error:
        scored(form(some), *facts)
    assert {found.code for found in error.value.faults} == {"evaluation.row-unsettled"}
    taking = ruleset(indicator({"deduct": 1, "where": "p.kind == '甲'"}, rows_from=ROWS, method="deduct"))
    assert lines(scored(taking, *facts)) == [("A", "6", "5"), ("B", "4", "4")]


def test_the_card_has_the_rows_of_a_level_together() -> None:
    """Each below its level, which is where its first row is; what a row shows is on one line."""
    document = form(SHARE, rows={**ROWS, "path": ["p.kind", "p.name"]})
    rows = project("A", 5), project("B", 3, kind="乙"), project("C", 2, extra=1)
    compiled = program(document)
    receipt = receipt_of(compiled, case(*rows))
    card = card_of(ScoredCase(receipt.content, compiled.ruleset, ""))
    shown = [
        (row.above_rows, row.name) if isinstance(row, LevelRow) else row.line.id
        for row in card.rows
        if not isinstance(row, IndicatorRow)
    ]
    assert shown == [
        (None, "一级"), (None, "二级"), (0, "甲"), (1, "项目A"), "A", (1, "项目C"), "C", (0, "乙"), (1, "项目B"), "B",
    ]  # fmt: skip
    said = [
        str(reason) for row in card.rows if isinstance(row, PartRow) for reason in row.reasons if "额度" in f"{reason}"
    ]
    assert said == ["额度 100 万元", "额度 100 万元; 备注 1", "额度 100 万元"]


def test_the_claims_of_rows_are_those_of_their_indicator() -> None:
    """All of them together are a claim; none is of more than its row weighs."""
    two = ruleset(indicator(SHARE, weight=10, rows_from=ROWS), indicator({"award": 10}, number=2))
    rows = project("A", 7, extra=6), project("B", 3, extra=2)
    other = fact("claim", "C", indicator=2, score=9)
    assert [scored(two, *rows).content.notices, scored(two, *rows, other).content.notices] == [
        (ClaimsIncomplete("8", 1, 2, (2,)),), (),
    ]  # fmt: skip
    assert scored(two, project("A", 7, extra=6), project("B", 3), other).content.notices == (
        ClaimsIncomplete("9", 1, 2, (1,)),
    )
    assert refused(form(SHARE), project("A", 7, extra=8), project("B", 3)) == {"facts.row-claim"}


def test_an_unassessed_indicator_needs_no_rows() -> None:
    """Its points are open as a whole."""
    receipt = scored(form(SHARE), fact("not_assessed", "N", indicator=1, reason="未到期"))
    assert plain(receipt.content)["open"] == "10"


def test_a_judgement_of_more_than_the_row_is_refused() -> None:
    """It would be one of the indicator."""
    rules = ({"award": "row_weight"}, {"adjust": -5, "where": "p.kind == '乙'"})
    assert refused(form(*rules), project("A", 6), project("B", 4, kind="乙")) == {"evaluation.adjusts-too-much"}


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ({**ROWS, "weight": "p.name"}, "expression.result"),
        ({**ROWS, "name": "p.amount"}, "expression.result"),
        ({**ROWS, "each": {"p": "nothing"}}, "indicator.rows-type"),
        ({**ROWS, "weight": "p.extra"}, "expression.may-be-missing"),
        ({**ROWS, "weight": "p.score + 0 * score(1)"}, "expression.too-early"),
        ({**ROWS, "where": "total >= 0"}, "expression.too-early"),
        ({**ROWS, "columns": {"得分": "score(1)"}}, "expression.too-early"),
    ],
)
def test_rows_that_cannot_be_are_refused(rows: Any, code: str) -> None:
    """While the ruleset is read."""
    with pytest.raises(RulesetError) as error:
        program(form({"award": 1}, rows=rows))
    assert code in {found.code for found in error.value.faults}


def test_rows_and_parts_exclude_each_other() -> None:
    """Parts are the form's own."""
    parts = [{"id": "a", "weight": 10, "cites": ["1.1"]}]
    with pytest.raises(RulesetError) as error:
        program(ruleset(indicator({"award": 1}, rows_from=ROWS, parts=parts)))
    assert "indicator.rows-and-parts" in {found.code for found in error.value.faults}


@given(st.lists(st.integers(1, 9), min_size=1, max_size=8), st.data())
def test_books_balance_and_a_replay_gives_the_same_receipt(weights: list[int], data: st.DataObject) -> None:
    """Whatever the rows weigh and reach; from the facts as the receipt holds them."""
    facts = [
        project(f"P{n}", weight, data.draw(st.integers(0, 300)), kind=data.draw(st.sampled_from("甲乙")))
        for n, weight in enumerate(weights)
    ]
    facts = data.draw(st.permutations(facts))
    document = form(SHARE, {"deduct": "1 / 3", "where": "p.kind == '乙'"}, weight=sum(weights))
    compiled = program(document)
    receipt = receipt_of(compiled, case(*facts))
    assert [line[0] for line in lines(receipt)] == [fact.id for fact in facts]
    again = receipt_of(compiled, facts_of(receipt.content, compiled.ruleset.facts))
    assert again.text == receipt.text


def test_rows_with_caps_and_judgements_can_be_left_unassessed() -> None:
    """The rows are not settled, so nothing changes them."""
    rules = ({"award": "row_weight"}, {"cap": 1}, {"adjust": -1}, {"override": {"to": 0, "scope": "part"}})
    receipt = scored(
        form(*rules), project("A", 6), project("B", 4), fact("not_assessed", "N", indicator=1, reason="未到期")
    )
    assert plain(receipt.content)["open"] == "10"


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ({"each": {"p": "judgement"}, "adjust": "p.points"}, "rule.row-alias"),
        ({"award": {"mean": "p.score"}}, "form.mean-in-rows"),
    ],
)
def test_rules_that_a_row_cannot_have_are_refused(rule: Any, code: str) -> None:
    """Another fact by the row's name; a mean over rows."""
    with pytest.raises(RulesetError) as error:
        program(form({"award": 1}, rule))
    assert code in {found.code for found in error.value.faults}
