"""What no golden case reaches: rules, rows of band tables, alternatives, and the sides of thresholds."""

from __future__ import annotations

from collections.abc import Iterator

from engine.analysis.checks.finding import Finding
from engine.analysis.material.material import Material
from engine.analysis.material.threshold import Position, Threshold
from engine.analysis.material.units import Unit
from engine.base.messages import Message, listing, msg

_CASE = msg("Add a case that reaches it to the golden cases.")


def unreached_rules(material: Material) -> Iterator[Finding]:
    """Find the rules that fire in no golden case, with the parts that they do not reach."""
    for name, found in _by_rule(material).items():
        parts = {unit.part for unit in found}
        missing = parts - {unit.part for unit in found if material.coverage.firings[unit]}
        if not missing:
            continue
        place = material.versions_by_unit[found[0]].rule.place
        if missing == parts:
            what = msg("No golden case reaches the rule {rule}.", rule=name)
        else:
            left = listing(sorted(missing))
            what = msg("No golden case reaches the rule {rule} for: {parts}.", rule=name, parts=left)
        yield Finding("unreached-rule", name, what, _CASE, place)


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
                        _CASE,
                        unit.place,
                    )


def _by_rule(material: Material) -> dict[str, list[Unit]]:
    found: dict[str, list[Unit]] = {}
    for unit in material.versions_by_unit:
        found.setdefault(unit.rule, []).append(unit)
    return found


def unreached_alternatives(material: Material) -> Iterator[Finding]:
    """Find the alternatives under which no golden case is scored, or decides nothing."""
    required = {
        (reading, alternative)
        for indicator in material.ruleset.indicators
        for requirement in indicator.requires
        for reading, alternatives in requirement.under
        for alternative in alternatives
        if material.coverage.cases and alternative == material.ruleset.readings[reading].chosen
    }
    for reading in material.ruleset.readings.values():
        alternatives = reading.node.get("alternatives")
        for name in reading.alternatives:
            if (reading.id, name) not in material.coverage.alternatives | required:
                key = alternatives.key(name) if alternatives is not None else None
                yield Finding(
                    "unreached-alternative",
                    f"{reading.id}/{name}",
                    msg("No golden case is decided by {reading}: “{name}”.", reading=reading.id, name=name),
                    msg("Add a case under `readings: {{{reading}: {name}}}`.", reading=reading.id, name=name),
                    key.place if key is not None else reading.node.place,
                )


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
                msg("Add such cases; `fenming ruleset test {id} --suggest` writes them.", id=material.ruleset.id),
                threshold.place,
            )


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
