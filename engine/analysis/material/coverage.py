"""What golden cases reach: rules, rows of band tables, alternatives of readings, and the sides of thresholds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from engine.analysis.material.gauges import gauges
from engine.analysis.material.observed import Meeting, Observed
from engine.analysis.material.threshold import Gauge, Position, Threshold
from engine.analysis.material.units import Unit, Written, units, written_as, written_rules
from engine.facts.builtin import evidence_facts
from engine.facts.model import Fact, Value
from engine.language.context import Context
from engine.program.program import Program
from engine.ruleset.clauses import PlacedRule
from engine.scoring.evaluation import Evaluation
from engine.scoring.results import value_asked


@dataclass(frozen=True, slots=True)
class Reached:
    """What one evaluation reaches."""

    firings: Mapping[Unit, int]
    alternatives: frozenset[tuple[str, str]]
    """The readings that decided something, each with its alternative."""
    positions: Mapping[Threshold, frozenset[Position]]


@dataclass(slots=True)
class Coverage:
    """What all golden cases reach together."""

    cases: int = 0
    firings: Counter[Unit] = field(default_factory=Counter)
    alternatives: set[tuple[str, str]] = field(default_factory=set)
    positions: dict[Threshold, set[Position]] = field(default_factory=dict)
    observed: list[Observed] = field(default_factory=list)
    """What the cases report without saying that they expect it."""
    meetings: list[Meeting] = field(default_factory=list)
    """The rules that award more than a part weighs for the same facts."""

    def add(self, readings: Mapping[str, str], reached: Reached | None) -> None:
        """Count a case: the readings that it names, and what it reaches; None for one that is refused."""
        self.cases += 1
        self.alternatives |= set(readings.items())
        if reached is not None:
            self.firings.update(reached.firings)
            self.alternatives |= reached.alternatives
            for threshold, positions in reached.positions.items():
                self.positions.setdefault(threshold, set()).update(positions)


@dataclass(frozen=True)
class Observer:
    """Sees what the evaluations of one program reach; what it needs of the program is made once."""

    program: Program
    written: Mapping[Written, PlacedRule]

    @classmethod
    def of(cls, program: Program) -> Observer:
        """Return the observer of a program."""
        return cls(program, written_rules(program.ruleset))

    @cached_property
    def by_firing(self) -> Mapping[tuple[str, str], Unit]:
        """What each firing is of, by the name of its rule and the row of its band table as a receipt writes it."""
        return {
            (rule.name, next((f.text for f in rule.formulas if f.kind == "band"), "")): unit
            for rule, unit, _ in units(self.program, self.written)
        }

    @cached_property
    def gauges(self) -> tuple[Gauge, ...]:
        """The thresholds of the program's rules, for each part and indicator that a rule applies to."""
        return tuple(
            gauge
            for rule, unit, band in units(self.program, self.written)
            for gauge in gauges(rule, unit, band, self.written.get(written_as(rule)), self.program.ruleset)
        )

    def reached(self, evaluation: Evaluation) -> Reached:
        """Return what an evaluation by the program reaches."""
        firings: Counter[Unit] = Counter()
        decided: set[str] = set()
        for firing, _ in evaluation.firings:
            band = next((f.text for f in firing.formulas if f.kind == "band"), "")
            unit = self.by_firing.get((firing.rule, band))
            if unit is not None:
                firings[unit] += 1
                decided |= set(firing.readings)
        context = context_of(evaluation)
        positions: dict[Threshold, frozenset[Position]] = {}
        for gauge in self.gauges:
            before = positions.get(gauge.threshold, frozenset())
            positions[gauge.threshold] = before | gauge.positions(context)
        return Reached(
            firings,
            frozenset((name, self.program.readings[name]) for name in decided),
            positions,
        )


def context_of(evaluation: Evaluation) -> Context:
    """Return what was known at the end of an evaluation."""
    given = evaluation.facts
    made = (fact for _, fact in evaluation.firings if fact is not None)
    results = {result.plan.name: result for result in evaluation.results}
    case: dict[str, Value] = {**given.case, "year": int(given.case["year"])}
    return Context(
        case,
        _by_type((*given.facts, *evidence_facts(given.facts), *made)),
        evaluation.program.weights,
        lambda node, _: getattr(evaluation.scored(node.of), node.measure),
        lambda node, _: value_asked(node, results[node.result]),
    )


def _by_type(facts: Iterable[Fact]) -> dict[str, list[Fact]]:
    found: dict[str, list[Fact]] = {}
    for fact in facts:
        found.setdefault(fact.type, []).append(fact)
    return found
