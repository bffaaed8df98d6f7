"""Fold a typed tree into a function that computes its value exactly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from engine.base.calendar import Calendar, OutsideCalendar
from engine.base.messages import msg
from engine.base.numbers import Number
from engine.facts.model import Fact, Kind
from engine.language.fold import children, fold
from engine.language.functions import AGGREGATES, FUNCTIONS, OPERATORS, NoValue
from engine.language.operators import Connective, Operator
from engine.language.typed import (
    Aggregate,
    Arithmetic,
    Call,
    CaseField,
    Choice,
    Compare,
    Const,
    Default,
    FieldOf,
    Has,
    Inline,
    Logic,
    Matched,
    Minus,
    Not,
    OneOf,
    Score,
    Typed,
    Within,
)
from engine.language.world import CannotCompute, Computation, Figure, Row, World

Sources: TypeAlias = Callable[[Row, World], tuple[Fact, ...]]
"""Gives the facts that a value stems from, which an error names."""


@dataclass(frozen=True, slots=True)
class _Computed:
    """What a node comes to: its value, and the facts behind it."""

    value: Computation
    facts: Sources


def computation(tree: Typed, calendar: Calendar | None) -> Computation:
    """Return the function that computes a tree's value from the facts of a match."""
    return _computed(tree, calendar).value


def figure_of(node: Aggregate, calendar: Calendar | None) -> Callable[[Row, World], Figure]:
    """Return the function that computes an aggregate and remembers the facts it ran over."""
    return _figure(node, [_computed(part, calendar) for part in children(node)])


def _computed(tree: Typed, calendar: Calendar | None) -> _Computed:
    return fold(tree, lambda node, parts: _Computed(_value(node, parts, calendar), _sources(node, parts)))


def _value(node: Typed, parts: Sequence[_Computed], calendar: Calendar | None) -> Computation:
    """Return the function for a node; those of its parts are there already."""
    values = [part.value for part in parts]
    match node:
        case Const() | CaseField() | Matched() | FieldOf() | Has() | Default():
            return _looked_up(node, values)
        case Compare() | Within() | OneOf() | Not() | Logic():
            return _condition(node, values)
        case Arithmetic():
            return _arithmetic(node, *parts)
        case Minus():
            [operand] = values
            return lambda row, world: -operand(row, world)
        case Choice():
            condition, then, otherwise = values
            return lambda row, world: then(row, world) if condition(row, world) else otherwise(row, world)
        case Inline():
            return values[0]
        case Score():
            return lambda _row, world: world.score(node, world)
        case Call():
            return _call(node, parts, calendar)
        case Aggregate():
            figure = _figure(node, parts)
            return lambda row, world: figure(row, world).value


def _looked_up(
    node: Const | CaseField | Matched | FieldOf | Has | Default, values: Sequence[Computation]
) -> Computation:
    match node:
        case Const(value=constant):
            return lambda _row, _world: constant
        case CaseField(field=name):
            return lambda _row, world: world.case[name]
        case Matched(pattern=pattern):
            return lambda row, _world: row[pattern]
        case FieldOf(base=Matched(pattern=pattern), field=name):
            return lambda row, _world: row[pattern].values[name]
        case FieldOf(field=name):
            [fact] = values
            return lambda row, world: fact(row, world).values[name]
        case Has(field=name):
            [fact] = values
            return lambda row, world: name in fact(row, world).values
        case Default(field=name):
            fact, otherwise = values

            def default(row: Row, world: World) -> Any:
                given = fact(row, world).values
                return given[name] if name in given else otherwise(row, world)

            return default


def _condition(node: Compare | Within | OneOf | Not | Logic, values: Sequence[Computation]) -> Computation:
    match node:
        case Compare(comparator=comparator):
            (left, right), holds = values, comparator.holds
            return lambda row, world: holds(left(row, world), right(row, world))
        case Within():
            item, low, high = values
            return lambda row, world: low(row, world) <= item(row, world) <= high(row, world)
        case OneOf():
            item, *options = values
            return lambda row, world: item(row, world) in [option(row, world) for option in options]
        case Not():
            [operand] = values
            return lambda row, world: not operand(row, world)
        case Logic(connective=Connective.AND):
            left, right = values
            return lambda row, world: left(row, world) and right(row, world)
        case Logic():
            left, right = values
            return lambda row, world: left(row, world) or right(row, world)


def _sources(node: Typed, parts: Sequence[_Computed]) -> Sources:
    """Return the function that names the facts whose values a node stems from."""
    match node:
        case Matched(pattern=pattern):
            return lambda row, _world: (row[pattern],)
        case Aggregate():
            return _run_over(_figure(node, parts))
        case _:
            return _together([part.facts for part in parts])


