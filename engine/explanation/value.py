"""The explanation of an evaluation as a value, in layers, each node with its address.

First the sentence and the clause; then the facts with their evidence, and the formulas; then the rule, how facts were
derived, the conditions and the readings. Each face chooses the depth that it shows. A fact, a clause or a
reading behind several postings is one value.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.base.messages import Message
from engine.base.numbers import Number
from engine.explanation.scored import ScoredCase
from engine.explanation.words import FieldValue
from engine.receipt.model import (
    AggregateLine,
    DerivedLine,
    EvidenceLine,
    FactLine,
    FiringLine,
    IndicatorLine,
    LevelLine,
    PartLine,
    PostingLine,
    ResultLine,
)
from engine.ruleset.model import Reading
from engine.scoring.formula_line import FormulaLine


@dataclass(frozen=True, slots=True)
class ClauseExplained:
    """A clause of the form, as printed."""

    address: str
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class AlternativeExplained:
    """One way to read a clause."""

    key: str
    """The name that receipts have."""
    name: Message
    """What the ruleset calls it."""
    words: Message
    scores: Message
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class ReadingExplained:
    """A reading by which a rule was read, with its alternatives."""

    address: str
    name: str
    question: Message
    alternatives: tuple[AlternativeExplained, ...]
    reading: Reading

    @property
    def chosen(self) -> AlternativeExplained:
        """The alternative by which the case was scored."""
        return next(each for each in self.alternatives if each.is_chosen)


@dataclass(frozen=True, slots=True)
class FormulaExplained:
    """A formula in the form's words: with its names, with the numbers put in, and its value."""

    line: FormulaLine
    name: Message
    """What it gives."""
    text: Message
    numbers: Message
    value: Message
    reads: Message
    """All of it in one line, without what repeats."""


@dataclass(frozen=True, slots=True)
class EvidenceExplained:
    """A piece of evidence, under the fact that lists it."""

    address: str
    line: EvidenceLine


@dataclass(frozen=True, slots=True)
class FactExplained:
    """A fact behind a firing: given by the department, derived by a rule, or a piece of evidence."""

    address: str
    id: str
    type: str
    title: Message
    """What its type is called."""
    name: str
    """What the fact itself is called, by its first text; empty where it has none."""
    values: tuple[FieldValue, ...]
    evidence: tuple[EvidenceExplained, ...] = ()
    given: FactLine | None = None
    derived: DerivedLine | None = None
    origin: FiringExplained | None = None
    """The firing that derived it."""


@dataclass(frozen=True, slots=True)
class AggregateExplained:
    """A figure over facts, such as a sum, with the facts that it was taken over."""

    line: AggregateLine
    text: Message
    value: Message
    reads: Message
    """What it is, and its value."""
    facts: tuple[FactExplained, ...]


@dataclass(frozen=True, slots=True)
class FiringExplained:
    """A rule that fired, and all its grounds."""

    line: FiringLine
    rule: Message | None
    """What the ruleset calls the rule; None for what the program settles by itself."""
    says: Message
    clauses: tuple[ClauseExplained, ...]
    facts: tuple[FactExplained, ...]
    formulas: tuple[FormulaExplained, ...]
    aggregates: tuple[AggregateExplained, ...]
    conditions: tuple[Message, ...]
    """What had to hold for it to fire."""
    readings: tuple[ReadingExplained, ...]

    def given_facts(self) -> tuple[FactExplained, ...]:
        """Return the facts behind it in the end: those that were given, through those that were derived."""
        found: dict[str, FactExplained] = {}
        self._collect(found, set())
        return tuple(found.values())

    def _collect(self, found: dict[str, FactExplained], seen: set[str]) -> None:
        for fact in self.facts:
            if fact.id in seen:
                continue
            seen.add(fact.id)
            if fact.origin is None:
                found[fact.id] = fact
            else:
                fact.origin._collect(found, seen)  # noqa: SLF001 - one walk over values of this class

    def behind(self) -> Iterator[FiringExplained]:
        """Yield it, and the firings that derived the facts that it matched, each once."""
        yield from self._behind(set())

    def _behind(self, seen: set[str]) -> Iterator[FiringExplained]:
        yield self
        for fact in self.facts:
            if fact.origin is not None and fact.id not in seen:
                seen.add(fact.id)
                yield from fact.origin._behind(seen)  # noqa: SLF001 - as above


@dataclass(frozen=True, slots=True)
class PostingExplained:
    """One line of the books with the firing behind it."""

    address: str
    line: PostingLine
    firing: FiringExplained

    @property
    def takes(self) -> bool:
        """Whether it takes points, or leaves some open."""
        return (self.line.lost not in ("", "0") and not self.line.lost.startswith("-")) or self.line.open not in (
            "",
            "0",
        )


@dataclass(frozen=True, slots=True)
class PartExplained:
    """The postings of a part; those of the indicator as a whole have no part."""

    address: str
    line: PartLine | None
    postings: tuple[PostingExplained, ...]


@dataclass(frozen=True, slots=True)
class IndicatorExplained:
    """An indicator with its postings by parts."""

    address: str
    line: IndicatorLine
    parts: tuple[PartExplained, ...]
    claim: FactExplained | None = None
    """What the department wrote beside it: its own score, the reason, the measures, the evidence."""
    unlisted: int = 0
    """How many postings are left out, since they took no points."""
    unlisted_kept: Number = 0
    """What these keep together."""

    @property
    def is_full(self) -> bool:
        """Whether nothing was lost or left open."""
        return {self.line.lost, self.line.open} <= {"0"}

    @property
    def postings(self) -> Iterator[PostingExplained]:
        """All postings, in the order of the parts."""
        return (posting for part in self.parts for posting in part.postings)


@dataclass(frozen=True, slots=True)
class LevelExplained:
    """What was posted on a level as a whole, or on the total, which has no line of its own."""

    address: str
    line: LevelLine | None
    postings: tuple[PostingExplained, ...]


@dataclass(frozen=True, slots=True)
class ResultExplained:
    """A value besides points, with the firings that give it."""

    address: str
    line: ResultLine
    firings: tuple[FiringExplained, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The explanation of an evaluation, or what was asked of it.

    It holds no time and nothing that came later: the receipt, the ruleset and the evaluation's id make it.
    """

    case: ScoredCase
    evaluation: str
    """The evaluation's full id; empty where it was not recorded."""
    indicators: tuple[IndicatorExplained, ...]
    full: tuple[int, ...] = ()
    """The indicators that lost nothing, where these are left out."""
    levels: tuple[LevelExplained, ...] = ()
    results: tuple[ResultExplained, ...] = ()
    facts: tuple[FactExplained, ...] = ()
    clauses: tuple[ClauseExplained, ...] = ()
    readings: tuple[ReadingExplained, ...] = ()

    def at(self, node_address: str) -> str:
        """Return a node's address from the evaluation on."""
        return (
            f"{self.evaluation}/{node_address}" if self.evaluation and node_address else node_address or self.evaluation
        )

    @property
    def postings(self) -> Iterator[PostingExplained]:
        """All postings that it shows, of indicators, levels and the total."""
        for indicator in self.indicators:
            yield from indicator.postings
        for level in self.levels:
            yield from level.postings
