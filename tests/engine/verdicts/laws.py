"""The laws of verdicts, as functions that the property tests and the soak share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from engine.base.comparators import Comparator
from engine.facts.model import MatchedFacts, Value
from engine.language.compute import computation
from engine.scoring.evaluation import Evaluation
from engine.verdicts import Candidate, CompiledVerdicts, RuleVerdict
from engine.verdicts.observations import Needed

TINY = Fraction(1, 10**30)


def check_verdicts(evaluation: Evaluation, judges: CompiledVerdicts) -> int:
    """Check every verdict of an evaluation; return how many failed conditions were made to hold."""
    verdicts = judges.of(evaluation)
    check_fired(evaluation, verdicts)
    return sum(
        holds_as_needed(verdict, candidate, evaluation) for verdict in verdicts for candidate in verdict.candidates
    )


def check_fired(evaluation: Evaluation, verdicts: Sequence[RuleVerdict]) -> None:
    """A rule has fired on some facts if and only if its verdict says so, and its last condition held.

    Only a result that is left open may have firings of rules that are called inactive: those of an earlier stratum.
    """
    left_open = {f"{result.plan.name}/" for result in evaluation.results if result.status == "open"}
    recorded = Counter(
        (firing.rule, firing.facts, tuple(formula.text for formula in firing.formulas))
        for firing, _ in evaluation.firings
        if not firing.rule.startswith(tuple(left_open))
    )
    said = Counter(
        (verdict.rule.name, row, tuple(formula.text for formula in verdict.rule.formulas))
        for verdict in verdicts
        for candidate in verdict.candidates
        for row in candidate.rows
        if not verdict.rule.name.startswith(tuple(left_open))
    )
    assert said == recorded
    for verdict in verdicts:
        for candidate in verdict.candidates:
            truths = [each.truth for each in candidate.conditions]
            assert candidate.fired == (set(truths) <= {"holds"} and not candidate.lacks), (verdict.rule.name, truths)
            assert "unknown" not in truths, verdict.rule.name
            assert truths == sorted(truths, key=("holds", "fails", "unreached").index), verdict.rule.name


def holds_as_needed(verdict: RuleVerdict, candidate: Candidate, evaluation: Evaluation) -> bool:
    """The first failed condition holds once its field is what is needed; return whether it says what is needed."""
    stopped = candidate.stopped
    if stopped is None or stopped.needed is None or stopped.needed.field is None:
        return False
    needed = stopped.needed
    tree = verdict.rule.conditions[stopped.condition.position].tree
    holds = computation(tree, evaluation.program.ruleset.calendar)

    def on(value: Value) -> bool:
        return bool(holds(changed(candidate.facts, needed, value), evaluation.context))

    assert not holds(candidate.facts, evaluation.context), verdict.rule.name
    assert all(map(on, sufficient(needed))), (verdict.rule.name, needed)
    assert needed.included or not on(needed.values[0]), (verdict.rule.name, needed)
    return True


def changed(row: MatchedFacts, needed: Needed, value: Value) -> MatchedFacts:
    """Return matched facts with the field that a condition reads changed."""
    assert needed.field is not None
    pattern, name = needed.field.pattern, needed.field.field
    fact = replace(row[pattern], values={**row[pattern].values, name: value})
    return (*row[:pattern], fact, *row[pattern + 1 :])


def sufficient(needed: Needed) -> Iterator[Any]:
    """Yield values that are what is needed: the threshold itself, or the next beyond it."""
    if needed.included:
        yield from needed.values
        return
    [threshold] = needed.values
    if isinstance(threshold, bool):
        yield not threshold
    elif isinstance(threshold, str):
        yield f"{threshold}?"
    else:
        step: Any = timedelta(days=1) if isinstance(threshold, date) else TINY
        yield threshold - step if needed.comparator is Comparator.BELOW else threshold + step
