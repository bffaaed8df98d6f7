"""Results: named values besides points, settled by firings like points."""

from __future__ import annotations

from typing import Any

import pytest

from engine.base.faults import EvaluationError, FactsError, RulesetError
from engine.facts.model import Facts
from engine.receipt import Receipt, plain
from engine.receipt.model import FiringLine
from engine.receipt.results import exact_value
from tests.engine.laws import check_results
from tests.engine.mini import case, fact, indicator, program, ruleset, scored
from tests.evaluated import receipt_of

OPEN = fact("not_assessed", "N", indicator=1, reason="未报")


def document(*rules: dict[str, Any], **said: Any) -> dict[str, Any]:
    """Return a ruleset of one indicator of ten points, in full, with the result `pay`."""
    return ruleset(indicator({"award": "10"}), results={"pay": result(*rules, **said)})


def result(*rules: dict[str, Any], **said: Any) -> dict[str, Any]:
    """Return a result that cites the only clause."""
    return {"cites": ["1.1"], "rules": list(rules), **said}


def project(name: str, **values: Any) -> Any:
    """Return a project."""
    return fact("project", name, **{"name": name, "amount": 3, "met": True, "kind": "甲", "score": 1, **values})


def found(receipt: Receipt, name: str = "pay") -> tuple[str | None, str, tuple[int, ...]]:
    """Return the value of a result, its status, and on what it waits, from a receipt whose results keep their law."""
    check_results(plain(receipt.content))
    line = next(line for line in receipt.content.results if line.name == name)
    return exact_value(line), line.status, line.unassessed


def given(receipt: Receipt) -> FiringLine:
    """Return the one firing that gives the only result."""
    [line] = receipt.content.results
    [number] = line.firings
    return receipt.content.firings[number]


@pytest.mark.parametrize(
    ("said", "formula", "value"),
    [
        ({"unit": "万元"}, "sum(project.amount) / 4", "1.5 万元"),
        ({"unit": "万元"}, "sum(project.amount) / 9", "2/3 万元"),
        ({"unit": "万元/家"}, "6 万元 / (1 家)", "6 万元/家"),
        ({}, "score(1) - 20", "-10"),
        ({"kind": "percent"}, "score(1) / weight_of(1) - 5.6%", "94.4%"),
        ({"kind": "percent"}, "1 / 3", "100/3%"),
        ({"kind": "text"}, "text('共', count(project), '项')", "共2项"),
        ({"choices": ["好", "差"]}, "if score(1) > 5 then '好' else '差'", "好"),
        ({"kind": "date"}, "2024-12-30 + max_of(project.score) * 1 天", "2024-12-31"),
        ({"kind": "yes or no"}, "all(project.met)", "true"),
    ],
)
def test_a_result_has_a_kind_and_a_unit(said: dict[str, Any], formula: str, value: str) -> None:
    """Its value is exact in the receipt, whatever it is."""
    receipt = scored(document({"result": formula}, **said), project("A"), project("B"))
    assert found(receipt) == (value, "settled", ())


def test_a_ruleset_without_results_has_none_in_its_receipts() -> None:
    """Its receipts are what they were before there were results."""
    assert "results" not in plain(scored(ruleset(indicator({"award": 10}))).content)


def test_all_that_give_the_same_value_are_recorded() -> None:
    """One rule for each fact, and another rule; equal numbers are equal however they are computed."""
    rules = ({"each": "project", "result": "it.amount / 3"}, {"result": "1 万元"})
    receipt = scored(document(*rules, unit="万元"), project("A"), project("B"))
    [line] = receipt.content.results
    firings = [receipt.content.firings[number] for number in line.firings]
    assert [(firing.rule, firing.facts) for firing in firings] == [
        ("pay/1", ("A",)),
        ("pay/1", ("B",)),
        ("pay/2", ()),
    ]
    assert {(firing.action, firing.indicator, firing.clauses) for firing in firings} == {("result", None, ("1.1",))}
    assert found(receipt) == ("1 万元", "settled", ())


