"""Readings that decide nothing, and alternatives that come to the same."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from itertools import chain

from engine.analysis.checks.finding import Finding
from engine.analysis.material.material import Material, requirements_written
from engine.analysis.material.trees import key
from engine.base.messages import msg
from engine.base.places import Place
from engine.program.program import Program
from engine.ruleset.model import Reading
from engine.ruleset.written import alternative_written


def unused_readings(material: Material) -> Iterator[Finding]:
    """Find the readings on which nothing relies."""
    used = _used(material)
    for reading in material.ruleset.readings.values():
        if reading.id not in used:
            yield Finding(
                "unused-reading",
                reading.id,
                msg("No rule relies on the reading {name}.", name=reading.id),
                msg("Name it under `under` or `readings` of the rules that it decides, or remove it."),
                _place(reading),
            )


def _used(material: Material) -> frozenset[str]:
    rules = (version.rule for version in material.versions)
    found = set(chain.from_iterable((*rule.readings, *rule.readings_unused) for rule in rules))
    for program in material.programs:
        found |= {reading for plan in program.indicators for part in plan.parts for reading in part.readings}
    found |= {reading for each in requirements_written(material.ruleset) for reading, _ in each.under}
    return frozenset(found)


def alternatives_alike(material: Material) -> Iterator[Finding]:
    """Find the alternatives of a reading that score every case as another alternative does."""
    used, meanings = _used(material), _meanings(material)
    for reading in material.ruleset.readings.values():
        names = list(reading.alternatives)
        for number, name in enumerate(names) if reading.id in used else ():
            same = next((other for other in names[:number] if not meanings.differ(reading.id, other, name)), None)
            if same is not None:
                one, other = (alternative_written(material.ruleset, reading.id, each) for each in (name, same))
                yield Finding(
                    "alternative-without-effect",
                    f"{reading.id}/{one}",
                    msg("{reading}: “{name}” scores as “{other}” does.", reading=reading.id, name=one, other=other),
                    msg("Add what it changes: a rule, a row, a part or a parameter `under` it; or remove it."),
                    _place(reading, name),
                )


class _Meanings:
    """What each program scores, comparable among programs."""

    def __init__(self, programs: tuple[Program, ...]) -> None:
        self.meanings = [(program.readings, _meaning(program)) for program in programs]

    def differ(self, reading: str, one: str, other: str) -> bool:
        """Return whether two programs that differ only in this reading score by other rules."""
        by_rest: dict[Hashable, dict[str, Hashable]] = {}
        for readings, meaning in self.meanings:
            rest = tuple(sorted((name, choice) for name, choice in readings.items() if name != reading))
            by_rest.setdefault(rest, {})[readings[reading]] = meaning
        pairs = [found for found in by_rest.values() if one in found and other in found]
        return not pairs or any(found[one] != found[other] for found in pairs)


def _meanings(material: Material) -> _Meanings:
    return _Meanings(tuple(material.programs))


def _meaning(program: Program) -> Hashable:
    """Return what a program computes, whatever its rules are called and say."""
    rules = (
        (
            rule.indicator,
            rule.part,
            rule.action,
            rule.option,
            rule.derives,
            rule.settles,
            rule.stake_of,
            rule.match.patterns,
            tuple(key(condition.tree) for condition in rule.conditions),
            tuple((formula.name, *map(key, formula.trees)) for formula in rule.formulas),
        )
        for rule in program.rules
    )
    plans = (
        (
            plan.number,
            tuple((part.id, part.weight, part.method) for part in plan.parts),
            tuple(key(each.that.tree) for each in plan.requires),
        )
        for plan in program.indicators
    )
    return hash(tuple(rules)), hash(tuple(plans))


def _place(reading: Reading, alternative: str = "") -> Place:
    listed = reading.node.get("alternatives") if alternative else None
    key_node = listed.key(alternative) if listed is not None else None
    return key_node.place if key_node is not None else reading.node.place
