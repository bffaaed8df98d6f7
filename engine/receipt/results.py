"""The results of a receipt: named values besides points, each with the firings that give it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction

from engine.base.messages import Message, msg
from engine.base.numbers import Number, exact_text, simplest
from engine.facts.model import value_text
from engine.receipt.model import Content, ResultLine
from engine.scoring.firing import Firing
from engine.scoring.results import Result

_NUMBER = re.compile(r"-?[0-9]{1,400}(\.[0-9]{1,400}|/[1-9][0-9]{0,400})?")


def result_lines(results: Iterable[Result], number_of: Callable[[Firing], int]) -> tuple[ResultLine, ...]:
    """Return the lines of some results, whose firings have numbers in the receipt."""
    return tuple(
        ResultLine(
            name=result.plan.name,
            title=result.plan.title,
            kind=result.plan.kind,
            unit=result.plan.unit,
            value=None if result.value is None else value_text(result.value),
            status=result.status,
            firings=tuple(map(number_of, result.firings)),
            unassessed=result.unassessed,
        )
        for result in results
    )


def result_faults(content: Content) -> Iterator[Message]:
    """Report every result that is not what its firings give, and every firing that gives a value to no result."""
    given: set[int] = set()
    for result in content.results:
        if len(result.firings) != len({*result.firings} - given):
            yield msg("a firing gives the result {name} twice, or another one too", name=result.name)
        given.update(result.firings)
        if (result.value is not None) != (result.status == "settled") or (
            bool(result.unassessed) != (result.status == "open")
        ):
            yield msg("the result {name} does not agree with its status", name=result.name)
        if bool(result.firings) != (result.status == "settled") and result.status != "open":
            yield msg("the result {name} is not settled by its firings", name=result.name)
        values = {_value_given(content, number) for number in result.firings}
        if result.status == "settled" and values != {result.value}:
            yield msg("the result {name} is not what its rules give", name=result.name)
    for number, firing in enumerate(content.firings):
        if (firing.action == "result") != (number in given):
            yield msg("a firing of {rule} gives a result that is not there, or that is not its own", rule=firing.rule)


def _value_given(content: Content, number: int) -> str | None:
    """Return the value that a firing gives to its result; None where there is no such firing, or it gives none."""
    if number >= len(content.firings):
        return None
    return next((line.value for line in content.firings[number].formulas if line.kind == "result"), None)


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
