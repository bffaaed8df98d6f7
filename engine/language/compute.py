"""Turn a typed tree into a function that computes its value exactly."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeAlias

from engine.base.calendar import Calendar, OutsideCalendar
from engine.base.messages import Message, msg
from engine.base.numbers import Number
from engine.facts.model import Fact, Kind, Value
from engine.language.functions import AGGREGATES, FUNCTIONS, OPERATORS, NoValue
from engine.language.typed import (
    Aggregate,
    CaseField,
    Const,
    Default,
    FieldOf,
    Has,
    Inline,
    Logic,
    Matched,
    Operation,
    Score,
    Typed,
    children,
)

Row: TypeAlias = tuple[Fact, ...]


class CannotCompute(Exception):
    """A value cannot be computed from these facts; the code that knows the rule adds which and where."""

    def __init__(self, what: Message, remedy: Message, offset: int, facts: tuple[Fact, ...] = ()) -> None:
        super().__init__(str(what))
        self.what = what
        self.remedy = remedy
        self.offset = offset
        self.facts = facts
        """The facts whose values cause it; empty where they are not known."""


@dataclass(frozen=True, slots=True)
class Figure:
    """The value of an aggregate, and the facts that it runs over."""

    text: str
    value: Any
    facts: tuple[Fact, ...]


@dataclass(slots=True)
class World:
    """What is known at a moment of one evaluation; it grows from stratum to stratum."""

    case: Mapping[str, Value]
    facts: dict[str, list[Fact]]
    weights: Mapping[int, Number]
    score: Callable[[Score, World], Number]
    """What another indicator keeps, or what is open in it; `CannotCompute` for the points kept while some are open."""
    figures: dict[tuple[str, str], Figure] = field(default_factory=dict)
    """Aggregates that do not depend on a match, by scope and text; lower strata never change, so they stay valid."""


Computation: TypeAlias = Callable[[Sequence[Fact], World], Any]


def figure_of(node: Aggregate, calendar: Calendar | None) -> Callable[[Sequence[Fact], World], Figure]:
    """Return the function that computes an aggregate and remembers the facts it ran over."""
    shape = AGGREGATES[node.function]
    where = computation(node.where, calendar) if node.where is not None else None
    columns = [computation(argument, calendar) for argument in node.arguments]
    key = (node.scope, node.text)
    offset = node.span[0]
    simple = node.function in ("count", "any")
    unused: tuple[Any, ...] = (None,) * node.pattern

    def compute(row: Sequence[Fact], world: World) -> Figure:
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

    def remembered(row: Sequence[Fact], world: World) -> Figure:
        found = world.figures.get(key)
        if found is None:
            found = world.figures[key] = compute(row, world)
        return found

    return remembered


def _behind(nodes: Iterable[Typed], calendar: Calendar | None) -> Callable[[Sequence[Fact], World], tuple[Fact, ...]]:
    """Return the function that names the facts whose values some nodes stem from."""
    sources: list[Callable[[Sequence[Fact], World], tuple[Fact, ...]]] = []
    for node in nodes:
        match node:
            case Matched(pattern=pattern):
                sources.append(partial(_matched, pattern))
            case Aggregate():
                sources.append(partial(_run_over, figure_of(node, calendar)))
            case _ if below := children(node):
                sources.append(_behind(below, calendar))

    def behind(row: Sequence[Fact], world: World) -> tuple[Fact, ...]:
        return tuple(fact for source in sources for fact in source(row, world))

    return behind


def _matched(pattern: int, row: Sequence[Fact], _world: World) -> tuple[Fact, ...]:
    return (row[pattern],)


def _run_over(figure: Callable[[Sequence[Fact], World], Figure], row: Sequence[Fact], world: World) -> tuple[Fact, ...]:
    try:
        return figure(row, world).facts
    except CannotCompute:
        return ()


def computation(node: Typed, calendar: Calendar | None) -> Computation:
    """Return the function that computes a node's value from a row of facts; `CannotCompute` where it has none."""
    match node:
        case Const(value=value):
            return lambda _row, _world: value
        case CaseField(field=name):
            return lambda _row, world: world.case[name]
        case Matched(pattern=pattern):
            return lambda row, _world: row[pattern]
        case FieldOf(base=Matched(pattern=pattern), field=name):
            return lambda row, _world: row[pattern].values[name]
        case FieldOf(base=base, field=name):
            fact = computation(base, calendar)
            return lambda row, world: fact(row, world).values[name]
        case Has(base=base, field=name):
            fact = computation(base, calendar)
            return lambda row, world: name in fact(row, world).values
        case Default(base=base, field=name, otherwise=otherwise):
            fact, other = computation(base, calendar), computation(otherwise, calendar)

            def default(row: Sequence[Fact], world: World) -> Any:
                values = fact(row, world).values
                return values[name] if name in values else other(row, world)

            return default
        case Inline(body=body):
            return computation(body, calendar)
        case Score():
            return lambda _row, world: world.score(node, world)
        case Logic():
            return _logic(node, calendar)
        case Operation():
            return _operation(node, calendar)
        case Aggregate():
            figure = figure_of(node, calendar)
            return lambda row, world: figure(row, world).value


