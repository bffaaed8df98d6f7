"""What the expressions of a ruleset may name under one choice of readings: parameters, weights, units, the case."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from engine.base.faults import EvaluationError, Fault, RulesetError, problem, raise_all
from engine.base.messages import listing, msg
from engine.base.numbers import Number
from engine.base.places import Place
from engine.facts.model import Fact, Kind, place_of
from engine.language.context import CannotCompute, Unassessed
from engine.language.scope import Scope
from engine.language.typed import NUMBER, TEXT, TOTAL, Const, Scored, Type
from engine.program.program import PartPlan
from engine.program.results import name_faults, result_types
from engine.ruleset.expressions import CASE, RESERVED, checked, constant
from engine.ruleset.model import Indicator, Ruleset
from engine.ruleset.word_form import as_written


class Undecided(EvaluationError):
    """What a rule does is not known, since indicators that it asks are not assessed."""

    def __init__(self, indicators: frozenset[int], *faults: Fault) -> None:
        super().__init__(*faults)
        self.indicators = indicators


def cannot_compute(
    rule: str, facts: Sequence[Fact], error: CannotCompute, place: Callable[[int], Place]
) -> EvaluationError:
    """Say which rule has no value for which facts, at the place of the fact that causes it, else at the rule's."""
    at = place(error.offset)
    fact = place_of((*error.facts, *facts))
    named = listing(fact.id for fact in facts or error.facts)
    if fact is None:
        what = problem(
            "evaluation.cannot-compute",
            "Rule {rule} cannot be computed for {facts}: {reason}",
            rule=rule,
            facts=named,
            reason=error.what,
        )
    else:
        what = problem(
            "evaluation.cannot-compute",
            "Rule {rule} ({place}) cannot be computed for {facts}: {reason}",
            rule=rule,
            place=Place(at.file, at.line, at.column),
            facts=named,
            reason=error.what,
        )
    if isinstance(error, Unassessed):
        return Undecided(error.indicators, Fault(what, error.remedy, fact or at))
    return EvaluationError.because(what, error.remedy, fact or at)


def chosen_readings(ruleset: Ruleset, overrides: Mapping[str, str]) -> dict[str, str]:
    """Return the alternative of each reading, the overrides applied; `RulesetError` for one that is not there."""
    faults = []
    overrides = readings_meant(ruleset, overrides)
    for name, alternative in overrides.items():
        if name not in ruleset.readings:
            known = listing(ruleset.readings)
            faults.append(
                Fault(
                    problem("ruleset.unknown-reading", "The ruleset has no reading “{name}”.", name=name),
                    msg("Choose one of: {names}.", names=known),
                    Place(f"--reading {name}={alternative}"),
                )
            )
        elif alternative not in ruleset.readings[name].alternatives:
            known = listing(as_written(ruleset, ruleset.readings[name].alternatives))
            faults.append(
                Fault(
                    problem(
                        "ruleset.unknown-alternative",
                        "Reading {name} has no alternative “{alternative}”.",
                        name=name,
                        alternative=alternative,
                    ),
                    msg("Choose one of: {names}.", names=known),
                    Place(f"--reading {name}={alternative}"),
                )
            )
    raise_all(RulesetError, faults)
    return {name: overrides.get(name, reading.chosen) for name, reading in ruleset.readings.items()}


def readings_meant(ruleset: Ruleset, overrides: Mapping[str, str]) -> dict[str, str]:
    """Return alternatives, which may be called as the ruleset writes them, by the names that receipts have."""
    return {name: ruleset.names.get(alternative, alternative) for name, alternative in overrides.items()}


def titles_of(ruleset: Ruleset) -> dict[str, str]:
    """Return the other names of fact types, parameters and results: titles that only one has, and those declared.

    A word of the language means itself in expressions, though the ruleset calls an alternative by it.
    """
    named = [(found.title, name) for name, found in ruleset.facts.items()]
    named += [(parameter.title, name) for name, parameter in ruleset.parameters.items()]
    named += [(result.title, name) for name, result in ruleset.results.items()]
    titles = [title for title, _ in named]
    declared = {other: name for other, name in ruleset.names.items() if other not in RESERVED}
    return {**{title: name for title, name in named if titles.count(title) == 1}, **declared}


