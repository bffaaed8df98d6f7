"""What is open in a case: what to supply so that an indicator can be assessed, and what that can be worth."""

from __future__ import annotations

from collections.abc import Iterator

from engine.alternatives.improvement import OpenPoints
from engine.base.messages import Message, msg
from engine.facts.builtin import left_out
from engine.program.program import IndicatorPlan
from engine.scoring.evaluation import Evaluation
from engine.scoring.firing import IndicatorScore
from engine.scoring.submission import unmet


def open_points(evaluation: Evaluation, score: IndicatorScore) -> OpenPoints:
    """Return what to supply for an indicator that is not assessed."""
    plan = next(plan for plan in evaluation.program.indicators if plan.number == score.number)
    fact = left_out(evaluation.facts).get(score.number)
    reason = "" if fact is None else str(fact.values.get("reason", ""))
    return OpenPoints(score.number, plan.name, score.open, reason, tuple(_supply(evaluation, plan)))


def _supply(evaluation: Evaluation, plan: IndicatorPlan) -> Iterator[Message]:
    """Yield the fact types that the facts do not mention, and the remedies of what they do not meet."""
    types = evaluation.program.ruleset.facts
    for name in plan.needs:
        if name not in evaluation.facts.stated:
            yield msg("“{title}”, or that there is none", title=types[name].title or name)
    for requirement in plan.requires:
        for fault in unmet(plan, requirement, evaluation.context, evaluation.facts.place):
            yield fault.remedy
