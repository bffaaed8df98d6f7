"""Find what it would take to gain the points that a case lost, and what its open points can be worth."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain

from engine.alternatives.changes import change_of
from engine.alternatives.edges import Sources
from engine.alternatives.improvement import Improvement, IndicatorImprovement, LossImprovement, Proposal, WhyNone
from engine.alternatives.losses import Loss, Target, losses, targets
from engine.alternatives.opens import open_points
from engine.alternatives.options import Option, Options, fields_read
from engine.alternatives.trials import Exhausted, Trials, most_trials, together
from engine.base.numbers import Number, simplest
from engine.facts.model import Fact
from engine.receipt.make import said
from engine.scoring.evaluation import Evaluation, possible_grades

MOST_PAIRS = 60
"""How many pairs of changes are tried for one loss."""

MOST_PROPOSALS = 3
"""How many pairs are proposed for one loss."""


@dataclass(slots=True)
class _Found:
    """What was tried for one loss."""

    loss: Loss
    options: list[Option] = field(default_factory=list)


def improve(
    evaluation: Evaluation,
    number: int | None = None,
    most: int | None = None,
    count: Callable[[int, int], None] | None = None,
) -> Improvement:
    """Return what it would take to gain the points that an indicator, or any of them, lost or has open.

    At most `most` changes are looked at, an equal share for each indicator, and each that is returned was scored in
    full. `count` is called with how many of how many indicators were looked at.
    """
    trials = Trials(evaluation, most_trials(evaluation) if most is None else most)
    search = _Search(evaluation, trials)
    found: list[IndicatorImprovement] = []
    listed = list(targets(evaluation, number))
    for target in listed:
        trials.share(len(listed) - len(found))
        found.append(search.target(target))
        if count is not None:
            count(len(found), len(listed))
    ranked = sorted(found, key=lambda each: (-each.most, each.number is None, each.number or 0))
    opens = [score for score in evaluation.scores if number in (None, score.number) and score.open]
    return Improvement(tuple(open_points(evaluation, score) for score in opens), tuple(ranked), search.bounded)


class _Search:
    """One search through the losses of a case."""

    def __init__(self, evaluation: Evaluation, trials: Trials) -> None:
        self.evaluation = evaluation
        self.trials = trials
        self.sources = Sources(evaluation)
        self.read = fields_read(evaluation.program)
        self.bounded = False

    @contextmanager
    def within_bounds(self) -> Iterator[None]:
        """Stop what is tried where the bound is reached, and remember that there may be more."""
        try:
            yield
        except Exhausted:
            self.bounded = True

    def target(self, target: Target) -> IndicatorImprovement:
        """Return what would gain the points of one indicator, level or the total."""
        options = Options(self.trials, target.scored, self.read)
        found = [_Found(loss) for loss in losses(target, self.evaluation, self.sources)]
        for each in found:
            self.singles(each, options, target)
        shown: set[frozenset[str]] = set()
        made = [self.loss(each, found, target, shown) for each in found]
        ranked = sorted(made, key=lambda loss: (-loss.most, -loss.lost))
        score = target.score
        return IndicatorImprovement(target.number, target.name, score.weight, score.kept, target.lost, tuple(ranked))

    def singles(self, found: _Found, options: Options, target: Target) -> None:
        """Try the changes of each fact behind a loss; of those that were only counted where no other gains."""
        with self.within_bounds():
            for facts in (found.loss.facts, found.loss.counted):
                for fact in facts:
                    found.options += options.of(fact, removing=found.loss.can_be_avoided)
                if any(_gains(option, target) for option in found.options):
                    return

    def loss(
        self, found: _Found, every: Sequence[_Found], target: Target, shown: set[frozenset[str]]
    ) -> LossImprovement:
        """Return what would gain one loss; what is `shown` for another loss is not proposed again."""
        gaining = [(option,) for option in found.options if _gains(option, target)]
        proposals = self.proposals(gaining, target, found.loss)
        if not proposals:
            proposals = self.proposals(self.pairs(found, every, target), target, found.loss)[:MOST_PROPOSALS]
        if not proposals:
            proposals = self.proposals(self.several(found, every, target), target, found.loss)
        fresh = [proposal for proposal in proposals if _key(proposal) not in shown]
        shown |= set(map(_key, proposals))
        heaviest = found.loss.heaviest
        why_none: WhyNone = "" if fresh else "above" if proposals else self.why_none(found)
        assumed = (fact.assumed for fact in found.loss.facts if fact.assumed and why_none in ("fixed", "nothing"))
        return LossImprovement(
            heaviest.part,
            target.part_title(heaviest),
            found.loss.lost,
            said(heaviest.firing.says or {}, target.taken(heaviest.firing)),
            len({posting.firing for posting in found.loss.postings}) - 1,
            heaviest.firing.clauses,
            tuple(fresh),
            why_none,
            next(assumed, ""),
        )

    def why_none(self, found: _Found) -> WhyNone:
        """Say why nothing is proposed: a fact behind the loss cannot be changed, or no change gains."""
        if not found.loss.facts:
            return "nothing"
        if not any(option.kept is not None for option in found.options):
            return "fixed"
        taken = any(posting.kind != "award" for posting in found.loss.postings)
        return "fixed" if taken and any(map(self.is_fixed, found.loss.facts)) else "nothing"

    def is_fixed(self, fact: Fact) -> bool:
        """Return whether a fact is past or somebody else's act, in whole; a fact that each case has is no act."""
        fact_type = self.evaluation.program.ruleset.facts[fact.type]
        return fact_type.fixed and not fact_type.single and all(each.fixed for each in fact_type.fields.values())

    def pairs(self, found: _Found, every: Sequence[_Found], target: Target) -> list[tuple[Option, ...]]:
        """Return the pairs of changes that gain what neither of the two gains alone."""
        pairs: list[tuple[Option, ...]] = []
        tried = 0
        with self.within_bounds():
            for place, one in enumerate(found.options):
                for other in chain(found.options[place + 1 :], _others(found, every)):
                    edits = together(one.edit, other.edit)
                    if edits is None:
                        continue
                    if tried == MOST_PAIRS:
                        raise Exhausted
                    tried += 1
                    kept = self.trials.kept(target.scored, *edits)
                    if kept is not None and kept > max(target.score.kept, one.kept or 0, other.kept or 0):
                        pairs.append((one, other))
        return pairs

    def several(self, found: _Found, every: Sequence[_Found], target: Target) -> list[tuple[Option, ...]]:
        """Return changes that gain only together: as many as are needed, each of which is needed."""
        taken: list[Option] = []
        with self.within_bounds():
            tried = chain(found.options, _others(found, every))
            for option in (option for option in tried if not option.says_no):
                if together(*(each.edit for each in (*taken, option))) is None:
                    continue
                taken.append(option)
                if self.gain_together(taken, target):
                    for each in taken[:-1]:
                        fewer = [other for other in taken if other is not each]
                        if self.gain_together(fewer, target):
                            taken = fewer
                    return [tuple(taken)]
        return []

    def gain_together(self, options: Sequence[Option], target: Target) -> bool:
        """Return whether some changes gain together."""
        edits = together(*(option.edit for option in options))
        kept = None if edits is None else self.trials.kept(target.scored, *edits)
        return kept is not None and kept > target.score.kept

    def proposals(self, found: Iterable[tuple[Option, ...]], target: Target, loss: Loss) -> list[Proposal]:
        """Return changes that were scored in full and gain, each once, the best advice first."""
        made = [proposal for options in found if (proposal := self.proposal(options, target, loss)) is not None]
        once: dict[frozenset[str], Proposal] = {}
        for each in made:
            once.setdefault(_key(each), each)
        return sorted(_without_removals(list(once.values())), key=_rank)

    def proposal(self, options: tuple[Option, ...], target: Target, loss: Loss) -> Proposal | None:
        """Return a change once the changed facts were scored in full; None where they do not gain."""
        edits = together(*(option.edit for option in options))
        after = None if edits is None else self.trials.confirmed(*edits)
        if after is None or edits is None:
            return None
        program, now, then = self.evaluation.program, self.evaluation.outcome, after.outcome
        new, old = after.scored(target.scored), target.score
        if new.kept <= old.kept:
            return None
        main = {(option.edit.fact.id, option.field): option.stop for option in options}
        return Proposal(
            changes=tuple(change_of(edit, program.ruleset.facts, main) for edit in edits),
            gain=simplest(Fraction(new.kept - old.kept)),
            kept=new.kept,
            total=simplest(Fraction(then.kept - now.kept)),
            grades=tuple(possible_grades(program.ruleset.grades, then.kept, then.kept + then.open)),
            full=not new.lost or target.unrounded(new) - target.unrounded(old) >= loss.lost,
            found="search" if any(stop is not None and stop.found == "search" for stop in main.values()) else "exact",
            less=any(option.less for option in options),
            assumed=next((edit.fact.assumed for edit in edits if edit.fact.assumed), ""),
        )


