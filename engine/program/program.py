"""A ruleset compiled under one choice of readings: what an evaluation runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.base.numbers import Number
from engine.base.places import Place
from engine.facts.model import Fact
from engine.language.compute import Computation, Figure, World
from engine.language.formula import Sentence, Shown
from engine.language.typed import Type, Typed
from engine.matching.interface import Rule as MatchRule
from engine.matching.interface import Stratum
from engine.ruleset.model import Bilingual, Ruleset, Written


@dataclass(frozen=True, slots=True)
class Formula:
    """One formula of a rule: its text, how to compute it, how to show it with the numbers put in."""

    name: str
    """What it gives: points, of, band, when, or a field of the derived fact."""
    text: str
    compute: Computation
    numbers: Shown
    figures: tuple[Callable[[Sequence[Fact], World], Iterable[Figure]], ...]
    type: Type
    place: Callable[[int], Place]


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
    conditions: tuple[Typed, ...]
    """What must hold of the case, then of the matched facts, as typed trees."""
    formulas: tuple[Formula, ...]
    sentence: Sentence | None
    option: str
    derives: str
    settles: bool
    """Whether an award without a slice of its own settles its whole part, if it fires alone."""
    targets: tuple[int, ...]
    """The indicators that its firings post to."""
    looks_at: frozenset[str]
    """The fact types that it matches or takes an aggregate over."""
    stake_of: Number
    """The weight of the part or the indicator that it acts on."""
    place: Place


@dataclass(frozen=True, slots=True)
class CompiledRequirement:
    """What must hold before an indicator can be scored; with a fact type, for each of its facts."""

    fact_type: str
    where: Computation | None
    that: Computation
    tree: Typed
    """The typed tree of `that`."""
    say: Bilingual
    remedy: Bilingual
    filled: Callable[[Sequence[Fact], World], tuple[dict[str, str], dict[str, str]]]
    written: Written


@dataclass(frozen=True, slots=True)
class PartPlan:
    """A part under the chosen readings, with its weight as a number."""

    id: str
    title: str
    weight: Number
    method: str
    clauses: tuple[str, ...]
    readings: tuple[str, ...]


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
    kinds: Mapping[str, Mapping[str, Type]]
    """The fields of every fact type, derived ones included."""
