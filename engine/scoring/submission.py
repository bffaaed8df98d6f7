"""What a case must state before it can be scored: the facts that each assessed indicator needs, and their sense."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.base.faults import FactsError, Fault, plural_problem, problem, raise_all
from engine.base.messages import bilingual_text, listing, msg
from engine.base.numbers import Number, exact_text
from engine.base.places import Place
from engine.facts.builtin import CLAIM, NOT_ASSESSED
from engine.facts.model import Fact, Facts, place_of
from engine.facts.naming import in_titles, key, label
from engine.language.context import CannotCompute, Context
from engine.program.program import CompiledRequirement, IndicatorPlan, Program


def check_submission(program: Program, facts: Facts, context: Context, not_assessed: Mapping[int, Fact]) -> None:
    """Refuse a case that leaves a needed fact unsaid or fails a requirement: `FactsError` with every fault."""
    faults = _unknown_indicators(program, facts)
    missing: dict[str, list[IndicatorPlan]] = {}
    for plan in program.indicators:
        if plan.number in not_assessed:
            continue
        unsaid = [name for name in plan.needs if name not in facts.stated]
        for name in unsaid:
            missing.setdefault(name, []).append(plan)
        if not unsaid:
            for requirement in plan.requires:
                faults.extend(unmet(plan, requirement, context, facts.place))
    faults.extend(_missing(program, name, plans, facts.place) for name, plans in missing.items())
    left = [name for name in program.needs if name not in facts.stated and name not in missing]
    faults.extend(_missing_for_total(program, name, facts.place) for name in left)
    raise_all(FactsError, map(in_titles, faults) if facts.in_chinese else faults)


def _unknown_indicators(program: Program, facts: Facts) -> list[Fault]:
    faults: list[Fault] = []
    seen: dict[tuple[str, int], Fact] = {}
    for fact in facts.facts:
        if fact.type not in (NOT_ASSESSED, CLAIM):
            continue
        number = int(fact.values["indicator"])  # type: ignore[arg-type]
        if number not in program.weights:
            faults.append(
                Fault(
                    problem(
                        "facts.no-indicator",
                        "“{id}” names indicator {number}, which the ruleset does not have.",
                        id=fact.id,
                        number=number,
                    ),
                    msg(
                        "Its indicators are numbered {numbers}.",
                        numbers=listing(sorted(program.weights)),
                    ),
                    fact.place,
                )
            )
        if (fact.type, number) in seen:
            faults.append(
                Fault(
                    problem(
                        "facts.two-for-indicator",
                        "Indicator {number} has two facts “{type}”: {one} and {other}.",
                        number=number,
                        type=fact.type,
                        one=seen[fact.type, number].id,
                        other=fact.id,
                    ),
                    msg("Keep one of them."),
                    fact.place,
                )
            )
        seen[fact.type, number] = fact
        faults.extend(_claimed_too_much(program, fact, number))
    return faults


def _claimed_too_much(program: Program, fact: Fact, number: int) -> Iterator[Fault]:
    score, weight = fact.values.get("score"), program.weights.get(number)
    if fact.type == CLAIM and isinstance(score, Number) and weight is not None and score > weight:
        yield Fault(
            problem(
                "facts.claim",
                "“{id}” claims {score} points for indicator {number}, whose weight is {weight}.",
                id=fact.id,
                score=exact_text(score),
                number=number,
                weight=exact_text(weight),
            ),
            msg("Correct the claimed score."),
            fact.place,
        )


def _missing(program: Program, name: str, plans: list[IndicatorPlan], place: Place) -> Fault:
    numbers = listing(plan.number for plan in plans)
    types = program.ruleset.facts
    fact_type, said = types[name], {"title": types[name].title}
    left_open = key(NOT_ASSESSED, {"title": types[NOT_ASSESSED].title} if NOT_ASSESSED in types else {})
    if fact_type.single:
        remedy = msg(
            "Add `{type}`; or, where the indicator is not assessed, add a fact `{open}` with the reason.",
            type=key(name, said),
            open=left_open,
        )
    else:
        remedy = msg(
            "Add `{type}`, or write `{type}: []` if there was none; or, where the indicator is not assessed, "
            "add a fact `{open}` with the reason.",
            type=key(name, said),
            open=left_open,
        )
    return Fault(
        plural_problem(
            "facts.not-mentioned",
            "The facts do not mention {label}, which indicator {numbers} needs.",
            "The facts do not mention {label}, which indicators {numbers} need.",
            count=len(plans),
            label=label(name, said),
            numbers=numbers,
        ),
        remedy,
        place,
    )


def _missing_for_total(program: Program, name: str, place: Place) -> Fault:
    said = {"title": program.ruleset.facts[name].title}
    return Fault(
        problem(
            "facts.not-mentioned-for-total",
            "The rules of the total or of a level need {label}; the facts do not mention it.",
            label=label(name, said),
        ),
        msg("Add `{type}`, or write `{type}: []` if there was none.", type=key(name, said)),
        place,
    )


def unmet(plan: IndicatorPlan, requirement: CompiledRequirement, context: Context, facts: Place) -> list[Fault]:
    """Return what a case does not meet of one requirement of an indicator."""
    rows: list[tuple[Fact, ...]] = [()]
    if requirement.fact_type:
        rows = [(fact,) for fact in context.facts.get(requirement.fact_type, ())]
    faults = []
    for row in rows:
        place = row[0].place if row else facts
        try:
            if requirement.is_met(row, context):
                continue
            said, remedied = requirement.say.fill(row, context), requirement.remedy.fill(row, context)
        except CannotCompute as error:
            reason = problem("facts.requirement", "Indicator {number}: {reason}", number=plan.number, reason=error.what)
            faults.append(Fault(reason, error.remedy, place_of(error.facts) or place))
            continue
        faults.append(
            Fault(
                problem(
                    "facts.requirement", "Indicator {number}: {reason}", number=plan.number, reason=bilingual_text(said)
                ),
                bilingual_text(remedied),
                place,
            )
        )
    return faults
