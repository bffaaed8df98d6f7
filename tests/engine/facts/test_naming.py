"""Faults of a facts file name keys as the file does."""

from __future__ import annotations

import pytest

from engine.base.faults import FactsError
from engine.facts import open_facts, read_facts
from engine.program import compile_ruleset
from engine.scoring.evaluate import evaluate
from tests.compiled import ruleset_of

FORM = "jiangmen/department-special/2024"
CHINESE = f"规则集: {FORM}\n案卷: {{部门: 某局, 年度: 2024}}\n事实: {{}}\n"
ENGLISH = f"ruleset: {FORM}\ncase: {{department: 某局, year: 2024}}\nfacts: {{}}\n"


def said(text: str) -> str:
    """Return what is said of a file that mentions no fact."""
    ruleset = ruleset_of(FORM)
    facts = read_facts(open_facts(text, "x.yaml"), ruleset.facts, ruleset.conversions)
    with pytest.raises(FactsError) as refused:
        evaluate(compile_ruleset(ruleset), facts)
    return "\n".join(f"{fault.what} {fault.remedy}" for fault in refused.value.faults)


def test_facts_that_are_not_mentioned() -> None:
    """They are called by their titles alone in a Chinese file, else by name and title."""
    assert "not_assessed" in said(ENGLISH)
    assert "“goal_report” (整体绩效目标申报)" in said(ENGLISH)
    assert "Add `整体绩效目标申报`" in said(CHINESE)
    assert "_" not in said(CHINESE)
