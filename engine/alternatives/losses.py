"""What was lost, and the given facts behind it; losses with the same facts behind them are one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.alternatives.edges import Sources
from engine.base.numbers import Number, total
from engine.facts.model import Fact
from engine.language.fold import nodes
from engine.language.typed import Aggregate, Score, Scored
from engine.receipt.make import taken
from engine.scoring.evaluation import Evaluation
from engine.scoring.firing import Firing, IndicatorScore, LevelScore, Posting
from engine.scoring.settlement import FLOOR

_REMOVABLE = ("deduction", "override", "cap")
"""The postings that are there because a fact is: without the fact they would not be."""

_OWN = ("rounding", "limit", "rescaling")
"""The postings that the engine makes of itself, which no fact is behind."""


@dataclass(frozen=True, slots=True)
class Loss:
    """What was lost for the same facts, or under one floor."""

    postings: tuple[Posting, ...]
    facts: tuple[Fact, ...]
    """The given facts that were matched; where none was, those that were counted."""
    counted: tuple[Fact, ...]
    """The given facts that were only counted, or could have been."""

    @property
    def lost(self) -> Number:
        """How many points it is."""
        return total(posting.lost for posting in self.postings)

    @property
    def heaviest(self) -> Posting:
        """The posting that lost the most."""
        return max(self.postings, key=lambda posting: posting.lost)

    @property
    def can_be_avoided(self) -> bool:
        """Whether it is there because a fact is."""
        return any(posting.kind in _REMOVABLE for posting in self.postings)


@dataclass(frozen=True, slots=True)
class Target:
    """An indicator, a level or the total, whose lost points are to be gained."""

    scored: Scored
    name: str
    score: IndicatorScore | LevelScore
    postings: tuple[Posting, ...]

    @property
    def number(self) -> int | None:
        """The number of an indicator."""
        return self.scored if isinstance(self.scored, int) else None

    @property
    def lost(self) -> Number:
        """What it lost; of a level or the total only what was lost as a whole."""
        if isinstance(self.score, IndicatorScore):
            return self.score.lost
        return total(posting.lost for posting in self.postings)

    def taken(self, firing: Firing) -> Number:
        """Return what a firing gave or took here."""
        return taken(self.postings).get(firing, 0)

    def part_title(self, posting: Posting) -> str:
        """Return the title of a posting's part; empty where it concerns the whole."""
        parts = self.score.parts if isinstance(self.score, IndicatorScore) else ()
        return next((part.title for part in parts if part.id == posting.part), "")

    def unrounded(self, score: IndicatorScore | LevelScore) -> Number:
        """Return what it keeps in some score before that is rounded."""
        if isinstance(score, LevelScore):
            return score.kept
        return score.kept - total(posting.kept for posting in score.postings if posting.kind == "rounding")


def targets(evaluation: Evaluation, number: int | None) -> Iterator[Target]:
    """Yield what lost points: an indicator, or all of them, and the levels and the total that lost some as a whole."""
    names = {plan.number: plan.name for plan in evaluation.program.indicators}
    for score in evaluation.scores:
        if number in (None, score.number) and score.lost > 0:
            yield Target(score.number, names[score.number], score, score.postings)
    if number is None:
        for level in (*evaluation.levels.levels, evaluation.levels.total):
            posted = tuple(posting for posting in evaluation.levels.postings if posting.level == level.path)
            if any(posting.lost > 0 for posting in posted):
                yield Target(level.path, "/".join(level.path), level, posted)


def losses(target: Target, evaluation: Evaluation, sources: Sources) -> list[Loss]:
    """Return what was lost, the most first; under a floor that was reached all of a part together."""
    given = {fact.id for fact in evaluation.facts.facts}
    floors = {posting.part for posting in target.postings if posting.kind == "deduction" and posting.limit == FLOOR}
    groups: dict[tuple[str, ...], list[Posting]] = {}
    near: dict[tuple[str, ...], dict[str, Fact]] = {}
    counted: dict[tuple[str, ...], dict[str, Fact]] = {}
    for posting in target.postings:
        under_floor = posting.kind == "deduction" and posting.part in floors
        if posting.kind in _OWN or (posting.lost <= 0 and not under_floor):
            continue
        matched, others = _behind(posting, sources, given)
        key = ("", posting.part) if under_floor else tuple(fact.id for fact in matched)
        groups.setdefault(key, []).append(posting)
        near.setdefault(key, {}).update((fact.id, fact) for fact in matched)
        counted.setdefault(key, {}).update((fact.id, fact) for fact in others)
    made = [Loss(tuple(p), tuple(near[key].values()), tuple(counted[key].values())) for key, p in groups.items()]
    return sorted((loss for loss in made if loss.lost > 0), key=lambda loss: -loss.lost)


def _behind(posting: Posting, sources: Sources, given: set[str]) -> tuple[list[Fact], list[Fact]]:
    """Return the given facts that a posting matched, and those that it only counted or could have."""
    near = [fact for fact in facts_near(sources, posting.firing.facts) if fact.id in given]
    every = [fact for fact in (*sources.given(posting.firing), *_of_scores(posting, sources)) if fact.id in given]
    matched = near or every
    known = {fact.id for fact in matched}
    others = [*every, *(fact for fact in _left_out(posting, sources) if fact.id in given)]
    return matched, [fact for fact in others if fact.id not in known]


def _left_out(posting: Posting, sources: Sources) -> Iterator[Fact]:
    """Yield the facts that a rule's aggregates could count and do not, since they do not meet a condition."""
    if posting.firing.rule not in sources.rules:
        return
    counted = {id(fact) for aggregate in posting.firing.aggregates for fact in aggregate.facts}
    for node in nodes(Aggregate, sources.rule(posting.firing).trees):
        if node.where is not None:
            facts = sources.evaluation.context.facts.get(node.fact_type, ())
            yield from facts_near(sources, [fact for fact in facts if id(fact) not in counted])


def _of_scores(posting: Posting, sources: Sources) -> Iterator[Fact]:
    """Yield the facts behind the losses of the indicators whose points a rule asks for."""
    if posting.firing.rule not in sources.rules:
        return
    asked = {node.of for node in nodes(Score, sources.rule(posting.firing).trees)}
    for score in sources.evaluation.scores:
        if score.number in asked:
            for each in score.postings:
                if each.lost > 0 and each.kind not in _OWN:
                    yield from sources.given(each.firing)


def facts_near(sources: Sources, facts: Sequence[Fact]) -> list[Fact]:
    """Return the given facts that some facts are, or come from by what was matched; evidence is of its fact."""
    found: dict[int, Fact] = {}
    for fact in facts:
        behind = sources.derived.get(id(fact))
        for each in [fact.owner or fact] if behind is None else facts_near(sources, behind.facts):
            found.setdefault(id(each), each)
    return list(found.values())
