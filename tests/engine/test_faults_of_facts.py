"""What is wrong with a fact is reported where the fact is written, whichever rule meets it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest

from engine.base.faults import EvaluationError, FactsError, Fault, FenmingError
from engine.facts import open_facts, read_facts
from engine.program import compile_ruleset
from engine.receipt import Receipt, plain
from engine.ruleset import read_ruleset
from tests.engine.mini import fact, indicator, kept, ruleset, scored, sources
from tests.evaluated import receipt_of

HEAD = "ruleset: test/form/1\ncase: {department: 甲局, year: 2024}\nfacts:\n"
PROJECTS = """\
  project:
    - {id: P1, name: 甲, amount: 1 万元, met: true, day: 2024-01-02, kind: 甲, score: 1}
    - {id: P2, name: 乙, amount: 0 万元, met: true, day: 9999-12-31, kind: 乙, score: 0}
"""
BUDGET = "  budget: {size: 0}\n"


def scored_text(text: str, *rules: Mapping[str, Any], **more: Any) -> Receipt:
    """Score a facts file's text by an indicator with some rules."""
    read = read_ruleset(sources(ruleset(indicator(*rules), **more)))
    facts = read_facts(open_facts(text, "facts.yaml"), read.facts, read.conversions)
    return receipt_of(compile_ruleset(read), facts)


def fault_of(text: str, *rules: Mapping[str, Any], **more: Any) -> Fault:
    """Return the one fault of facts that cannot be scored."""
    with pytest.raises(FenmingError) as caught:
        scored_text(text, *rules, **more)
    (fault,) = caught.value.faults
    return fault


EACH = {"each": {"p": "project"}}
SAYS = {"zh": "{1 / p.score}", "en": "x"}


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({**EACH, "award": "1 / p.score"}, "divides by zero"),
        ({**EACH, "where": "1 / p.score > 0", "award": "1"}, "divides by zero"),
        ({**EACH, "award": "1", "say": SAYS}, "divides by zero"),
        ({**EACH, "award": "year(p.day + 5 天)"}, "beyond the calendar's range"),
        ({**EACH, "where": "p.score == 0", "award": "year(p.day - 9999999999999 天)"}, "beyond the calendar's range"),
        ({**EACH, "award": "year(workdays_after(p.day, 1 天))"}, "beyond the calendar's range"),
        ({**EACH, "award": "year(next_workday(p.day))"}, "does not cover 9999-12-31"),
        ({**EACH, "award": "round(p.score, p.score - 1)"}, "cannot be rounded to -1 decimals"),
        ({**EACH, "award": "weight_of(p.score + 1)"}, "There is no indicator 2"),
        ({**EACH, "award": "1 / sum(project.score where project.score == p.score)"}, "divides by zero"),
        ({"award": "1", "when": "any(project where project.amount / project.amount > 0)"}, "divides by zero"),
        ({"award": "mean(project.score where project.score / project.score > 0)"}, "divides by zero"),
    ],
)  # fmt: skip
def test_the_place_is_the_facts_own(rule: Mapping[str, Any], words: str) -> None:
    """The sentence names the rule and where it is; the place is the line of the fact that causes the fault."""
    fault = fault_of(HEAD + PROJECTS, rule, calendar="cn")
    assert words in str(fault.what)
    assert "Rule 1/r0 (ruleset.yaml:" in str(fault.what)
    assert (fault.where.file, fault.where.line) == ("facts.yaml", 6 if "weight_of" not in str(rule) else 5)


def test_a_derived_fact_has_the_place_of_what_it_comes_from() -> None:
    """However many rules lie between."""
    rate = {"id": "rate", "cites": ["1.1"], **EACH, "derive": {"rate": {"value": "p.score"}}}
    again = {"id": "again", "cites": ["1.1"], "each": {"r": "rate"}, "derive": {"double": {"value": "r.value * 2"}}}
    rule = {"each": {"d": "double"}, "award": "1 / d.value"}
    fault = fault_of(HEAD + PROJECTS, rule, definitions=[rate, again])
    assert (fault.where.file, fault.where.line) == ("facts.yaml", 6)


def test_a_negative_deduction_is_reported_at_the_fact() -> None:
    """The rule that makes it of the fact's figure is named in the sentence."""
    fault = fault_of(HEAD + PROJECTS, {**EACH, "deduct": "p.score - 1"})
    assert "Rule 1/r0" in str(fault.what)
    assert (fault.where.file, fault.where.line) == ("facts.yaml", 6)


def test_without_a_fact_the_place_is_the_rules() -> None:
    """A formula of constants, and facts that no file holds."""
    fault = fault_of(HEAD + "  project: []\n", {"award": "1 / (number - 1)"})
    assert fault.where.file == "ruleset.yaml"
    assert "(ruleset.yaml" not in str(fault.what)
    with pytest.raises(EvaluationError) as caught:
        scored(ruleset(indicator({"each": {"b": "budget"}, "award": "1 / default(b.size, 0)"})), fact("budget", "b"))
    assert caught.value.faults[0].where.file == "ruleset.yaml"


