"""Evaluate a case: facts in, firings by both matchers, postings, scorecard, receipt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from engine.base.faults import EvaluationError, FactsError, problem
from engine.base.messages import listing, msg
from engine.base.numbers import Number, exact_text, reading_text
from engine.base.places import NOWHERE
from engine.facts.builtin import evidence_facts, left_out
from engine.facts.model import Fact, Facts, MatchedFacts, Value, place_of, value_text
from engine.language.context import AggregateResult, CannotCompute, Context
from engine.language.sentence import signed
from engine.matching.agreement import agree
from engine.matching.interface import Match
from engine.program.program import CompiledRule, Program
from engine.program.scopes import Undecided, cannot_compute
from engine.scoring.books import Books
from engine.scoring.evaluation import Evaluation
from engine.scoring.firing import Firing
from engine.scoring.formula_line import FormulaLine
from engine.scoring.notices import notices
from engine.scoring.results import apart
from engine.scoring.rows import weight_of_row
from engine.scoring.submission import check_submission

MAX_FIRINGS = 200_000
"""More firings than any real case has; rules that reach it run away."""


def evaluate(program: Program, facts: Facts, limit: int = MAX_FIRINGS, *, screening: bool = False) -> Evaluation:
    """Score a case by a program.

    For `screening`, the plain matcher matches alone and nothing is reported: a first look, never a score.
    `FactsError` where facts are missing or do not meet a requirement, `EvaluationError` where a formula has no value,
    `MatchersDisagree` where the two matchers find different firings, `TooManyFirings` beyond `limit`.
    """
    facts = replace(facts, facts=in_program_order(program, facts.facts))
    run = _Run(program, facts, limit, screening)
    check_submission(program, facts, run.context, run.books.not_assessed)
    for plan in program.indicators:
        run.books.plan(plan.number, run.context)
    run.books.results.require_stated(facts, run.books.not_assessed)
    for number in range(len(program.strata)):
        run.stratum(number)
    scores = tuple(run.books.score(plan.number, run.context) for plan in program.indicators)
    firings = run.firings()
    results = run.books.results.all()
    reported = [] if screening else notices(program, facts, firings, scores, results)
    levels, before = run.books.levels(run.context), run.books.before_override(run.context)
    return Evaluation(
        program, facts, tuple(firings), scores, levels, tuple(reported), results, before,
        context=run.context, active=frozenset(run.active),
    )  # fmt: skip


def in_program_order(program: Program, facts: Sequence[Fact]) -> tuple[Fact, ...]:
    """Return facts by type and id; those that are rows of the form as they were given."""
    rows = {plan.rows.fact_type for plan in program.indicators if plan.rows is not None}
    return tuple(sorted(facts, key=lambda fact: (fact.type, "" if fact.type in rows else fact.id)))


@dataclass(slots=True)
class _Run:
    """One evaluation while it lasts."""

    program: Program
    facts: Facts
    limit: int
    screening: bool
    books: Books = field(init=False)
    context: Context = field(init=False)
    made: dict[Match, tuple[Fact, Firing]] = field(init=False)
    active: set[int] = field(default_factory=set)
    """The positions of the rules that were matched."""
    known: frozenset[str] = field(init=False)
    """The fact types that a facts file can give and must state."""

    def __post_init__(self) -> None:
        self.books = Books(self.program, left_out(self.facts))
        self.made = {}
        self.known = frozenset(self.program.ruleset.facts.keys() - self.program.ruleset.optional)
        by_type: dict[str, list[Fact]] = {}
        for fact in (*self.facts.facts, *evidence_facts(self.facts.facts)):
            by_type.setdefault(fact.type, []).append(fact)
        case: dict[str, Value] = {**self.facts.case}
        case["year"] = int(self.facts.case["year"])
        self.context = Context(case, by_type, self.program.weights, self.books.measured, self.books.results.value)

    def stratum(self, number: int) -> None:
        """Match the rules of one stratum by both matchers and note their firings."""
        rules = self.program.rules
        active = [index for index in self.program.stratum_rules[number] if self.is_active(rules[index])]
        for result, together in apart(rules, active, is_open=bool(self.books.not_assessed)):
            try:
                self.match(number, together)
                self.active.update(together)
            except Undecided as error:
                if not result:
                    raise
                self.books.results.leave_open(result, error.indicators)

    def match(self, number: int, active: Sequence[int]) -> None:
        """Match some rules of a stratum, and note their firings."""
        rules = self.program.rules
        room = self.limit - self.books.count()
        naive, fast = self.program.strata[number]
        matches = naive.matches(self.context.facts, active, self.context, self.derive, room)
        if not self.screening:
            again = fast.matches(self.context.facts, active, self.context, self.derive, room)
            agree({index: rules[index].name for index in active}, matches, again)
        for match in sorted(matches, key=_order):
            index, row = match
            if rules[index].derives:
                fact, firing = self.made[match]
                self.context.facts.setdefault(fact.type, []).append(fact)
            else:
                firing = self.fire(rules[index], row)
            self.books.done.setdefault(index, []).append((row, firing))

    def is_active(self, rule: CompiledRule) -> bool:
        """Return whether a rule can fire.

        An indicator that is not assessed posts nothing, but an override settles it. A fact that would judge or cap it
        is an error, so it is looked for; a cap that rests on no fact has nothing to limit, unless it is one of a level.
        Its rows are not settled at all. What a rule of such an indicator looks at must have been stated.
        """
        if rule.result in self.books.results.left_open:
            return False
        if rule.indicator not in self.books.not_assessed or rule.derives:
            return True
        if rule.by_row or rule.action not in ("override", "adjust", "cap"):
            return False
        acts = rule.action == "override" or rule.level is not None or bool(rule.match.patterns)
        return acts and rule.looks_at & self.known <= self.facts.stated

    def derive(self, index: int, row: MatchedFacts) -> Fact:
        """Return the fact that a match derives; the same match gives the same fact."""
        found = self.made.get((index, row))
        if found is None:
            rule = self.program.rules[index]
            firing, values = self.work(rule, row)
            reason = next((f.assumed for f in (*row, *_aggregated(firing)) if f.assumed), "")
            place = place_of((*row, *_aggregated(firing))) or NOWHERE
            fact = Fact(rule.derives, _derived_id(rule, row), values, assumed=reason, place=place)
            found = self.made[(index, row)] = (fact, firing)
        return found[0]

    def fire(self, rule: CompiledRule, row: MatchedFacts) -> Firing:
        """Return the firing of a rule that posts or flags."""
        return self.work(rule, row)[0]

    def work(self, rule: CompiledRule, row: MatchedFacts) -> tuple[Firing, dict[str, Value]]:
        """Work out a rule's formulas and sentence for a match."""
        values: dict[str, Value] = {}
        points_text = "0"
        results: list[FormulaLine] = []
        aggregates: list[AggregateResult] = []
        context = self.context
        for formula in rule.formulas:
            try:
                value = formula.compute(row, context)
                if formula.kind not in ("band", "when"):
                    values[formula.name] = value
                text = value_text(value)
                if formula.kind == "points":
                    points_text = reading_text(value)
                numbers, gives = formula.numbers(row, context), formula.expression.tree.type.kind
                results.append(FormulaLine(formula.name, formula.kind, gives, formula.text, numbers, text))
                if formula.traces:
                    aggregates.extend(formula.aggregates(row, context))
            except CannotCompute as error:
                raise cannot_compute(rule.name, row, error, formula.place) from None
        posted: Mapping[str, Any] = {} if rule.derives else values
        points: Number = posted.get("points", 0)
        stake: Number | None = posted.get("of")
        _refuse_negative(rule, row, points, stake)
        if rule.action in ("adjust", "cap") and rule.level is None:
            self.refuse_unfit(rule, row, points)
        says = None
        if rule.sentence is not None:
            try:
                says = rule.sentence.fill(row, context, points_text)
            except CannotCompute as error:
                raise cannot_compute(rule.name, row, error, lambda _: rule.place) from None
        part = row[0].id if rule.by_row else rule.part
        firing = Firing(
            rule.name, rule.indicator, part, rule.action, rule.clauses, rule.readings, rule.readings_unused, row,
            tuple(results), tuple(aggregates), says, points, stake, rule.option, rule.settles, posted.get("value"),
        )  # fmt: skip
        return firing, values

    def refuse_unfit(self, rule: CompiledRule, row: MatchedFacts, points: Number) -> None:
        """Refuse a judgement or a cap of what is not assessed, and a judgement of more than the weight."""
        open_by = self.books.not_assessed.get(rule.indicator or 0)
        place = next((fact.place for fact in row if str(fact.place)), rule.place)
        names = listing([fact.id for fact in row] or [rule.name])
        if open_by is not None:
            raise FactsError.because(
                problem("evaluation.adjusts-open",
                    "“{facts}” changes the score of indicator {number}, which “{open}” leaves unassessed.",
                    facts=names, number=rule.indicator, open=open_by.id),
                msg("Assess the indicator, or remove one of the two."),
                place,
            )  # fmt: skip
        weight = self.weight(rule, row)
        if rule.action == "adjust" and not -weight <= points <= weight:
            raise FactsError.because(
                problem("evaluation.adjusts-too-much",
                    "“{facts}” changes the score by {points}, which is more than the weight of {weight}.",
                    facts=names, points=signed(points), weight=reading_text(weight)),
                msg("Correct the points."),
                place,
            )  # fmt: skip

    def weight(self, rule: CompiledRule, row: MatchedFacts) -> Number:
        """Return how many points an act can be about: those of the row, of the part, or of the indicator."""
        if not rule.by_row or rule.indicator is None:
            return rule.stake_of
        return weight_of_row(self.books.plan(rule.indicator, self.context).parts, row[0])

    def firings(self) -> list[tuple[Firing, Fact | None]]:
        """Return every firing in canonical order, with the fact that it derived."""
        found: list[tuple[Firing, Fact | None]] = []
        for index, rule in enumerate(self.program.rules):
            for row, firing in self.books.done.get(index, ()):
                found.append((firing, self.made[(index, row)][0] if rule.derives else None))
        return found


