"""What it would take in every golden case of the shipped rulesets: exact changes, read by eye, each kept to its law."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.alternatives.improve import improve
from tests.compiled import ruleset_of
from tests.engine.alternatives.applied import brief, check
from tests.golden import matches_golden
from workflow.golden import Programs, read_cases, run_cases
from workflow.library import folder_of

GOLDEN = Path(__file__).parent / "golden"
LONG = pytest.mark.long


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("national/project-self-evaluation/2020", marks=LONG),
        "demo/schemes/1",
        "demo/payments/1",
        pytest.param("jiangmen/department-special/2024", marks=LONG),
        pytest.param("jiangmen/department-special/2025", marks=LONG),
    ],
)
def test_the_golden_cases(name: str) -> None:
    """Each loss with the changes that gain it, and what each gains."""
    ruleset, folder = ruleset_of(name), folder_of(name, None)
    files = {file.name: file.read_text("utf-8") for file in (folder / "cases").iterdir()}
    lines = []
    for outcome in run_cases(read_cases(files, name, ruleset.facts), Programs(ruleset), (str,)):
        if outcome.evaluation is None:
            continue
        improvement = improve(outcome.evaluation)
        check(outcome.evaluation, improvement)
        found = [f"  {line}" for line in brief(improvement)] + ["  …"] * improvement.bounded
        lines += [outcome.case.name, *found] if found else []
    assert matches_golden(GOLDEN / f"{name.replace('/', '.')}.txt", "\n".join([*lines, ""]))
