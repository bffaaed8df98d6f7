"""What the rules of a ruleset need of each other: facts, and the scores and results that some ask."""

from __future__ import annotations

from engine.language.fold import nodes
from engine.language.typed import Aggregate, HasResult, ResultOf, Score, Scored
from engine.program.program import CompiledRule
from engine.program.scopes import indicators_under, level_weights
from engine.program.strata import Dependencies, result_of, score_of
from engine.ruleset.model import Ruleset


def dependencies(rule: CompiledRule, ruleset: Ruleset) -> Dependencies:
    """Return what a rule needs and gives."""
    completes = {aggregate.fact_type for aggregate in nodes(Aggregate, rule.trees)}
    asking = (*rule.trees, *rule.trees_said)
    for score in nodes(Score, asking):
        completes |= parts_of(score.of, ruleset)
    completes |= {result_of(value.result) for value in nodes(ResultOf, asking)}
    completes |= {result_of(question.result) for question in nodes(HasResult, asking)}
    gives = {rule.derives} if rule.derives else {score_of(scored) for scored in rule.targets}
    if rule.result:
        gives = {result_of(rule.result)}
    return Dependencies(frozenset(rule.match.patterns), frozenset(completes), frozenset(gives))


def parts_of(scored: Scored, ruleset: Ruleset) -> set[str]:
    """Name the scores that make up one: its own, and for a level those of the indicators and levels below it."""
    below: list[Scored] = [*indicators_under(scored, ruleset)]
    if not isinstance(scored, int):
        below += [path for path in level_weights(ruleset) if path[: len(scored)] == scored]
    return set(map(score_of, below))
