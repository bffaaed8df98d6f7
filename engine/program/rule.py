"""Compile one rule: its conditions for the matchers, its formulas, its sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from engine.base.calendar import Calendar
from engine.base.faults import Fault, RulesetError, problem, raise_all
from engine.base.likeness import likeliest
from engine.base.messages import msg
from engine.facts.model import FieldType, MatchedFacts
from engine.language.context import CannotCompute, Context
from engine.language.expression import Expression
from engine.language.fold import nodes, readings_in
from engine.language.presence import established
from engine.language.scope import Scope
from engine.language.sentence import Sentence
from engine.language.typed import BOOLEAN, Aggregate, Typed
from engine.matching.interface import Condition, Test
from engine.matching.interface import Rule as MatchRule
from engine.program.bands import BandRow, band_rows
from engine.program.formulas import formulas_of, says_value, sentence
from engine.program.placement import (
    REACHING,
    TOTAL_SECTION,
    RuleLocation,
    clauses_of,
    is_by_row,
    level_of,
    part_of,
    refuse_misplaced,
    settles,
    stake_of,
    targets,
)
from engine.program.program import CompiledRule, Formula, PartPlan, trees_of
from engine.program.rows import row_names
from engine.program.scopes import cannot_compute, in_indicator, simple_unit
from engine.program.translation import condition
from engine.ruleset.expressions import RESERVED, checked
from engine.ruleset.model import Ruleset
from engine.ruleset.rule_text import RuleText
from engine.ruleset.source_text import SourceText


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A rule's scope and conditions, before its formulas."""

    scope: Scope
    where: tuple[Expression, ...]
    when: tuple[Expression, ...]
    part: PartPlan | None
    rows: tuple[BandRow | None, ...]


def derived_fields(
    text: RuleText, location: RuleLocation, scope: Scope, readings: Mapping[str, str]
) -> dict[str, FieldType]:
    """Return the fields of the fact that a rule derives; `NotYetKnown` while it needs those of another."""
    prepared = _prepare(text, location, scope, readings)
    own = _with_band(prepared.scope, prepared.rows[0])
    fields: dict[str, FieldType] = {}
    for name, written in text.fields.items():
        expression = checked(written, own)
        unit = simple_unit(expression.type)
        if unit is None:
            raise RulesetError.because(
                problem("rule.compound-unit", "The field “{name}” would have a compound unit.", name=name),
                msg("Divide by a quantity in that unit, so that at most one unit is left."),
                written.node.place,
            )
        fields[name] = FieldType(
            name,
            expression.type.kind,
            unit,
            refers_to=expression.type.fact_type,
            choices=expression.type.choices,
            label=expression.type.label,
        )
    return fields


def compile_rule(
    text: RuleText, location: RuleLocation, scope: Scope, readings: Mapping[str, str], ruleset: Ruleset, index: int
) -> Iterator[CompiledRule]:
    """Yield the rule, or one for each row of its band table."""
    refuse_misplaced(text, location, rescales=ruleset.total.rescales)
    prepared = _prepare(text, location, scope, readings)
    name, part, calendar = f"{location.section}/{text.id}", prepared.part, ruleset.calendar
    for number, row in enumerate(prepared.rows):
        own = _with_band(prepared.scope, row)
        formulas = formulas_of(text, prepared.when, row, own, calendar, location.result)
        sources = list(_conditions(text, prepared, row))
        conditions = tuple(expression for _, expression in sources)
        trees = trees_of(conditions, formulas)
        used, unused = _readings(text, prepared, row, trees)
        yield CompiledRule(
            name=name,
            indicator=location.indicator.number if location.indicator else None,
            part=part.id if part else "",
            action=text.action,
            clauses=clauses_of(text, location, part),
            readings=tuple(reading for reading in ruleset.readings if reading in used),
            readings_unused=tuple(reading for reading in ruleset.readings if reading in unused),
            match=MatchRule(
                index + number,
                name,
                tuple(text.each.values()),
                tuple(_matched(name, written, each.tree, len(text.each), calendar) for written, each in sources),
                bool(text.derives),
            ),
            conditions=conditions,
            formulas=formulas,
            sentence=_sentence(text, location, own, formulas, calendar),
            option=text.option or _reach(text, location),
            derives=text.derives,
            settles=settles(text, location, part, readings),
            targets=targets(text, location, ruleset),
            level=level_of(text, location, ruleset),
            by_row=is_by_row(text, location),
            looks_at=frozenset((*text.each.values(), *(found.fact_type for found in nodes(Aggregate, trees)))),
            stake_of=stake_of(location, part),
            place=text.node.place,
            result=location.result.name if location.result is not None else "",
        )


