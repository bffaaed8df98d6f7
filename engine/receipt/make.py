"""From an evaluation to its receipt.

A receipt holds no time and no name: the same ruleset and facts give the same bytes anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.base.numbers import Number, exact_text, reading_text
from engine.facts.builtin import claims
from engine.facts.model import Fact, value_text
from engine.language.context import AggregateResult
from engine.language.sentence import TAKEN
from engine.program.program import Program, Row
from engine.receipt import model
from engine.receipt.facts import fact_line, values_content
from engine.receipt.model import Receipt
from engine.receipt.results import result_lines
from engine.receipt.text import write_receipt
from engine.scoring.evaluation import Evaluation, possible_grades
from engine.scoring.firing import Before, Firing, IndicatorScore, LevelScore, Posting

SEMANTICS = 1
"""The version of the scoring semantics: how firings become points. docs/decisions/0011 says when it is raised."""


def make_receipt(evaluation: Evaluation) -> Receipt:
    """Return the receipt of an evaluation."""
    program, scores = evaluation.program, evaluation.scores
    booked = [posting for score in scores for posting in score.postings] + list(evaluation.levels.postings)
    lines = _Lines(taken(booked))
    for firing, derived in evaluation.firings:
        lines.add(firing, derived)
    postings = tuple(map(lines.posting, booked))
    claimed = claims(evaluation.facts)
    outcome = _outcome(program, evaluation.outcome)
    before = evaluation.before_override
    ruleset = program.ruleset
    content = model.Content(
        format="fenming/receipt/1",
        semantics=SEMANTICS,
        ruleset=model.RulesetName(ruleset.id, ruleset.revision, ruleset.title, ruleset.digest, ruleset.text),
        readings=dict(program.readings),
        case=model.Case(**evaluation.facts.case),
        stated=tuple(sorted(evaluation.facts.stated)),
        facts=tuple(fact_line(fact) for fact in evaluation.facts.facts),
        derived=tuple(lines.derived),
        aggregates=tuple(lines.aggregates),
        firings=tuple(lines.firings),
        postings=postings,
        indicators=tuple(_indicator(program, score, claimed.get(score.number)) for score in scores),
        levels=tuple(map(_level, evaluation.levels.levels)),
        weight=exact_text(ruleset.weight),
        total=outcome.total,
        open=outcome.open,
        grade=outcome.grade,
        grades=outcome.grades,
        before_override=None if before is None else _outcome(program, before),
        notices=evaluation.notices,
        results=result_lines(evaluation.results, lines.add),
    )
    return write_receipt(content)


def firing_numbers(evaluation: Evaluation) -> dict[Firing, int]:
    """Return the position of each firing in the receipt of an evaluation, the engine's own included."""
    firings = [firing for firing, _ in evaluation.firings]
    posting = [posting.firing for score in evaluation.scores for posting in score.postings]
    on_levels = [posting.firing for posting in evaluation.levels.postings]
    return {firing: number for number, firing in enumerate(dict.fromkeys((*firings, *posting, *on_levels)))}


