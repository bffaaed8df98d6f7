"""The explanation: indicator → parts → postings → rule → clause → facts with evidence → formula → readings.

A clause, a fact or a reading that several postings rest on is one value, which whoever shows it may show once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from engine.base.messages import Message
from engine.base.numbers import Number, simplest
from engine.explanation.scored import ScoredCase
from engine.explanation.words import FieldValue, derived_values, field_values, says
from engine.receipt.model import (
    AggregateLine,
    FactLine,
    FiringLine,
    FormulaLine,
    IndicatorLine,
    LevelLine,
    PartLine,
    PostingLine,
    ResultLine,
)
from engine.ruleset.model import Reading


@dataclass(frozen=True, slots=True)
class ClauseExplained:
    """A clause of the form, as printed."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class ReadingExplained:
    """A reading that decided something, with the alternative that was chosen."""

    name: str
    chosen: str
    reading: Reading


@dataclass(frozen=True, slots=True)
class FactExplained:
    """A fact that a firing rests on: given by the department, derived by a rule, or a piece of evidence."""

    id: str
    title: str
    """The title of a given fact's type; empty for the others."""
    values: tuple[FieldValue, ...]
    given: FactLine | None = None
    origin: FiringExplained | None = None
    """The firing that derived it."""


@dataclass(frozen=True, slots=True)
class AggregateExplained:
    """An aggregate, with the facts that it was taken over."""

    line: AggregateLine
    facts: tuple[FactExplained, ...]


@dataclass(frozen=True, slots=True)
class FiringExplained:
    """A rule that fired, and all that it rests on."""

    line: FiringLine
    says: Message
    clauses: tuple[ClauseExplained, ...]
    facts: tuple[FactExplained, ...]
    formulas: tuple[FormulaLine, ...]
    aggregates: tuple[AggregateExplained, ...]
    readings: tuple[ReadingExplained, ...]


@dataclass(frozen=True, slots=True)
class PostingExplained:
    """One line of the books with the firing behind it."""

    line: PostingLine
    firing: FiringExplained


@dataclass(frozen=True, slots=True)
class PartExplained:
    """The postings of a part; those of the indicator as a whole have no part."""

    line: PartLine | None
    postings: tuple[PostingExplained, ...]


@dataclass(frozen=True, slots=True)
class IndicatorExplained:
    """An indicator with its postings by parts."""

    line: IndicatorLine
    parts: tuple[PartExplained, ...]
    unlisted: int = 0
    """How many postings are left out, since they took no points."""
    unlisted_kept: Number = 0
    """What these keep together."""


@dataclass(frozen=True, slots=True)
class LevelExplained:
    """What was posted on a level as a whole, or on the total, which has no line of its own."""

    line: LevelLine | None
    postings: tuple[PostingExplained, ...]