def _gains(option: Option, target: Target) -> bool:
    return option.kept is not None and option.kept > target.score.kept


def _others(found: _Found, every: Sequence[_Found]) -> Iterator[Option]:
    """Yield what was tried for the other losses."""
    return (option for each in every if each is not found for option in each.options)


def _key(proposal: Proposal) -> frozenset[str]:
    """Return what two equal proposals have in common, in whatever order the facts are changed."""
    return frozenset(map(repr, proposal.changes))


def _rank(proposal: Proposal) -> tuple[object, ...]:
    """Rank advice before changes of assumed facts, then by points, then in the order of finding."""
    return bool(proposal.assumed), -proposal.gain, len(proposal.changes)


def _without_removals(proposals: Sequence[Proposal]) -> list[Proposal]:
    """Leave out that a fact were not there where other changes of the very same facts gain as much."""
    best: dict[frozenset[str], Number] = {}
    for each in proposals:
        if not _removes(each):
            best[_facts(each)] = max(each.gain, best.get(_facts(each), 0))
    return [each for each in proposals if not _removes(each) or best.get(_facts(each), 0) < each.gain]


def _removes(proposal: Proposal) -> bool:
    return any(change.act == "remove" for change in proposal.changes)


def _facts(proposal: Proposal) -> frozenset[str]:
    return frozenset(change.fact for change in proposal.changes)
