"""Two scores side by side: what differs, by how much, and the postings that account for it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from engine.base.folding import folded
from engine.base.messages import Message
from engine.base.numbers import Number, divide, simplest
from engine.base.pairs import paired, same
from engine.explanation.scored import ScoredCase
from engine.explanation.words import PointsRange, says
from engine.receipt.model import BookedLine, FiringLine, IndicatorLine, PostingLine


@dataclass(frozen=True, slots=True)
class PostingSide:
    """A posting of one of the two scores."""

    line: PostingLine
    firing: FiringLine
    says: Message
    """The sentence of its firing, in the words of its ruleset."""


@dataclass(frozen=True, slots=True)
class PostingChange:
    """A posting that differs, or is only in one of the two.

    `difference` is how much less of the weight is lost or open by it in the second, so that a deduction counts where it
    is made and not where the rest is kept.
    """

    first: PostingSide | None
    second: PostingSide | None
    difference: Number


@dataclass(frozen=True, slots=True)
class Compared:
    """Two amounts of points of one thing: an indicator, a level, or the total."""

    first: PointsRange | None
    second: PointsRange | None
    is_whole: bool = True
    """Whether nothing is missing from the one that the other has, as where a department left a score blank."""

    @property
    def is_known(self) -> bool:
        """Whether the difference is known: both are there and whole, and as many points are open in both."""
        first, second = self.first, self.second
        return self.is_whole and first is not None and second is not None and first.open == second.open

    @property
    def difference(self) -> Number:
        """How much more the second keeps; one that is not there keeps nothing."""
        kept = [Fraction(0 if side is None else side.kept) for side in (self.first, self.second)]
        return simplest(kept[1] - kept[0])

    @property
    def deviation(self) -> Number | None:
        """By how much the first is too high, as a share of it (偏离度): (self − re-check) ÷ self.

        None where the self-score is 0, where a side is not there, or where points are open, for unknown is not zero.
        """
        if self.first is None or self.second is None or not self.is_known or self.first.open or not self.first.kept:
            return None
        return divide(simplest(Fraction(self.first.kept) - Fraction(self.second.kept)), self.first.kept)


@dataclass(frozen=True, slots=True)
class ComparedIndicator:
    """An indicator of both scores, or of one alone."""

    first: IndicatorLine | None
    second: IndicatorLine | None
    points: Compared
    postings: tuple[PostingChange, ...]
    """Those that differ; with that of the weights their differences add up to that of the points.

    Not for a claim, which has no postings.
    """

    @property
    def weight_change(self) -> Number:
        """How much more the indicator weighs in the second."""
        weights = [Fraction(0 if line is None else line.weight) for line in (self.first, self.second)]
        return simplest(weights[1] - weights[0])

    @property
    def line(self) -> IndicatorLine:
        """The line that names it: the second's, where it has one."""
        found = self.second or self.first
        assert found is not None  # noqa: S101 - one of the two is there
        return found


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two scores: the indicators that are in both, those of one alone, and what was posted on levels and the total."""

    first: ScoredCase
    second: ScoredCase
    of_claim: bool = field(kw_only=True)
    """Whether the first is what the department claimed, beside the score of the same evaluation."""
    indicators: tuple[ComparedIndicator, ...]
    levels: tuple[PostingChange, ...]
    total: Compared

    @property
    def both(self) -> Iterator[ComparedIndicator]:
        """The indicators that are in both."""
        return (each for each in self.indicators if each.first is not None and each.second is not None)

    @property
    def alone(self) -> Iterator[ComparedIndicator]:
        """The indicators that only one of the two has."""
        return (each for each in self.indicators if each.first is None or each.second is None)


def compare(first: ScoredCase, second: ScoredCase) -> Comparison:
    """Compare two scores; indicators of different rulesets are paired by name, then by the texts of their clauses."""
    pairs = _pairs(first, second)
    found = [_indicator(first, second, a, b) for a, b in pairs]
    levels = _changes(_postings(first, None), _postings(second, None))
    total = Compared(_total(first), _total(second))
    return Comparison(first, second, of_claim=False, indicators=tuple(found), levels=levels, total=total)


def compare_claim(case: ScoredCase) -> Comparison:
    """Compare what the department claimed with the score; the postings are those that took or left open points."""
    found = []
    for line in case.content.indicators:
        claimed = None if line.claimed is None else PointsRange.read(line.claimed, "0")
        taken = [side for side in _postings(case, line.number) if _takes(side.line)]
        changes = tuple(PostingChange(None, side, simplest(-Fraction(side.line.lost))) for side in taken)
        found.append(ComparedIndicator(line, line, Compared(claimed, _points(line)), changes))
    claims = [Fraction(line.claimed) for line in case.content.indicators if line.claimed is not None]
    claimed_total = PointsRange(simplest(sum(claims, Fraction(0))), 0) if claims else None
    levels = _changes([], _postings(case, None))
    is_whole = len(claims) == len(case.content.indicators)
    total = Compared(claimed_total, _total(case), is_whole)
    return Comparison(case, case, of_claim=True, indicators=tuple(found), levels=levels, total=total)


def _pairs(first: ScoredCase, second: ScoredCase) -> Iterator[tuple[IndicatorLine | None, IndicatorLine | None]]:
    """Yield the indicators in the second's order, each with its counterpart; those of the first alone at the end."""
    old, new = first.content.indicators, second.content.indicators
    texts = _clause_texts(first), _clause_texts(second)
    if first.content.ruleset.id == second.content.ruleset.id:
        pairs = paired(old, new, same(lambda line: line.number))
    else:
        pairs = paired(
            old,
            new,
            same(lambda line: (line.path, folded(line.name))),
            same(lambda line: folded(line.name)),
            (lambda line: texts[0][line.number], lambda line: texts[1][line.number]),
        )
    counterpart = {b.number: a for a, b in pairs.both}
    for line in new:
        yield counterpart.get(line.number), line
    for line in pairs.dropped:
        yield line, None


