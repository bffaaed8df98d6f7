"""A ruleset compiled under one choice of readings: what an evaluation runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from engine.base.formula_kind import FormulaKind
from engine.base.numbers import Number
from engine.base.places import Place
from engine.facts.model import Fact, MatchedFacts
from engine.language.context import AggregateResult, Computation, Context
from engine.language.expression import Expression
from engine.language.sentence import Blank, Sentence
from engine.language.show import Shown
from engine.language.trace import Aggregates
from engine.language.typed import Scored, Typed
from engine.matching.interface import Rule as MatchRule
from engine.matching.interface import Stratum
from engine.program.bands import BandRow
from engine.program.results import ResultPlan
from engine.program.rows import CompiledRows
from engine.program.strata import Dependencies
from engine.ruleset.model import Ruleset


@dataclass(frozen=True, slots=True)
class Formula:
    """One formula of a rule: its typed trees, and beside them the functions that they are compiled to."""

    name: str
    """What it gives: points, of, band, when, value, or a field of the derived fact."""
    kind: FormulaKind
    text: str
    """The formula as it is written; of a band table, the whole row."""
    expression: Expression
    """What it gives, as a typed tree."""
    band: BandRow | None
    """The row of the band table that gives it."""
    place: Callable[[int], Place]
    compute: Computation = field(repr=False, compare=False)
    numbers: Shown = field(repr=False, compare=False)
    traces: tuple[Aggregates, ...] = field(repr=False, compare=False)

    @property
    def trees(self) -> tuple[Typed, ...]:
        """The typed trees that its value stems from."""
        return (self.expression.tree,) if self.band is None else (self.band.on.tree, self.band.gives.tree)

    def aggregates(self, row: MatchedFacts, context: Context) -> Iterable[AggregateResult]:
        """Return the aggregates that it computes for a match."""
        return (aggregate for trace in self.traces for aggregate in trace(row, context))


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """One rule, or one row of its band table."""

    name: str
    indicator: int | None
    part: str
    action: str
    clauses: tuple[str, ...]
    readings: tuple[str, ...]
    """The readings that decide something whenever it fires."""
    readings_unused: tuple[str, ...]
    """The other readings of the same rule."""
    match: MatchRule
    """Its conditions as the matchers take them."""
    conditions: tuple[Expression, ...]
    """What must hold: of the case, then of the matched facts, then of the band; each as a typed tree."""
    formulas: tuple[Formula, ...]
    sentence: Sentence | None
    option: str
    derives: str
    settles: bool
    """Whether an award without a slice of its own settles its whole part, if it fires alone."""
    targets: tuple[Scored, ...]
    """The indicators and the levels that its firings post to."""
    level: tuple[str, ...] | None
    """The level that it acts on as a whole, the total where it is empty; None for an act on an indicator."""
    by_row: bool
    """Whether it acts on the row whose fact it matches first."""
    looks_at: frozenset[str]
    """The fact types that it matches or takes an aggregate over."""
    stake_of: Number
    """The weight of the part or the indicator that it acts on."""
    place: Place
    result: str = ""
    """The result that it gives."""

    @property
    def trees(self) -> tuple[Typed, ...]:
        """The typed trees of its conditions and formulas."""
        return trees_of(self.conditions, self.formulas)

    @property
    def trees_said(self) -> tuple[Typed, ...]:
        """The typed trees of what its sentence fills in."""
        pieces = (*self.sentence.zh, *self.sentence.en) if self.sentence is not None else ()
        return tuple(piece.expression.tree for piece in pieces if isinstance(piece, Blank))


def trees_of(conditions: Iterable[Expression], formulas: Iterable[Formula]) -> tuple[Typed, ...]:
    """Return the typed trees of some conditions and formulas."""
    computed = (tree for formula in formulas for tree in formula.trees)
    return (*(condition.tree for condition in conditions), *computed)


@dataclass(frozen=True, slots=True)
class CompiledRequirement:
    """What must hold before an indicator can be scored; with a fact type, for each of its facts."""

    fact_type: str
    where: tuple[Expression, ...]
    """Which facts it is about."""
    that: Expression
    say: Sentence
    """What is wrong where it does not hold."""
    remedy: Sentence
    selects: tuple[Computation, ...] = field(repr=False, compare=False)
    holds: Computation = field(repr=False, compare=False)

    def is_met(self, row: MatchedFacts, context: Context) -> bool:
        """Return whether a fact, or the case, is as it must be; `CannotCompute` where that cannot be known."""
        return not all(selected(row, context) for selected in self.selects) or self.holds(row, context)


@dataclass(frozen=True, slots=True)
class PartPlan:
    """A part under the chosen readings, with its weight as a number."""

    id: str
    title: str
    weight: Number
    method: str
    clauses: tuple[str, ...]
    readings: tuple[str, ...]
    row: Row | None = None
    """What the part says as a row of the form; None for a part of the indicator's own."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the form that a fact gives."""

    fact: Fact
    path: tuple[str, ...]
    """The levels between the indicator and the row."""
    columns: Mapping[str, str]
    claimed: Number | None
    reason: str


@dataclass(frozen=True, slots=True)
class IndicatorPlan:
    """An indicator under the chosen readings."""

    number: int
    name: str
    path: tuple[str, ...]
    weight: Number
    parts: tuple[PartPlan, ...]
    requires: tuple[CompiledRequirement, ...]
    needs: tuple[str, ...]
    """The fact types that must be stated for it to be scored."""
    clauses: tuple[str, ...]
    rows: CompiledRows | None = None
    """Its parts where they are given by facts."""


@dataclass(frozen=True, slots=True)
class Program:
    """The whole: rules by stratum with both matchers, and what settles each indicator."""

    ruleset: Ruleset
    readings: Mapping[str, str]
    rules: tuple[CompiledRule, ...]
    strata: tuple[tuple[Stratum, Stratum], ...]
    """The naive and the fast matcher of each stratum, lowest first."""
    stratum_rules: tuple[tuple[int, ...], ...]
    indicators: tuple[IndicatorPlan, ...]
    weights: Mapping[int, Number]
    results: tuple[ResultPlan, ...] = ()
    needs: tuple[str, ...] = ()
    """The fact types that must be stated for what acts on levels and the total, whatever is assessed."""
    dependencies: tuple[Dependencies, ...] = ()
    """What each rule needs and gives."""
    posting: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    """The rules that post to each indicator, in order."""
