"""Which facts a form asks for one by one: criterion 2 of indicator 4, the disclosure of one document, and so on.

A rule that awards points, or a requirement, selects the facts that it looks at by constants: `c.indicator == number
and c.number == part_number`. Such a constant identifies a fact that the form needs. A constant by which no facts are
distinguished, such as `c.met == '部分'`, is an answer, and the department gives it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeGuard

from engine.base.comparators import Comparator
from engine.facts.model import FactType, Kind, Value
from engine.facts.template import Asked
from engine.language.expression import conjuncts
from engine.language.fold import nodes
from engine.language.typed import Aggregate, Compare, Const, FieldOf, Logic, Matched, Typed, Within
from engine.program.program import CompiledRule, IndicatorPlan, PartPlan, Program

_SCORING = frozenset({"award", "not_applicable"})


@dataclass(frozen=True, slots=True)
class _Selection:
    """The constants that select facts of one type for a part, or for an indicator as a whole."""

    fact_type: str
    indicator: IndicatorPlan
    part: PartPlan | None
    constants: Mapping[str, Const]


def asked(program: Program) -> dict[str, tuple[Asked, ...]]:
    """Return the entries that a facts file needs of each fact type, in the order of the form.

    A type of which only one fact is given, or any number, is not listed.
    """
    found = [selection for plan in program.indicators for selection in _of_indicator(plan, program)]
    return {
        name: entries
        for name, fact_type in program.ruleset.facts.items()
        if fact_type.schema and not fact_type.single
        if (entries := tuple(_entries(fact_type, [s for s in found if s.fact_type == name])))
    }


def _of_indicator(plan: IndicatorPlan, program: Program) -> Iterator[_Selection]:
    """Yield what the parts of an indicator select, then what its requirements do."""
    rules = [rule for rule in program.rules if rule.indicator == plan.number and rule.action in _SCORING]
    for part in plan.parts:
        selected: dict[str, list[Mapping[str, Const]]] = {}
        for rule in rules:
            if rule.part == part.id:
                for fact_type, constants in _of_rule(rule):
                    selected.setdefault(fact_type, []).append(constants)
        for fact_type, choices in selected.items():
            yield _Selection(fact_type, plan, part, _common(choices))
    for requirement in plan.requires:
        for aggregate in _demanded(requirement.that.tree):
            yield _Selection(aggregate.fact_type, plan, None, _of_aggregate(aggregate))


def _of_rule(rule: CompiledRule) -> Iterator[tuple[str, Mapping[str, Const]]]:
    """Yield the constants that select each fact that a rule matches, and those that it looks for as a whole."""
    patterns, conditions = rule.match.patterns, [condition.tree for condition in rule.conditions]
    for number, fact_type in enumerate(patterns):
        yield fact_type, _equal(conditions, number)
    for condition in conditions:
        for aggregate in _demanded(condition):
            if aggregate.fact_type not in patterns:
                yield aggregate.fact_type, _of_aggregate(aggregate)


def _of_aggregate(aggregate: Aggregate) -> Mapping[str, Const]:
    where = [aggregate.where] if aggregate.where is not None else []
    if aggregate.function == "any":
        where += aggregate.arguments
    return _equal([tree for condition in where for tree in conjuncts(condition)], aggregate.pattern)


def _equal(conditions: Iterable[Typed], pattern: int) -> dict[str, Const]:
    """Return the fields of a matched fact that must equal a constant."""
    found: dict[str, Const] = {}
    for condition in conditions:
        if isinstance(condition, Compare) and condition.comparator is Comparator.EQUAL:
            left, right = condition.left, condition.right
            for field, value in ((left, right), (right, left)):
                if _is_of(field, pattern) and isinstance(value, Const):
                    found[field.field] = value
    return {name: value for name, value in found.items() if value.type.kind is not Kind.BOOLEAN}


def _is_of(node: Typed, pattern: int) -> TypeGuard[FieldOf]:
    return isinstance(node, FieldOf) and isinstance(node.base, Matched) and node.base.pattern == pattern


def _demanded(condition: Typed) -> Iterator[Aggregate]:
    """Yield the aggregates of a condition that need a fact: `any(…)`, `count(…) == 3`, but not `count(…) == 0`."""
    match condition:
        case Logic():
            yield from _demanded(condition.left)
            yield from _demanded(condition.right)
        case Aggregate(function="any"):
            yield condition
        case Compare() | Within() if _is_positive(condition):
            yield from (one for one in nodes(Aggregate, [condition]) if one.function not in ("any", "all"))


def _is_positive(comparison: Compare | Within) -> bool:
    if isinstance(comparison, Within) or comparison.comparator in (Comparator.ABOVE, Comparator.AT_LEAST):
        return True
    zero = any(isinstance(end, Const) and end.value == 0 for end in (comparison.left, comparison.right))
    return comparison.comparator is Comparator.EQUAL and not zero


def _common(choices: Sequence[Mapping[str, Const]]) -> dict[str, Const]:
    """Return the constants on which all the rules of a part agree."""
    first, *others = choices
    return {
        name: constant
        for name, constant in first.items()
        if all(name in other and other[name].value == constant.value for other in others)
    }


def _entries(fact_type: FactType, selections: Sequence[_Selection]) -> Iterator[Asked]:
    """Yield an entry for each distinct choice of the identifying fields, the most particular ones only."""
    identifying = [name for name in fact_type.fields if _identifies(name, selections)]
    places: dict[tuple[tuple[str, Value], ...], list[_Selection]] = {}
    for selection in selections:
        values: tuple[tuple[str, Value], ...] = tuple(
            (name, selection.constants[name].value) for name in identifying if name in selection.constants
        )
        if values:
            places.setdefault(values, []).append(selection)
    for chosen, here in places.items():
        if not any(set(chosen) < set(others) for others in places):
            homes: dict[int, list[str]] = {}
            for selection in here:
                titles = homes.setdefault(selection.indicator.number, [])
                if selection.part is not None and selection.part.title and selection.part.title not in titles:
                    titles.append(selection.part.title)
            names = {selection.indicator.number: selection.indicator.name for selection in here}
            yield Asked(dict(chosen), tuple((number, names[number], tuple(of)) for number, of in homes.items()))


def _identifies(field: str, selections: Sequence[_Selection]) -> bool:
    """Whether a field distinguishes needed facts: by a name such as `number`, a requirement, or two constants."""
    using = [selection for selection in selections if field in selection.constants]
    constants = [selection.constants[field] for selection in using]
    named = any(constant.name for constant in constants)
    return named or any(s.part is None for s in using) or len({constant.value for constant in constants}) > 1
