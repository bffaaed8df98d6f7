"""Compile a ruleset under one choice of readings: type every expression, find the strata, prepare both matchers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from engine.base.faults import Fault, RulesetError, problem, raise_all
from engine.base.messages import listing, msg
from engine.base.sources import Sources
from engine.language.fold import nodes
from engine.language.typed import TOTAL, Score
from engine.matching.durable.stratum import DurableStratum
from engine.matching.naive import NaiveStratum
from engine.program.dependencies import parts_of
from engine.program.derived import Source, add_faults
from engine.program.pieces import Pieces, numbered
from engine.program.placement import TOTAL_SECTION, RuleLocation
from engine.program.program import CompiledRule, IndicatorPlan, Program
from engine.program.results import ResultPlan, type_of
from engine.program.scopes import chosen_readings, indicators_under
from engine.program.strata import Cycle, Dependencies, stratify
from engine.ruleset.expressions import applies
from engine.ruleset.model import Ruleset
from engine.ruleset.read import read_ruleset
from engine.ruleset.rule_text import ResultText, RuleText
from engine.ruleset.spoken import in_form_of


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
    return compile_pieces(Pieces(ruleset), readings)


def compile_pieces(pieces: Pieces, readings: Mapping[str, str] | None = None) -> Program:
    """Return the same program, made of the pieces of its ruleset that are compiled already, and of new ones."""
    with in_form_of(pieces.ruleset.node):
        return _compiled(pieces, chosen_readings(pieces.ruleset, readings or {}))


def _compiled(pieces: Pieces, selected: Mapping[str, str]) -> Program:
    ruleset, scope = pieces.ruleset, pieces.base_scope(selected)
    faults: list[Fault] = []
    locations = [
        (RuleLocation("definitions", None, ()), ruleset.definitions),
        (RuleLocation("checks", None, ()), ruleset.checks),
        (RuleLocation(TOTAL_SECTION, None, ()), ruleset.total.rules),
    ]
    for indicator in pieces.indicators:
        with _collecting(faults):
            parts = pieces.parts(indicator, scope, selected)
            rules_here = (*indicator.rules, *ruleset.every_indicator)
            locations.append((RuleLocation(str(indicator.number), indicator, parts), rules_here))
    locations += [(RuleLocation(result.name, None, (), result), result.rules) for result in ruleset.results.values()]
    sources = [
        Source(text, location)
        for location, texts in locations
        for written in texts
        if applies(written.under, selected)
        for text in pieces.placed(written, location)
    ]
    world = pieces.world(scope, sources, selected, faults)
    raise_all(RulesetError, faults)
    rules: list[CompiledRule] = []
    needs: list[Dependencies] = []
    places: list[RuleText] = []
    for source in sources:
        with _collecting(faults):
            for rule, need in pieces.rule(source, world):
                rules.append(numbered(rule, len(rules)))
                needs.append(need)
                places.append(source.text)
    plans: list[IndicatorPlan] = []
    for location, _ in locations:
        if location.indicator is not None:
            with _collecting(faults):
                number = location.indicator.number
                own = [need for rule, need in zip(rules, needs, strict=True) if rule.indicator == number]
                plans.append(pieces.plan(location, world, _types_needed(own, needs, ruleset)))
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
        posting={
            plan.number: tuple(i for i, rule in enumerate(rules) if plan.number in rule.targets) for plan in plans
        },
    )


@contextmanager
def _collecting(faults: list[Fault]) -> Iterator[None]:
    """Keep the faults of one piece and go on with the next, so that all are reported at once."""
    try:
        yield
    except RulesetError as error:
        add_faults(error.faults, faults)


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