@dataclass(frozen=True, slots=True)
class ResultExplained:
    """A value besides points, with the firings that give it."""

    line: ResultLine
    firings: tuple[FiringExplained, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The explanation of one indicator or one result, or of all that lost points, of the levels and of all results."""

    case: ScoredCase
    indicators: tuple[IndicatorExplained, ...]
    full: tuple[int, ...]
    """The indicators that lost nothing, where every indicator was asked for."""
    levels: tuple[LevelExplained, ...] = ()
    results: tuple[ResultExplained, ...] = ()


def explain(case: ScoredCase, number: int | None = None) -> Explanation:
    """Explain one indicator whole; without a number, what was lost or left open in any, and the results."""
    explainer = _Explainer(case)
    if number is not None:
        return Explanation(case, (explainer.indicator(case.content.indicator(number), whole=True),), ())
    lines = case.content.indicators
    lost = tuple(explainer.indicator(line, whole=False) for line in lines if not _is_full(line))
    full = tuple(line.number for line in lines if _is_full(line))
    results = tuple(map(explainer.result, case.content.results))
    return Explanation(case, lost, full, tuple(explainer.levels()), results)


def explain_result(case: ScoredCase, line: ResultLine) -> Explanation:
    """Explain one result."""
    return Explanation(case, (), (), (), (_Explainer(case).result(line),))


def explain_whole(case: ScoredCase) -> Explanation:
    """Explain every posting of every indicator, and every result."""
    explainer = _Explainer(case)
    indicators = tuple(explainer.indicator(line, whole=True) for line in case.content.indicators)
    results = tuple(map(explainer.result, case.content.results))
    return Explanation(case, indicators, (), tuple(explainer.levels()), results)


def _is_full(line: IndicatorLine) -> bool:
    return Fraction(line.lost) == 0 and Fraction(line.open) == 0


class _Explainer:
    """Makes the values; each fact and each firing is made once."""

    def __init__(self, case: ScoredCase) -> None:
        self.case = case
        self.facts: dict[str, FactExplained] = {}
        self.firings: dict[int, FiringExplained] = {}

    def indicator(self, line: IndicatorLine, *, whole: bool) -> IndicatorExplained:
        """Explain an indicator; not `whole` leaves out the postings that took nothing."""
        parts: list[PartExplained] = []
        left_out: list[PostingLine] = []
        for part in (*line.parts, None):
            found = [posting for posting, _ in self.case.postings(line.number, "" if part is None else part.id)]
            listed = [posting for posting in found if whole or _takes(posting)]
            left_out += [posting for posting in found if posting not in listed]
            if listed:
                parts.append(PartExplained(part, tuple(map(self.posting, listed))))
        kept = sum((Fraction(posting.kept) for posting in left_out), start=Fraction(0))
        return IndicatorExplained(line, tuple(parts), len(left_out), simplest(kept))

    def levels(self) -> Iterator[LevelExplained]:
        """Explain what was posted on levels, and on the total last."""
        for level in (*self.case.content.levels, None):
            posted = self.case.level_postings(() if level is None else level.path)
            if posted:
                yield LevelExplained(level, tuple(self.posting(posting) for posting, _ in posted))

    def result(self, line: ResultLine) -> ResultExplained:
        """Explain a result."""
        return ResultExplained(line, tuple(map(self.firing, line.firings)))

    def posting(self, line: PostingLine) -> PostingExplained:
        """Explain a posting."""
        return PostingExplained(line, self.firing(line.firing))

    def firing(self, number: int) -> FiringExplained:
        """Explain a firing, down to the facts that were given."""
        if number not in self.firings:
            line = self.case.content.firings[number]
            ruleset, content = self.case.ruleset, self.case.content
            self.firings[number] = FiringExplained(
                line=line,
                says=says(line),
                clauses=tuple(ClauseExplained(clause, ruleset.clauses[clause]) for clause in line.clauses),
                facts=tuple(map(self.fact, line.facts)),
                formulas=line.formulas,
                aggregates=tuple(self.aggregate(content.aggregates[position]) for position in line.aggregates),
                readings=tuple(
                    ReadingExplained(name, content.readings[name], ruleset.readings[name]) for name in line.readings
                ),
            )
        return self.firings[number]

    def aggregate(self, line: AggregateLine) -> AggregateExplained:
        """Explain an aggregate."""
        return AggregateExplained(line, tuple(map(self.fact, line.facts)))

    def fact(self, identity: str) -> FactExplained:
        """Explain a fact: as it was given, or as it was derived, from what."""
        if identity not in self.facts:
            self.facts[identity] = self._fact(identity)
        return self.facts[identity]

    def _fact(self, identity: str) -> FactExplained:
        derived, given = self.case.derivations.get(identity), self.case.facts.get(identity)
        if derived is not None:
            origin = self.firing(derived.firing)
            gives = {line.name: line.gives for line in origin.formulas if line.kind in ("field", "copy")}
            return FactExplained(identity, "", derived_values(derived.values, gives), origin=origin)
        if given is None:
            return FactExplained(identity, "", ())
        fact_type = self.case.ruleset.facts[given.type]
        return FactExplained(identity, fact_type.title, field_values(fact_type, given.values), given=given)


def _takes(posting: PostingLine) -> bool:
    return Fraction(posting.lost) > 0 or Fraction(posting.open) > 0


def postings_of(explained: IndicatorExplained) -> Iterator[PostingExplained]:
    """Yield all postings of an indicator, in the order of its parts."""
    for part in explained.parts:
        yield from part.postings
