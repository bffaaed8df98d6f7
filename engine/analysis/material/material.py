"""What the checks look at: a ruleset, its programs, and what its golden cases reach."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from engine.analysis.material.coverage import Coverage
from engine.analysis.material.gauges import gauges
from engine.analysis.material.threshold import Threshold
from engine.analysis.material.units import Unit, Written, units, written_as, written_rules
from engine.language.sentence import Blank, Sentence
from engine.language.typed import Typed
from engine.program.program import CompiledRequirement, CompiledRule, Program
from engine.ruleset.clauses import PlacedRule
from engine.ruleset.model import Ruleset
from engine.ruleset.rule_text import Band, Requirement


@dataclass(frozen=True, slots=True)
class Version:
    """A compiled rule, the program that it is of, and the rule or row that it was made from."""

    program: Program
    rule: CompiledRule
    unit: Unit
    band: Band | None


@dataclass(frozen=True)
class Material:
    """A ruleset with its programs; the first is that of the chosen readings, and each alternative is in one of them."""

    ruleset: Ruleset
    programs: Sequence[Program]
    coverage: Coverage

    @cached_property
    def written(self) -> Mapping[Written, PlacedRule]:
        """The rules as they are written."""
        return written_rules(self.ruleset)

    @cached_property
    def versions(self) -> tuple[Version, ...]:
        """Every rule as it is compiled, once for all the programs in which the readings make no difference to it."""
        found: dict[tuple[object, ...], Version] = {}
        for program in self.programs:
            for rule, unit, band in units(program, self.written):
                decided = (*rule.readings, *rule.readings_unused)
                choices = tuple(program.readings[reading] for reading in decided)
                found.setdefault((rule.name, unit, decided, choices), Version(program, rule, unit, band))
        return tuple(found.values())

    @cached_property
    def versions_by_unit(self) -> Mapping[Unit, Version]:
        """The first version of each rule or row that golden cases can reach."""
        found: dict[Unit, Version] = {}
        for version in self.versions:
            found.setdefault(version.unit, version)
        return found

    @cached_property
    def thresholds(self) -> tuple[Threshold, ...]:
        """The thresholds of the rules in every reading."""
        found: dict[Threshold, None] = {}
        for version in self.versions:
            placed = self.written.get(written_as(version.rule))
            for gauge in gauges(version.rule, version.unit, version.band, placed, self.ruleset):
                found.setdefault(gauge.threshold)
        return tuple(found)

    @cached_property
    def requirements(self) -> tuple[CompiledRequirement, ...]:
        """The requirements in every reading."""
        found = {
            (plan.number, requirement.that.text, index): requirement
            for program in self.programs
            for plan in program.indicators
            for index, requirement in enumerate(plan.requires)
        }
        return tuple(found.values())

    @cached_property
    def trees(self) -> tuple[Typed, ...]:
        """Every tree of the rules, their sentences and the requirements."""
        return tuple(self._trees())

    def _trees(self) -> Iterator[Typed]:
        for version in self.versions:
            yield from version.rule.trees
            if version.rule.sentence is not None:
                yield from trees_said(version.rule.sentence)
        for requirement in self.requirements:
            yield from (expression.tree for expression in (*requirement.where, requirement.that))
            yield from trees_said(requirement.say)
            yield from trees_said(requirement.remedy)


def requirements_written(ruleset: Ruleset) -> Iterator[Requirement]:
    """Yield every requirement as it is written."""
    yield from ruleset.every_row.requires
    for indicator in ruleset.indicators:
        yield from indicator.requires


def trees_said(sentence: Sentence) -> Iterator[Typed]:
    """Yield the trees of what a sentence fills in."""
    for piece in (*sentence.zh, *sentence.en):
        if isinstance(piece, Blank):
            yield piece.expression.tree
