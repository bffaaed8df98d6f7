"""Divide rules into partitions that the rule engine can hold, and write each as its definition."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from engine.base.faults import BeyondMatcher, problem
from engine.base.messages import msg
from engine.matching.durable.capacity import Network, properties_by_type
from engine.matching.durable.shapes import Link, Literal, Prepared, Shape, Tests, prepare, shapes_in_order
from engine.matching.durable.wire import Binding, Codes, Property, binding
from engine.matching.interface import Rule

ALIASES = "abcdefgh"
SENTINEL = "go"
SENTINEL_TYPE = 0


@dataclass(frozen=True, slots=True)
class Column:
    """One property of a fact type on the wire: what goes before its number, and how it is computed."""

    before: str
    bind: Binding
    owner: int | None
    """The rule to whose condition it belongs; None if it belongs to the fact itself."""


@dataclass(frozen=True, slots=True, eq=False)
class Partition:
    """Rules that one handle of the engine holds."""

    definition: str
    types: Mapping[str, int]
    """The fact types that it matches, each with its number on the wire."""
    columns: Mapping[str, tuple[Column, ...]]
    rules: tuple[tuple[Prepared, ...], ...]
    """The rules of each shape; the engine speaks of a shape by its place here."""
    derives: bool

    @property
    def every_rule(self) -> Iterator[Prepared]:
        """The rules, whatever their shape."""
        return chain.from_iterable(self.rules)


def divide(rules: Iterable[Rule]) -> tuple[Partition, ...]:
    """Return the partitions of a stratum, those that derive facts first.

    `BeyondMatcher` for a rule that no partition can hold.
    """
    codes, tests = Codes(), Tests()
    prepared = [prepare(rule, codes, tests) for rule in rules]
    partitions: list[Partition] = []
    for derives in (True, False):
        groups = shapes_in_order(one for one in prepared if one.rule.derives is derives)
        batches = [{shape: groups[shape] for shape in shapes} for shapes in _batches(groups)]
        partitions += [_partition(batch, codes, tests, derives=derives) for batch in batches]
    return tuple(partitions)


def _batches(groups: Mapping[Shape, Sequence[Prepared]]) -> list[list[Shape]]:
    batches: list[list[Shape]] = []
    network = Network()
    for shape, rules in groups.items():
        if not batches or not network.add(shape):
            network = Network()
            if not network.add(shape):
                raise BeyondMatcher.because(
                    problem(
                        "matcher.too-many-conditions",
                        "Rule {rule} has more conditions than can be matched safely.",
                        rule=rules[0].rule.name,
                    ),
                    msg("Split it: derive a fact from some of its conditions, and match that fact in the rule."),
                )
            batches.append([])
        batches[-1].append(shape)
    return batches


def _partition(groups: Mapping[Shape, Sequence[Prepared]], codes: Codes, tests: Tests, *, derives: bool) -> Partition:
    wanted = properties_by_type(groups)
    types = {name: number for number, name in enumerate(sorted(wanted), SENTINEL_TYPE + 1)}
    names = {
        name: {one: f"p{number}" for number, one in enumerate(sorted(own, key=_place))} for name, own in wanted.items()
    }
    definition: dict[str, Any] = {SENTINEL: _rule([{ALIASES[0]: {"$and": [{"t": SENTINEL_TYPE}]}}])}
    for number, shape in enumerate(groups):
        definition[str(number)] = _rule(_patterns(shape, types, names))
    columns = {
        name: tuple(
            Column(f',"{short}":', binding(own, codes, tests.sieves), tests.owner(own)) for own, short in named.items()
        )
        for name, named in names.items()
    }
    rules = tuple(tuple(own) for own in groups.values())
    return Partition(json.dumps(definition, separators=(",", ":")), types, columns, rules, derives)


def _rule(patterns: list[dict[str, Any]]) -> dict[str, Any]:
    """Write a rule; without `dist` 0 one fact would never fill two places of a row."""
    return {"pri": 1, "dist": 0, "all": patterns}


def _patterns(
    shape: Shape, types: Mapping[str, int], names: Mapping[str, Mapping[Property, str]]
) -> list[dict[str, Any]]:
    written: list[dict[str, Any]] = []
    for alias, pattern in zip(ALIASES, shape, strict=False):
        own = names[pattern.type]
        terms: list[dict[str, Any]] = [{"t": types[pattern.type]}]
        terms += [_literal(literal, own) for literal in pattern.literals]
        terms += [_link(link, own, names[shape[link.pattern].type]) for link in pattern.links]
        written.append({alias: {"$and": terms}})
    return written


def _literal(literal: Literal, names: Mapping[Property, str]) -> dict[str, Any]:
    term: dict[str, Any] = {names[literal.what]: literal.code}
    return term if literal.operator == "$eq" else {literal.operator: term}


def _link(link: Link, names: Mapping[Property, str], others: Mapping[Property, str]) -> dict[str, Any]:
    return {names[link.what]: {ALIASES[link.pattern]: others[link.other]}}


def _place(own: Property) -> tuple[str, str, int]:
    return own.kind, own.field, own.test
