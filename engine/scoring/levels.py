"""Settle the levels above the indicators, and the total: what is added up, and the acts on a level as a whole.

The order is the form's, from below: the indicators and rows under a level add up → its caps → its override; and so on
up to the total, which is rescaled before its own caps and overrides where something does not apply. A level that is set
to nothing has set each of its indicators to nothing already.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from engine.base.faults import EvaluationError, problem
from engine.base.messages import msg
from engine.base.numbers import Number, divide, exact_text, reading_text, round_half_up, total
from engine.language.typed import TOTAL
from engine.program.placement import EXCLUDED
from engine.program.program import IndicatorPlan, Program
from engine.scoring.firing import Firing, IndicatorScore, LevelScore, Posting
from engine.scoring.formula_line import points_line
from engine.scoring.ordering import by_points, in_order
from engine.scoring.settlement import CAP, FLOOR, STRICTER, sets_to_nothing


@dataclass(frozen=True, slots=True)
class LevelBook:
    """How the levels came out, the total last, with the postings on them as a whole."""

    levels: tuple[LevelScore, ...]
    total: LevelScore
    postings: tuple[Posting, ...]


def settle_levels(
    program: Program,
    scores: Mapping[int, IndicatorScore],
    firings: Sequence[tuple[tuple[str, ...], Firing]],
    at: tuple[str, ...] = TOTAL,
) -> LevelBook:
    """Return how the levels at and below one came out, from the scores of the indicators under it.

    `firings` are the acts on levels, each with the path of its level.
    """
    plans = [plan for plan in program.indicators if plan.path[: len(at)] == at]
    book = _Book([line for plan in plans for line in _lines(plan, scores[plan.number])])
    paths = list(
        dict.fromkeys(line.path[:depth] for line in book.lines for depth in range(len(at), len(line.path) + 1))
    )
    for path in sorted(paths, key=len, reverse=True):
        if path == TOTAL and program.ruleset.total.rescales:
            _rescale(book, program, [scores[plan.number] for plan in plans])
        acts = [firing for level, firing in firings if level == path]
        emptied = any(path[: len(level)] == level and sets_to_nothing(firing) for level, firing in firings)
        _cap(book, path, [firing for firing in acts if firing.action == "cap"], program.ruleset.places)
        overrides = [firing for firing in acts if firing.action == "override" and not sets_to_nothing(firing)]
        _override(book, path, overrides, program.ruleset.places, emptied=emptied)
    found = {path: book.score(path) for path in paths}
    whole = found.pop(at)
    return LevelBook(tuple(found.values()), whole, tuple(book.postings))


def _lines(plan: IndicatorPlan, score: IndicatorScore) -> Iterator[LevelScore]:
    """Yield what an indicator brings to the levels: itself, or each of its rows and what was posted beside them."""
    rows = [part for part in score.parts if part.row is not None]
    for part in rows:
        if part.row is not None:
            yield LevelScore((*plan.path, *part.row.path), part.weight, part.kept, part.lost, part.open)
    if not rows:
        yield LevelScore(plan.path, score.weight, score.kept, score.lost, score.open)
        return
    yield LevelScore(
        plan.path,
        score.weight - total(part.weight for part in rows),
        score.kept - total(part.kept for part in rows),
        score.lost - total(part.lost for part in rows),
        score.open - total(part.open for part in rows),
    )


@dataclass(slots=True)
class _Book:
    """The lines below the levels, and the postings on levels so far."""

    lines: Sequence[LevelScore]
    postings: list[Posting] = field(default_factory=list)

    def score(self, path: tuple[str, ...]) -> LevelScore:
        """Add up a level: the lines under it, and what was posted on it and on the levels below."""
        depth = len(path)
        lines = [line for line in self.lines if line.path[:depth] == path]
        posted = [posting for posting in self.postings if (posting.level or ())[:depth] == path]
        return LevelScore(
            path,
            total(line.weight for line in lines),
            total([*(line.kept for line in lines), *(posting.kept for posting in posted)]),
            total([*(line.lost for line in lines), *(posting.lost for posting in posted)]),
            total([*(line.open for line in lines), *(posting.open for posting in posted)]),
        )

    def post(
        self,
        path: tuple[str, ...],
        firing: Firing,
        kind: str,
        asked: Number,
        kept: Number,
        left: Number = 0,
        limit: str = "",
    ) -> None:
        """Move points of a level: what it keeps more, what is open more, and what is lost for it."""
        self.postings.append(Posting(None, "", firing, kind, asked, kept, -kept - left, left, limit, path))


def _cap(book: _Book, path: tuple[str, ...], caps: Sequence[Firing], places: int) -> None:
    """Let a level keep at most so much, now and once its open points are known."""
    for number, firing in enumerate(in_order(caps, by_points)):
        wanted = round_half_up(firing.points, places)
        score, most = book.score(path), max(wanted, 0)
        kept = min(score.kept, most)
        left = min(score.open, most - kept)
        limit = FLOOR if firing.points < 0 else STRICTER if number else ""
        book.post(path, firing, "cap", wanted, kept - score.kept, left - score.open, limit)


def _override(book: _Book, path: tuple[str, ...], overrides: Sequence[Firing], places: int, *, emptied: bool) -> None:
    """Set a level's score: the lowest counts, and the others are recorded beside it.

    Nothing counts where the level, or one above it, is `emptied`: it has been set to nothing.
    """
    done = emptied
    for firing in in_order(overrides, by_points):
        wanted = round_half_up(firing.points, places)
        if done:
            book.post(path, firing, "override", wanted, 0, 0, STRICTER)
            continue
        score, done = book.score(path), True
        target = min(wanted, score.weight)
        book.post(path, firing, "override", wanted, target - score.kept, -score.open, CAP if target < wanted else "")


def _excluded(score: IndicatorScore, path: tuple[str, ...], book: _Book) -> Number:
    """Return the weight of an indicator that is left out; what gets points all the same, as by an override, applies."""
    given = [posting.level for posting in book.postings if posting.kind == "override" and posting.kept > 0]
    if any(level is not None and path[: len(level)] == level for level in given):
        return 0
    kept = {part.id: part.kept for part in score.parts}
    left_out = {
        posting.part: posting.lost
        for posting in score.postings
        if posting.firing.action == "not_applicable" and posting.firing.option == EXCLUDED
    }
    weight = total(points for part, points in left_out.items() if not kept[part])
    return weight if score.lost >= weight else 0


def _rescale(book: _Book, program: Program, scores: Sequence[IndicatorScore]) -> None:
    """Scale what applies up to the full score: 得分 ÷ 适用分值 × 满分."""
    before, full, places = book.score(TOTAL), program.ruleset.weight, program.ruleset.places
    paths = {plan.number: plan.path for plan in program.indicators}
    excluded = total(_excluded(score, paths[score.number], book) for score in scores)
    if not excluded:
        return
    applicable = full - excluded
    if not applicable:
        raise EvaluationError.because(
            problem("evaluation.nothing-applies", "No indicator applies, so there is no score to scale up."),
            msg("Correct the facts that say what does not apply, or use another form."),
        )
    kept = round_half_up(divide(before.kept * full, applicable), places)
    reached = round_half_up(divide((before.kept + before.open) * full, applicable), places)
    numbers = f"{exact_text(before.kept)} / {exact_text(applicable)} * {exact_text(full)}"
    shown = {
        "kept": reading_text(before.kept), "applicable": reading_text(applicable), "full": reading_text(full),
        "result": reading_text(kept),
    }  # fmt: skip
    says = {
        "zh": "适用分值 {applicable} 分，得 {kept} 分，折算为满分 {full} 分：{result} 分。".format(**shown),
        "en": "{kept} of the {applicable} points that apply, scaled to {full}: {result}.".format(**shown),
    }
    formula = points_line("total / applicable * full_score", numbers, exact_text(kept))
    firing = Firing("total/@rescaling", None, "", "rescaling", (), says=says, formulas=(formula,))
    book.post(TOTAL, firing, "rescaling", kept, kept - before.kept, reached - kept - before.open)
