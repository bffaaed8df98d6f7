"""Fold a typed tree into a function that computes its value exactly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from engine.base.calendar import Calendar, OutsideCalendar
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

Sources: TypeAlias = Callable[[MatchedFacts, Context], tuple[Fact, ...]]
"""Gives the facts that a value stems from, which an error names."""


@dataclass(frozen=True, slots=True)
class _Computed:
    """What a node comes to: its value, and the facts behind it."""

    value: Computation
    facts: Sources


def computation(tree: Typed, calendar: Calendar | None) -> Computation:
    """Return the function that computes a tree's value from the facts of a match."""
    return _computed(tree, calendar).value


def aggregate_result(node: Aggregate, calendar: Calendar | None) -> Callable[[MatchedFacts, Context], AggregateResult]:
    """Return the function that computes an aggregate and remembers the facts it ran over."""
    return _aggregate_result(node, [_computed(part, calendar) for part in children(node)])


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
            return lambda row, context: -operand(row, context)
        case Choice():
            condition, then, otherwise = values
            return lambda row, context: then(row, context) if condition(row, context) else otherwise(row, context)
        case Inline():
            return values[0]
        case Score():
            return lambda _row, context: context.score(node, context)
        case Call():
            return _call(node, parts, calendar)
        case Aggregate():
            aggregate = _aggregate_result(node, parts)
            return lambda row, context: aggregate(row, context).value


def _looked_up(
    node: Const | CaseField | Matched | FieldOf | Has | Default, values: Sequence[Computation]
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
            [fact] = values
            return lambda row, context: fact(row, context).values[name]
        case Has(field=name):
            [fact] = values
            return lambda row, context: name in fact(row, context).values
        case Default(field=name):
            fact, otherwise = values

            def default(row: MatchedFacts, context: Context) -> Any:
                given = fact(row, context).values
                return given[name] if name in given else otherwise(row, context)

            return default


def _condition(node: Compare | Within | OneOf | Not | Logic, values: Sequence[Computation]) -> Computation:
    match node:
        case Compare(comparator=comparator):
            (left, right), holds = values, comparator.holds
            return lambda row, context: holds(left(row, context), right(row, context))
        case Within():
            item, low, high = values
            return lambda row, context: low(row, context) <= item(row, context) <= high(row, context)
        case OneOf():
            item, *options = values
            return lambda row, context: item(row, context) in [option(row, context) for option in options]
        case Not():
            [operand] = values
            return lambda row, context: not operand(row, context)
        case Logic(connective=Connective.AND):
            left, right = values
            return lambda row, context: left(row, context) and right(row, context)
        case Logic():
            left, right = values
            return lambda row, context: left(row, context) or right(row, context)


def _sources(node: Typed, parts: Sequence[_Computed]) -> Sources:
    """Return the function that names the facts whose values a node stems from."""
    match node:
        case Matched(pattern=pattern):
            return lambda row, _context: (row[pattern],)
        case Aggregate():
            return _run_over(_aggregate_result(node, parts))
        case _:
            return _together([part.facts for part in parts])


def _together(sources: Sequence[Sources]) -> Sources:
    return lambda row, context: tuple(fact for source in sources for fact in source(row, context))


def _run_over(aggregate: Callable[[MatchedFacts, Context], AggregateResult]) -> Sources:
    def facts(row: MatchedFacts, context: Context) -> tuple[Fact, ...]:
        try:
            return aggregate(row, context).facts
        except CannotCompute:
            return ()

    return facts


def _arithmetic(node: Arithmetic, one: _Computed, other: _Computed) -> Computation:
    apply, left, right = OPERATORS[node.operator], one.value, other.value
    if node.operator is Operator.DIVIDE:

        def divided(row: MatchedFacts, context: Context) -> Any:
            try:
                return apply(left(row, context), right(row, context))
            except ZeroDivisionError:
                raise _division_by_zero("", node.right.span[0], other.facts(row, context)) from None

        return divided
    if node.type.kind is Kind.DATE:
        behind = _together([one.facts, other.facts])

        def shifted(row: MatchedFacts, context: Context) -> Any:
            try:
                return apply(left(row, context), right(row, context))
            except OverflowError:
                raise _beyond_all_dates(node.span[0], behind(row, context)) from None

        return shifted
    return lambda row, context: apply(left(row, context), right(row, context))


def _weight_of(node: Call, number: _Computed) -> Computation:
    def weight_of(row: MatchedFacts, context: Context) -> Number:
        wanted = number.value(row, context)
        if wanted not in context.weights:
            raise CannotCompute(
                msg("There is no indicator {number}.", number=wanted),
                msg("Correct the number of the indicator in the facts."),
                node.span[0],
                number.facts(row, context),
            )
        return context.weights[wanted]

    return weight_of


def _call(node: Call, parts: Sequence[_Computed], calendar: Calendar | None) -> Computation:
    if node.function == "weight_of":
        return _weight_of(node, *parts)
    arguments = [part.value for part in parts]
    if node.function == "is_indicator":
        [number] = arguments
        return lambda row, context: number(row, context) in context.weights
    function = FUNCTIONS[node.function]
    behind = _together([part.facts for part in parts])

    def call(row: MatchedFacts, context: Context) -> Any:
        values = [argument(row, context) for argument in arguments]
        try:
            return function.apply(calendar, *values) if function.needs_calendar else function.apply(*values)
        except OutsideCalendar as error:
            raise CannotCompute(
                msg("The working-day calendar does not cover {day}.", day=error.day.isoformat()),
                msg("Correct the date, or add that year's notice to the calendar of the ruleset."),
                node.span[0],
                behind(row, context),
            ) from None
        except OverflowError:
            raise _beyond_all_dates(node.span[0], behind(row, context)) from None
        except NoValue as error:
            raise CannotCompute(error.what, error.remedy, node.span[0], behind(row, context)) from None

    return call


def _aggregate_result(
    node: Aggregate, parts: Sequence[_Computed]
) -> Callable[[MatchedFacts, Context], AggregateResult]:
    shape = AGGREGATES[node.function]
    where = parts[-1].value if node.where is not None else None
    columns = [part.value for part in parts[: len(node.arguments)]]
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
                msg("“{text}” has no fact to run over.", text=node.text),
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


def _beyond_all_dates(offset: int, facts: tuple[Fact, ...]) -> CannotCompute:
    return CannotCompute(msg("The date is beyond the calendar's range."), msg("Correct the date."), offset, facts)


def _division_by_zero(text: str, offset: int, facts: tuple[Fact, ...]) -> CannotCompute:
    what = msg("“{text}” divides by zero.", text=text) if text else msg("The formula divides by zero.")
    return CannotCompute(
        what, msg("Correct the facts, or let the rule apply only where the divisor is not zero."), offset, facts
    )