def test_two_values_are_an_error_that_names_rules_facts_and_values() -> None:
    """So that a person sees which two do not agree."""
    rules = ({"each": "project", "result": "it.amount"}, {"result": "3 万元"})
    with pytest.raises(EvaluationError) as caught:
        scored(document(*rules, unit="万元"), project("A"), project("B", amount=4))
    [fault] = caught.value.faults
    assert fault.code == "evaluation.results-differ"
    assert "3 万元 by pay/1 for A" in str(fault.what)
    assert "4 万元 by pay/1 for B" in str(fault.what)


def test_none_is_an_error_unless_the_result_is_optional() -> None:
    """The error names the result."""
    rule = {"each": "project", "result": "it.amount"}
    with pytest.raises(EvaluationError, match=r"No rule gives the result “应付金额” \(pay\)"):
        scored(document(rule, unit="万元", title="应付金额"))
    assert found(scored(document(rule, unit="万元", optional=True))) == (None, "none", ())


def test_a_result_that_asks_an_open_score_is_open() -> None:
    """It names the indicators on which it waits; one that asks it waits too, one that asks nothing does not."""
    results = {
        "pay": result({"when": "score(1) >= 8", "result": "1"}, {"when": "score(1) < 8", "result": "0"}),
        "both": result({"result": "score(1) + score(2)"}),
        "double": result({"result": "pay * 2"}),
        "count": result({"result": "count(project)"}),
        "asked": result(
            {"when": "open_points(1) > 0", "result": "-1"}, {"when": "open_points(1) == 0", "result": "pay"}
        ),
        "known": result({"result": "default(pay, 7)"}),
    }
    two = (indicator({"award": "10"}), indicator({"award": "10"}, number=2))
    receipt = scored(ruleset(*two, results=results), OPEN, project("A"))
    assert {name: found(receipt, name) for name in results} == {
        "pay": (None, "open", (1,)),
        "both": (None, "open", (1,)),
        "double": (None, "open", (1,)),
        "count": ("1", "settled", ()),
        "asked": ("-1", "settled", ()),
        "known": ("7", "settled", ()),
    }
    both_open = scored(ruleset(*two, results=results), OPEN, fact("not_assessed", "M", indicator=2, reason="未报"))
    assert found(both_open, "both")[2] == (1,)


def test_a_condition_that_excludes_a_rule_keeps_it_from_waiting() -> None:
    """What a veto has settled is settled, though the score is open: its rule never asks the score."""
    rules = (
        {"each": "judgement", "result": "'否'"},
        {"when": "count(judgement) == 0 and score(1) > 5", "result": "'是'"},
    )
    veto = document(*rules, choices=["是", "否"])
    assert found(scored(veto, OPEN, fact("judgement", "J", points=0))) == ("否", "settled", ())
    assert found(scored(veto, OPEN)) == (None, "open", (1,))


def test_an_open_score_elsewhere_is_an_error_as_before() -> None:
    """A check that asks an open score, or an open result without has(…), stops the evaluation."""
    checks = [{"id": "look", "cites": ["1.1"], "when": "pay > 1", "flag": "notice"}]
    asked = {**document({"result": "score(1)"}), "checks": checks}
    with pytest.raises(
        EvaluationError, match="The result “pay” is not known, since these indicators are not assessed: 1"
    ):
        scored(asked, OPEN)
    guarded = {**asked, "checks": [{**checks[0], "when": "has(pay) and pay > 1"}]}
    assert found(scored(guarded, OPEN)) == (None, "open", (1,))
    assert [f.rule for f in scored(guarded).content.firings if f.action == "flag"] == ["checks/look"]


