"""The operators, functions and aggregates of the rule language: their types and what they compute."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeAlias

from engine.base.calendar import Calendar
from engine.base.faults import Problem, problem
from engine.base.messages import Message, msg
from engine.base.numbers import Number, divide, exact_text, round_half_up, simplest, total
from engine.facts.model import Kind, Label
from engine.language.operators import Operator
from engine.language.typed import BOOLEAN, DATE, DAYS, LABEL, NUMBER, TEXT, Type, Unit

Types: TypeAlias = tuple[Type, ...]
ResultType: TypeAlias = Callable[[Types], Type | None]
"""Gives the type of a result by the types of what is given; None where a function cannot take these."""

_MOST_PLACES = 20


class NoValue(Exception):
    """A function has no value for what it was given; the code that knows the expression adds where."""

    def __init__(self, what: Problem, remedy: Message) -> None:
        super().__init__(str(what))
        self.what = what
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Function:
    """A function: the type of its result (None where it cannot take these), its value, its usage."""

    usage: str
    result: ResultType
    apply: Callable[..., Any]
    """Takes the values; one that `needs_calendar` takes the ruleset's calendar first."""
    needs_calendar: bool = False


@dataclass(frozen=True, slots=True)
class AggregateShape:
    """An aggregate: how many arguments it takes, its type, and its value over the columns of arguments."""

    usage: str
    arguments: int
    result: ResultType
    apply: Callable[[Sequence[Sequence[Any]], int], Any]
    """Takes one column of values for each argument, and the number of facts."""
    needs_facts: bool = False
    """Whether it has no value where there is no fact."""


def arithmetic(operator: Operator, left: Type, right: Type) -> Type | None:
    """Return the type of `left operator right`, or None where it has no meaning."""
    if left.kind is Kind.DATE or right.kind is Kind.DATE:
        if operator is Operator.SUBTRACT and right.kind is left.kind:
            return DAYS
        if left.kind is Kind.DATE and operator in (Operator.ADD, Operator.SUBTRACT) and right == DAYS:
            return DATE
        return None
    if left.kind is not Kind.NUMBER or right.kind is not Kind.NUMBER:
        return None
    if operator in (Operator.ADD, Operator.SUBTRACT):
        return Type(Kind.NUMBER, left.unit) if left.unit == right.unit else None
    return Type(Kind.NUMBER, combined(left.unit, right.unit, 1 if operator is Operator.MULTIPLY else -1))


def combined(left: Unit, right: Unit, sign: int) -> Unit:
    """Multiply (sign 1) or divide (sign -1) two units."""
    powers = dict(left)
    for name, power in right:
        powers[name] = powers.get(name, 0) + sign * power
    return tuple(sorted((name, power) for name, power in powers.items() if power))


def add(left: Any, right: Any) -> Any:
    """Add two numbers, or days to a date."""
    if isinstance(left, date):
        return left + timedelta(days=_whole_days(right))
    return _simple(left + right)


def subtract(left: Any, right: Any) -> Any:
    """Subtract two numbers, days from a date, or two dates (which gives days)."""
    if isinstance(left, date):
        return (left - right).days if isinstance(right, date) else left - timedelta(days=_whole_days(right))
    return _simple(left - right)


def multiply(left: Number, right: Number) -> Number:
    """Multiply two numbers."""
    return _simple(left * right)


def _simple(value: Number) -> Number:
    return value if isinstance(value, int) else simplest(value)


def _whole_days(value: Number) -> int:
    return int(round_half_up(value, 0))


OPERATORS: Mapping[Operator, Callable[[Any, Any], Any]] = {
    Operator.ADD: add,
    Operator.SUBTRACT: subtract,
    Operator.MULTIPLY: multiply,
    Operator.DIVIDE: divide,
}


def _alike(types: Types) -> Type | None:
    first = types[0]
    if first.kind not in (Kind.NUMBER, Kind.DATE) or any((t.kind, t.unit) != (first.kind, first.unit) for t in types):
        return None
    return Type(first.kind, first.unit)


def _one_number(types: Types) -> Type | None:
    return Type(Kind.NUMBER, types[0].unit) if len(types) == 1 and types[0].kind is Kind.NUMBER else None


def _round_type(types: Types) -> Type | None:
    return _one_number(types[:1]) if len(types) == 2 and types[1] == NUMBER else None  # noqa: PLR2004


def _two_texts(types: Types) -> Type | None:
    return BOOLEAN if [t.kind for t in types] == [Kind.TEXT, Kind.TEXT] else None


