"""What is declared and used by nothing is found where it is declared; what is used anywhere is not."""

from __future__ import annotations

import pytest

import schemas
from tests.analysis.changed import examined

PARAMETERS = "parameters:\n"
FACTS = "facts: {execution: {}, service: {}, complaint: {}, veto_event: {}}"
PROJECT = {"shared/project.json": schemas.fact_types()["project"]}
WITH_PROJECT = (FACTS, FACTS.replace("execution: {}", "project: {optional: true}, execution: {}"))
CHECK = """
checks:
  - id: basis
    cites: ["3.1"]
    each: {p: project}
    where: WHERE
    flag: notice
"""
LAST = 'en: "Indicator 4 keeps {score(4)}, so this keeps {points} at most."}\n'
READING = """
readings:
  R1:
    clause: "1.1"
    question: {zh: 问, en: Question?}
    chosen: first
    alternatives:
      first: {zh: 甲, en: One, scores: 得分}
      second: {zh: 乙, en: Other, scores: 得分}
    authority: 条文
    decided: {by: 维护人, on: 2024-12-01}

indicators:
"""
BANDED = "        each: {e: execution}\n        bands:"
RELY = (BANDED, f"        readings: [R1]\n{BANDED}")


def test_the_demonstration_is_clean() -> None:
    """Nothing at all is found in it."""
    assert examined().found.findings == ()


@pytest.mark.parametrize(
    "used",
    [
        ("award: weight * e.spent / e.budget", "award: weight * e.spent / e.budget * spare / 3"),
        ("{below: red_line, gives: 0%}", "{below: red_line - 3 + spare, gives: 0%}"),
        ("yellow_line: {value: 80%,", "yellow_line: {value: 80% + 3 - spare,"),
        ("where: not c.closed_in_time", "where: not c.closed_in_time and spare == 3"),
        (
            '得 {taken} 分。", en: "Executed {e.spent / e.budget:%}: ',
            '得 {taken} 分 {spare}。", en: "Executed {spare}: ',
        ),
        ('that: "sum(service.visits) > 0"', 'that: "sum(service.visits) > 3 - spare"'),
    ],
)
def test_a_parameter_that_nothing_names(used: tuple[str, str]) -> None:
    """Wherever an expression may be, a parameter in it is used."""
    spare = (PARAMETERS, f'{PARAMETERS}  spare: {{value: 3, cites: ["3.1"]}}\n')
    found = examined(spare)
    assert found.lines("unused-parameter") == [("spare", found.line("spare: {"))]
    assert examined(spare, used).of("unused-parameter") == []


def test_the_name_in_quotes_is_not_the_parameter() -> None:
    """A text that reads like a parameter's name is a text."""
    spare = (PARAMETERS, f'{PARAMETERS}  spare: {{value: 3, cites: ["3.1"]}}\n')
    quoted = ("where: not c.closed_in_time", "where: not c.closed_in_time and c.subject != 'spare'")
    assert [finding.name for finding in examined(spare, quoted).of("unused-parameter")] == ["spare"]


@pytest.mark.parametrize(
    "used",
    [
        (LAST, LAST + CHECK.replace("WHERE", "p.amount > 0 万元")),
        ("sum(service.visits) > 0", "sum(service.visits) > 0 or count(project) > 3"),
        ("grades: [", "head: [project]\ngrades: ["),
    ],
)
def test_a_fact_type_that_nothing_looks_at(used: tuple[str, str]) -> None:
    """A rule, a requirement or the card's head looks at it."""
    found = examined(WITH_PROJECT, types=PROJECT)
    assert found.lines("unused-fact-type") == [("project", found.line("project: {"))]
    assert examined(WITH_PROJECT, used, types=PROJECT).of("unused-fact-type") == []


def test_a_clause_without_a_rule() -> None:
    """It is found at the clause; a rule, or a parameter, that cites it carries it out."""
    clause = ('      "5.2": 本项', '      "5.3": 另有规定。\n      "5.2": 本项')
    found = examined(clause)
    assert found.lines("clause-without-rule") == [("5.3", found.line('"5.3"'))]
    assert examined(clause, ('cites: ["5.2"]', 'cites: ["5.2", "5.3"]')).of("clause-without-rule") == []
    parameter = ('title: 单位成本标准, cites: ["3.1"]', 'title: 单位成本标准, cites: ["5.3", "3.1"]')
    assert examined(clause, parameter).found.findings == ()


@pytest.mark.parametrize(
    ("where", "left"),
    [
        ("p.basis == '无'", ["红头文件", "比选"]),
        ("p.basis in ['无', '比选']", ["红头文件"]),
        ("p.basis != '无'", []),
        ("not (p.basis == '无')", []),
        ("(if p.basis == '无' then 1 else 2) > 1", []),
        ("p.name == '无'", []),
    ],
)
def test_a_value_that_no_rule_mentions(where: str, left: list[str]) -> None:
    """Unless a rule takes all other values too."""
    rule = (LAST, LAST + CHECK.replace("WHERE", f'"{where}"'))
    found = examined(WITH_PROJECT, rule, types=PROJECT)
    line = found.line("project: {")
    assert found.lines("unmentioned-value") == [(f"project.basis {value}", line) for value in sorted(left)]


def test_a_reading_that_decides_nothing() -> None:
    """One on which nothing relies; else each alternative that scores as another does."""
    register = ("\nindicators:\n", READING)
    found = examined(register)
    assert found.lines("unused-reading") == [("R1", found.line("  R1:") + 1)]
    found = examined(register, RELY)
    assert found.of("unused-reading") == []
    assert found.lines("alternative-without-effect") == [("R1/second", found.line("second: {"))]


ROW = "{below: red_line, gives: 0%}"
COST = 'target_cost: {value: 100 元, title: 单位成本标准, cites: ["3.1"]'
LATE = "        where: not c.closed_in_time"
ROWS = f"{ROW[:-1]}, under: {{R1: first}}}}\n            - {{to: red_line, gives: 0%, under: {{R1: second}}}}"
DECIDED = {
    "a row": (ROW, ROWS),
    "a parameter": (f"{COST}}}", f"{COST}, under: {{R1: {{second: 90 元}}}}}}"),
    "a rule": (LATE, f"        under: {{R1: first}}\n{LATE}"),
}


@pytest.mark.parametrize("decided", DECIDED.values(), ids=DECIDED)
def test_an_alternative_that_changes_something(decided: tuple[str, str]) -> None:
    """A row, a parameter or a rule: each is an effect, and no case reaches the other alternative yet."""
    found = examined(("\nindicators:\n", READING), decided)
    assert found.of("unused-reading") == found.of("alternative-without-effect") == []
    assert found.lines("unreached-alternative") == [("R1/second", found.line("second: {zh"))]
