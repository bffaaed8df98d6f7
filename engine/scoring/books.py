"""The books of one evaluation while it lasts: the firings so far, and what they settle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from engine.base.faults import problem
from engine.base.messages import msg
from engine.base.numbers import Number
from engine.facts.model import Fact, MatchedFacts
from engine.language.context import Context, Unassessed
from engine.language.typed import TOTAL, Score
from engine.program.program import IndicatorPlan, PartPlan, Program
from engine.program.scopes import indicators_under
from engine.scoring.firing import Before, Firing, IndicatorScore, LevelScore
from engine.scoring.levels import LevelBook, settle_levels
from engine.scoring.results import ResultBook
from engine.scoring.rows import refuse_unsettled, row_parts
from engine.scoring.settlement import settle


@dataclass(slots=True)
class Books:
    """The firings so far, and the indicators that they settle; it never holds the context, so there is no circle."""

    program: Program
    not_assessed: Mapping[int, Fact]
    done: dict[int, list[tuple[MatchedFacts, Firing]]] = field(default_factory=dict)
    scores: dict[int, IndicatorScore] = field(default_factory=dict)
    parts: dict[int, tuple[PartPlan, ...]] = field(default_factory=dict)
    results: ResultBook = field(init=False)

    def __post_init__(self) -> None:
        self.results = ResultBook(self.program, self.done)

    def measured(self, node: Score, context: Context) -> Number:
        """Return what an indicator or a level keeps or has open; the strata see to it that all firings are known."""
        if isinstance(node.of, int):
            score: IndicatorScore | LevelScore = self.score(node.of, context)
        else:
            score = self.levels(context, node.of).total
        if node.measure == "open":
            return score.open
        if score.open:
            waiting = indicators_under(node.of, self.program.ruleset)
            raise _left_open(node, frozenset(number for number in waiting if self.score(number, context).open))
        return score.kept

    def score(self, number: int, context: Context) -> IndicatorScore:
        """Settle an indicator, once."""
        if number not in self.scores:
            plan = self.plan(number, context)
            firings = [firing for index in self.program.posting[number] for _, firing in self.done.get(index, ())]
            not_assessed = self.not_assessed.get(number)
            looked_at = self.looked_at(plan, context)
            if not_assessed is None:
                refuse_unsettled(plan, plan.parts, firings)
            self.scores[number] = settle(plan, firings, self.program.ruleset.places, not_assessed, looked_at)
        return self.scores[number]

    def plan(self, number: int, context: Context) -> IndicatorPlan:
        """Return an indicator's plan, its rows as its parts where facts give them and it is assessed."""
        plan = next(plan for plan in self.program.indicators if plan.number == number)
        if plan.rows is None or number in self.not_assessed:
            return plan
        if number not in self.parts:
            self.parts[number] = row_parts(plan, context, self.program.ruleset.places)
        return replace(plan, parts=self.parts[number])

    def levels(self, context: Context, at: tuple[str, ...] = TOTAL) -> LevelBook:
        """Settle the levels at and below one."""
        under = [plan.number for plan in self.program.indicators if plan.path[: len(at)] == at]
        scores = {number: self.score(number, context) for number in under}
        return settle_levels(self.program, scores, self.acts_on_levels(), at)

    def acts_on_levels(self) -> list[tuple[tuple[str, ...], Firing]]:
        """Return the caps and overrides of levels, each with the path of its level."""
        return [
            (rule.level, firing)
            for index, rule in enumerate(self.program.rules)
            if rule.level is not None
            for _, firing in self.done.get(index, ())
        ]

    def before_override(self, context: Context) -> Before | None:
        """Return what the total comes to without the overrides of indicators and levels; None where there is none.

        All levels are settled again, for what an override hides may be capped or scaled.
        """
        scores = {plan.number: self.score(plan.number, context) for plan in self.program.indicators}
        caps = [(path, firing) for path, firing in self.acts_on_levels() if firing.action != "override"]
        overridden = any(score.before_override is not None for score in scores.values())
        if not overridden and len(caps) == len(self.acts_on_levels()):
            return None
        before = {number: _not_overridden(score) for number, score in scores.items()}
        whole = settle_levels(self.program, before, caps).total
        return Before(whole.kept, whole.open)

    def looked_at(self, plan: IndicatorPlan, context: Context) -> dict[str, list[Fact]]:
        """Return the facts that the rules of each part of an indicator look at; of a row its own fact."""
        types: dict[str, set[str]] = {}
        if plan.rows is not None:
            return {part.id: [part.row.fact] for part in plan.parts if part.row is not None}
        for index in self.program.posting[plan.number]:
            rule = self.program.rules[index]
            if rule.indicator == plan.number and rule.action in ("award", "deduct"):
                types.setdefault(rule.part, set()).update(rule.match.patterns)
        return {
            part: [fact for name in sorted(names) for fact in context.facts.get(name, ())]
            for part, names in types.items()
        }

    def count(self) -> int:
        """Return how many rules have fired."""
        return sum(map(len, self.done.values()))


def _not_overridden(score: IndicatorScore) -> IndicatorScore:
    """Return an indicator as it was before an override of it as a whole."""
    was = score.before_override
    if was is None:
        return score
    return replace(score, kept=was.kept, lost=score.weight - was.kept - was.open, open=was.open)


def _left_open(node: Score, waiting: frozenset[int]) -> Unassessed:
    """Say why a score is not known yet."""
    if isinstance(node.of, int):
        return Unassessed(
            problem("evaluation.not-assessed",
                "Indicator {number} is not assessed, so its score is not known.", number=node.of),
            msg("Assess it, or leave this indicator unassessed too; a rule can ask open_points({number}) first.",
                number=node.name),
            node.span[0],
            waiting,
        )  # fmt: skip
    return Unassessed(
        problem("evaluation.level-not-assessed",
            "An indicator under {level} is not assessed, so its score is not known.", level=node.name),
        msg("Assess it, or leave this indicator unassessed too; a rule can ask open_points({number}) first.",
            number=node.name),
        node.span[0],
        waiting,
    )  # fmt: skip
