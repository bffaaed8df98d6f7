"""Compile one rule: its conditions for the matchers, its formulas, its sentence."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from engine.base.calendar import Calendar
from engine.base.faults import Fault, RulesetError, raise_all
from engine.base.messages import listing, msg
from engine.base.numbers import Number
from engine.facts.model import Fact, FieldType
from engine.language.check import Expression, established
from engine.language.compute import CannotCompute, World, computation
from engine.language.formula import Figures, Sentence, figures_computed, numbers_shown, template
from engine.language.parser import ExpressionError
from engine.language.scope import Scope
from engine.language.typed import BOOLEAN, NUMBER, Aggregate, Type, Typed, readings_in, walk
from engine.matching.interface import Condition, Test
from engine.matching.interface import Rule as MatchRule
from engine.program.bands import BandRow, band_rows
from engine.program.conditions import condition, conjuncts
from engine.program.program import CompiledRule, Formula, PartPlan
from engine.program.scopes import cannot_compute, in_indicator, simple_unit
from engine.ruleset.expressions import RESERVED, applies, checked, fault
from engine.ruleset.model import Bilingual, Indicator, Ruleset, RuleText, Written

_POSTING = frozenset({"award", "deduct", "cap", "adjust", "override", "not_applicable"})


@dataclass(frozen=True, slots=True)
class Home:
    """Where a rule lives: an indicator with its parts, or a section of the ruleset."""

    section: str
    indicator: Indicator | None
    parts: tuple[PartPlan, ...]


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A rule's scope and conditions, before its formulas."""

    scope: Scope
    where: tuple[Expression, ...]
    when: tuple[Expression, ...]
    part: PartPlan | None
    rows: tuple[BandRow | None, ...]


def for_each_part(text: RuleText) -> list[RuleText]:
    """Return the rule once for each part that it lists."""
    if len(text.parts) < 2:  # noqa: PLR2004 - one part or none is the rule itself
        return [text]
    return [replace(text, id=f"{text.id}.{part}", parts=(part,)) for part in text.parts]


def derived_fields(text: RuleText, home: Home, scope: Scope, readings: Mapping[str, str]) -> dict[str, FieldType]:
    """Return the fields of the fact that a rule derives; `NotYetKnown` while it depends on another's."""
    prepared = _prepare(text, home, scope, readings)
    own = _with_band(prepared.scope, prepared.rows[0])
    fields: dict[str, FieldType] = {}
    for name, written in text.fields.items():
        expression = checked(written, own)
        unit = simple_unit(expression.type)
        if unit is None:
            raise RulesetError.because(
                msg("The field “{name}” would have a compound unit.", name=name),
                msg("Divide by a quantity in that unit, so that at most one unit is left."),
                written.node.place,
            )
        fields[name] = FieldType(
            name, expression.type.kind, unit, refers_to=expression.type.fact_type, choices=expression.type.choices
        )
    return fields


def compile_rule(
    text: RuleText, home: Home, scope: Scope, readings: Mapping[str, str], ruleset: Ruleset, index: int
) -> Iterator[tuple[CompiledRule, tuple[Typed, ...]]]:
    """Yield the rule, or one for each row of its band table, each with all its typed trees."""
    _check_names(text, home)
    prepared = _prepare(text, home, scope, readings)
    known = tuple(ruleset.readings)
    for number, row in enumerate(prepared.rows):
        own = _with_band(prepared.scope, row)
        expressions = _expressions(text, own)
        formulas = [
            _formula("when", written, expression, ruleset.calendar)
            for written, expression in zip(text.when, prepared.when, strict=True)
        ]
        if row is not None and text.bands_on is not None:
            formulas.append(_band_formula(text.bands_on, row, ruleset.calendar))
        formulas += [_formula(name, written, expression, ruleset.calendar) for name, written, expression in expressions]
        conditions, trees = _conditions(text, f"{home.section}/{text.id}", prepared, row, ruleset.calendar)
        trees = (*trees, *(expression.tree for _, _, expression in expressions))
        used, unused = _readings(text, prepared, row, trees)
        yield (
            CompiledRule(
                name=f"{home.section}/{text.id}",
                indicator=home.indicator.number if home.indicator else None,
                part=prepared.part.id if prepared.part else "",
                action=text.action,
                clauses=_clauses(text, home, prepared.part),
                readings=tuple(name for name in known if name in used),
                readings_unused=tuple(name for name in known if name in unused),
                match=MatchRule(
                    index + number,
                    f"{home.section}/{text.id}",
                    tuple(text.each.values()),
                    conditions,
                    bool(text.derives),
                ),
                conditions=trees,
                formulas=tuple(formulas),
                sentence=sentence(text.say, own, ruleset.calendar) if text.say else None,
                option=text.option or text.scope,
                derives=text.derives,
                settles=_settles(text, home, prepared.part, readings),
                targets=_targets(text, home, ruleset),
                looks_at=_looks_at(text, trees),
                stake_of=_stake_of(home, prepared.part),
                place=text.node.place,
            ),
            trees,
        )


