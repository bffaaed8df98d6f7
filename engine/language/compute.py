"""Fold a typed tree into a function that computes its value exactly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any, TypeAlias

from engine.base.calendar import Calendar, OutsideCalendar
from engine.base.faults import problem
from engine.base.messages import msg
from engine.base.numbers import Number
from engine.facts.model import Fact, Kind, MatchedFacts
from engine.language.context import AggregateResult, CannotCompute, Computation, Context
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
    HasResult,
    Inline,
    Logic,
    Matched,
    Minus,
    Not,
    OneOf,
    ResultOf,
    Score,
    Typed,
    Within,
)

_AggregateOf: TypeAlias = Callable[[MatchedFacts, Context], AggregateResult]


def computation(tree: Typed, calendar: Calendar | None) -> Computation:
    """Return the function that computes a tree's value from the facts of a match."""
    return fold(tree, lambda node, parts: _value(node, parts, calendar))


def aggregate_result(node: Aggregate, calendar: Calendar | None) -> _AggregateOf:
    """Return the function that computes an aggregate and remembers the facts it ran over."""
    return _aggregate(node, [computation(part, calendar) for part in children(node)])


def _value(node: Typed, parts: Sequence[Computation], calendar: Calendar | None) -> Computation:
    """Return the function for a node; those of its parts are there already."""
    match node:
        case Const() | CaseField() | Matched() | FieldOf() | Has() | Default():
            return _looked_up(node, parts)
        case Compare() | Within() | OneOf() | Not() | Logic():
            return _condition(node, parts)
        case Arithmetic():
            left, right = parts
            return _arithmetic(node, left, right, calendar)
        case Minus():
            [operand] = parts
            return lambda row, context: -operand(row, context)
        case Choice():
            condition, then, otherwise = parts
            return lambda row, context: then(row, context) if condition(row, context) else otherwise(row, context)
        case Inline():
            return parts[0]
        case Score():
            return lambda _row, context: context.score(node, context)
        case ResultOf() | HasResult():
            return lambda _row, context: context.result(node, context)
        case Call():
            return _call(node, parts, calendar)
        case Aggregate():
            aggregate = _aggregate(node, parts)
            return lambda row, context: aggregate(row, context).value


def _looked_up(
    node: Const | CaseField | Matched | FieldOf | Has | Default, parts: Sequence[Computation]
) -> Computation:
    match node:
        case Const(value=constant):
            return lambda _row, _context: constant
        case CaseField(field=name):
            return lambda _row, context: context.case[name]
        case Matched(pattern=pattern):
            return lambda row, _context: row[pattern]
        case FieldOf(base=Matched(pattern=pattern), field=name):
            return lambda row, _context: row[pattern].values[name]
        case FieldOf(field=name):
            [fact] = parts
            return lambda row, context: fact(row, context).values[name]
        case Has(field=name):
            [fact] = parts
            return lambda row, context: name in fact(row, context).values
        case Default(field=name):
            fact, otherwise = parts

            def default(row: MatchedFacts, context: Context) -> Any:
                given = fact(row, context).values
                return given[name] if name in given else otherwise(row, context)

            return default


def _condition(node: Compare | Within | OneOf | Not | Logic, parts: Sequence[Computation]) -> Computation:
    match node:
        case Compare(comparator=comparator, right=Const(value=constant)):
            left, holds = parts[0], comparator.holds
            return lambda row, context: holds(left(row, context), constant)
        case Compare(comparator=comparator):
            (left, right), holds = parts, comparator.holds
            return lambda row, context: holds(left(row, context), right(row, context))
        case Within():
            item, low, high = parts
            return lambda row, context: low(row, context) <= item(row, context) <= high(row, context)
        case OneOf():
            item, *options = parts
            return lambda row, context: item(row, context) in [option(row, context) for option in options]
        case Not():
            [operand] = parts
            return lambda row, context: not operand(row, context)
        case Logic(connective=Connective.AND):
            left, right = parts
            return lambda row, context: left(row, context) and right(row, context)
        case Logic():
            left, right = parts
            return lambda row, context: left(row, context) or right(row, context)


def _arithmetic(node: Arithmetic, left: Computation, right: Computation, calendar: Calendar | None) -> Computation:
    apply = OPERATORS[node.operator]
    if node.operator is Operator.DIVIDE:

        def divided(row: MatchedFacts, context: Context) -> Any:
            try:
                return apply(left(row, context), right(row, context))
            except ZeroDivisionError:
                behind = _facts_behind([node.right], row, context, calendar)
                raise _division_by_zero("", node.right.span[0], behind) from None

        return divided
    if node.type.kind is Kind.DATE:

        def shifted(row: MatchedFacts, context: Context) -> Any:
            try:
                return apply(left(row, context), right(row, context))
            except OverflowError:
                behind = _facts_behind(children(node), row, context, calendar)
                raise _beyond_all_dates(node.span[0], behind) from None

        return shifted
    return lambda row, context: apply(left(row, context), right(row, context))


