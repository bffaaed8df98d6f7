"""Between which totals all combinations of readings are, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from engine.alternatives.readings import Readings
from engine.alternatives.totals import Choices, Extreme
from engine.base.messages import Message, listing, msg
from engine.base.numbers import reading_text
from engine.explanation.card import on_open_points
from engine.explanation.names import alternative_name
from engine.ruleset.written import own_names


def range_lines(readings: Readings) -> Iterator[Message]:
    """Say between which totals all combinations are, on what the grade depends, and what has no score."""
    found = readings.range
    yield from _bounds(readings)
    if found.low.total != found.high.total and found.low.choices is not None and found.high.choices is not None:
        yield msg("Lowest: {choices}.", choices=_choices(readings, found.low))
        yield msg("Highest: {choices}.", choices=_choices(readings, found.high))
    yield from grade_lines(readings)
    if readings.recorded.open:
        yield msg("Open points count as lost in the lowest total, and as kept in the highest.")
    yield from _without_score(readings)


def _bounds(readings: Readings) -> Iterator[Message]:
    found = readings.range
    low, high = reading_text(found.low.total), reading_text(found.high.total)
    values = {"low": low, "high": high, "grades": listing(found.grades), "count": f"{found.combinations:,}"}
    if not found.is_exact:
        yield msg(
            "All {count} combinations of the readings are too many to try. None has a total outside {low}–{high}; "
            "not each of these totals may be possible. Possible grades: {grades}.",
            **values,
        )
        too_many = [reading for group in readings.groups if not group.is_tried for reading in group.readings]
        if too_many:
            yield msg("Not tried in every combination: {readings}.", readings=listing(too_many))
    elif low == high:
        yield msg(
            "Under all {count} combinations of the readings the total is {low}. Possible grades: {grades}.", **values
        )
    else:
        yield msg(
            "Over all {count} combinations of the readings the total is {low} to {high}. Possible grades: {grades}.",
            **values,
        )


def grade_lines(readings: Readings) -> Iterator[Message]:
    """Say on what the grade depends: on readings, or on open points."""
    if readings.moving_grade:
        yield msg("The grade depends on how these are read: {readings}.", readings=listing(readings.moving_grade))
    elif readings.range.is_exact and set(readings.range.grades) != set(readings.grades):
        yield msg("The grade depends on how several readings are chosen together.")
    if (depends := on_open_points(readings.grades)) is not None:
        yield depends


def _without_score(readings: Readings) -> Iterator[Message]:
    found = readings.range
    if found.scored is not None and found.scored < found.combinations:
        without = f"{found.combinations - found.scored:,}"
        yield msg("Under {count} of them these facts have no score, so the range is that of the others:", count=without)
    elif readings.unscorable:
        yield msg("Under some of them these facts have no score:")
    for each in readings.unscorable:
        choices = choices_words(readings, each.choices)
        for fault in each.faults:
            yield msg("· {choices}: {fault}", choices=choices, fault=fault.what)


def _choices(readings: Readings, extreme: Extreme) -> Message:
    if not extreme.choices:
        return msg("as recorded")
    return choices_words(readings, extreme.choices)


def choices_words(readings: Readings, choices: Choices) -> Message:
    """Name choices as `--reading` takes them."""
    return listing(
        msg("{name}={choice}", name=name, choice=alternative_words(readings, name, choice)) for name, choice in choices
    )


def alternative_words(readings: Readings, reading: str, name: str) -> Message:
    """Return what an alternative is called: in Chinese as the ruleset calls it, in English by its own name."""
    ruleset = readings.evaluation.program.ruleset
    return alternative_name(ruleset.readings[reading], name, own_names(ruleset))
