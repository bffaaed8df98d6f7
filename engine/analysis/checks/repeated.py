"""Rules that give or take points for the same facts a second time."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from engine.analysis.checks.contradictions import are_possible, subjects_of
from engine.analysis.checks.finding import Finding
from engine.analysis.material.material import Material
from engine.analysis.material.trees import constant_number, key
from engine.base.messages import msg
from engine.base.numbers import Number, exact_text
from engine.language.typed import FieldOf
from engine.program.program import CompiledRule, Formula, Program

_REMEDY = msg("Remove one of them, or let their conditions exclude each other.")


def points_twice(material: Material) -> Iterator[Finding]:
    """Find the rules of one part that are alike, and those that award more than it weighs for the same facts."""
    found: dict[str, Finding] = {}
    for program in material.programs:
        for rules in _by_part(program):
            for one, other in combinations(rules, 2):
                if one.rule.name != other.rule.name and (finding := _finding(one, other)) is not None:
                    found.setdefault(finding.name, finding)
    for finding in _met(material):
        found.setdefault(finding.name, finding)
    yield from found.values()


def _met(material: Material) -> Iterator[Finding]:
    """Find the rules that award more than their part weighs for the same facts of a golden case."""
    places = {version.rule.name: version.rule.place for version in material.versions}
    order = list(places)
    for each in material.coverage.meetings:
        first, second = sorted((each.one, each.other), key=order.index)
        what = msg(
            "{case}: {rule} and {other} award {points} together for the same facts, but their part weighs {weight}.",
            case=each.case,
            rule=second,
            other=first,
            points=exact_text(each.points),
            weight=exact_text(each.weight),
        )
        yield Finding("points-twice", f"{first} {second}", what, _REMEDY, places[second])


@dataclass(frozen=True)
class _Posting:
    """A rule that awards or deducts points."""

    rule: CompiledRule
    points: Formula

    @cached_property
    def conditions(self) -> frozenset[Hashable]:
        """What must hold, whatever it is called."""
        return frozenset(key(condition.tree) for condition in self.rule.conditions)

    @cached_property
    def amount(self) -> Hashable:
        """What it asks for, whatever it is called."""
        return tuple(map(key, self.points.trees))

    @cached_property
    def fixed(self) -> Number | None:
        """The points that it asks for in every case."""
        return constant_number(self.points.expression.tree)


def _by_part(program: Program) -> Iterator[Sequence[_Posting]]:
    found: dict[tuple[int | None, str, str], list[_Posting]] = {}
    for rule in program.rules:
        points = next((each for each in rule.formulas if each.kind == "points"), None)
        if rule.action in ("award", "deduct") and points is not None:
            found.setdefault((rule.indicator, rule.part, rule.action), []).append(_Posting(rule, points))
    yield from found.values()


def _finding(one: _Posting, other: _Posting) -> Finding | None:
    first, second = one.rule, other.rule
    name = f"{first.name} {second.name}"
    if (first.match.patterns, one.conditions, one.amount) == (second.match.patterns, other.conditions, other.amount):
        what = msg(
            "{rule} has the facts, the conditions and the points of {other}, so that they count twice.",
            rule=second.name,
            other=first.name,
        )
        return Finding("points-twice", name, what, _REMEDY, second.place)
    if first.action != "award" or one.fixed is None or other.fixed is None:
        return None
    both, weight = one.fixed + other.fixed, first.stake_of
    if both <= weight or max(one.fixed, other.fixed) > weight or not _overlap(one, other):
        return None
    what = msg(
        "{rule} and {other} can apply to the same facts; together they award {points}, but their part weighs {weight}.",
        rule=second.name,
        other=first.name,
        points=exact_text(both),
        weight=exact_text(weight),
    )
    return Finding("points-twice", name, what, _REMEDY, second.place)


def _overlap(one: _Posting, other: _Posting) -> bool:
    """Return whether both rules certainly apply to some facts; False also where that cannot be decided."""
    narrow, wide = (one, other) if one.conditions >= other.conditions else (other, one)
    if narrow.conditions >= wide.conditions and wide.rule.match.patterns in ((), narrow.rule.match.patterns):
        return are_possible(narrow.rule.conditions)
    if one.rule.match.patterns != other.rule.match.patterns:
        return False
    subjects, others = subjects_of(one.rule.conditions), subjects_of(other.rule.conditions)
    if subjects is None or others is None or subjects.keys() != others.keys():
        return False
    independent = len(subjects) == 1 or all(isinstance(subject, FieldOf) for subject in subjects.values())
    return independent and are_possible((*one.rule.conditions, *other.rule.conditions))
