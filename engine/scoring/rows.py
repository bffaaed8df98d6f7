"""The rows of an indicator in one case: the facts that are lines of the form, each as a part of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from engine.base.faults import EvaluationError, FactsError, Fault, problem, raise_all
from engine.base.messages import listing, msg
from engine.base.numbers import Number, exact_text, round_half_up, total
from engine.facts.model import Fact
from engine.language.context import CannotCompute, Context
from engine.language.show import value_shown
from engine.program.program import IndicatorPlan, PartPlan, Row
from engine.program.rows import CompiledRows, RowValue
from engine.program.scopes import cannot_compute
from engine.scoring.firing import Firing

_SETTLING = frozenset({"award", "deduct", "not_applicable", "override"})


def row_parts(plan: IndicatorPlan, context: Context, places: int) -> tuple[PartPlan, ...]:
    """Return an indicator's rows as its parts, in the order of the facts; the plan's own parts where it has none.

    `FactsError` unless the rows' weights are above zero, no finer than scores are rounded, and add up to the
    indicator's.
    """
    if plan.rows is None:
        return plan.parts
    parts = [
        _part(plan, plan.rows, fact, context)
        for fact in context.facts.get(plan.rows.fact_type, ())
        if all(selected((fact,), context) for selected in plan.rows.selects)
    ]
    raise_all(FactsError, [*_weight_faults(parts, places), *_total_fault(plan, parts, context), *_claim_faults(parts)])
    return tuple(parts)


def _part(plan: IndicatorPlan, rows: CompiledRows, fact: Fact, context: Context) -> PartPlan:
    def said(value: RowValue | None) -> Any:
        if value is None or not value.needs <= fact.values.keys():
            return None
        try:
            return value.compute((fact,), context)
        except CannotCompute as error:
            raise cannot_compute(f"{plan.number}", (fact,), error, lambda _: fact.place) from None

    def shown(value: RowValue) -> str:
        worked_out = said(value)
        if worked_out is None:
            return ""
        return worked_out if isinstance(worked_out, str) else value_shown(worked_out, value.type)

    whole = plan.parts[0]
    row = Row(
        fact=fact,
        path=tuple(said(name) for name in rows.path),
        columns={title: shown(value) for title, value in rows.columns.items()},
        claimed=said(rows.claimed),
        reason=said(rows.reason) or "",
    )
    return PartPlan(fact.id, said(rows.name), said(rows.weight), whole.method, whole.clauses, (), row)


def _weight_faults(parts: Sequence[PartPlan], places: int) -> Iterator[Fault]:
    for part in parts:
        if part.row is not None and (part.weight <= 0 or round_half_up(part.weight, places) != part.weight):
            yield Fault(
                problem(
                    "facts.row-weight",
                    "The row “{name}” ({id}) weighs {weight}.",
                    name=part.title,
                    id=part.id,
                    weight=exact_text(part.weight),
                ),
                msg("Give it a weight above 0 with {places} decimals at most.", places=places),
                part.row.fact.place,
            )


def _claim_faults(parts: Sequence[PartPlan]) -> Iterator[Fault]:
    for part in parts:
        if part.row is not None and part.row.claimed is not None and part.row.claimed > part.weight:
            yield Fault(
                problem(
                    "facts.row-claim",
                    "The row “{name}” ({id}) claims {score} points; it weighs {weight}.",
                    name=part.title,
                    id=part.id,
                    score=exact_text(part.row.claimed),
                    weight=exact_text(part.weight),
                ),
                msg("Correct the claimed score."),
                part.row.fact.place,
            )


def _total_fault(plan: IndicatorPlan, parts: Sequence[PartPlan], context: Context) -> Iterator[Fault]:
    weights = total(part.weight for part in parts)
    if weights == plan.weight:
        return
    rows = [part.row for part in parts if part.row is not None]
    given = context.facts.get(plan.rows.fact_type, ()) if plan.rows is not None else ()
    place = rows[0].fact.place if rows else given[0].place if given else None
    what = problem(
        "facts.rows-total",
        "The rows of indicator {number} weigh {total} in all; the indicator weighs {weight}.",
        number=plan.number,
        total=exact_text(weights),
        weight=exact_text(plan.weight),
    )
    listed = listing(f"{part.title} ({exact_text(part.weight)})" for part in parts)
    remedy = msg("Correct the weights: {rows}.", rows=listed) if parts else msg("Add the rows of this indicator.")
    yield Fault(what, remedy) if place is None else Fault(what, remedy, place)


def refuse_unsettled(plan: IndicatorPlan, parts: Sequence[PartPlan], firings: Sequence[Firing]) -> None:
    """Refuse a case of which no rule settles a row; a row that takes deductions is full where nothing is taken."""
    settled = {firing.part for firing in firings if firing.action in _SETTLING}
    faults = [
        Fault(
            problem(
                "evaluation.row-unsettled",
                "No rule settles the row “{name}” ({id}) of indicator {number}.",
                name=part.title,
                id=part.id,
                number=plan.number,
            ),
            msg("Correct what the row says, or let a rule of the indicator cover it."),
            part.row.fact.place,
        )
        for part in parts
        if part.row is not None and part.method == "award" and part.id not in settled
    ]
    raise_all(EvaluationError, faults)


def weight_of_row(parts: Sequence[PartPlan], fact: Fact) -> Number:
    """Return the weight of the row that a fact is."""
    return next(part.weight for part in parts if part.row is not None and part.row.fact == fact)
