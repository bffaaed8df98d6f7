"""What may be in a facts file: all that is in one, and nothing beyond the bounds of a field."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from engine.alternatives.allowed import Allowance
from engine.facts.model import Fact, Value
from engine.facts.types import bound
from tests.engine.alternatives.test_seed import COMMERCE, scored

LEAST = {"minimum": True, "exclusiveMinimum": True, "maximum": False, "exclusiveMaximum": False}


def changed(fact: Fact, name: str, value: Value) -> Fact:
    """Return a fact with another value."""
    return replace(fact, values={**fact.values, name: value})


@pytest.mark.parametrize("file", sorted(COMMERCE.glob("*.yaml")), ids=lambda file: file.stem)
def test_what_is_given_is_allowed_and_nothing_beyond_a_bound(file: Path) -> None:
    """What is a little beyond a bound is not, nor a bound that is not included."""
    evaluation = scored(file)
    types = evaluation.program.ruleset.facts
    allowance, checked = Allowance(types), 0
    for fact in evaluation.facts.facts:
        assert allowance.allows(fact), fact
        for name in fact.values:
            says = types[fact.type].schema["properties"][name]
            for rule, is_least in LEAST.items():
                limit = bound(str(says.get(rule, says.get(f"x-{rule}", ""))))
                if limit is not None:
                    whole = says.get("type") == "integer"
                    beyond = limit + (-1 if is_least else 1) * (1 if whole else Fraction(1, 100))
                    assert not allowance.allows(changed(fact, name, beyond)), (fact.type, name, beyond)
                    assert not ("exclusive" in rule and allowance.allows(changed(fact, name, limit)))
                    checked += 1
    assert checked > 20