def _clause_texts(case: ScoredCase) -> dict[int, Hashable]:
    """Return the texts of each indicator's clauses, by its number."""
    return {each.number: tuple(map(folded, each.clauses.values())) for each in case.ruleset.indicators}


def _indicator(
    first: ScoredCase, second: ScoredCase, old: IndicatorLine | None, new: IndicatorLine | None
) -> ComparedIndicator:
    before = [] if old is None else _postings(first, old.number)
    after = [] if new is None else _postings(second, new.number)
    points = Compared(None if old is None else _points(old), None if new is None else _points(new))
    return ComparedIndicator(old, new, points, _changes(before, after))


def _postings(case: ScoredCase, number: int | None) -> list[PostingSide]:
    """Return the postings of an indicator; without a number those on levels and the total."""
    return [
        PostingSide(posting, firing := case.content.firings[posting.firing], says(firing, case.own_names))
        for posting in case.content.postings
        if posting.indicator == number
    ]


def _changes(before: Sequence[PostingSide], after: Sequence[PostingSide]) -> tuple[PostingChange, ...]:
    """Return the postings that differ: alike are those of one rule for the same facts, else of one kind for them."""
    pairs = paired(
        before,
        after,
        same(lambda side: (side.line.part, side.line.kind, side.line.level, side.firing.rule, side.firing.facts)),
        same(lambda side: (side.line.kind, side.line.level, side.firing.facts)),
        same(lambda side: (side.line.kind, side.line.level, side.firing.rule)),
    )
    both = (PostingChange(a, b, _taken([a]) - _taken([b])) for a, b in pairs.both if _shares(a) != _shares(b))
    return (
        *both,
        *(PostingChange(side, None, _taken([side])) for side in pairs.dropped if any(_shares(side))),
        *(PostingChange(None, side, -_taken([side])) for side in pairs.added if any(_shares(side))),
    )


def _shares(side: PostingSide) -> tuple[Fraction, Fraction]:
    """Return what a posting takes and what it leaves open."""
    return Fraction(side.line.lost), Fraction(side.line.open)


def _taken(sides: Iterable[PostingSide]) -> Number:
    return simplest(sum((sum(_shares(side), Fraction(0)) for side in sides), Fraction(0)))


def _takes(line: PostingLine) -> bool:
    return Fraction(line.lost) != 0 or Fraction(line.open) != 0


def _points(line: BookedLine) -> PointsRange:
    return PointsRange.read(line.kept, line.open)


def _total(case: ScoredCase) -> PointsRange:
    return PointsRange.read(case.content.total, case.content.open)
