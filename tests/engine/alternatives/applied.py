"""Proposals applied to facts from what they say alone, and the laws that each must keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from engine.alternatives.improvement import Change, FieldChange, Improvement, Proposal
from engine.base.faults import FenmingError
from engine.base.numbers import Number, exact_text, percentage, simplest, terminates
from engine.facts.model import Facts, Value, value_text
from engine.scoring.evaluate import evaluate
from engine.scoring.evaluation import Evaluation
from engine.scoring.firing import IndicatorScore, LevelScore

_BESIDE = Fraction(1, 10**6)
"""How far past a bound a value is tried."""


def applied(facts: Facts, changes: Sequence[Change], share: Fraction | None = None) -> Facts:
    """Return facts with some changes made; with a `share`, a number goes only that much of the way."""
    by_fact = {change.fact: change for change in changes}
    made = []
    for fact in facts.facts:
        change = by_fact.get(fact.id)
        if change is None:
            made.append(fact)
        elif change.act != "remove":
            values = {**fact.values, **{field.field: _after(field, share) for field in change.fields}}
            kept: dict[str, Value] = {name: value for name, value in values.items() if value is not None}
            made.append(replace(fact, values=kept))
    return replace(facts, facts=tuple(made))


def _after(field: FieldChange, share: Fraction | None) -> Value | None:
    before, after = field.before, field.after
    if not _is_number(after):
        return after
    if share is not None and _is_number(before):
        return simplest(Fraction(before) + (Fraction(after) - Fraction(before)) * share)  # type: ignore[arg-type]
    past = {"": Fraction(0), "above": _BESIDE, "below": -_BESIDE}[field.bound]
    return simplest(Fraction(after) + past)  # type: ignore[arg-type]


def _is_number(value: Value | None) -> bool:
    return isinstance(value, Number) and not isinstance(value, bool)


def nearer(change: Change, step: Number) -> list[Change]:
    """Return a change that goes one step less far; none where there is no number or date to go back."""
    field = change.fields[0] if change.fields else None
    if field is None or field.before is None or field.after is None or isinstance(field.after, bool | str):
        return []
    before, after = field.before, field.after
    if isinstance(before, date) and isinstance(after, date):
        way = 1 if before > after else -1
        back: Value = date.fromordinal(after.toordinal() + way)
    else:
        way = 1 if before > after else -1  # type: ignore[operator]
        back = simplest(Fraction(after) + way * step)  # type: ignore[arg-type]
    return [replace(change, fields=(replace(field, after=back), *change.fields[1:]))]


def check(evaluation: Evaluation, improvement: Improvement) -> int:
    """Check that every proposal gains exactly what it says, and nothing less does; return how many there are."""
    count = 0
    for indicator in improvement.indicators:
        scored = indicator.number if indicator.number is not None else tuple(filter(None, indicator.name.split("/")))
        old = evaluation.scored(scored)
        for loss in indicator.losses:
            assert bool(loss.proposals) != bool(loss.why_none)
            for proposal in loss.proposals:
                count += 1
                _check_one(evaluation, proposal, scored, old)
    return count


def _check_one(
    evaluation: Evaluation, proposal: Proposal, scored: int | tuple[str, ...], old: IndicatorScore | LevelScore
) -> None:
    after = evaluate(evaluation.program, applied(evaluation.facts, proposal.changes))
    assert after.scored(scored).kept - old.kept == proposal.gain > 0, proposal
    assert after.scored(scored).kept == proposal.kept
    assert after.outcome.kept - evaluation.outcome.kept == proposal.total
    types = evaluation.program.ruleset.facts
    for change in proposal.changes:
        fields = types[change.type].fields
        assert change.act != "remove" or not types[change.type].fixed
        assert all(not fields[field.field].fixed or field.beside for field in change.fields), proposal
    if len(proposal.changes) > 1:
        for change in proposal.changes:
            fewer = [other for other in proposal.changes if other is not change]
            assert gained(evaluation, applied(evaluation.facts, fewer), scored) < proposal.gain, proposal
        return
    [change] = proposal.changes
    fields = types[change.type].fields
    main = fields[change.fields[0].field] if change.fields else None
    step = None if main is None else 1 if change.fields and isinstance(change.fields[0].after, date) else main.step
    if step is not None:
        for less in nearer(change, step):
            assert gained(evaluation, applied(evaluation.facts, [less]), scored) < proposal.gain, proposal
    elif main is not None and len(change.fields) == 1:
        # What only rounding makes enough is let be.
        rounding = Fraction(10, 10**evaluation.program.ruleset.places)
        less_facts = applied(evaluation.facts, [change], Fraction(9, 10))
        gain = gained(evaluation, less_facts, scored)
        assert gain < max(proposal.gain, rounding) or _same(evaluation.facts, less_facts, change), proposal


def _same(facts: Facts, other: Facts, change: Change) -> bool:
    """Return whether going less far makes no difference, as for a choice."""
    whole = applied(facts, [change])
    values = [next(fact.values for fact in each.facts if fact.id == change.fact) for each in (other, whole)]
    return values[0] == values[1]


def gained(evaluation: Evaluation, facts: Facts, scored: int | tuple[str, ...]) -> Number:
    """Return what an indicator keeps more with other facts; less than nothing where they are refused."""
    try:
        after = evaluate(evaluation.program, facts)
    except FenmingError:
        return -1
    return simplest(Fraction(after.scored(scored).kept - evaluation.scored(scored).kept))


def brief(improvement: Improvement) -> list[str]:
    """Write each loss with what would gain it, one a line."""
    lines = []
    for indicator in improvement.indicators:
        for loss in indicator.losses:
            gains = [_brief(proposal) for proposal in loss.proposals] or [loss.why_none]
            number = "total" if indicator.number is None else indicator.number
            lines.append(f"{number} −{exact_text(loss.lost)}: {' | '.join(gains)}")
    return lines


def _brief(proposal: Proposal) -> str:
    marks = [
        *(["all"] if proposal.full else []), *(["less"] if proposal.less else []),
        *(["search"] if proposal.found == "search" else []), *(["assumed"] if proposal.assumed else []),
    ]  # fmt: skip
    return f"{' & '.join(map(_change, proposal.changes))} +{exact_text(proposal.gain)} {' '.join(marks)}".rstrip()


def _change(change: Change) -> str:
    if change.act == "remove":
        return f"−{change.name}"
    fields = [
        f"{field.field} {_said(field, field.before)}→{ {'above': '>', 'below': '<', '': ''}[field.bound] }"
        f"{_said(field, field.after)}{'*' if field.beside else ''}"
        for field in change.fields
    ]
    return f"{change.name} {' '.join(fields)}"


def _said(field: FieldChange, value: Value | None) -> str:
    if value is None:
        return "∅"
    if _is_number(value) and field.percent and terminates(value):  # type: ignore[arg-type]
        return percentage(value)  # type: ignore[arg-type]
    return value_text(value)