class _Lines:
    """The firings, derived facts and aggregates of a receipt, numbered as they are added."""

    def __init__(self, taken: Mapping[Firing, Number]) -> None:
        self.taken = taken
        self.firings: list[model.FiringLine] = []
        self.derived: list[model.DerivedLine] = []
        self.aggregates: list[model.AggregateLine] = []
        self.numbers: dict[Firing, int] = {}
        self.aggregate_numbers: dict[tuple[str, str, tuple[str, ...]], int] = {}
        self.seen: dict[int, int] = {}

    def add(self, firing: Firing, derived: Fact | None = None) -> int:
        """Add a firing unless it is there, and return its number."""
        number = self.numbers.get(firing)
        if number is not None:
            return number
        number = self.numbers[firing] = len(self.firings)
        self.firings.append(
            model.FiringLine(
                rule=firing.rule,
                indicator=firing.indicator,
                part=firing.part,
                action=firing.action,
                option=firing.option,
                clauses=tuple(firing.clauses),
                readings=tuple(firing.readings),
                readings_unused=tuple(firing.readings_unused),
                facts=tuple(fact.id for fact in firing.facts),
                aggregates=tuple(sorted({self.aggregate(aggregate) for aggregate in firing.aggregates})),
                assumed=firing.assumed,
                formulas=firing.formulas,
                says=self.says(firing),
            )
        )
        if derived is not None:
            self.derived.append(
                model.DerivedLine(derived.type, derived.id, values_content(derived), number, bool(derived.assumed))
            )
        return number

    def says(self, firing: Firing) -> model.Sentence:
        """Return a firing's sentence with the points that were taken or given put in."""
        if not firing.says:
            return model.Sentence("", "")
        return model.Sentence(**said(firing.says, self.taken.get(firing, 0)))

    def aggregate(self, aggregate: AggregateResult) -> int:
        """Add an aggregate unless it is there, and return its number."""
        known = self.seen.get(id(aggregate))
        if known is not None:
            return known
        ids = tuple(fact.id for fact in aggregate.facts)
        key = (aggregate.text, value_text(aggregate.value), ids)
        number = self.aggregate_numbers.get(key)
        if number is None:
            number = self.aggregate_numbers[key] = len(self.aggregates)
            self.aggregates.append(model.AggregateLine(*key))
        self.seen[id(aggregate)] = number
        return number

    def posting(self, posting: Posting) -> model.PostingLine:
        """Return the line of a posting."""
        asked = exact_text(posting.asked)
        return model.PostingLine(
            indicator=posting.indicator,
            part=posting.part,
            firing=self.add(posting.firing),
            kind=posting.kind,
            asked=asked,
            kept=asked if posting.kept is posting.asked else exact_text(posting.kept),
            lost=exact_text(posting.lost),
            open=exact_text(posting.open),
            limit=posting.limit,
            level=posting.level,
        )


def said(says: Mapping[str, str], points: Number) -> dict[str, str]:
    """Return a firing's sentence with the points that were taken or given put in."""
    came_to = reading_text(points)
    return {name: words.replace(TAKEN, came_to) for name, words in says.items()}


def taken(postings: Iterable[Posting]) -> dict[Firing, Number]:
    """Return what each firing came to in the books: the points that it gave, or that it took."""
    found: dict[Firing, Number] = {}
    for posting in postings:
        gives = posting.firing.action in ("award", "adjust", "not_applicable")
        found[posting.firing] = found.get(posting.firing, 0) + (posting.kept if gives else posting.lost)
    return found


def _indicator(program: Program, score: IndicatorScore, claim: Fact | None) -> model.IndicatorLine:
    plan = next(plan for plan in program.indicators if plan.number == score.number)
    claimed = score.claimed(claim)
    before = score.before_override
    return model.IndicatorLine(
        number=plan.number,
        name=plan.name,
        path=tuple(plan.path),
        weight=exact_text(score.weight),
        kept=exact_text(score.kept),
        lost=exact_text(score.lost),
        open=exact_text(score.open),
        status=score.status,
        claimed=None if claimed is None else exact_text(claimed),
        before_override=None if before is None else model.Before(exact_text(before.kept), exact_text(before.open)),
        assumed=any(posting.firing.assumed for posting in score.postings),
        parts=tuple(
            model.PartLine(
                id=part.id,
                title=part.title,
                weight=exact_text(part.weight),
                kept=exact_text(part.kept),
                lost=exact_text(part.lost),
                open=exact_text(part.open),
                status=part.status,
                row=None if part.row is None else _row(part.row),
            )
            for part in score.parts
        ),
    )


def _row(row: Row) -> model.RowLine:
    claimed = None if row.claimed is None else exact_text(row.claimed)
    return model.RowLine(row.path, dict(row.columns), claimed, row.reason)


def _level(level: LevelScore) -> model.LevelLine:
    return model.LevelLine(
        path=level.path,
        weight=exact_text(level.weight),
        kept=exact_text(level.kept),
        lost=exact_text(level.lost),
        open=exact_text(level.open),
    )


def _outcome(program: Program, reached: Before) -> model.Outcome:
    """Return a total with the range that its open points leave it, and the grades within that range."""
    grades = possible_grades(program.ruleset.grades, reached.kept, reached.kept + reached.open)
    return model.Outcome(
        total=exact_text(reached.kept),
        open=exact_text(reached.open),
        grade=grades[0] if len(grades) == 1 else None,
        grades=tuple(grades),
    )
