"""Compile a ruleset under one choice of readings: type every expression, find the strata, prepare both matchers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

from engine.base.faults import Fault, RulesetError, problem, raise_all
from engine.base.messages import listing, msg
from engine.base.sources import Sources
from engine.facts.model import FactType, FieldType
from engine.language.fold import nodes
from engine.language.scope import NotYetKnown, Scope
from engine.language.typed import TOTAL, Score
from engine.matching.durable.stratum import DurableStratum
from engine.matching.naive import NaiveStratum
from engine.program.dependencies import dependencies, parts_of
from engine.program.placement import TOTAL_SECTION, RuleLocation, placed
from engine.program.plan import indicator_plan, part_plans
from engine.program.program import CompiledRule, IndicatorPlan, Program
from engine.program.results import ResultPlan, type_of
from engine.program.rows import with_every_row
from engine.program.rule import compile_rule, derived_fields
from engine.program.scopes import base_scope, chosen_readings, indicators_under
from engine.program.strata import Cycle, Dependencies, stratify
from engine.ruleset.expressions import applies
from engine.ruleset.model import Ruleset
from engine.ruleset.read import read_ruleset
from engine.ruleset.rule_text import ResultText, RuleText
from engine.ruleset.spoken import in_form_of


@dataclass(frozen=True, slots=True)
class _Source:
    """A rule as written, and where it lives."""

    text: RuleText
    location: RuleLocation


def compile_sources(sources: Sources, readings: Mapping[str, str] | None = None) -> Program:
    """Return the program of a ruleset's texts: what a process that got texts and readings does once, at its start.

    A program itself cannot be sent to another process.

    >>> from concurrent.futures import ProcessPoolExecutor
    >>> def start(sources, readings):
    ...     global PROGRAM
    ...     PROGRAM = compile_sources(sources, readings)
    >>> pool = ProcessPoolExecutor(initializer=start, initargs=(Sources({}), {}))
    """
    return compile_ruleset(read_ruleset(sources), readings)


def compile_ruleset(ruleset: Ruleset, readings: Mapping[str, str] | None = None) -> Program:
    """Return the program of a ruleset under its chosen readings, some of them overridden.

    `RulesetError` with every fault that is found: names, types, units, bands, parts, circles.
    """
    with in_form_of(ruleset.node):
        return _compiled(ruleset, chosen_readings(ruleset, readings or {}))


def _compiled(ruleset: Ruleset, selected: Mapping[str, str]) -> Program:
    scope = base_scope(ruleset, selected)
    faults: list[Fault] = []
    locations = [
        (RuleLocation("definitions", None, ()), ruleset.definitions),
        (RuleLocation("checks", None, ()), ruleset.checks),
        (RuleLocation(TOTAL_SECTION, None, ()), ruleset.total.rules),
    ]
    for indicator in (with_every_row(written, ruleset.every_row) for written in ruleset.indicators):
        with _collecting(faults):
            parts = part_plans(indicator, scope, selected)
            rules_here = (*indicator.rules, *ruleset.every_indicator)
            locations.append((RuleLocation(str(indicator.number), indicator, parts), rules_here))
    locations += [(RuleLocation(result.name, None, (), result), result.rules) for result in ruleset.results.values()]
    sources = [
        _Source(text, location)
        for location, texts in locations
        for written in texts
        if applies(written.under, selected)
        for text in placed(written, location)
    ]
    scope = _with_derived_types(scope, sources, selected, faults)
    raise_all(RulesetError, faults)
    rules: list[CompiledRule] = []
    needs: list[Dependencies] = []
    places: list[RuleText] = []
    for source in sources:
        with _collecting(faults):
            for rule in compile_rule(source.text, source.location, scope, selected, ruleset, len(rules)):
                rules.append(rule)
                needs.append(dependencies(rule, ruleset))
                places.append(source.text)
    plans: list[IndicatorPlan] = []
    for location, _ in locations:
        if location.indicator is not None:
            with _collecting(faults):
                number = location.indicator.number
                own = [need for rule, need in zip(rules, needs, strict=True) if rule.indicator == number]
                wanted = _types_needed(own, needs, ruleset)
                plans.append(indicator_plan(location.indicator, location.parts, scope, selected, ruleset, wanted))
    results = tuple(_result_plan(result, rules, needs, ruleset) for result in ruleset.results.values())
    raise_all(RulesetError, faults)
    levels = _strata(needs, rules, places)
    strata = tuple(
        tuple(i for i, level in enumerate(levels) if level == number) for number in range(max(levels, default=-1) + 1)
    )
    return Program(
        ruleset=ruleset,
        readings=selected,
        rules=tuple(rules),
        strata=tuple(
            (NaiveStratum([rules[i].match for i in s]), DurableStratum([rules[i].match for i in s])) for s in strata
        ),
        stratum_rules=strata,
        indicators=tuple(plans),
        weights=scope.weights,
        results=results,
        needs=_level_needs(rules, needs, ruleset),
        dependencies=tuple(needs),
    )


@contextmanager
def _collecting(faults: list[Fault]) -> Iterator[None]:
    """Keep the faults of one piece and go on with the next, so that all are reported at once."""
    try:
        yield
    except RulesetError as error:
        _add(error.faults, faults)


def _add(found: Iterable[Fault], faults: list[Fault]) -> None:
    """Add the faults of one piece except those of an earlier one: a rule of every indicator has them in each."""
    known = {(fault.where, fault.what.template) for fault in faults}
    faults.extend(fault for fault in found if (fault.where, fault.what.template) not in known)


def _with_derived_types(
    scope: Scope, sources: list[_Source], readings: Mapping[str, str], faults: list[Fault]
) -> Scope:
    """Find the fields of every derived type, in whatever order the rules allow it."""
    waiting = [source for source in sources if source.text.derives]
    known: dict[str, FactType] = dict(scope.fact_types)
    faults.extend(_given_already(source.text) for source in waiting if source.text.derives in known)
    pending = frozenset(source.text.derives for source in waiting) - known.keys()
    while waiting:
        still: list[_Source] = []
        for source in waiting:
            name = source.text.derives
            now = replace(scope, fact_types=known, pending=pending)
            try:
                fields = derived_fields(source.text, source.location, now, readings)
            except NotYetKnown:
                still.append(source)
                continue
            except RulesetError as error:
                _add(error.faults, faults)
                fields = {}
            if name in pending:
                known[name] = FactType(name, fields)
                pending -= {name}
            elif fields and name not in scope.fact_types and not _same_fields(known[name].fields, fields):
                faults.append(_other_fields(source.text, known[name]))
        if len(still) == len(waiting):
            faults.extend(_never_known(source.text) for source in still)
            break
        waiting = still
    return replace(scope, fact_types=known)


def _given_already(text: RuleText) -> Fault:
    return Fault(
        problem(
            "rule.derives-given-type", "“{name}” is a fact type that is given; it cannot be derived.", name=text.derives
        ),
        msg("Give the derived fact another name."),
        text.node.place,
    )


def _other_fields(text: RuleText, known: FactType) -> Fault:
    return Fault(
        problem(
            "rule.derived-otherwise",
            "“{name}” is derived with other fields, or fields of another type, than elsewhere.",
            name=text.derives,
        ),
        msg("Let every rule that derives it give the same fields: {fields}.", fields=listing(known.fields)),
        text.node.place,
    )


def _same_fields(one: Mapping[str, FieldType], other: Mapping[str, FieldType]) -> bool:
    shape = [{(f.name, f.kind, f.unit, f.refers_to) for f in fields.values()} for fields in (one, other)]
    return shape[0] == shape[1]


def _never_known(text: RuleText) -> Fault:
    return Fault(
        problem(
            "rule.derived-in-a-circle",
            "The fields of “{name}” cannot be determined: its rules depend on each other.",
            name=text.derives,
        ),
        msg("Let one rule derive “{name}” from facts that are given.", name=text.derives),
        text.node.place,
    )


def _result_plan(
    result: ResultText, rules: list[CompiledRule], needs: list[Dependencies], ruleset: Ruleset
) -> ResultPlan:
    """Return the plan of a result; what the scores that it asks rest on is needed by their indicators."""
    found = [(rule, need) for rule, need in zip(rules, needs, strict=True) if rule.result == result.name]
    scores = parts_of(TOTAL, ruleset)
    own = [replace(need, completes=need.completes - scores) for _, need in found]
    asked = nodes(Score, [tree for rule, _ in found for tree in (*rule.trees, *rule.trees_said)])
    return ResultPlan(
        name=result.name,
        title=result.title,
        kind=result.kind,
        unit=result.unit,
        type=type_of(result),
        optional=result.optional,
        needs=_types_needed(own, needs, ruleset),
        asks=frozenset(n for score in asked if score.measure == "kept" for n in indicators_under(score.of, ruleset)),
        place=result.node.place,
    )


def _level_needs(rules: list[CompiledRule], needs: list[Dependencies], ruleset: Ruleset) -> tuple[str, ...]:
    """Return the given fact types that acts on levels look at; what the scores rest on is needed by the indicators."""
    scores = parts_of(TOTAL, ruleset)
    acts = [need for rule, need in zip(rules, needs, strict=True) if rule.level is not None]
    return _types_needed([replace(need, completes=need.completes - scores) for need in acts], needs, ruleset)


def _types_needed(own: Iterable[Dependencies], needs: list[Dependencies], ruleset: Ruleset) -> tuple[str, ...]:
    """Return the given fact types that some rules depend on, through derived ones too."""
    wanted: set[str] = set()
    front = {name for need in own for name in need.matches | need.completes}
    while front:
        wanted |= front
        front = {
            name
            for need in needs
            if need.gives & wanted
            for name in need.matches | need.completes
            if not name.startswith("score ")
        } - wanted
    return tuple(name for name in ruleset.facts if name in wanted and name not in ruleset.optional)


def _strata(needs: list[Dependencies], rules: list[CompiledRule], places: list[RuleText]) -> list[int]:
    try:
        return stratify(needs)
    except Cycle as circle:
        names = sorted({rules[member].name for member in circle.members})
        raise RulesetError.because(
            problem("rule.circle", "The complete results of {rules} depend on themselves.", rules=listing(names)),
            msg("Break the circle: an aggregate or a score cannot depend on itself."),
            places[circle.members[0]].node.place,
        ) from None