def sentence(say: Bilingual, scope: Scope, calendar: Calendar | None) -> Sentence:
    """Read a sentence in both languages; `RulesetError` at the character that is wrong."""
    pieces = []
    for written in (say.zh, say.en):
        try:
            pieces.append(template(written.text, scope, calendar))
        except ExpressionError as error:
            raise RulesetError(fault(error, written)) from None
    return Sentence(*pieces)


def _prepare(text: RuleText, home: Home, scope: Scope, readings: Mapping[str, str]) -> _Prepared:
    _check_aliases(text, scope)
    part = _part(text, home)
    if home.indicator is not None:
        position = home.parts.index(part) + 1 if part is not None else 0
        scope = in_indicator(scope, home.indicator, part, position)
    when = [checked(written, scope, BOOLEAN) for written in text.when]
    scope = replace(scope, aliases=text.each)
    where: list[Expression] = []
    for written in text.where:
        where.append(checked(written, scope, BOOLEAN))
        scope = replace(scope, present=scope.present | established(where[-1].tree))
    rows: tuple[BandRow | None, ...] = tuple(band_rows(text, scope, readings)) if text.bands_on is not None else (None,)
    return _Prepared(scope, tuple(where), tuple(when), part, rows)


def _with_band(scope: Scope, row: BandRow | None) -> Scope:
    return scope if row is None else replace(scope, inline={"band": row.gives.tree})


def _conditions(
    text: RuleText, name: str, prepared: _Prepared, row: BandRow | None, calendar: Calendar | None
) -> tuple[tuple[Condition, ...], tuple[Typed, ...]]:
    """Return a rule's conditions in order: of the case, of the facts, of the band."""
    written = [*zip(text.when, prepared.when, strict=True), *zip(text.where, prepared.where, strict=True)]
    trees = [(source, tree) for source, expression in written for tree in conjuncts(expression.tree)]
    if row is not None and text.bands_on is not None:
        trees += [(text.bands_on, tree) for tree in row.conditions]
    width = len(text.each)
    conditions = tuple(_told(condition(tree, width, calendar), name, source) for source, tree in trees)
    return conditions, tuple(tree for _, tree in trees)


def _told(condition_: Condition, rule: str, written: Written) -> Condition:
    """Let a condition that cannot be computed say which rule it belongs to, and where it is."""
    if not isinstance(condition_, Test):
        return condition_
    holds = condition_.holds

    def placed(row: Sequence[Fact], world: World) -> bool:
        try:
            return holds(row, world)  # type: ignore[arg-type]
        except CannotCompute as error:
            raise cannot_compute(rule, [row[p] for p in condition_.patterns], error, written.node.place_at) from None

    return replace(condition_, holds=placed)


