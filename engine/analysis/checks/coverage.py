"""What no golden case reaches: rules, rows of band tables, alternatives, and the sides of thresholds."""

from __future__ import annotations

from collections.abc import Iterator

from engine.analysis.checks.finding import Finding
from engine.analysis.material.material import Material, requirements_written
from engine.analysis.material.threshold import Position, Threshold
from engine.analysis.material.units import Unit, written_as
from engine.base.messages import Message, listing, msg
from engine.language.typed import Aggregate
from engine.ruleset.written import alternative_written


def unreached_rules(material: Material) -> Iterator[Finding]:
    """Find the rules that fire in no golden case, with the parts that they do not reach."""
    for name, found in _by_rule(material).items():
        parts = list(dict.fromkeys(unit.part for unit in found))
        reached = {unit.part for unit in found if material.coverage.firings[unit]}
        missing = [part for part in parts if part not in reached]
        if not missing:
            continue
        place = material.versions_by_unit[found[0]].rule.place
        if missing == parts:
            what = msg("No golden case reaches the rule {rule}.", rule=name)
        else:
            what = msg("No golden case reaches the rule {rule} for: {parts}.", rule=name, parts=listing(missing))
        yield Finding("unreached-rule", name, what, _to_reach(material, found[0]), place)


def unreached_rows(material: Material) -> Iterator[Finding]:
    """Find the rows of band tables that no golden case reaches, where it reaches another row of the table."""
    for found in _by_rule(material).values():
        if any(material.coverage.firings[unit] for unit in found):
            for unit in sorted(set(found), key=lambda unit: (unit.part, unit.row)):
                if unit.row and not material.coverage.firings[unit]:
                    yield Finding(
                        "unreached-band-row",
                        unit.name,
                        msg("No golden case reaches row {row} of the bands of {rule}.", row=unit.row, rule=unit.rule),
                        _to_reach(material, unit),
                        unit.place,
                    )


def _to_reach(material: Material, unit: Unit) -> Message:
    """Return the remedy: a case, and under which readings, where the chosen ones leave the rule or the row out."""
    version = material.versions_by_unit[unit]
    placed = material.written.get(written_as(version.rule))
    needed = dict(placed.rule.under if placed is not None else ()) | dict(version.band.under if version.band else ())
    named = [
        f"{reading}: {alternative_written(material.ruleset, reading, version.program.readings[reading])}"
        for reading, alternatives in needed.items()
        if material.ruleset.readings[reading].chosen not in alternatives
    ]
    if not named:
        return msg("Add a case that reaches it to the golden cases.")
    return msg("Add a case that reaches it, under `readings: {{{readings}}}`.", readings=", ".join(named))


def _by_rule(material: Material) -> dict[str, list[Unit]]:
    found: dict[str, list[Unit]] = {}
    for unit in material.versions_by_unit:
        found.setdefault(unit.rule, []).append(unit)
    return found


def unreached_alternatives(material: Material) -> Iterator[Finding]:
    """Find the alternatives under which no golden case is scored, or decides nothing."""
    reached = material.coverage.alternatives | (_reached_unseen(material) if material.coverage.cases else set())
    for reading in material.ruleset.readings.values():
        alternatives = reading.node.get("alternatives")
        for name in reading.alternatives:
            if (reading.id, name) not in reached:
                key = alternatives.key(name) if alternatives is not None else None
                called = alternative_written(material.ruleset, reading.id, name)
                yield Finding(
                    "unreached-alternative",
                    f"{reading.id}/{called}",
                    msg("No golden case is decided by {reading}: “{name}”.", reading=reading.id, name=called),
                    msg("Add a case under `readings: {{{reading}: {name}}}`.", reading=reading.id, name=called),
                    key.place if key is not None else reading.node.place,
                )


def _reached_unseen(material: Material) -> set[tuple[str, str]]:
    """Return the chosen alternatives that any case shows: they decide a requirement, or leave out a rule of another."""
    readings = material.ruleset.readings
    deciding = {reading for rule in material.programs[0].rules for reading in rule.readings}
    required = {
        reading
        for requirement in requirements_written(material.ruleset)
        for reading, alternatives in requirement.under
        if readings[reading].chosen in alternatives
    }
    return {(name, reading.chosen) for name, reading in readings.items() if name in required or name not in deciding}


def untested_thresholds(material: Material) -> Iterator[Finding]:
    """Find the thresholds without a case just below, at, and just above them."""
    for threshold in material.thresholds:
        missing = missing_positions(material, threshold)
        if missing:
            yield Finding(
                "untested-threshold",
                threshold.name,
                msg(
                    "{rule}: no golden case has {subject} {positions} {limit}.",
                    rule=threshold.rule,
                    subject=threshold.subject,
                    positions=listing(_WORDS[position] for position in missing),
                    limit=threshold.limit,
                ),
                _to_test(material, threshold),
                threshold.place,
            )


def _to_test(material: Material, threshold: Threshold) -> Message:
    """Return the remedy: cases are suggested where a field can be changed, not where facts are counted."""
    if isinstance(threshold.left, Aggregate) and threshold.left.function == "count":
        return msg("Add such cases, with more or fewer facts.")
    return msg("Add such cases; `fenming ruleset test {id} --suggest` writes them.", id=material.ruleset.id)


_WORDS: dict[Position, Message] = {
    Position.BELOW: msg("just below"),
    Position.AT: msg("exactly at"),
    Position.ABOVE: msg("just above"),
}


def missing_positions(material: Material, threshold: Threshold) -> list[Position]:
    """Return on which sides of a threshold no case is."""
    there = material.coverage.positions.get(threshold, set())
    return [
        position
        for position in Position
        if position not in there and not (position is Position.BELOW and threshold.never_below)
    ]
