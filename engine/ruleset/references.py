"""Check what a ruleset's entries say of each other: clauses, readings, parts, numbers, names."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence

from engine.base.faults import Fault
from engine.base.messages import Message, msg
from engine.base.places import Place
from engine.documents import Node
from engine.ruleset.model import Indicator, Ruleset, RuleText, Under


def reference_faults(ruleset: Ruleset, root: Node) -> list[Fault]:
    """Return a fault for every name that leads nowhere or stands twice."""
    faults = [*_indicator_faults(ruleset), *_head_faults(ruleset, root), *_reading_faults(ruleset)]
    sections = [("definitions", ruleset.definitions), ("checks", ruleset.checks)]
    sections += [(str(i.number), (*i.rules, *ruleset.every_indicator)) for i in ruleset.indicators]
    for section, rules in sections:
        faults += _twice([(rule.id, rule.node.place) for rule in rules], msg("two rules of {section}", section=section))
        for rule in rules:
            faults += _rule_faults(rule, ruleset)
    for parameter in ruleset.parameters.values():
        place = parameter.value.node.place
        faults += _unknown(parameter.cites, ruleset.clauses, msg("a clause"), place)
        for reading, alternative, value in parameter.under:
            faults += _under_faults(((reading, frozenset({alternative})),), ruleset, value.node.place)
    return faults


def _indicator_faults(ruleset: Ruleset) -> Iterator[Fault]:
    numbers = [(str(indicator.number), indicator.node["number"].place) for indicator in ruleset.indicators]
    yield from _twice(numbers, msg("two indicators"))
    clauses = [
        (clause, key.place) for indicator in ruleset.indicators for clause, key in indicator.node["clauses"].items()
    ]
    yield from _twice(clauses, msg("two clauses"))
    for indicator in ruleset.indicators:
        yield from _part_faults(indicator, ruleset)
        for requirement in indicator.requires:
            yield from _under_faults(requirement.under, ruleset, requirement.that.node.place)


def _part_faults(indicator: Indicator, ruleset: Ruleset) -> Iterator[Fault]:
    for part in indicator.parts:
        place = part.weight.node.place if part.weight is not None else indicator.node.place
        yield from _unknown(part.cites, ruleset.clauses, msg("a clause"), place)
        yield from _under_faults(part.under, ruleset, place)
        alike = [other for other in indicator.parts if other.id == part.id]
        if len(alike) > 1 and any(not other.under for other in alike):
            yield from _twice([(part.id, place)] * 2, msg("two parts"))


def _head_faults(ruleset: Ruleset, root: Node) -> Iterator[Fault]:
    node = root.get("head")
    if node is not None:
        yield from _unknown(ruleset.head, ruleset.facts, msg("a fact type listed under `facts`"), node.place)


def _reading_faults(ruleset: Ruleset) -> Iterator[Fault]:
    for reading in ruleset.readings.values():
        place = reading.node["chosen"].place
        yield from _unknown([reading.chosen], reading.alternatives, msg("an alternative of the reading"), place)
        yield from _unknown([reading.clause], ruleset.clauses, msg("a clause"), reading.node["clause"].place)


def _rule_faults(rule: RuleText, ruleset: Ruleset) -> Iterator[Fault]:
    yield from _unknown(rule.cites, ruleset.clauses, msg("a clause"), rule.node.place)
    yield from _unknown(rule.readings, ruleset.readings, msg("a reading"), rule.node.place)
    yield from _under_faults(rule.under, ruleset, rule.node.place)
    for band in rule.bands:
        yield from _under_faults(band.under, ruleset, band.node.place)


def _under_faults(under: Under, ruleset: Ruleset, place: Place) -> Iterator[Fault]:
    for reading, alternatives in under:
        if reading not in ruleset.readings:
            yield from _unknown([reading], ruleset.readings, msg("a reading"), place)
        else:
            known = ruleset.readings[reading].alternatives
            yield from _unknown(
                sorted(alternatives), known, msg("an alternative of reading {name}", name=reading), place
            )


def _unknown(named: Iterable[str], known: Iterable[str], what: Message, place: Place) -> Iterator[Fault]:
    there = list(known)
    for name in named:
        if name not in there:
            near = difflib.get_close_matches(name, there, n=1)
            remedy = (
                msg("Did you mean “{near}”?", near=near[0])
                if near
                else msg("What is known: {names}.", names=", ".join(there) or "-")
            )
            yield Fault(msg("“{name}” is not {what} of this ruleset.", name=name, what=what), remedy, place)


def _twice(named: Sequence[tuple[str, Place]], what: Message) -> Iterator[Fault]:
    seen: set[str] = set()
    for name, place in named:
        if name in seen:
            yield Fault(msg("“{name}” names {what}.", name=name, what=what), msg("Give each its own name."), place)
        seen.add(name)
