"""The plan of one indicator under the chosen readings: its parts and what its facts must satisfy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.base.faults import Fault, RulesetError, problem, raise_all
from engine.base.messages import listing, msg
from engine.base.numbers import Number, exact_text
from engine.language.compute import computation
from engine.language.expression import Expression
from engine.language.presence import established
from engine.language.scope import Scope
from engine.language.sentence import Blank
from engine.language.typed import BOOLEAN, NUMBER
from engine.program.early import checked_early, refuse_late
from engine.program.formulas import sentence
from engine.program.program import CompiledRequirement, IndicatorPlan, PartPlan
from engine.program.rows import compile_rows
from engine.program.scopes import in_indicator
from engine.ruleset.expressions import applies, checked, constant
from engine.ruleset.model import Indicator, Ruleset
from engine.ruleset.rule_text import Requirement
from engine.ruleset.source_text import SourceText


def part_plans(indicator: Indicator, scope: Scope, readings: Mapping[str, str]) -> tuple[PartPlan, ...]:
    """Return an indicator's parts under the readings; `RulesetError` unless their weights add to its weight."""
    own = in_indicator(scope, indicator)
    plans: list[PartPlan] = []
    faults: list[Fault] = []
    for part in indicator.parts:
        if not applies(part.under, readings):
            continue
        weight: Number = indicator.weight
        decided = tuple(reading for reading, _ in part.under)
        if part.weight is not None:
            found = constant(checked(part.weight, own, NUMBER).tree)
            if (
                found is None
                or isinstance(found.value, bool | str)
                or not isinstance(found.value, Number)
                or found.value <= 0
            ):
                faults.append(
                    Fault(
                        problem("indicator.part-weight", "A part's weight must be a constant above zero."),
                        msg("Write points, or a share such as weight * 10%."),
                        part.weight.node.place,
                    )
                )
                continue
            weight = found.value
            decided = tuple(dict.fromkeys((*decided, *sorted(found.readings))))
        plans.append(PartPlan(part.id, part.title, weight, part.method, part.cites, decided))
    total = sum((plan.weight for plan in plans), start=0)
    if not faults and total != indicator.weight:
        faults.append(
            Fault(
                problem(
                    "indicator.parts-total",
                    "The parts of indicator {number} add to {total}; its weight is {weight}.",
                    number=indicator.number,
                    total=exact_text(total),
                    weight=exact_text(indicator.weight),
                ),
                msg("Correct the weights, so that every point belongs to one part in every reading."),
                indicator.node.place,
            )
        )
    raise_all(RulesetError, faults)
    return tuple(plans)


def indicator_plan(
    indicator: Indicator,
    parts: tuple[PartPlan, ...],
    scope: Scope,
    readings: Mapping[str, str],
    ruleset: Ruleset,
    needs: tuple[str, ...],
) -> IndicatorPlan:
    """Return the plan of an indicator."""
    own = replace(in_indicator(scope, indicator), results={})
    faults: list[Fault] = []
    requires: list[CompiledRequirement] = []
    for requirement in indicator.requires:
        if applies(requirement.under, readings):
            try:
                requires.append(_requirement(requirement, own, ruleset))
            except RulesetError as error:
                faults.extend(error.faults)
    raise_all(RulesetError, faults)
    return IndicatorPlan(
        indicator.number,
        indicator.name,
        indicator.path,
        indicator.weight,
        parts,
        tuple(requires),
        needs,
        tuple(indicator.clauses),
        None if indicator.rows is None else compile_rows(indicator.rows, own, ruleset),
    )


def _requirement(requirement: Requirement, scope: Scope, ruleset: Ruleset) -> CompiledRequirement:
    aliases = dict(requirement.each)
    if len(aliases) > 1:
        raise RulesetError.because(
            problem(
                "requirement.several-facts",
                "A requirement looks at one fact at a time; this one names {count}.",
                count=len(aliases),
            ),
            msg("Keep one alias in `each`."),
            requirement.that.node.place,
        )
    for fact_type in aliases.values():
        if fact_type not in ruleset.facts:
            raise RulesetError.because(
                problem(
                    "requirement.derived-type",
                    "A requirement looks at given facts; “{type}” is not a given fact type.",
                    type=fact_type,
                ),
                msg("Name one of: {names}.", names=listing(ruleset.facts)),
                requirement.that.node.place,
            )
    within = replace(scope, aliases=aliases)
    where: list[Expression] = []
    for written in requirement.where:
        where.append(checked_early(written, within, BOOLEAN, ruleset))
        within = replace(within, present=within.present | established(where[-1].tree))
    that = checked_early(requirement.that, within, BOOLEAN, ruleset)
    say, remedy = (sentence(words, within, ruleset.calendar) for words in (requirement.say, requirement.remedy))
    for words, found in ((requirement.say, say), (requirement.remedy, remedy)):
        blanks = [piece.expression.tree for piece in found.zh if isinstance(piece, Blank)]
        refuse_late(blanks, SourceText("", words.zh.node), ruleset)
    return CompiledRequirement(
        fact_type=next(iter(aliases.values()), ""),
        where=tuple(where),
        that=that,
        say=say,
        remedy=remedy,
        selects=tuple(computation(each.tree, ruleset.calendar) for each in where),
        holds=computation(that.tree, ruleset.calendar),
    )
