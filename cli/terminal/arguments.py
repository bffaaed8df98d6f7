"""What arguments mean that hold a name and a value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.base.faults import Fault, UsageFault, problem
from engine.base.messages import msg


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
