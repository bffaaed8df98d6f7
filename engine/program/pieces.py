"""What the programs of one ruleset share: a piece that no other reading changes is compiled once for all of them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias, TypeVar, cast

from engine.base.faults import Fault
from engine.facts.model import FactType
from engine.language.scope import Scope
from engine.program.dependencies import dependencies
from engine.program.derived import Source, with_derived_types
from engine.program.mentions import Mentions
from engine.program.placement import RuleLocation, placed
from engine.program.plan import indicator_plan, part_plans
from engine.program.program import CompiledRule, IndicatorPlan, PartPlan
from engine.program.rows import with_every_row
from engine.program.rule import compile_rule
from engine.program.scopes import base_scope
from engine.program.strata import Dependencies
from engine.ruleset.model import Indicator, Ruleset
from engine.ruleset.rule_text import RuleText

Compiled: TypeAlias = tuple[tuple[CompiledRule, Dependencies], ...]
"""A rule, or the rows of its band table, each with what it needs and gives."""

_Key: TypeAlias = tuple[Hashable, ...]
_Piece = TypeVar("_Piece")


@dataclass(frozen=True, slots=True)
class World:
    """What a choice of readings lets expressions name; `number` is the same where the fact types are the same."""

    scope: Scope
    readings: Mapping[str, str]
    number: int


class Pieces:
    """The compiled pieces of one ruleset, each under the choices of the readings that it can depend on.

    What is wrong is not kept: a piece with a fault is compiled again, and reports it again.
    """

    def __init__(self, ruleset: Ruleset) -> None:
        self.ruleset = ruleset
        self.indicators = tuple(with_every_row(written, ruleset.every_row) for written in ruleset.indicators)
        self._mentions = Mentions(ruleset)
        self._done: dict[_Key, object] = {}
        self._worlds: list[Mapping[str, FactType]] = []

    def base_scope(self, readings: Mapping[str, str]) -> Scope:
        """Return the scope that all rules share."""
        key = ("scope", _chosen(self._mentions.of_parameters, readings))
        return self._once(key, lambda: base_scope(self.ruleset, readings))

    def parts(self, indicator: Indicator, scope: Scope, readings: Mapping[str, str]) -> tuple[PartPlan, ...]:
        """Return the parts of an indicator."""
        key = ("parts", indicator.number, _chosen(self._mentions.of_parts(indicator), readings))
        return self._once(key, lambda: part_plans(indicator, scope, readings))

    def placed(self, text: RuleText, location: RuleLocation) -> list[RuleText]:
        """Return a rule as it applies where it is."""
        return self._once(("placed", id(text), location.section), lambda: placed(text, location))

    def world(self, scope: Scope, sources: list[Source], readings: Mapping[str, str], faults: list[Fault]) -> World:
        """Return the scope with the fields of every derived type."""
        before = len(faults)
        key = ("world", *(self._key(each, readings) for each in sources if each.text.derives))
        if key in self._done:
            number = cast("int", self._done[key])
            return World(replace(scope, fact_types=self._worlds[number]), readings, number)
        scope = with_derived_types(scope, sources, readings, faults)
        if scope.fact_types not in self._worlds:
            self._worlds.append(scope.fact_types)
        number = self._worlds.index(scope.fact_types)
        if len(faults) == before:
            self._done[key] = number
        return World(scope, readings, number)

    def rule(self, source: Source, world: World) -> Compiled:
        """Return a rule, numbered from 0 on: one for each row of its band table."""
        return self._once(("rule", *self._key(source, world.readings), world.number), lambda: self._rule(source, world))

    def plan(self, location: RuleLocation, world: World, needs: tuple[str, ...]) -> IndicatorPlan:
        """Return the plan of the indicator of a location."""
        indicator = location.indicator
        assert indicator is not None  # noqa: S101 - only indicators have plans
        chosen = _chosen(self._mentions.of_plan(indicator), world.readings)
        key = ("plan", indicator.number, location.parts, needs, chosen, world.number)
        return self._once(
            key,
            lambda: indicator_plan(indicator, location.parts, world.scope, world.readings, self.ruleset, needs),
        )

    def _rule(self, source: Source, world: World) -> Compiled:
        compiled = compile_rule(source.text, source.location, world.scope, world.readings, self.ruleset, 0)
        return tuple((rule, dependencies(rule, self.ruleset)) for rule in compiled)

    def _key(self, source: Source, readings: Mapping[str, str]) -> _Key:
        """Return what a rule is compiled from, but for the fact types: its text, its parts, and the readings."""
        text, location = source.text, source.location
        found = self._once(
            ("mentions", id(text), location.section), lambda: self._mentions.of_rule(text, location.indicator)
        )
        return id(text), location.section, location.parts, _chosen(found, readings)

    def _once(self, key: _Key, make: Callable[[], _Piece]) -> _Piece:
        if key not in self._done:
            self._done[key] = make()
        return cast("_Piece", self._done[key])


def numbered(rule: CompiledRule, index: int) -> CompiledRule:
    """Return a compiled rule at its position in a program."""
    return rule if rule.match.index == index else replace(rule, match=replace(rule.match, index=index))


def _chosen(names: frozenset[str], readings: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    return frozenset((name, readings[name]) for name in names)