def _order(match: Match) -> tuple[int, tuple[str, ...]]:
    return match[0], tuple(fact.id for fact in match[1])


def _aggregated(firing: Firing) -> Sequence[Fact]:
    return [fact for aggregate in firing.aggregates for fact in aggregate.facts]


_LONGEST_ID = 200


def _derived_id(rule: CompiledRule, row: MatchedFacts) -> str:
    """Name a derived fact by the rule and the facts that it came from."""
    inner = ",".join(fact.id for fact in row)
    name = rule.name.removeprefix("definitions/")
    if len(inner) > _LONGEST_ID:
        from engine.base.sources import sha256  # noqa: PLC0415 - seldom

        inner = "~" + sha256(inner.encode())[:32]
    return f"{name}({inner})"


def _refuse_negative(rule: CompiledRule, row: MatchedFacts, points: Number, stake: Number | None) -> None:
    if (rule.action == "deduct" and points < 0) or (stake is not None and stake < 0):
        raise EvaluationError.because(
            problem(
                "evaluation.negative-deduction",
                "Rule {rule} would deduct a negative number of points, {points} ({facts}).",
                rule=rule.name,
                points=exact_text(points if stake is None else stake),
                facts=listing(fact.id for fact in row),
            ),
            msg("Correct the formula, or let it be at least zero: max(0, …)."),
            place_of(row) or rule.place,
        )
