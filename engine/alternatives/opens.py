"""What is open in a case: what to supply so that an indicator can be assessed, and what that can be worth."""

from __future__ import annotations

from collections.abc import Iterator

from engine.alternatives.improvement import OpenPoints
from engine.base.messages import Message, msg
from engine.facts.builtin import NOT_ASSESSED, left_out
from engine.facts.model import FactType
from engine.language.fold import nodes
from engine.language.typed import Aggregate
from engine.program.program import CompiledRequirement, IndicatorPlan
from engine.scoring.evaluation import Evaluation
from engine.scoring.firing import IndicatorScore
from engine.scoring.submission import unmet


def open_points(evaluation: Evaluation, score: IndicatorScore) -> OpenPoints:
    """Return what to supply for an indicator that is not assessed, and the fact to remove that says so."""
    plan = next(plan for plan in evaluation.program.indicators if plan.number == score.number)
    supply = tuple(_supply(evaluation, plan))
    fact = left_out(evaluation.facts).get(score.number)
    if fact is None:
        return OpenPoints(score.number, plan.name, score.open, "", supply)
    title = evaluation.program.ruleset.facts[NOT_ASSESSED].title or NOT_ASSESSED
    remove = msg("Then remove “{title}” for indicator {number}.", title=title, number=score.number)
    return OpenPoints(score.number, plan.name, score.open, str(fact.values.get("reason", "")), supply, fact.id, remove)


def _supply(evaluation: Evaluation, plan: IndicatorPlan) -> Iterator[Message]:
    """Yield the fact types that the facts do not mention, and the remedies of what they do not meet."""
    types = evaluation.program.ruleset.facts
    faults = [
        (requirement, unmet(plan, requirement, evaluation.context, evaluation.facts.place))
        for requirement in plan.requires
    ]
    refused = [requirement for requirement, found in faults if found]
    for name in plan.needs:
        if name not in evaluation.facts.stated:
            title = types[name].title or name
            if _may_be_empty(types[name], refused):
                yield msg("“{title}”, or that there is none", title=title)
            else:
                yield msg("“{title}”", title=title)
    for _, found in faults:
        for fault in found:
            yield fault.remedy


def _may_be_empty(fact_type: FactType, refused: list[CompiledRequirement]) -> bool:
    """Return whether a file may say that there is no such fact: no requirement that fails without any looks at them."""
    if fact_type.single:
        return False
    trees = [each.tree for requirement in refused for each in (*requirement.where, requirement.that)]
    return all(node.fact_type != fact_type.name for node in nodes(Aggregate, trees))