def _logic(node: Logic, calendar: Calendar | None) -> Computation:
    parts = [computation(operand, calendar) for operand in node.operands]
    if node.name == "if":
        condition, then, otherwise = parts
        return lambda row, world: then(row, world) if condition(row, world) else otherwise(row, world)
    left, right = parts
    if node.name == "and":
        return lambda row, world: left(row, world) and right(row, world)
    return lambda row, world: left(row, world) or right(row, world)


_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _operation(node: Operation, calendar: Calendar | None) -> Computation:
    parts = [computation(operand, calendar) for operand in node.operands]
    name = node.name
    if name in _COMPARISONS or name in OPERATORS:
        left, right = parts
        apply = _COMPARISONS.get(name) or OPERATORS[name]
        if name == "/":
            divisor = _behind(node.operands[1:], calendar)

            def divided(row: Sequence[Fact], world: World) -> Any:
                try:
                    return apply(left(row, world), right(row, world))
                except ZeroDivisionError:
                    raise _division_by_zero("", node.operands[1].span[0], divisor(row, world)) from None

            return divided
        if node.type.kind is Kind.DATE:
            operands = _behind(node.operands, calendar)

            def shifted(row: Sequence[Fact], world: World) -> Any:
                try:
                    return apply(left(row, world), right(row, world))
                except OverflowError:
                    raise _beyond_all_dates(node.span[0], operands(row, world)) from None

            return shifted
        return lambda row, world: apply(left(row, world), right(row, world))
    if name == "not":
        return lambda row, world: not parts[0](row, world)
    if name == "negative":
        return lambda row, world: -parts[0](row, world)
    if name == "within":
        item, low, high = parts
        return lambda row, world: low(row, world) <= item(row, world) <= high(row, world)
    if name == "one_of":
        item, *options = parts
        return lambda row, world: item(row, world) in [option(row, world) for option in options]
    if name == "is_indicator":
        return lambda row, world: parts[0](row, world) in world.weights
    if name == "weight_of":
        return _weight_of(node, parts[0], calendar)
    return _function(node, parts, calendar)


def _weight_of(node: Operation, number: Computation, calendar: Calendar | None) -> Computation:
    named_by = _behind(node.operands, calendar)

    def weight_of(row: Sequence[Fact], world: World) -> Number:
        wanted = number(row, world)
        if wanted not in world.weights:
            raise CannotCompute(
                msg("There is no indicator {number}.", number=wanted),
                msg("Correct the number of the indicator in the facts."),
                node.span[0],
                named_by(row, world),
            )
        return world.weights[wanted]

    return weight_of


def _function(node: Operation, parts: Sequence[Computation], calendar: Calendar | None) -> Computation:
    function = FUNCTIONS[node.name]
    operands = _behind(node.operands, calendar)

    def call(row: Sequence[Fact], world: World) -> Any:
        values = [part(row, world) for part in parts]
        try:
            return function.apply(calendar, *values) if function.needs_calendar else function.apply(*values)
        except OutsideCalendar as error:
            raise CannotCompute(
                msg("The working-day calendar does not cover {day}.", day=error.day.isoformat()),
                msg("Correct the date, or add that year's notice to the calendar of the ruleset."),
                node.span[0],
                operands(row, world),
            ) from None
        except OverflowError:
            raise _beyond_all_dates(node.span[0], operands(row, world)) from None
        except NoValue as error:
            raise CannotCompute(error.what, error.remedy, node.span[0], operands(row, world)) from None

    return call


def _beyond_all_dates(offset: int, facts: tuple[Fact, ...]) -> CannotCompute:
    return CannotCompute(msg("The date is beyond the calendar's range."), msg("Correct the date."), offset, facts)


def _division_by_zero(text: str, offset: int, facts: tuple[Fact, ...]) -> CannotCompute:
    what = msg("“{text}” divides by zero.", text=text) if text else msg("The formula divides by zero.")
    return CannotCompute(
        what, msg("Correct the facts, or let the rule apply only where the divisor is not zero."), offset, facts
    )
