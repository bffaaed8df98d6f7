"""What people call a fact: the text that is a name, else the first text that each fact has."""

from __future__ import annotations

import pytest

from engine.facts.called import naming_field
from tests.compiled import ruleset_of


@pytest.mark.parametrize(
    ("fact_type", "field"),
    [
        ("performance_target", "name"),
        ("audit_finding", "problem"),
        ("special_fund", "name"),
        ("approved_budget", ""),
    ],
)
def test_a_fact_says_what_it_is_called(fact_type: str, field: str) -> None:
    """A finding is called by its problem, though the office that made it is a shorter text."""
    assert naming_field(ruleset_of("jiangmen/department-special/2024").facts[fact_type]) == field