def _reach(text: RuleText, location: RuleLocation) -> str:
    """Return the scope of an override or a cap; that of the total's rules is the total, unless they name a level."""
    if location.section == TOTAL_SECTION and text.action in REACHING:
        return "level" if text.level else "total"
    return text.scope


def _sentence(
    text: RuleText, location: RuleLocation, scope: Scope, formulas: Sequence[Formula], calendar: Calendar | None
) -> Sentence | None:
    if text.say is None:
        return None
    if location.result is not None:
        return says_value(text.say, scope, calendar, formulas[-1].expression)
    several = text.action == "override" and _reach(text, location) not in ("", "part", "indicator")
    return sentence(text.say, scope, calendar, of_several=several)


def _prepare(text: RuleText, location: RuleLocation, scope: Scope, readings: Mapping[str, str]) -> _Prepared:
    _check_aliases(text, scope)
    part = part_of(text, location)
    if location.indicator is not None:
        position = location.parts.index(part) + 1 if part is not None else 0
        scope = in_indicator(scope, location.indicator, part, position)
    when = [checked(written, scope, BOOLEAN) for written in text.when]
    scope = replace(scope, aliases=text.each)
    if location.indicator is not None and location.indicator.rows is not None and is_by_row(text, location):
        scope = replace(scope, inline=row_names(location.indicator.rows, scope))
    where: list[Expression] = []
    for written in text.where:
        where.append(checked(written, scope, BOOLEAN))
        scope = replace(scope, present=scope.present | established(where[-1].tree))
    rows: tuple[BandRow | None, ...] = tuple(band_rows(text, scope, readings)) if text.bands_on is not None else (None,)
    return _Prepared(scope, tuple(where), tuple(when), part, rows)


def _with_band(scope: Scope, row: BandRow | None) -> Scope:
    return scope if row is None else replace(scope, inline={**scope.inline, "band": row.gives.tree})


def _conditions(text: RuleText, prepared: _Prepared, row: BandRow | None) -> Iterator[tuple[SourceText, Expression]]:
    """Yield a rule's conditions in order, of the case, of the facts, of the band, each with where it is written."""
    for written, expression in zip(text.when + text.where, prepared.when + prepared.where, strict=True):
        for conjunct in expression.conjuncts:
            yield written, conjunct
    if row is not None and text.bands_on is not None:
        for expression in row.conditions:
            yield text.bands_on, expression


def _matched(rule: str, written: SourceText, tree: Typed, width: int, calendar: Calendar | None) -> Condition:
    """Return a condition for the matchers; one that cannot be computed says which rule it belongs to, and where."""
    found = condition(tree, width, calendar)
    if not isinstance(found, Test):
        return found
    patterns, holds = found.patterns, found.holds

    def located(row: MatchedFacts, context: Context) -> bool:
        try:
            return holds(row, context)
        except CannotCompute as error:
            raise cannot_compute(rule, [row[p] for p in patterns], error, written.place_at) from None

    return replace(found, holds=located)


def _readings(
    text: RuleText, prepared: _Prepared, row: BandRow | None, trees: tuple[Typed, ...]
) -> tuple[frozenset[str], frozenset[str]]:
    """Return the readings that decide something in this row of the rule, and the others that the rule has."""
    used = {*text.readings, *(reading for reading, _ in text.under), *readings_in(trees)}
    if prepared.part is not None:
        used |= set(prepared.part.readings)
    if row is not None:
        used |= row.readings
    everywhere = {reading for band in text.bands for reading, _ in band.under}
    for other in prepared.rows:
        if other is not None:
            everywhere |= readings_in([*(each.tree for each in other.conditions), other.gives.tree])
    return frozenset(used), frozenset(everywhere - used)


def _check_aliases(text: RuleText, scope: Scope) -> None:
    faults: list[Fault] = []
    for alias, fact_type in text.each.items():
        if fact_type not in scope.fact_types and fact_type not in scope.pending:
            near = likeliest(fact_type, [*scope.fact_types, *scope.pending])
            faults.append(
                Fault(
                    problem(
                        "rule.never-fires",
                        "No fact “{type}” is given or derived, so the rule can never fire.",
                        type=fact_type,
                    ),
                    msg("Did you mean “{near}”?", near=near)
                    if near
                    else msg("List the type under `facts`, or derive it."),
                    text.node.place,
                )
            )
        others = (RESERVED, scope.constants, scope.fact_types, scope.pending, scope.results)
        if any(alias in names for names in others):
            faults.append(
                Fault(
                    problem("ruleset.name-taken", "The name “{name}” already has a meaning.", name=alias),
                    msg("Give the alias another name."),
                    text.node.place,
                )
            )
    raise_all(RulesetError, faults)
