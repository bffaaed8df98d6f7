"""What the texts of arguments mean: names with values, points, days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from engine.base.faults import Fault, UsageFault, problem
from engine.base.messages import msg
from engine.base.numbers import Number, read_decimal


def parsed_readings(given: Iterable[str]) -> dict[str, str]:
    """Return readings given as NAME=ALTERNATIVE."""
    found: dict[str, str] = {}
    for entry in given:
        name, equals, alternative = entry.partition("=")
        if not (name and equals and alternative):
            raise UsageFault(
                Fault(
                    problem("option.reading-form", "“{entry}” is not NAME=ALTERNATIVE.", entry=entry),
                    msg("Write it as NAME=ALTERNATIVE, such as R10=each-part."),
                )
            )
        name = name.strip()
        if name in found:
            raise UsageFault(
                Fault(
                    problem("option.reading-twice", "--reading names {name} twice.", name=name),
                    msg("Give one alternative for each reading; fenming does not guess which one you mean."),
                )
            )
        found[name] = alternative.strip()
    return found


def parsed_values(given: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield values given as FACT.FIELD=VALUE; a value may be empty."""
    for entry in given:
        target, equals, value = entry.partition("=")
        fact, dot, field = target.rpartition(".")
        if not (equals and dot and fact.strip() and field.strip()):
            raise UsageFault.because(
                problem("option.value-form", "“{entry}” is not FACT.FIELD=VALUE.", entry=entry),
                msg("Write the id of the fact, a full stop, the field, = and the value, such as T05.actual=21."),
            )
        yield f"{fact.strip()}.{field.strip()}", value.strip()


def points_of(option: str, text: str | None) -> Number | None:
    """Return the points that an option gives; `UsageFault` where it is not a number."""
    number = None if text is None else read_decimal(text.strip())
    if text is not None and number is None:
        raise UsageFault.because(
            problem("option.not-points", "{option}: “{text}” is not a number of points.", option=option, text=text),
            msg("Write a decimal, such as 89.5."),
        )
    return number


def moment_of(option: str, text: str | None, *, after: bool = False) -> str | None:
    """Return the moment at which a day begins, or `after` its end, as entries write it; `UsageFault` if it is no day.

    A day begins at midnight UTC, as entries have their times; the last day of all has no end.
    """
    if text is None:
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise UsageFault.because(
            problem("option.not-a-day", "{option}: “{text}” is not a day.", option=option, text=text),
            msg("Write it as YEAR-MONTH-DAY, such as 2025-03-01."),
        ) from None
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    if after and day == date.max:
        return None
    return (start + timedelta(days=1) if after else start).isoformat().replace("+00:00", "Z")
