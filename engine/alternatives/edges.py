"""Where the rules change their mind about one number: the edges of every rule that sees it, from its expressions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from math import prod

from engine.alternatives.along import Line, NoValueHere
from engine.alternatives.ratio import Ratio
from engine.base.comparators import Comparator
from engine.base.numbers import Number, total
from engine.facts.model import Fact, MatchedFacts
from engine.language.fold import nodes
from engine.language.typed import Aggregate, Score, Scored, Typed
from engine.program.program import CompiledRule, Program
from engine.scoring.evaluation import Evaluation
from engine.scoring.firing import Firing

MOST_EVERYWHERE = 60
"""How many combinations are followed where an aggregate lets each of them see the number."""

MOST_ROWS = 500
"""How many combinations of facts of one rule are followed."""


@dataclass(frozen=True, slots=True)
class Edges:
    """Where something changes, as far as it is seen from one value of the number."""

    at: frozenset[Number]
    exact: bool
    """Whether every comparison on the way was solved."""


class Sources:
    """Where the derived facts of an evaluation come from; made once, and asked for each number."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation
        self.derived = {id(fact): firing for firing, fact in evaluation.firings if fact is not None}
        self.rules: dict[str, list[CompiledRule]] = {}
        for rule in evaluation.program.rules:
            self.rules.setdefault(rule.name, []).append(rule)

    def origin(self, fact: Fact, name: str) -> tuple[Typed, MatchedFacts] | None:
        """Return the tree of a derived fact's field and the facts that it is computed from."""
        firing = self.derived.get(id(fact))
        if firing is None:
            return None
        for formula in self.rule(firing).formulas:
            if formula.name == name and formula.kind not in ("band", "when"):
                return formula.expression.tree, firing.facts
        return None

    def rule(self, firing: Firing) -> CompiledRule:
        """Return the rule of a firing, of a band table the very row."""
        written = [formula.text for formula in firing.formulas]
        rules = self.rules[firing.rule]
        return next((rule for rule in rules if [formula.text for formula in rule.formulas] == written), rules[0])

    def given(self, firing: Firing) -> list[Fact]:
        """Return the given facts behind a firing, those that it matched before those that it counts."""
        found: dict[int, Fact] = {}
        for facts in (firing.facts, [fact for aggregate in firing.aggregates for fact in aggregate.facts]):
            for fact in facts:
                behind = self.derived.get(id(fact))
                for each in [fact] if behind is None else self.given(behind):
                    found.setdefault(id(each), each)
        return list(found.values())

    def after(self, fact: Fact) -> set[int]:
        """Return the facts that a given fact can change, itself included, by identity."""
        found = {id(fact)}
        while True:
            more = {
                id(derived)
                for firing, derived in self.evaluation.firings
                if derived is not None and id(derived) not in found and any(id(f) in found for f in _looked_at(firing))
            }
            if not more:
                return found
            found |= more


def rules_behind(program: Program, scored: Scored) -> frozenset[int]:
    """Return the rules that decide how an indicator, a level or the total comes out, with the rules behind them."""
    found = {number for number, rule in enumerate(program.rules) if _acts_on(rule, scored)}
    while True:
        types = {name for number in found for name in program.rules[number].looks_at}
        asked = {node.of for number in found for node in nodes(Score, program.rules[number].trees)}
        more = {
            number
            for number, rule in enumerate(program.rules)
            if number not in found and (rule.derives in types or any(_acts_on(rule, each) for each in asked))
        }
        if not more:
            return frozenset(found)
        found |= more


def _acts_on(rule: CompiledRule, scored: Scored) -> bool:
    return scored in rule.targets if isinstance(scored, int) else rule.level == scored


def edges_of(sources: Sources, fact: Fact, field: str, rules: frozenset[int]) -> Edges:
    """Return the edges that some rules have for one number of a fact, as far as they are seen from its value."""
    evaluation = sources.evaluation
    line = Line(fact, field, evaluation.program, evaluation.context, sources.origin)
    after = sources.after(fact)
    types = {each.type for listed in evaluation.context.facts.values() for each in listed if id(each) in after}
    points: dict[tuple[int | None, str, str], list[Ratio | Number]] = {}
    for index, rule in enumerate(evaluation.program.rules):
        if index in rules & evaluation.active and rule.looks_at & types:
            for row in _rows(rule, evaluation.context.facts, after, types, line):
                _follow(line, rule, row, points)
    _settle(line, evaluation, points)
    return Edges(frozenset(line.edges), not line.beyond)


def _looked_at(firing: Firing) -> Iterator[Fact]:
    yield from firing.facts
    for aggregate in firing.aggregates:
        yield from aggregate.facts


def _rows(
    rule: CompiledRule, facts: Mapping[str, Sequence[Fact]], after: set[int], types: set[str], line: Line
) -> Iterable[MatchedFacts]:
    """Yield the combinations of facts that the number can make a difference to."""
    listed = [facts.get(name, ()) for name in rule.match.patterns]
    everywhere = any(node.fact_type in types for node in nodes(Aggregate, rule.trees))
    if everywhere and prod(map(len, listed)) > MOST_EVERYWHERE:
        # Its own rows show the edges of an aggregate, too; what only others show is found by search.
        everywhere, line.beyond = False, True
    if len(listed) == 1 and not everywhere:
        return [(fact,) for fact in listed[0] if id(fact) in after]
    found = [
        row for row in islice(product(*listed), MOST_ROWS + 1) if everywhere or any(id(fact) in after for fact in row)
    ]
    if len(found) > MOST_ROWS:
        line.beyond = True
    return found


def _follow(
    line: Line, rule: CompiledRule, row: MatchedFacts, points: dict[tuple[int | None, str, str], list[Ratio | Number]]
) -> None:
    """Try a rule's conditions on a row; where it fires, follow what it gives."""
    fires = True
    try:
        for condition in rule.conditions:
            looked = line.looks
            if not line.value(condition.tree, row):
                fires = False
                if looked == line.looks:
                    return
        if not fires:
            return
        given = {formula.name: line.value(formula.expression.tree, row) for formula in rule.formulas}
    except (NoValueHere, AttributeError, TypeError):
        return
    asked = given.get("points")
    if rule.derives or asked is None:
        return
    stake = given.get("of", rule.stake_of)
    if isinstance(asked, Ratio):
        line.holds(Comparator.BELOW, asked, 0)
        line.holds(Comparator.AT_LEAST, asked, stake)
    part = row[0].id if rule.by_row else rule.part
    points.setdefault((rule.indicator, part, rule.action), []).append(asked)


def _settle(
    line: Line, evaluation: Evaluation, points: Mapping[tuple[int | None, str, str], list[Ratio | Number]]
) -> None:
    """Follow the sums of a part's awards and deductions to its weight, and its caps to what it keeps."""
    for (indicator, part, action), asked in points.items():
        if not any(isinstance(each, Ratio) for each in asked) or indicator is None:
            continue
        score = next(score for score in evaluation.scores if score.number == indicator)
        weight = next((each.weight for each in score.parts if each.id == part), score.weight)
        if action == "cap":
            kept = total(posting.kept for posting in score.postings if posting.kind in ("award", "deduction", "rest"))
            line.holds(Comparator.BELOW, asked[0], kept)
        elif action in ("award", "deduct"):
            whole: Ratio | Number = 0
            for each in asked:
                whole = Ratio.of(whole) + each
            line.holds(Comparator.BELOW, whole, weight)
