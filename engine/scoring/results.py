"""Settle the results: named values besides points, each given by firings that must agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from engine.base.faults import EvaluationError, FactsError, Fault, problem, raise_all
from engine.base.messages import Message, listing, msg
from engine.base.status import ResultStatus
from engine.facts.model import Facts, MatchedFacts, Value, place_of, value_text
from engine.language.context import CannotCompute, Context, Unassessed
from engine.language.typed import HasResult, ResultOf
from engine.program.program import CompiledRule, Program
from engine.program.results import ResultPlan
from engine.scoring.firing import Firing


@dataclass(frozen=True, slots=True)
class Result:
    """How a result came out; its value is that of each of its firings."""

    plan: ResultPlan
    status: ResultStatus
    value: Value | None = None
    firings: tuple[Firing, ...] = ()
    unassessed: tuple[int, ...] = ()
    """Of an open result, the indicators on whose assessment it waits."""


@dataclass(slots=True)
class ResultBook:
    """The results of one evaluation; each is settled once, when all its firings are known."""

    program: Program
    done: Mapping[int, Sequence[tuple[MatchedFacts, Firing]]]
    """The firings so far, by the positions of their rules."""
    left_open: dict[str, frozenset[int]] = field(default_factory=dict)
    """The results that cannot be known, each with the indicators that are not assessed."""
    settled: dict[str, Result] = field(default_factory=dict)

    def result(self, name: str) -> Result:
        """Return how a result came out; `EvaluationError` where its firings do not agree, or where it has none."""
        if name not in self.settled:
            plan = next(plan for plan in self.program.results if plan.name == name)
            self.settled[name] = settle(plan, self.firings(name), self.left_open.get(name, frozenset()))
        return self.settled[name]

    def firings(self, name: str) -> list[Firing]:
        """Return the firings that give a result."""
        giving = [index for index, rule in enumerate(self.program.rules) if rule.result == name]
        return [firing for index in giving for _, firing in self.done.get(index, ())]

    def value(self, node: ResultOf | HasResult, _context: Context) -> Value:
        """Return what is asked of a result; the strata see to it that all its firings are known."""
        return value_asked(node, self.result(node.result))

    def all(self) -> tuple[Result, ...]:
        """Return every result, in the ruleset's order."""
        return tuple(self.result(plan.name) for plan in self.program.results)

    def leave_open(self, name: str, indicators: Iterable[int]) -> None:
        """Note that a result is not known while some indicators are not assessed."""
        self.left_open[name] = self.left_open.get(name, frozenset()) | frozenset(indicators)

    def require_stated(self, facts: Facts, not_assessed: Iterable[int]) -> None:
        """Refuse a case that leaves unsaid what a result needs, unless the result waits for an indicator anyway."""
        faults: dict[str, Fault] = {}
        for plan in self.program.results:
            unsaid = [name for name in plan.needs if name not in facts.stated]
            waits = plan.asks & frozenset(not_assessed)
            if unsaid and waits:
                self.leave_open(plan.name, waits)
                continue
            for name in unsaid:
                faults.setdefault(name, _unstated(self.program, name, plan, facts))
        raise_all(FactsError, faults.values())


def settle(plan: ResultPlan, firings: Sequence[Firing], unassessed: frozenset[int] = frozenset()) -> Result:
    """Return how a result comes out of the firings that give it."""
    if unassessed:
        return Result(plan, "open", firings=tuple(firings), unassessed=tuple(sorted(unassessed)))
    if not firings:
        if plan.optional:
            return Result(plan, "none")
        raise EvaluationError.because(
            problem(
                "evaluation.result-missing",
                "No rule gives the result “{title}” ({name}) in this case.",
                title=plan.title,
                name=plan.name,
            ),
            msg("Correct the facts; or add the rule that is missing, or declare the result `optional: true`."),
            plan.place,
        )
    first, *others = firings
    for other in others:
        if other.value != first.value:
            raise EvaluationError.because(
                problem(
                    "evaluation.results-differ",
                    "The result “{title}” ({name}) has two values: {one} and {other}.",
                    title=plan.title,
                    name=plan.name,
                    one=_given(first, plan),
                    other=_given(other, plan),
                ),
                msg("Correct the facts, or let only one of the rules apply."),
                place_of((*first.facts, *other.facts)) or plan.place,
            )
    return Result(plan, "settled", first.value, tuple(firings))


def value_asked(node: ResultOf | HasResult, result: Result) -> Value:
    """Return the value of a result, or whether it has one; `CannotCompute` for the value of one without."""
    if isinstance(node, HasResult):
        return result.status == "settled"
    if result.value is not None:
        return result.value
    remedy = msg("Let the rule ask has({name}) first.", name=node.result)
    if result.status == "open":
        raise Unassessed(
            problem(
                "evaluation.result-open",
                "The result “{title}” is not known, since these indicators are not assessed: {numbers}.",
                title=result.plan.title,
                numbers=listing(result.unassessed),
            ),
            remedy,
            node.span[0],
            frozenset(result.unassessed),
        )
    raise CannotCompute(
        problem("evaluation.result-none", "The result “{title}” has no value.", title=result.plan.title),
        remedy,
        node.span[0],
    )


def apart(rules: Sequence[CompiledRule], active: Sequence[int], *, is_open: bool) -> Iterator[tuple[str, list[int]]]:
    """Yield the rules to be matched together, each group with the name of the result that it gives.

    While an indicator is open, the rules of each result are matched by themselves, for one that asks its score leaves
    only that result open.
    """
    groups: dict[str, list[int]] = {}
    for index in active:
        groups.setdefault(rules[index].result if is_open else "", []).append(index)
    yield from groups.items()


def _given(firing: Firing, plan: ResultPlan) -> Message:
    value = value_text(firing.value) if firing.value is not None else ""
    shown = f"{value} {plan.unit}".rstrip()
    if not firing.facts:
        return msg("{value} by {rule}", value=shown, rule=firing.rule)
    return msg(
        "{value} by {rule} for {facts}", value=shown, rule=firing.rule, facts=listing(f.id for f in firing.facts)
    )


def _unstated(program: Program, name: str, plan: ResultPlan, facts: Facts) -> Fault:
    fact_type = program.ruleset.facts[name]
    return Fault(
        problem(
            "facts.not-mentioned",
            "The result “{result}” needs “{type}” ({title}); the facts do not mention it.",
            type=name,
            title=fact_type.title,
            result=plan.title,
        ),
        msg("Add `{type}`.", type=name)
        if fact_type.single
        else msg("Add `{type}`, or write `{type}: []` if there was none.", type=name),
        facts.place,
    )
