"""The results of a receipt: named values besides points, each with the firings that give it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction

from engine.base.messages import Message, msg
from engine.base.numbers import Number, exact_text, simplest
from engine.base.result_kind import ResultKind
from engine.facts.model import Kind, value_text
from engine.receipt.model import Content, ResultLine
from engine.scoring.firing import Firing
from engine.scoring.results import Result

_NUMBER = re.compile(r"-?[0-9]{1,400}(\.[0-9]{1,400}|/[1-9][0-9]{0,400})?")

_GIVES: Mapping[ResultKind, Kind] = {
    "number": Kind.NUMBER, "percent": Kind.NUMBER, "text": Kind.TEXT, "date": Kind.DATE, "yes or no": Kind.BOOLEAN,
}  # fmt: skip
"""What the formulas of a result give, by its kind."""


def result_lines(results: Iterable[Result], number_of: Callable[[Firing], int]) -> tuple[ResultLine, ...]:
    """Return the lines of some results, whose firings have numbers in the receipt."""
    return tuple(result_line(result, map(number_of, result.firings)) for result in results)


def result_line(result: Result, firings: Iterable[int] = ()) -> ResultLine:
    """Return the line of a result, with the numbers of the firings that give it."""
    return ResultLine(
        name=result.plan.name,
        title=result.plan.title,
        kind=result.plan.kind,
        unit=result.plan.unit,
        value=None if result.value is None else value_text(result.value),
        status=result.status,
        firings=tuple(firings),
        unassessed=result.unassessed,
    )


def result_faults(content: Content) -> Iterator[Message]:
    """Report every result that is not what its firings give, and every firing that gives a value to no result."""
    given: set[int] = set()
    named: set[str] = set()
    left_open = {line.number for line in content.indicators if line.status == "not_assessed"}
    for result in content.results:
        if result.name in named:
            yield msg("there are two results {name}", name=result.name)
        named.add(result.name)
        if len(result.firings) != len({*result.firings} - given):
            yield msg("a firing gives the result {name} twice, or another one too", name=result.name)
        given.update(result.firings)
        yield from _status_faults(result, left_open)
        yield from _value_faults(content, result)
    for number, firing in enumerate(content.firings):
        if (firing.action == "result") != (number in given):
            yield msg("a firing of {rule} gives a result that is not there, or that is not its own", rule=firing.rule)


def _status_faults(result: ResultLine, left_open: set[int]) -> Iterator[Message]:
    """Report a result whose status is not that of its value, its firings and the indicators that it waits for."""
    if (result.value is not None) != (result.status == "settled") or (
        bool(result.unassessed) != (result.status == "open")
    ):
        yield msg("the result {name} does not agree with its status", name=result.name)
    if not left_open.issuperset(result.unassessed):
        yield msg("the result {name} waits for an indicator that is assessed", name=result.name)
    if bool(result.firings) != (result.status == "settled") and result.status != "open":
        yield msg("the result {name} is not settled by its firings", name=result.name)


def _value_faults(content: Content, result: ResultLine) -> Iterator[Message]:
    """Report a result that its own rules do not give, or that is not a value of its kind."""
    if result.unit and result.kind != "number":
        yield msg("the result {name} has a unit and is not a number", name=result.name)
    firings = [content.firings[number] for number in result.firings if number < len(content.firings)]
    if not all(firing.rule.startswith(f"{result.name}/") for firing in firings):
        yield msg("a rule of another section gives the result {name}", name=result.name)
    lines = [next((line for line in firing.formulas if line.kind == "result"), None) for firing in firings]
    if any(line is None or line.gives is not _GIVES[result.kind] for line in lines):
        yield msg("the result {name} is not a value of its kind", name=result.name)
    values = {None if line is None else line.value for line in lines}
    if result.status == "settled" and values != {result.value}:
        yield msg("the result {name} is not what its rules give", name=result.name)


def exact_value(line: ResultLine) -> str | None:
    """Write what a result is, exactly and with its unit: `120 万元`, `94.4%`, `整改`; None where it has no value."""
    if line.value is None or line.status != "settled":
        return None
    number = result_number(line)
    if line.kind == "percent" and number is not None:
        return f"{exact_text(number * 100)}%"
    return f"{line.value} {line.unit}".rstrip()


def result_number(line: ResultLine) -> Number | None:
    """Return the number that a result is; None where it is not one."""
    if line.kind not in ("number", "percent") or line.value is None or not _NUMBER.fullmatch(line.value):
        return None
    return simplest(Fraction(line.value))