def _expressions(text: RuleText, scope: Scope) -> list[tuple[str, Written, Expression]]:
    found: list[tuple[str, Written, Expression]] = []
    faults: list[Fault] = []
    wanted: list[tuple[str, Written | None, Type | None]] = [("points", text.formula, NUMBER), ("of", text.of, NUMBER)]
    wanted += [(name, written, None) for name, written in text.fields.items()]
    for name, written, expected in wanted:
        if written is not None:
            try:
                found.append((name, written, checked(written, scope, expected)))
            except RulesetError as error:
                faults.extend(error.faults)
    raise_all(RulesetError, faults)
    return found


def _formula(name: str, written: Written, expression: Expression, calendar: Calendar | None) -> Formula:
    tree = expression.tree
    return Formula(
        name=name,
        text=expression.text,
        compute=computation(tree, calendar),
        numbers=numbers_shown(expression, calendar),
        figures=_figures((tree,), calendar),
        type=expression.type,
        place=written.node.place_at,
    )


def _band_formula(written: Written, row: BandRow, calendar: Calendar | None) -> Formula:
    """Show in which row a number falls: `0.6 ≤ 0.71 ≤ 1 → 0.71`."""
    on, gives = numbers_shown(row.on, calendar), numbers_shown(row.gives, calendar)
    low, high = row.ends

    def numbers(matched: Sequence[Fact], world: World) -> str:
        return f"{low}{on(matched, world)}{high} → {gives(matched, world)}"

    return Formula(
        name="band",
        text=f"{low}{row.on.text}{high} → {row.gives.text}",
        compute=computation(row.gives.tree, calendar),
        numbers=numbers,
        figures=_figures((row.on.tree, row.gives.tree), calendar),
        type=row.gives.type,
        place=written.node.place_at,
    )


def _figures(trees: Iterable[Typed], calendar: Calendar | None) -> tuple[Figures, ...]:
    return tuple(
        figures_computed(tree, calendar) for tree in trees if any(isinstance(node, Aggregate) for node in walk(tree))
    )


def _clauses(text: RuleText, home: Home, part: PartPlan | None) -> tuple[str, ...]:
    """Return the clauses that a rule carries out: its own, and those of the part among several that it settles."""
    own_part = part is not None and (len(home.parts) > 1 or not text.cites)
    return tuple(dict.fromkeys((*text.cites, *(part.clauses if part is not None and own_part else ()))))


def _readings(
    text: RuleText, prepared: _Prepared, row: BandRow | None, trees: tuple[Typed, ...]
) -> tuple[frozenset[str], frozenset[str]]:
    """Return the readings that decide something in this row of the rule, and the others that the rule has."""
    named = {*text.readings, *(reading for reading, _ in text.under)}
    named |= set(prepared.part.readings) if prepared.part is not None else set()
    used = named | readings_in(trees)
    if row is not None:
        used |= row.readings | readings_in([row.on.tree, row.gives.tree])
    everywhere = {reading for band in text.bands for reading, _ in band.under}
    for other in prepared.rows:
        if other is not None:
            everywhere |= readings_in([*other.conditions, other.gives.tree])
    return frozenset(used), frozenset(everywhere - used)


def _looks_at(text: RuleText, trees: tuple[Typed, ...]) -> frozenset[str]:
    """Return the fact types that a rule matches or takes an aggregate over."""
    aggregated = {node.fact_type for tree in trees for node in walk(tree) if isinstance(node, Aggregate)}
    return frozenset((*text.each.values(), *aggregated))


def _stake_of(home: Home, part: PartPlan | None) -> Number:
    """Return how many points an act of the rule can be about: its part's weight, or the indicator's."""
    if part is not None:
        return part.weight
    return home.indicator.weight if home.indicator is not None else 0