def test_other_rules_may_name_a_result() -> None:
    """An indicator's cap, for instance; it is settled before, and the formula shows its value."""
    cap = {"cap": "default(pay, 0) + 1"}
    two = (indicator({"award": "10"}), indicator({"award": "10"}, cap, number=2))
    results = {"pay": result({"when": "score(1) > 5", "result": "score(1) / 2"}, optional=True)}
    receipt = scored(ruleset(*two, results=results))
    assert receipt.content.indicator(2).kept == "6"
    [line] = next(firing.formulas for firing in receipt.content.firings if firing.action == "cap")
    assert (line.text, line.numbers) == ("(if has(pay) then pay else 0) + 1", "(5) + 1")


def test_a_result_and_a_score_that_ask_each_other_are_refused() -> None:
    """There is no order in which both could be known, also where only a sentence asks."""
    cap = {"cap": "pay", "say": {"zh": "以 {pay} 为限", "en": "at most {pay}"}}
    with pytest.raises(RulesetError, match="depend on themselves"):
        program(ruleset(indicator({"award": "10"}, cap), results={"pay": result({"result": "score(1)"})}))
    said = {"result": "1", "say": {"zh": "{other}", "en": "{other}"}}
    with pytest.raises(RulesetError, match="depend on themselves"):
        program(ruleset(indicator({"award": "10"}), results={"pay": result(said), "other": result({"result": "pay"})}))


def test_what_a_result_needs_must_be_stated() -> None:
    """Also where no indicator needs it; unless the result waits for an indicator that is not assessed."""
    none = {"when": "count(project) == 0", "result": "0 万元"}
    text = document(none, {"when": "count(project) > 0 and score(1) > 5", "result": "sum(project.amount)"}, unit="万元")
    text["facts"] = {**text["facts"], "project": {}}
    compiled = program(text)
    unstated = Facts({"department": "某局", "year": "2024"}, (), frozenset({"budget"}))
    with pytest.raises(FactsError, match=r"The result “pay” needs “project” .*the facts do not mention it"):
        receipt_of(compiled, unstated)
    waiting = Facts(unstated.case, (OPEN,), unstated.stated | {"not_assessed"})
    receipt = receipt_of(compiled, waiting)
    assert found(receipt) == (None, "open", (1,))
    assert receipt.content.results[0].firings == (), "nothing is concluded from facts that were not stated"
    assert found(receipt_of(compiled, case(project("A")))) == ("3 万元", "settled", ())


def test_the_sentence_knows_the_value() -> None:
    """With its unit, rounded for reading; as a percentage where the sentence says so."""
    say = {"zh": "应付 {value}", "en": "{value} to pay"}
    receipt = scored(document({"result": "sum(project.amount) / 9", "say": say}, unit="万元"), project("A"))
    assert (given(receipt).says.zh, given(receipt).says.en) == ("应付 0.33 万元", "0.33 万元 to pay")
    rate = {"zh": "{value:%}", "en": "{value:%}"}
    rated = scored(document({"result": "1 / 3", "say": rate}, kind="percent"))
    assert given(rated).says.en == "33.33%"


def test_bands_give_a_result() -> None:
    """One firing, in the row where the number falls."""
    rows = [{"below": "8", "gives": "0 万元"}, {"from": "8", "gives": "100 万元 * score(1) / 10"}]
    rule = {"bands": {"measure": "score(1)", "rows": rows}, "result": "band"}
    assert found(scored(document(rule, unit="万元"))) == ("100 万元", "settled", ())


def test_readings_decide_a_result() -> None:
    """A rule applies in its reading only, and the firing names it."""
    reading = {
        "clause": "1.1",
        "question": {"zh": "问", "en": "q"},
        "chosen": "one",
        "alternatives": {name: {"zh": "一", "en": "a", "scores": "0"} for name in ("one", "other")},
        "authority": "无",
        "decided": {"by": "某", "on": "2024-01-01"},
    }
    rules = ({"under": {"R1": "one"}, "result": "1"}, {"under": {"R1": "other"}, "result": "2"})
    text = {**document(*rules), "readings": {"R1": reading}}
    for chosen, value in (("one", "1"), ("other", "2")):
        receipt = scored(text, readings={"R1": chosen})
        assert found(receipt) == (value, "settled", ())
        assert given(receipt).readings == ("R1",)