def test_a_requirement_has_the_place_of_the_facts() -> None:
    """Of the fact that it cannot be computed for, else of the facts as a whole."""
    words = {"zh": "字", "en": "words"}
    need = {"that": "1 / sum(default(budget.size, 0)) > 0", "say": words, "remedy": words}
    read = read_ruleset(sources(ruleset(indicator({"award": 1}, requires=[need]))))
    for text, line in ((HEAD + BUDGET, 4), (HEAD + "  budget: []\n", 3)):
        facts = read_facts(open_facts(text, "facts.yaml"), read.facts, read.conversions)
        with pytest.raises(FactsError) as caught:
            receipt_of(compile_ruleset(read), facts)
        (fault,) = caught.value.faults
        assert (fault.where.file, fault.where.line) == ("facts.yaml", line)


def test_a_missing_type_is_reported_at_the_facts() -> None:
    """The place is the line where the facts begin."""
    read = read_ruleset(sources(ruleset(indicator({**EACH, "award": 1}), facts={"project": {}})))
    facts = read_facts(open_facts(HEAD.strip() + " {}\n", "facts.yaml"), read.facts, read.conversions)
    with pytest.raises(FactsError) as caught:
        receipt_of(compile_ruleset(read), facts)
    assert (caught.value.faults[0].where.file, caught.value.faults[0].where.line) == ("facts.yaml", 3)


@pytest.mark.parametrize("year", ["2024.0", "2024.000", "2.024e3", "+2024", "20240e-1"])
def test_a_whole_decimal_is_an_integer(year: str) -> None:
    """A spreadsheet's JSON writes 2024.0 for the year 2024."""
    text = HEAD.replace("2024", year) + "  claim: [{id: C, indicator: 1.0}]\n"
    receipt = scored_text(text, {"award": "case.year / 1012 * number"})
    assert plain(receipt.content)["case"]["year"] == "2024"
    assert kept(receipt) == "2"


def test_results_may_have_very_many_digits() -> None:
    """An exact sum over many facts has a denominator of thousands of digits, which is not a fault."""
    facts = [fact("project", f"P{number}", score=10**9 + number) for number in range(900)]
    receipt = scored(ruleset(indicator({"award": "sum(1 / project.score) / 1000000"})), *facts)
    (formula,) = plain(receipt.content)["firings"][0]["formulas"]
    assert len(formula["value"]) > 10_000
    assert Fraction(formula["value"]) < 1


def test_rounding_takes_a_whole_number_of_decimals() -> None:
    """Anything else is refused; it used to leave exact arithmetic."""
    assert kept(scored(ruleset(indicator({"award": "round(1.26, 1)"})))) == "1.3"
    for places in ("0 - 1", "0.5", "21"):
        with pytest.raises(EvaluationError, match="cannot be rounded to"):
            scored(ruleset(indicator({"award": f"round(weight / 3, {places})"})))


LATE = {"each": {"b": "budget"}}


@pytest.mark.parametrize(
    ("award", "size", "numbers", "value"),
    [
        ("weight - (if has(b.size) then b.size else 0)", None, "10 - (0)", "10"),
        ("weight - (if has(b.size) then b.size else 0)", 3, "10 - (3)", "7"),
        ("if has(b.size) and b.size > 2 then b.size else weight / 2", None, "10 / 2", "5"),
        ("if not (count(project) > 0) then 1 else mean(project.score) + 1", None, "1", "1"),
        ("if count(project) > 0 then mean(project.score) else 1", None, "1", "1"),
        ("if has(b.size) then sum(project.score where project.score > b.size) else 1", None, "1", "1"),
        ("(1 + weight) / (if weight > 3 then (weight - 5) else 0)", None, "(1 + 10) / (10 - 5)", "2.2"),
        ("default(b.size, mean(project.score))", 4, "4", "4"),
    ],
)
def test_a_formula_shows_only_what_is_computed(award: str, size: int | None, numbers: str, value: str) -> None:
    """A branch that is not taken may have no value."""
    budget = fact("budget", "b") if size is None else fact("budget", "b", size=size)
    receipt = scored(ruleset(indicator({**LATE, "award": award})), budget)
    (firing,) = plain(receipt.content)["firings"]
    assert (firing["formulas"][0]["numbers"], firing["formulas"][0]["value"]) == (numbers, value)


def test_conditions_show_only_what_is_computed() -> None:
    """`or` stops at what holds, `and` at what does not; the aggregates that are listed are those that were used."""
    fields = {
        "both": "count(project) > 0 and mean(project.score) > 0",
        "either": "count(project) == 0 or (mean(project.score) > 0)",
    }
    rule = {"derive": {"found": fields}}
    receipt = scored(ruleset(indicator({"award": 1}, rule)))
    firing = next(firing for firing in plain(receipt.content)["firings"] if firing["action"] == "derive")
    assert [formula["numbers"] for formula in firing["formulas"]] == ["0 > 0", "0 == 0"]
    assert [figure["text"] for figure in plain(receipt.content)["aggregates"]] == ["count(project)"]
    again = scored(ruleset(indicator({"award": 1}, rule)), fact("project", "P", score=2))
    firing = next(firing for firing in plain(again.content)["firings"] if firing["action"] == "derive")
    assert [formula["numbers"] for formula in firing["formulas"]] == ["1 > 0 and 2 > 0", "1 == 0 or 2 > 0"]