def _part(text: RuleText, home: Home) -> PartPlan | None:
    """Return the part that a rule posts to; the only one where there is one."""
    if text.action not in _POSTING or home.indicator is None:
        return None
    if text.parts:
        for part in home.parts:
            if part.id == text.parts[0]:
                return part
        raise RulesetError.because(
            msg("The indicator has no part “{part}” in this reading.", part=text.parts[0]),
            msg("Name one of its parts: {names}.", names=listing(part.id for part in home.parts)),
            text.node.place,
        )
    whole = text.action in ("cap", "adjust") or (text.action == "override" and text.scope != "part")
    if whole:
        return None
    if len(home.parts) != 1:
        raise RulesetError.because(
            msg("The indicator has {count} parts; the rule does not say which it settles.", count=len(home.parts)),
            msg("Add `part:` with one of: {names}.", names=listing(part.id for part in home.parts)),
            text.node.place,
        )
    return home.parts[0]


def _settles(text: RuleText, home: Home, part: PartPlan | None, readings: Mapping[str, str]) -> bool:
    """Return whether an award without a slice is the indicator's only one for its part in this reading."""
    if text.action != "award" or text.of is not None or home.indicator is None or part is None:
        return False
    rivals = [
        rule
        for rule in home.indicator.rules
        if rule.action == "award" and applies(rule.under, readings) and (not rule.parts or part.id in rule.parts)
    ]
    return len(rivals) == 1 and rivals[0].node is text.node


def _targets(text: RuleText, home: Home, ruleset: Ruleset) -> tuple[int, ...]:
    indicator = home.indicator
    if indicator is None or text.action not in _POSTING:
        return ()
    if text.scope == "level_2":
        return tuple(other.number for other in ruleset.indicators if other.path == indicator.path)
    return (indicator.number,)


def _check_aliases(text: RuleText, scope: Scope) -> None:
    faults: list[Fault] = []
    for alias, fact_type in text.each.items():
        if fact_type not in scope.fact_types and fact_type not in scope.pending:
            near = difflib.get_close_matches(fact_type, [*scope.fact_types, *scope.pending], n=1)
            faults.append(
                Fault(
                    msg("No fact “{type}” is given or derived, so the rule can never fire.", type=fact_type),
                    msg("Did you mean “{near}”?", near=near[0])
                    if near
                    else msg("List the type under `facts`, or derive it."),
                    text.node.place,
                )
            )
        if alias in RESERVED or alias in scope.constants or alias in scope.fact_types or alias in scope.pending:
            faults.append(
                Fault(
                    msg("The name “{name}” already has a meaning.", name=alias),
                    msg("Give the alias another name."),
                    text.node.place,
                )
            )
    raise_all(RulesetError, faults)


def _check_names(text: RuleText, home: Home) -> None:
    """Refuse what the document's schema cannot see: clauses, readings, actions in the wrong place."""
    faults: list[Fault] = []
    if home.indicator is None and text.action in _POSTING:
        faults.append(
            Fault(
                msg(
                    "A rule outside the indicators can derive or flag only; this one has “{action}”.",
                    action=text.action,
                ),
                msg("Move it to the indicator whose points it settles."),
                text.node.place,
            )
        )
    if text.parts and (text.action not in _POSTING or (text.action == "override" and text.scope != "part")):
        faults.append(
            Fault(
                msg("“part” has no meaning in a rule with “{action}”.", action=text.action),
                msg("Remove `part`; an override of one part says `scope: part`."),
                text.node.place,
            )
        )
    if text.of is not None and text.action != "award":
        faults.append(
            Fault(
                msg("“of” belongs to an award; this rule has “{action}”.", action=text.action),
                msg("Remove `of`."),
                text.node.place,
            )
        )
    part = _part(text, home)
    own_part = part is not None and home.indicator is not None and home.indicator.parts[0].weight is not None
    if not text.cites and not own_part:
        faults.append(
            Fault(
                msg("Rule “{id}” cites no clause.", id=text.id),
                msg("Add `cites:` with the clauses that it carries out; only a rule of a part cites by its part."),
                text.node.place,
            )
        )
    if text.action == "award" and part is not None and part.method == "deduct":
        faults.append(
            Fault(
                msg("The part “{part}” starts full and takes deductions; it cannot have an award.", part=part.id),
                msg("Use `deduct`, or change the part's method to award."),
                text.node.place,
            )
        )
    raise_all(RulesetError, faults)
