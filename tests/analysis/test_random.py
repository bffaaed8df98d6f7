"""Random rulesets: the examination answers for each of them, and counts no more than there is."""

from __future__ import annotations

from random import Random

import pytest

from engine.analysis import Coverage, Material, examine
from engine.analysis.material.coverage import Observer
from engine.base.faults import EvaluationError, FactsError
from engine.ruleset import read_ruleset
from engine.scoring.evaluate import evaluate
from tests.engine.generate import random_facts, random_sources
from workflow.examination import compile_every_reading
from workflow.golden import Programs


@pytest.mark.parametrize("seed", range(40))
def test_a_random_ruleset_is_examined(seed: int) -> None:
    """A rule that fires in a case is neither unreached nor contradictory; more cases never find more."""
    random = Random(seed)
    programs = Programs(read_ruleset(random_sources(random)))
    compile_every_reading(programs)
    program, coverage = programs.under({}), Coverage()
    observer, before = Observer.of(program), -1
    for _ in range(4):
        try:
            reached = observer.reached(evaluate(program, random_facts(random)))
        except (EvaluationError, FactsError):
            reached = None
        coverage.add({}, reached)
        found = examine(Material(programs.ruleset, tuple(programs.compiled.values()), coverage))
        fired = {unit.name for unit, count in coverage.firings.items() if count}
        assert not fired & {finding.name for finding in found.findings if finding.id == "contradictory-conditions"}
        assert sum(coverage.firings.values()) >= found.rules.reached >= before
        assert found.rules.reached <= found.rules.of
        before = found.rules.reached
