"""Conditions of one rule that cannot all hold."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from engine.analysis.checks.finding import Finding
from engine.analysis.material.material import Material, Version
from engine.analysis.material.trees import constant_value, key
from engine.base.comparators import Comparator
from engine.base.messages import msg
from engine.base.numbers import Number
from engine.facts.model import Value
from engine.language.expression import Expression
from engine.language.typed import BOOLEAN, Aggregate, Call, Compare, FieldOf, Has, Not, OneOf, Typed, Within

_Scalar: TypeAlias = Number | date


def contradictions(material: Material) -> Iterator[Finding]:
    """Find the rules, and the rows of band tables, whose conditions leave no value possible in any reading."""
    subjects: dict[str, list[str | None]] = {}
    first: dict[str, Version] = {}
    for version in material.versions:
        first.setdefault(version.unit.name, version)
        subjects.setdefault(version.unit.name, []).append(_impossible(version.rule.conditions))
    for name, found in subjects.items():
        if found[0] is not None and all(found):
            yield Finding(
                "contradictory-conditions",
                name,
                msg("{rule} can never apply: its conditions on {subject} contradict each other.",
                    rule=name, subject=found[0]),
                msg("Correct or remove one of the conditions."),
                first[name].unit.place,
            )  # fmt: skip


def are_possible(conditions: Iterable[Expression]) -> bool:
    """Return whether conditions leave some value for everything that they compare with constants."""
    return _impossible(conditions) is None


def subjects_of(conditions: Iterable[Expression]) -> Mapping[Hashable, Typed] | None:
    """Return what conditions compare with constants; None where one of them does something else."""
    found: dict[Hashable, Typed] = {}
    for condition in conditions:
        limits = {key(subject): subject for subject, _, _ in _limits(condition.tree)}
        if not limits:
            return None
        found |= limits
    return found


def _impossible(conditions: Iterable[Expression]) -> str | None:
    """Return what conditions leave no value for, as it is written; None where all can hold."""
    known: dict[Hashable, _Possible] = {}
    for condition in conditions:
        for subject, comparator, values in _limits(condition.tree):
            possible = known.setdefault(key(subject), _Possible(_choices(subject)))
            possible.limit(comparator, values)
            if possible.is_empty:
                return condition.text[slice(*subject.span)]
    return None


def _choices(subject: Typed) -> set[Value] | None:
    if subject.type == BOOLEAN:
        return {True, False}
    return set(subject.type.choices) or None


def _limits(tree: Typed) -> Iterator[tuple[Typed, Comparator, tuple[Value, ...]]]:
    """Yield what a condition says of a value: how it must compare with a constant, or with one of several."""
    match tree:
        case Compare():
            for one, other, how in (
                (tree.left, tree.right, tree.comparator),
                (tree.right, tree.left, tree.comparator.mirrored),
            ):
                value = constant_value(other)
                if value is not None and constant_value(one) is None:
                    yield one, how, (value,)
        case Within():
            low, high = constant_value(tree.low), constant_value(tree.high)
            if low is not None:
                yield tree.item, Comparator.AT_LEAST, (low,)
            if high is not None:
                yield tree.item, Comparator.AT_MOST, (high,)
        case OneOf():
            options = [constant_value(option) for option in tree.options]
            values = tuple(option for option in options if option is not None)
            if len(values) == len(options):
                yield tree.item, Comparator.EQUAL, values
        case Not(operand=FieldOf() | Has() | Call() | Aggregate()):
            yield tree.operand, Comparator.EQUAL, (False,)
        case Not(operand=Compare() | OneOf()):
            yield from ((s, _OPPOSITE[how], values) for s, how, values in _limits(tree.operand))
        case FieldOf() | Has() | Call() | Aggregate():
            yield tree, Comparator.EQUAL, (True,)


_OPPOSITE = {
    Comparator.EQUAL: Comparator.UNEQUAL,
    Comparator.UNEQUAL: Comparator.EQUAL,
    Comparator.BELOW: Comparator.AT_LEAST,
    Comparator.AT_LEAST: Comparator.BELOW,
    Comparator.ABOVE: Comparator.AT_MOST,
    Comparator.AT_MOST: Comparator.ABOVE,
}


@dataclass(slots=True)
class _Possible:
    """The values that are left for something."""

    words: set[Value] | None
    """The values that are left; None where any is, but for the others here."""
    excluded: set[Value] = field(default_factory=set)
    bounds: list[tuple[Comparator, _Scalar]] = field(default_factory=list)

    def limit(self, how: Comparator, values: tuple[Value, ...]) -> None:
        """Leave only what compares so with the value; with one of the values, for equality."""
        if how is Comparator.EQUAL:
            self.words = set(values) if self.words is None else self.words & set(values)
        elif how is Comparator.UNEQUAL:
            self.excluded.update(values)
        else:
            self.bounds += [(how, value) for value in values if isinstance(value, Number | date)]

    @property
    def is_empty(self) -> bool:
        """Whether no value is left."""
        if self.words is not None:
            return not any(self._fits(word) for word in self.words - self.excluded)
        lows = [(value, how is Comparator.ABOVE) for how, value in self.bounds if how in _FROM_BELOW]
        highs = [(value, how is Comparator.BELOW) for how, value in self.bounds if how not in _FROM_BELOW]
        return any(_apart(low, high, self.excluded) for low in lows for high in highs)

    def _fits(self, word: Value) -> bool:
        if isinstance(word, str) or not isinstance(word, Number | date):
            return True
        return all(how.holds(word, bound) for how, bound in self.bounds)


_FROM_BELOW = (Comparator.ABOVE, Comparator.AT_LEAST)


def _apart(low: tuple[_Scalar, bool], high: tuple[_Scalar, bool], excluded: set[Value]) -> bool:
    """Return whether nothing lies between two bounds, each with whether it is itself left out."""
    if low[0] == high[0]:
        return low[1] or high[1] or low[0] in excluded
    return Comparator.ABOVE.holds(low[0], high[0])
