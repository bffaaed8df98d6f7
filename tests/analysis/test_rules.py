"""Mistakes in rules that need no case: cites, awards, conditions."""

from __future__ import annotations

import pytest

from tests.analysis.changed import examined

PRO_RATA = "award: weight * e.spent / e.budget"
LATE = "where: not c.closed_in_time"


def test_a_cite_of_another_indicators_clause() -> None:
    """It is found at the cite, and its own clause has no rule then."""
    found = examined(('cites: ["2.1"]', 'cites: ["4.1"]'))
    line = found.text.splitlines().index("      - id: pro-rata") + 2
    assert found.lines("foreign-clause") == [("2/pro-rata 4.1", line)]
    assert found.lines("clause-without-rule") == [("2.1", found.line('"2.1": '))]


def test_a_cite_of_a_clause_of_the_whole_ruleset() -> None:
    """Rules of any indicator may carry it out."""
    shared = ("\nindicators:\n", "\nclauses: {form: 表头。}\n\nindicators:\n")
    assert examined(shared, ('cites: ["2.1"]', 'cites: ["2.1", form]')).found.findings == ()


@pytest.mark.parametrize(
    ("award", "most"),
    [
        ("21", "21"),
        ("if e.spent > e.budget then 25 else 0", "25"),
        ("weight * (if e.spent > e.budget then 120% else 100%)", "24"),
        ("weight * min(130%, e.spent / e.budget)", "26"),
        ("20", ""),
        ("weight * min(1, e.spent / e.budget)", ""),
        ("weight * e.spent / e.budget", ""),
        ("min(weight, 25)", ""),
    ],
)
def test_an_award_above_its_weight(award: str, most: str) -> None:
    """As a constant, in a branch, or by a share of more than all; what depends on the case is left to the cap."""
    found = examined((PRO_RATA, f'award: "{award}"'))
    line = found.text.splitlines().index("      - id: pro-rata") + 1
    assert found.lines("award-above-weight") == ([("2/pro-rata", line)] if most else [])
    assert all(f"up to {most}," in str(finding.what) for finding in found.of("award-above-weight"))


def test_deductions_from_a_part_that_begins_at_nothing() -> None:
    """Without its method it is by award, and nothing awards it points."""
    found = examined(("    method: deduct\n", ""))
    assert found.lines("deduction-from-nothing") == [("5", found.line("  - number: 5"))]
    assert examined().of("deduction-from-nothing") == []


def test_deductions_from_what_is_awarded() -> None:
    """An award beside them gives them something to take from."""
    award = '      - {id: given, cites: ["5.1"], award: weight, say: "{taken}"}\n'
    found = examined(("    method: deduct\n", ""), ("      - id: late\n", f"{award}      - id: late\n"))
    assert found.of("deduction-from-nothing") == []


def test_deductions_from_one_part_of_two() -> None:
    """The part is named where the indicator has several."""
    parts = "    parts:\n      - {id: late, weight: 4, method: award}\n      - {id: rest, weight: 6, method: deduct}\n"
    found = examined(
        ("    method: deduct\n", parts), ("        deduct: 2\n", "        part: late\n        deduct: 2\n")
    )
    assert [finding.name for finding in found.of("deduction-from-nothing")] == ["5/late"]


def test_a_top_row_above_the_weight() -> None:
    """It is found at the row."""
    found = examined(("{from: green_line, gives: 100%}", "{from: green_line, gives: 110%}"))
    assert found.lines("award-above-weight") == [("1/banded:4", found.line("gives: 110%"))]


@pytest.mark.parametrize(
    "where",
    [
        "c.subject == '甲' and c.subject == '乙'",
        "c.subject == '甲' and c.subject != '甲'",
        "c.closed_in_time and not c.closed_in_time",
        "c.subject in ['甲', '乙'] and c.subject == '丙'",
        "contains(c.subject, '甲') and not contains(c.subject, '甲')",
        "any(service where service.visits > 3) and not any(service where service.visits > 3)",
        "c.closed_in_time == true and c.closed_in_time == false",
        "not (c.subject != '甲') and c.subject == '乙'",
        "sum(service.visits) > 5 and sum(service.visits) < 3",
        "sum(service.visits) > 5 and sum(service.visits) <= 5",
        "sum(service.visits) in 1..3 and 4 < sum(service.visits)",
        "sum(service.visits) == 4 and sum(service.visits) > 4",
        "sum(service.visits) >= 4 and sum(service.visits) <= 4 and sum(service.visits) != 4",
    ],
)
def test_conditions_that_contradict_each_other(where: str) -> None:
    """The rule can never fire, in no case and no reading."""
    found = examined((LATE, f'where: "{where}"'))
    line = found.text.splitlines().index("      - id: late") + 1
    assert found.lines("contradictory-conditions") == [("5/late", line)]


@pytest.mark.parametrize(
    "where",
    [
        "c.subject == '甲' or c.subject == '乙'",
        "c.subject in ['甲', '乙'] and c.subject != '甲'",
        "sum(service.visits) > 3 and sum(service.visits) < 5",
        "sum(service.visits) >= 4 and sum(service.visits) <= 4",
        "sum(service.visits) > 5 and count(service) < 3",
        "contains(c.subject, '甲') and not contains(c.subject, '乙')",
        "any(service where service.visits > 3) and not any(service where service.visits > 4)",
        "not c.closed_in_time and c.subject != '甲' and c.subject != '乙'",
    ],
)
def test_conditions_that_can_hold_together(where: str) -> None:
    """Nothing is found where a value is left, or where different things are compared."""
    assert examined((LATE, f'where: "{where}"')).of("contradictory-conditions") == []


def test_a_row_that_a_condition_excludes() -> None:
    """The band of a row and the rule's other conditions are looked at together."""
    found = examined(("        bands:\n", '        where: "e.spent / e.budget > 70%"\n        bands:\n'))
    assert found.lines("contradictory-conditions") == [("1/banded:1", found.line("{below: red_line"))]


TARGET = 'title: 单位成本标准, cites: ["3.1"]'
CITE = 'cites: ["3.1"]\n        each'


@pytest.mark.parametrize(
    ("change", "is_found"),
    [
        ((TARGET, TARGET.replace('"3.1"', '"4.1"')), True),
        ((TARGET, TARGET.replace('"3.1"', '"4.1", "3.1"')), False),
        ((CITE, CITE.replace('"3.1"', '"3.1", "4.1"')), False),
    ],
)
def test_a_rule_that_does_not_cite_the_clause_of_its_number(change: tuple[str, str], *, is_found: bool) -> None:
    """One clause in common is enough."""
    found = examined(change)
    line = found.text.splitlines().index("      - id: inverse") + 2
    assert found.lines("uncited-parameter") == ([("3/inverse target_cost", line)] if is_found else [])


def test_a_parameter_in_a_check_may_be_of_any_clause() -> None:
    """Rules outside the indicators serve several."""
    check = (
        '\nchecks: [{id: dear, cites: ["4.1"], each: {e: execution}, where: e.unit_cost > target_cost, flag: notice}]\n'
    )
    found = examined(("\nindicators:\n", f"{check}\nindicators:\n"))
    assert found.of("uncited-parameter") == []