def _texts_and_numbers(types: Types) -> Type | None:
    return TEXT if all(t.kind is Kind.TEXT or t == NUMBER for t in types) else None


def _text(*values: str | Number) -> str:
    return "".join(value if isinstance(value, str) else exact_text(value) for value in values)


def _one_date(types: Types) -> Type | None:
    return DATE if [t.kind for t in types] == [Kind.DATE] else None


def _date_and_days(types: Types) -> Type | None:
    return DATE if len(types) == 2 and types[0].kind is Kind.DATE and types[1] in (DAYS, NUMBER) else None  # noqa: PLR2004


def _rounded(value: Number, places: Number) -> Number:
    if not isinstance(places, int) or not 0 <= places <= _MOST_PLACES:
        raise NoValue(
            problem(
                "evaluation.rounding", "A number cannot be rounded to {places} decimals.", places=exact_text(places)
            ),
            msg("Round to a whole number of decimals, {most} at most.", most=_MOST_PLACES),
        )
    return round_half_up(value, places)


def _floor(value: Number) -> int:
    return value.numerator // value.denominator


FUNCTIONS: Mapping[str, Function] = {
    "min": Function("min(a, b)", lambda types: _alike(types) if len(types) > 1 else None, min),
    "max": Function("max(a, b)", lambda types: _alike(types) if len(types) > 1 else None, max),
    "abs": Function("abs(x)", _one_number, abs),
    "floor": Function("floor(x)", _one_number, _floor),
    "ceil": Function("ceil(x)", _one_number, lambda value: -_floor(-value)),
    "round": Function("round(x, 2)", _round_type, _rounded),
    "contains": Function("contains(t.name, 'XXX')", _two_texts, lambda text, part: part in text),
    "text": Function("text(case.year, '年')", _texts_and_numbers, _text),
    "id": Function(
        "id(t)", lambda types: LABEL if [t.kind for t in types] == [Kind.FACT] else None, lambda fact: Label(fact.id)
    ),
    "year": Function("year(t.date)", lambda types: NUMBER if _one_date(types) else None, lambda day: day.year),
    "next_workday": Function("next_workday(t.date)", _one_date, Calendar.next_workday, needs_calendar=True),
    "workdays_after": Function(
        "workdays_after(t.date, 5 天)",
        _date_and_days,
        lambda calendar, day, count: calendar.workdays_after(day, _whole_days(count)),
        needs_calendar=True,
    ),
}


def _one_of_numbers(types: Types) -> Type | None:
    return Type(Kind.NUMBER, types[0].unit) if types[0].kind is Kind.NUMBER else None


def _ordered(types: Types) -> Type | None:
    return Type(types[0].kind, types[0].unit) if types[0].kind in (Kind.NUMBER, Kind.DATE) else None


def _weighted_type(types: Types) -> Type | None:
    return Type(Kind.NUMBER, types[0].unit) if all(t.kind is Kind.NUMBER for t in types) else None


def _weighted(columns: Sequence[Sequence[Number]], _count: int) -> Number:
    values, weights = columns
    return divide(total(v * w for v, w in zip(values, weights, strict=True)), total(weights))


def _of_facts(result: Type) -> ResultType:
    """Return the type rule of an aggregate that counts facts: a field in their place would not be looked at."""
    return lambda types: result if types[0].kind is Kind.FACT else None


AGGREGATES: Mapping[str, AggregateShape] = {
    "count": AggregateShape("count(fact where fact.met)", 1, _of_facts(NUMBER), lambda _, count: count),
    "any": AggregateShape("any(fact where fact.met)", 1, _of_facts(BOOLEAN), lambda _, count: count > 0),
    "all": AggregateShape(
        "all(fact.met)", 1, lambda types: BOOLEAN if types[0].kind is Kind.BOOLEAN else None, lambda c, _: all(c[0])
    ),
    "sum": AggregateShape("sum(fact.amount)", 1, _one_of_numbers, lambda columns, _: total(columns[0])),
    "mean": AggregateShape(
        "mean(fact.rate)", 1, _one_of_numbers, lambda columns, count: divide(total(columns[0]), count), needs_facts=True
    ),
    "weighted_mean": AggregateShape(
        "weighted_mean(fact.score, fact.amount)", 2, _weighted_type, _weighted, needs_facts=True
    ),
    "min_of": AggregateShape("min_of(fact.rate)", 1, _ordered, lambda c, _: min(c[0]), needs_facts=True),
    "max_of": AggregateShape("max_of(fact.rate)", 1, _ordered, lambda c, _: max(c[0]), needs_facts=True),
}