def _together(sources: Sequence[Sources]) -> Sources:
    return lambda row, world: tuple(fact for source in sources for fact in source(row, world))


def _run_over(figure: Callable[[Row, World], Figure]) -> Sources:
    def facts(row: Row, world: World) -> tuple[Fact, ...]:
        try:
            return figure(row, world).facts
        except CannotCompute:
            return ()

    return facts


def _arithmetic(node: Arithmetic, one: _Computed, other: _Computed) -> Computation:
    apply, left, right = OPERATORS[node.operator], one.value, other.value
    if node.operator is Operator.DIVIDE:

        def divided(row: Row, world: World) -> Any:
            try:
                return apply(left(row, world), right(row, world))
            except ZeroDivisionError:
                raise _division_by_zero("", node.right.span[0], other.facts(row, world)) from None

        return divided
    if node.type.kind is Kind.DATE:
        behind = _together([one.facts, other.facts])

        def shifted(row: Row, world: World) -> Any:
            try:
                return apply(left(row, world), right(row, world))
            except OverflowError:
                raise _beyond_all_dates(node.span[0], behind(row, world)) from None

        return shifted
    return lambda row, world: apply(left(row, world), right(row, world))


def _weight_of(node: Call, number: _Computed) -> Computation:
    def weight_of(row: Row, world: World) -> Number:
        wanted = number.value(row, world)
        if wanted not in world.weights:
            raise CannotCompute(
                msg("There is no indicator {number}.", number=wanted),
                msg("Correct the number of the indicator in the facts."),
                node.span[0],
                number.facts(row, world),
            )
        return world.weights[wanted]

    return weight_of


def _call(node: Call, parts: Sequence[_Computed], calendar: Calendar | None) -> Computation:
    if node.function == "weight_of":
        return _weight_of(node, *parts)
    arguments = [part.value for part in parts]
    if node.function == "is_indicator":
        [number] = arguments
        return lambda row, world: number(row, world) in world.weights
    function = FUNCTIONS[node.function]
    behind = _together([part.facts for part in parts])

    def call(row: Row, world: World) -> Any:
        values = [argument(row, world) for argument in arguments]
        try:
            return function.apply(calendar, *values) if function.needs_calendar else function.apply(*values)
        except OutsideCalendar as error:
            raise CannotCompute(
                msg("The working-day calendar does not cover {day}.", day=error.day.isoformat()),
                msg("Correct the date, or add that year's notice to the calendar of the ruleset."),
                node.span[0],
                behind(row, world),
            ) from None
        except OverflowError:
            raise _beyond_all_dates(node.span[0], behind(row, world)) from None
        except NoValue as error:
            raise CannotCompute(error.what, error.remedy, node.span[0], behind(row, world)) from None

    return call


def _figure(node: Aggregate, parts: Sequence[_Computed]) -> Callable[[Row, World], Figure]:
    shape = AGGREGATES[node.function]
    where = parts[-1].value if node.where is not None else None
    columns = [part.value for part in parts[: len(node.arguments)]]
    key = (node.scope, node.text)
    offset = node.span[0]
    simple = node.function in ("count", "any")
    unused: tuple[Any, ...] = (None,) * node.pattern

    def compute(row: Row, world: World) -> Figure:
        candidates = world.facts.get(node.fact_type, ())
        given = row[: node.pattern] if node.correlated else ()
        before = (*given, *unused[len(given) :])
        rows = [(*before, fact) for fact in candidates]
        if where is not None:
            rows = [r for r in rows if where(r, world)]
        if shape.needs_facts and not rows:
            raise CannotCompute(
                msg("“{text}” has no fact to run over.", text=node.text),
                msg("Give the facts it needs, or let the rule apply only where there are some."),
                offset,
            )
        values = [] if simple else [[column(r, world) for r in rows] for column in columns]
        try:
            value = shape.apply(values, len(rows))
        except ZeroDivisionError:
            raise _division_by_zero(node.text, offset, tuple(r[-1] for r in rows)) from None
        return Figure(node.text, value, tuple(r[-1] for r in rows))

    if node.correlated:
        return compute

    def remembered(row: Row, world: World) -> Figure:
        found = world.figures.get(key)
        if found is None:
            found = world.figures[key] = compute(row, world)
        return found

    return remembered


def _beyond_all_dates(offset: int, facts: tuple[Fact, ...]) -> CannotCompute:
    return CannotCompute(msg("The date is beyond the calendar's range."), msg("Correct the date."), offset, facts)


def _division_by_zero(text: str, offset: int, facts: tuple[Fact, ...]) -> CannotCompute:
    what = msg("“{text}” divides by zero.", text=text) if text else msg("The formula divides by zero.")
    return CannotCompute(
        what, msg("Correct the facts, or let the rule apply only where the divisor is not zero."), offset, facts
    )
