"""Check what a ruleset's entries say of each other: clauses, readings, parts, numbers, names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from engine.base.faults import Fault, Problem, problem
from engine.base.likeness import likeliest
from engine.base.messages import listing, msg
from engine.base.places import Place
from engine.documents import Node
from engine.ruleset.model import Indicator, Reading, Ruleset
from engine.ruleset.rule_text import ResultText, RuleText, Under
from engine.ruleset.word_form import as_written


def reference_faults(ruleset: Ruleset, root: Node) -> list[Fault]:
    """Return a fault for every name that is not defined or is used twice."""
    faults = [*_indicator_faults(ruleset), *_head_faults(ruleset, root), *_reading_faults(ruleset)]
    for result in ruleset.results.values():
        faults += _unknown(result.cites, ruleset.clauses, _no_clause, result.node.place)
    sections: list[tuple[str, Indicator | None, Sequence[RuleText]]] = [
        ("definitions", None, ruleset.definitions),
        ("checks", None, ruleset.checks),
        ("total", None, ruleset.total.rules),
    ]
    for i in ruleset.indicators:
        by_row = ruleset.every_row.rules if i.rows is not None else ()
        sections.append(("", i, (*i.rules, *ruleset.every_indicator, *by_row)))
    sections += [(result.name, None, _without_shared_cites(result)) for result in ruleset.results.values()]
    for section, indicator, rules in sections:
        apart = {(rule.id, id(rule.node)): rule.node.place for rule in rules}
        faults += _twice([(name, place) for (name, _), place in apart.items()], partial(_two_rules, section, indicator))
        for rule in rules:
            faults += _rule_faults(rule, ruleset)
    for parameter in ruleset.parameters.values():
        place = parameter.value.node.place
        faults += _unknown(parameter.cites, ruleset.clauses, _no_clause, place)
        for reading, alternative, value in parameter.under:
            faults += _under_faults(((reading, frozenset({alternative})),), ruleset, value.node.place)
    return faults


def _without_shared_cites(result: ResultText) -> list[RuleText]:
    """Return the rules of a result; the clauses that they share with it are looked for once, in the result."""
    return [replace(rule, cites=()) if rule.cites == result.cites else rule for rule in result.rules]


def _two_rules(section: str, indicator: Indicator | None, name: str) -> Problem:
    if indicator is not None:
        return problem(
            "indicator.rule-twice",
            "Indicator {number} has two rules named “{name}”.",
            number=indicator.number,
            name=name,
        )
    return problem("ruleset.rule-twice", "“{section}” has two rules named “{name}”.", section=section, name=name)


def _no_clause(name: str) -> Problem:
    return problem("ruleset.unknown-clause", "The ruleset has no clause “{name}”.", name=name)


def _no_reading(name: str) -> Problem:
    return problem("ruleset.unknown-reading", "The ruleset has no reading “{name}”.", name=name)


def _no_alternative(reading: str, name: str) -> Problem:
    return problem(
        "ruleset.unknown-alternative",
        "Reading {name} has no alternative “{alternative}”.",
        name=reading,
        alternative=name,
    )


def _indicator_faults(ruleset: Ruleset) -> Iterator[Fault]:
    numbers = [(str(indicator.number), indicator.node["number"].place) for indicator in ruleset.indicators]
    yield from _twice(
        numbers,
        lambda name: problem("ruleset.indicator-twice", "Two indicators have the number {number}.", number=name),
    )
    clauses = [
        (clause, written.place)
        for indicator in ruleset.indicators
        if (listed := indicator.node.get("clauses")) is not None
        for clause, written in listed.items()
    ]
    yield from _twice(
        clauses, lambda name: problem("ruleset.clause-twice", "Two clauses have the id “{name}”.", name=name)
    )
    for requirement in ruleset.every_row.requires:
        yield from _under_faults(requirement.under, ruleset, requirement.that.node.place)
    for indicator in ruleset.indicators:
        yield from _part_faults(indicator, ruleset)
        for requirement in indicator.requires:
            yield from _under_faults(requirement.under, ruleset, requirement.that.node.place)


def _part_faults(indicator: Indicator, ruleset: Ruleset) -> Iterator[Fault]:
    for part in indicator.parts:
        place = part.weight.node.place if part.weight is not None else indicator.node.place
        yield from _unknown(part.cites, ruleset.clauses, _no_clause, place)
        yield from _under_faults(part.under, ruleset, place)
        alike = [other for other in indicator.parts if other.id == part.id]
        if part is not alike[0] and any(not other.under for other in alike):
            what = problem(
                "indicator.part-twice",
                "Indicator {number} has two parts named “{name}”.",
                number=indicator.number,
                name=part.id,
            )
            yield Fault(what, _OWN_NAME, place)


def _head_faults(ruleset: Ruleset, root: Node) -> Iterator[Fault]:
    node = root.get("head")
    if node is not None:
        yield from _unknown(
            ruleset.head,
            ruleset.facts,
            lambda name: problem(
                "ruleset.unknown-type", "This ruleset lists no fact type “{name}” under `facts`.", name=name
            ),
            node.place,
        )


def _reading_faults(ruleset: Ruleset) -> Iterator[Fault]:
    for reading in ruleset.readings.values():
        place = reading.node["chosen"].place
        yield from _unknown_alternatives([reading.chosen], reading, ruleset, place)
        yield from _unknown([reading.clause], ruleset.clauses, _no_clause, reading.node["clause"].place)


def _rule_faults(rule: RuleText, ruleset: Ruleset) -> Iterator[Fault]:
    yield from _unknown(rule.cites, ruleset.clauses, _no_clause, rule.node.place)
    yield from _unknown(rule.readings, ruleset.readings, _no_reading, rule.node.place)
    yield from _under_faults(rule.under, ruleset, rule.node.place)
    for band in rule.bands:
        yield from _under_faults(band.under, ruleset, band.node.place)


def _under_faults(under: Under, ruleset: Ruleset, place: Place) -> Iterator[Fault]:
    for reading, alternatives in under:
        if reading not in ruleset.readings:
            yield from _unknown([reading], ruleset.readings, _no_reading, place)
        else:
            yield from _unknown_alternatives(sorted(alternatives), ruleset.readings[reading], ruleset, place)


def _unknown_alternatives(named: Iterable[str], reading: Reading, ruleset: Ruleset, place: Place) -> Iterator[Fault]:
    unknown = [name for name in named if name not in reading.alternatives]
    written = as_written(ruleset, reading.alternatives)
    yield from _unknown(unknown, written, partial(_no_alternative, reading.id), place)


def _unknown(
    named: Iterable[str], known: Iterable[str], what: Callable[[str], Problem], place: Place
) -> Iterator[Fault]:
    there = list(known)
    for name in named:
        if name not in there:
            near = likeliest(name, there)
            remedy = (
                msg("Did you mean “{near}”?", near=near)
                if near
                else msg("What is known: {names}.", names=listing(there))
            )
            yield Fault(what(name), remedy, place)


_OWN_NAME = msg("Give each its own name.")


def _twice(named: Sequence[tuple[str, Place]], what: Callable[[str], Problem]) -> Iterator[Fault]:
    seen: set[str] = set()
    for name, place in named:
        if name in seen:
            yield Fault(what(name), _OWN_NAME, place)
        seen.add(name)
