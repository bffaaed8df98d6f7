"""Find what it would take to gain the points that a case lost, and what its open points can be worth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from fractions import Fraction

from engine.alternatives.changes import change_of
from engine.alternatives.edges import Sources
from engine.alternatives.improvement import (
    Change,
    Improvement,
    IndicatorImprovement,
    LossImprovement,
    Proposal,
)
from engine.alternatives.opens import open_points
from engine.alternatives.options import Option, Options, facts_near, fields_read
from engine.alternatives.trials import MOST_TRIALS, Exhausted, Trials, together
from engine.base.numbers import Number, simplest, total
from engine.facts.model import Fact
from engine.receipt.make import said, taken
from engine.scoring.evaluation import Evaluation, possible_grades
from engine.scoring.firing import IndicatorScore, Posting
from engine.scoring.settlement import FLOOR

MOST_PAIRS = 60
"""How many pairs of changes are tried for one loss."""

MOST_PROPOSALS = 3
"""How many pairs are shown for one loss."""

_REMOVABLE = ("deduction", "override", "cap")
"""The postings that are there because a fact is: without the fact they would not be."""

_OWN = ("rounding", "limit", "rescaling")
"""The postings that the engine makes of itself, which no fact is behind."""


@dataclass(frozen=True, slots=True)
class _Loss:
    """What was lost for the same facts."""

    postings: tuple[Posting, ...]
    facts: tuple[Fact, ...]
    """The given facts that were matched; where none was, those that were counted."""
    counted: tuple[Fact, ...]
    """The given facts that were only counted."""

    @property
    def heaviest(self) -> Posting:
        """The posting that lost the most."""
        return max(self.postings, key=lambda posting: posting.lost)


@dataclass(slots=True)
class _Found:
    """What was tried for one loss."""

    loss: _Loss
    options: list[Option] = field(default_factory=list)

    @property
    def changeable(self) -> bool:
        """Whether anything behind it can be changed so that the case can still be scored."""
        return any(option.kept is not None for option in self.options)


def improve(evaluation: Evaluation, number: int | None = None, most: int = MOST_TRIALS) -> Improvement:
    """Return what it would take to gain the points that an indicator, or any of them, lost or has open.

    At most `most` changes are scored, and each that is returned was scored in full.
    """
    search = _Search(evaluation, Trials(evaluation, most))
    wanted = [score for score in evaluation.scores if number in (None, score.number)]
    indicators = [search.indicator(score) for score in wanted if score.lost > 0]
    ranked = sorted(indicators, key=lambda each: (-each.most, -each.lost, each.number))
    opens = tuple(open_points(evaluation, score) for score in wanted if score.open)
    return Improvement(opens, tuple(ranked), search.bounded)


class _Search:
    """One search through the losses of a case."""

    def __init__(self, evaluation: Evaluation, trials: Trials) -> None:
        self.evaluation = evaluation
        self.trials = trials
        self.sources = Sources(evaluation)
        self.read = fields_read(evaluation.program)
        self.bounded = False

    def indicator(self, score: IndicatorScore) -> IndicatorImprovement:
        """Return what would gain the points of one indicator."""
        plan = next(plan for plan in self.evaluation.program.indicators if plan.number == score.number)
        options = Options(self.trials, score.number, self.read)
        found = [_Found(loss) for loss in self.losses(score)]
        for each in found:
            self.singles(each, options, score)
        shown: set[tuple[Change, ...]] = set()
        losses = tuple(self.loss(each, found, score, shown) for each in found if self.lost(each.loss) > 0)
        ranked = sorted(losses, key=lambda loss: (-loss.most, -loss.lost))
        return IndicatorImprovement(score.number, plan.name, score.weight, score.kept, score.lost, tuple(ranked))

    def losses(self, score: IndicatorScore) -> Iterator[_Loss]:
        """Yield what the indicator lost, what rests on the same facts together, the most first."""
        groups: dict[tuple[str, ...], list[Posting]] = {}
        facts: dict[tuple[str, ...], tuple[list[Fact], list[Fact]]] = {}
        for posting in score.postings:
            if posting.kind in _OWN or (posting.lost <= 0 and posting.limit != FLOOR):
                continue
            near, counted = self.behind(posting)
            key = tuple(fact.id for fact in near)
            groups.setdefault(key, []).append(posting)
            facts.setdefault(key, (near, counted))
        made = [_Loss(tuple(postings), *map(tuple, facts[key])) for key, postings in groups.items()]
        yield from sorted(made, key=lambda loss: -self.lost(loss))

    def lost(self, loss: _Loss) -> Number:
        """Return how many points a loss is."""
        return total(posting.lost for posting in loss.postings)

    def behind(self, posting: Posting) -> tuple[list[Fact], list[Fact]]:
        """Return the given facts that a posting matched, and those that it counted."""
        given = {fact.id: fact for fact in self.evaluation.facts.facts}
        near = [fact for fact in facts_near(self.sources, posting.firing.facts) if fact.id in given]
        every = [fact for fact in self.sources.given(posting.firing) if fact.id in given]
        counted = [fact for fact in every if fact not in near]
        return (near, counted) if near else (counted, [])

    def singles(self, found: _Found, options: Options, score: IndicatorScore) -> None:
        """Try the changes of each fact behind a loss; of those that were only counted where no other gains."""
        removing = any(posting.kind in _REMOVABLE for posting in found.loss.postings)
        with suppress(Exhausted):
            for facts in (found.loss.facts, found.loss.counted):
                for fact in facts:
                    found.options += options.of(fact, removing=removing)
                if any(_gains(option, score) for option in found.options):
                    return
            return
        self.bounded = True

    def loss(
        self, found: _Found, every: Sequence[_Found], score: IndicatorScore, shown: set[tuple[Change, ...]]
    ) -> LossImprovement:
        """Return what would gain one loss."""
        lost = self.lost(found.loss)
        gaining = [option for option in found.options if _gains(option, score)]
        proposals = [made for option in gaining if (made := self.proposal((option,), score, lost))]
        proposals = _without_removals(proposals)
        if not proposals:
            proposals = self.pairs(found, every, score)
        heaviest = found.loss.heaviest
        fresh = [proposal for proposal in proposals if proposal.changes not in shown]
        shown |= {proposal.changes for proposal in fresh}
        part = next((part for part in score.parts if part.id == heaviest.part), None)
        return LossImprovement(
            heaviest.part,
            "" if part is None else part.title,
            lost,
            said(heaviest.firing.says or {}, taken(score.postings).get(heaviest.firing, 0)),
            heaviest.firing.clauses,
            tuple(sorted(proposals, key=_rank)),
            "" if proposals else "nothing" if found.changeable else "fixed",
        )

    def pairs(self, found: _Found, every: Sequence[_Found], score: IndicatorScore) -> list[Proposal]:
        """Return the pairs of changes that gain what neither of the two gains alone."""
        others = [option for each in every if each is not found for option in each.options]
        tried, gaining = 0, list[tuple[Option, Option]]()
        with suppress(Exhausted):
            for place, one in enumerate(found.options):
                for other in [*found.options[place + 1 :], *others]:
                    edits = together(one.edit, other.edit)
                    if edits is None:
                        continue
                    if tried == MOST_PAIRS:
                        raise Exhausted
                    tried += 1
                    kept = self.trials.kept(score.number, *edits)
                    if kept is not None and kept > max(score.kept, one.kept or 0, other.kept or 0):
                        gaining.append((one, other))
            return self.best(gaining, score, self.lost(found.loss))
        self.bounded = True
        return self.best(gaining, score, self.lost(found.loss))

    def best(self, pairs: Sequence[tuple[Option, Option]], score: IndicatorScore, lost: Number) -> list[Proposal]:
        """Return the pairs that gain the most."""
        made = [proposal for pair in pairs if (proposal := self.proposal(pair, score, lost))]
        return sorted(made, key=_rank)[:MOST_PROPOSALS]

    def proposal(self, options: tuple[Option, ...], score: IndicatorScore, lost: Number) -> Proposal | None:
        """Return a change once the changed facts were scored in full; None where they do not gain."""
        edits = together(*(option.edit for option in options))
        after = None if edits is None else self.trials.confirmed(*edits)
        if after is None or edits is None:
            return None
        program, now, then = self.evaluation.program, self.evaluation.outcome, after.outcome
        new = after.scored(score.number)
        if not isinstance(new, IndicatorScore) or new.kept <= score.kept:
            return None
        main = {(option.edit.fact.id, option.field): option.stop for option in options}
        return Proposal(
            changes=tuple(change_of(edit, program.ruleset.facts, main) for edit in edits),
            gain=simplest(Fraction(new.kept - score.kept)),
            kept=new.kept,
            total=simplest(Fraction(then.kept - now.kept)),
            grades=tuple(possible_grades(program.ruleset.grades, then.kept, then.kept + then.open)),
            full=not new.lost or _unrounded(new) - _unrounded(score) >= lost,
            found="search" if any(stop is not None and stop.found == "search" for stop in main.values()) else "exact",
            less=any(option.less for option in options),
            assumed=next((edit.fact.assumed for edit in edits if edit.fact.assumed), ""),
        )


def _unrounded(score: IndicatorScore) -> Number:
    """Return what an indicator keeps before it is rounded."""
    return score.kept - total(posting.kept for posting in score.postings if posting.kind == "rounding")


def _gains(option: Option, score: IndicatorScore) -> bool:
    return option.kept is not None and option.kept > score.kept


def _rank(proposal: Proposal) -> tuple[object, ...]:
    """Rank what is advice before what rests on an assumed fact, then by points, then as it was found."""
    return bool(proposal.assumed), -proposal.gain, len(proposal.changes)


def _without_removals(proposals: Sequence[Proposal]) -> list[Proposal]:
    """Leave out that a fact were not there where a change of that very fact gains as much."""
    best = {proposal.changes[0].fact: proposal.gain for proposal in proposals if proposal.changes[0].act != "remove"}
    return [
        proposal
        for proposal in proposals
        if proposal.changes[0].act != "remove" or best.get(proposal.changes[0].fact, -1) < proposal.gain
    ]
