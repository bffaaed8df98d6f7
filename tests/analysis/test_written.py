"""Findings call a thing as the ruleset writes it, whatever its name in receipts is."""

from __future__ import annotations

import pytest

from tests.analysis.changed import examined
from tests.analysis.test_coverage import suggested, without
from tests.analysis.test_unused import DECIDED, FACTS, PROJECT, READING

TITLE = "title: 常用计分办法示例\n"
LISTED = (FACTS, FACTS.replace("execution: {}", "项目: {optional: true}, execution: {}"))
BASIS = (
    "\nindicators:\n",
    """
核对:
  - {编号: basis, 依据: ["3.1"], 逐项: {p: 项目}, 条件: "p.成本依据 属于 ['无', '比选']", 提示: 提请注意}

indicators:
""",
)
ALTERNATIVES = (
    "\nindicators:\n",
    READING.replace("first", "甲解").replace("second", "乙解"),
)


def named(**names: str) -> tuple[str, str]:
    """Return the change that gives names of receipts to what is written in Chinese."""
    pairs = ", ".join(f"{written}: {name}" for name, written in names.items())
    return TITLE, f"{TITLE}名称对照: {{{pairs}}}\n"


def test_a_parameter() -> None:
    """One that nothing uses, and one that is a limit."""
    spare = ("parameters:\n", 'parameters:\n  备用数: {value: 3, cites: ["3.1"]}\n')
    found = examined(named(spare="备用数"), spare)
    assert found.lines("unused-parameter") == [("备用数", found.line("备用数: {"))]
    assert "“备用数”" in str(found.found.findings[0].what)
    limit = ("  red_line: {", "  红线: {"), ("{below: red_line,", "{below: 红线,")
    [finding] = examined(named(red_line="红线"), *limit, cases=without("执行率 59.94%")).of("untested-threshold")
    assert finding.name == "1/banded e.spent / e.budget 红线"
    assert "just below 红线" in str(finding.what)


def test_a_fact_type_and_its_fields() -> None:
    """By their titles, where the ruleset lists the type by its title."""
    found = examined(LISTED, types=PROJECT)
    assert [finding.name for finding in found.of("unused-fact-type")] == ["项目"]
    found = examined(LISTED, BASIS, types=PROJECT)
    [finding] = found.of("unmentioned-value")
    assert finding.name == "项目.成本依据 红头文件"
    assert str(finding.what) == "No rule mentions “红头文件” of 项目.成本依据."
    assert [finding.name for finding in found.of("unreached-rule")] == ["核对/basis"]


@pytest.mark.parametrize("accepted", ["项目.成本依据 红头文件", "project.basis 红头文件"])
def test_it_is_accepted_by_that_name(accepted: str) -> None:
    """And by no other."""
    accept = (TITLE, f"{TITLE}已接受: {{unmentioned-value: {{理由: 不影响得分, 何处: [{accepted}]}}}}\n")
    found = examined(accept, LISTED, BASIS, types=PROJECT)
    left = [finding.id for finding in found.found.findings if finding.id != "unreached-rule"]
    assert left == ([] if accepted.startswith("项目") else ["unneeded-acceptance", "unmentioned-value"])


def test_a_rule_and_its_parts() -> None:
    """By the id that is written; a rule counts once, however many parts it has, and only if all are reached."""
    rule = "    rules:\n      - id: pro-rata\n"
    parts = '    parts: [{id: 甲部分, weight: 5, cites: ["2.1"]}, {id: 乙部分, weight: 15, cites: ["2.1"]}]\n'
    award = "where: part_weight > 5\n        award: part_weight\n        of: part_weight"
    several = (rule, f"{parts}    rules:\n      - id: 按比例\n        part: [乙部分, 甲部分]\n")
    found = examined(
        named(a="甲部分", b="乙部分", mine="按比例"), several, ("award: weight * e.spent / e.budget", award)
    )
    [finding] = found.of("unreached-rule")
    assert finding.name == "2/按比例"
    assert str(finding.what) == "No golden case reaches the rule 2/按比例 for: 甲部分."
    assert (found.found.rules.reached, found.found.rules.of) == (6, 7)


@pytest.mark.parametrize("decided", ["a row", "a rule"])
def test_an_alternative(decided: str) -> None:
    """In the finding, and in the remedy of what no case reaches because another alternative is chosen."""
    change = tuple(words.replace("first", "乙解").replace("second", "甲解") for words in DECIDED[decided])
    assert len(change) == 2
    found = examined(named(one="甲解", two="乙解"), ALTERNATIVES, change)
    assert [finding.name for finding in found.of("unreached-alternative")] == ["R1/乙解"]
    unreached = found.of("unreached-rule") + found.of("unreached-band-row")
    assert [str(finding.remedy) for finding in unreached] == [
        "Add a case that reaches it, under `readings: {R1: 乙解}`."
    ]


def test_an_alternative_of_a_suggested_case() -> None:
    """Which a person puts beside the others as it is."""
    spent = (
        "\nreadings:\n",
        """
checks:
  - {id: spent, cites: ["1.1"], under: {R1: 乙解}, each: {e: execution}, where: e.spent > 50 万元, flag: notice}

readings:
""",
    )
    made = suggested(examined(named(one="甲解", two="乙解"), ALTERNATIVES, spent))
    assert [(case.value, dict(case.readings)) for case in made.cases] == [
        (value, {"R1": "乙解"}) for value in ("49.95 万元", "50 万元", "50.05 万元")
    ]
