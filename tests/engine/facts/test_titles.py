"""A facts file may call types and fields by their titles; its facts are the same."""

from __future__ import annotations

import pytest

from engine.base.faults import FactsError
from engine.facts import Facts, open_facts, read_facts
from engine.facts.builtin import EVIDENCE
from engine.facts.types import read_fact_type
from engine.receipt.facts import fact_line
from schemas import fact_types

TYPES = {
    name: read_fact_type(name, fact_types()[name], f"{name}.json") for name in ("performance_target", "goal_report")
} | {EVIDENCE.name: EVIDENCE}
ENGLISH = """
ruleset: x/y
case: {department: 商务局, year: 2024}
facts:
  goal_report: {reported: true, evidence: [{title: 目标表, reference: 江财〔2024〕1号}]}
  performance_target:
    - {id: T1, name: 外资, kind: 产出, direction: ≥, target: 20, actual: 11.8, unit: 亿, assumed: 表未公开}
"""
CHINESE = """
规则集: x/y
案卷: {部门: 商务局, 年度: 2024}
事实:
  整体绩效目标申报: {reported: 是, 佐证材料: [{名称: 目标表, 文号或网址: 江财〔2024〕1号}]}
  绩效指标完成情况:
    - {编号: T1, 指标名称: 外资, 指标类别: 产出, 方向: ≥, 年初目标值: 20, 实际完成值: 11.8,
       计量单位: 亿, 推定: 表未公开}
"""


def read(text: str) -> Facts:
    """Return the facts of a file."""
    return read_facts(open_facts(text, "facts.yaml"), TYPES, {})


def test_both_files_have_the_same_facts() -> None:
    """Types, fields, what all facts have, the head, and true and false."""
    title = TYPES["goal_report"].title
    chinese = CHINESE.replace("整体绩效目标申报", title).replace(
        "reported", TYPES["goal_report"].fields["reported"].title
    )
    one, other = read(ENGLISH), read(chinese)
    assert one.case == other.case
    assert one.stated == other.stated == {"goal_report", "performance_target"}
    assert [fact_line(fact) for fact in one.facts] == [fact_line(fact) for fact in other.facts]


def test_faults_are_at_the_words_that_were_written() -> None:
    """With the title that was written, at its line and column."""
    with pytest.raises(FactsError) as caught:
        read(ENGLISH.replace("actual: 11.8", "实际完成: 11.8"))
    missing, unknown = sorted(caught.value.faults, key=lambda fault: fault.code)
    assert (missing.code, unknown.code) == ("value.missing", "value.unknown-field")
    assert (unknown.where.line, unknown.where.column) == (7, 62)
    assert "“实际完成”" in str(unknown.what)
    assert "实际完成值" in str(unknown.remedy)


def test_a_name_and_its_title_are_one_key() -> None:
    """Written both, they are refused: neither is silently preferred."""
    with pytest.raises(FactsError, match="There is no field “实际完成值” here"):
        read(ENGLISH.replace("actual: 11.8", "actual: 11.8, 实际完成值: 12"))