def _call(node: Call, parts: Sequence[Computation], calendar: Calendar | None) -> Computation:
    if node.function == "weight_of":
        return _weight_of(node, parts[0], calendar)
    if node.function == "is_indicator":
        [number] = parts
        return lambda row, context: number(row, context) in context.weights
    function = FUNCTIONS[node.function]

    def call(row: MatchedFacts, context: Context) -> Any:
        values = [part(row, context) for part in parts]
        try:
            return function.apply(calendar, *values) if function.needs_calendar else function.apply(*values)
        except (OutsideCalendar, OverflowError, NoValue) as error:
            raise _no_value(error, node.span[0], _facts_behind(node.arguments, row, context, calendar)) from None

    return call


def _weight_of(node: Call, number: Computation, calendar: Calendar | None) -> Computation:
    def weight_of(row: MatchedFacts, context: Context) -> Number:
        wanted = number(row, context)
        if wanted not in context.weights:
            raise CannotCompute(
                problem("evaluation.no-indicator", "There is no indicator {number}.", number=wanted),
                msg("Correct the number of the indicator in the facts."),
                node.span[0],
                _facts_behind(node.arguments, row, context, calendar),
            )
        return context.weights[wanted]

    return weight_of


def _facts_behind(
    trees: Sequence[Typed], row: MatchedFacts, context: Context, calendar: Calendar | None
) -> tuple[Fact, ...]:
    """Return the facts whose values some trees stem from, for an error to name."""

    def combine(node: Typed, parts: tuple[tuple[Fact, ...], ...]) -> tuple[Fact, ...]:
        match node:
            case Matched():
                return row[node.pattern : node.pattern + 1]
            case Aggregate():
                try:
                    return aggregate_result(node, calendar)(row, context).facts
                except CannotCompute:
                    return ()
            case _:
                return tuple(chain.from_iterable(parts))

    return tuple(fact for tree in trees for fact in fold(tree, combine))


def _aggregate(node: Aggregate, parts: Sequence[Computation]) -> _AggregateOf:
    shape = AGGREGATES[node.function]
    where = parts[-1] if node.where is not None else None
    columns = parts[: len(node.arguments)]
    key = (node.scope, node.text)
    offset = node.span[0]
    simple = node.function in ("count", "any")
    unused: tuple[Any, ...] = (None,) * node.pattern

    def compute(row: MatchedFacts, context: Context) -> AggregateResult:
        candidates = context.facts.get(node.fact_type, ())
        given = row[: node.pattern] if node.correlated else ()
        before = (*given, *unused[len(given) :])
        rows = [(*before, fact) for fact in candidates]
        if where is not None:
            rows = [r for r in rows if where(r, context)]
        if shape.needs_facts and not rows:
            raise CannotCompute(
                problem("evaluation.no-fact", "“{text}” has no fact to run over.", text=node.text),
                msg("Give the facts it needs, or let the rule apply only where there are some."),
                offset,
            )
        values = [] if simple else [[column(r, context) for r in rows] for column in columns]
        try:
            value = shape.apply(values, len(rows))
        except ZeroDivisionError:
            raise _division_by_zero(node.text, offset, tuple(r[-1] for r in rows)) from None
        return AggregateResult(node.text, value, tuple(r[-1] for r in rows))

    if node.correlated:
        return compute

    def remembered(row: MatchedFacts, context: Context) -> AggregateResult:
        found = context.aggregates.get(key)
        if found is None:
            found = context.aggregates[key] = compute(row, context)
        return found

    return remembered


def _no_value(error: OutsideCalendar | OverflowError | NoValue, offset: int, facts: tuple[Fact, ...]) -> CannotCompute:
    """Say why a function has no value for what it was given."""
    match error:
        case OutsideCalendar():
            return CannotCompute(
                problem(
                    "evaluation.outside-calendar",
                    "The working-day calendar does not cover {day}.",
                    day=error.day.isoformat(),
                ),
                msg("Correct the date, or add that year's notice to the calendar of the ruleset."),
                offset,
                facts,
            )
        case NoValue():
            return CannotCompute(error.what, error.remedy, offset, facts)
        case OverflowError():
            return _beyond_all_dates(offset, facts)


def _beyond_all_dates(offset: int, facts: tuple[Fact, ...]) -> CannotCompute:
    return CannotCompute(
        problem("evaluation.beyond-dates", "The date is beyond the calendar's range."),
        msg("Correct the date."),
        offset,
        facts,
    )


def _division_by_zero(text: str, offset: int, facts: tuple[Fact, ...]) -> CannotCompute:
    what = (
        problem("evaluation.division-by-zero", "“{text}” divides by zero.", text=text)
        if text
        else problem("evaluation.division-by-zero", "The formula divides by zero.")
    )
    return CannotCompute(
        what, msg("Correct the facts, or let the rule apply only where the divisor is not zero."), offset, facts
    )