def base_scope(ruleset: Ruleset, readings: Mapping[str, str]) -> Scope:
    """Return the scope that all rules share: parameters, units, weights of indicators, the case's head."""
    units = {"天", *ruleset.conversions}
    for _, unit in ruleset.conversions.values():
        units.add(unit)
    for fact_type in ruleset.facts.values():
        units.update(field.unit for field in fact_type.fields.values() if field.unit)
    results = result_types(ruleset)
    units.update(name for result in results.values() for name, _ in result.type.unit)
    scope = Scope(
        ruleset.facts,
        case=CASE,
        weights={indicator.number: indicator.weight for indicator in ruleset.indicators},
        levels=level_weights(ruleset),
        units=frozenset(units),
        titles=titles_of(ruleset),
        results=results,
    )
    faults = list(name_faults(ruleset))
    constants: dict[str, Const] = {"full_score": Const(ruleset.weight, NUMBER, (0, 0), "full_score")}
    for name, parameter in ruleset.parameters.items():
        if name in RESERVED or name in ruleset.facts:
            faults.append(
                Fault(
                    problem("ruleset.name-taken", "The name “{name}” already has a meaning.", name=name),
                    msg("Give the parameter another name."),
                    parameter.value.node.place,
                )
            )
        for written in (parameter.value, *(value for _, _, value in parameter.under)):
            try:
                found = constant(checked(written, replace(scope, constants=constants)).tree)
            except RulesetError as error:
                faults.extend(error.faults)
                continue
            if found is None:
                faults.append(
                    Fault(
                        problem("ruleset.parameter", "The value of parameter “{name}” is not constant.", name=name),
                        msg("Write a number, a text, a date, or a formula of parameters above it."),
                        written.node.place,
                    )
                )
        selected = parameter.value
        for reading, alternative, value in parameter.under:
            if readings[reading] == alternative:
                selected = value
        if not faults:
            found = constant(checked(selected, replace(scope, constants=constants)).tree)
            if found is not None:
                decided = found.readings | {reading for reading, _, _ in parameter.under}
                constants[name] = replace(found, name=name, readings=decided)
    raise_all(RulesetError, faults)
    return replace(scope, constants=constants)


def level_weights(ruleset: Ruleset) -> dict[tuple[str, ...], Number]:
    """Return the weight of the total and of every level above the indicators, by its path, in the form's order."""
    found: dict[tuple[str, ...], Number] = {TOTAL: 0}
    for indicator in ruleset.indicators:
        for depth in range(len(indicator.path) + 1):
            path = indicator.path[:depth]
            found[path] = found.get(path, 0) + indicator.weight
    return found


def indicators_under(scored: Scored, ruleset: Ruleset) -> tuple[int, ...]:
    """Return the numbers of the indicators under a level; an indicator is all that is under itself."""
    if isinstance(scored, int):
        return (scored,)
    return tuple(each.number for each in ruleset.indicators if each.path[: len(scored)] == scored)


def in_indicator(scope: Scope, indicator: Indicator, part: PartPlan | None = None, position: int = 0) -> Scope:
    """Add what an indicator's rules may name: `number`, `weight`, and of their part its weight, number and title."""
    own = {"number": Const(indicator.number, NUMBER, (0, 0)), "weight": Const(indicator.weight, NUMBER, (0, 0))}
    if part is not None:
        own["part_weight"] = Const(part.weight, NUMBER, (0, 0), readings=frozenset(part.readings))
        own["part_number"] = Const(position, NUMBER, (0, 0))
        own["part_title"] = Const(part.title, TEXT, (0, 0))
    name = f"{indicator.number}/{part.id if part is not None else ''}"
    return replace(scope, constants={**scope.constants, **own}, name=name)


def simple_unit(type_: Type) -> str | None:
    """Return the one unit of a number (empty for none), or None where the unit is compound."""
    if type_.kind is not Kind.NUMBER or not type_.unit:
        return ""
    return type_.unit[0][0] if len(type_.unit) == 1 and type_.unit[0][1] == 1 else None
