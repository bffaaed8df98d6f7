"""Settle one indicator: fold its firings into postings that balance.

The order is the form's: parts with their floors and caps → caps on the whole → the reviewer's judgements → rounding →
override of the indicator → override of its level-2 parent. Acts of one kind on one thing are combined before they are
limited: adjustments are added up, of several caps or overrides the lowest counts. Whatever limits a posting is recorded
with what was asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.base.numbers import Number, exact_text, reading_text, round_half_up, total
from engine.base.status import Status
from engine.facts.model import Fact
from engine.program.placement import EXCLUDED
from engine.program.program import IndicatorPlan, PartPlan
from engine.scoring.firing import Before, Firing, IndicatorScore, PartScore, Posting
from engine.scoring.formula_line import points_line
from engine.scoring.ordering import by_points, in_order

ASSESSED: Status = "assessed"
NOT_APPLICABLE: Status = "not_applicable"
NOT_ASSESSED: Status = "not_assessed"

FLOOR, CAP, SLICE, STRICTER = "floor", "cap", "slice", "stricter"
"""What can keep a posting from what its firing asked."""

_OF_LEVELS = ("level_2", "level_1", "level", "total")
"""The scopes of acts on a level, the nearest first."""


def sets_to_nothing(firing: Firing) -> bool:
    """Return whether an override sets to nothing: that of a level then sets each of its indicators to nothing."""
    return firing.action == "override" and firing.points <= 0


def settle(
    plan: IndicatorPlan,
    firings: Sequence[Firing],
    places: int,
    not_assessed: Fact | None,
    looked_at: Mapping[str, Sequence[Fact]],
) -> IndicatorScore:
    """Return how an indicator comes out.

    `firings` are those that post to it, in any order; `looked_at` the facts that each part's rules look at. A part that
    is a row of the form is rounded by itself.
    """
    book = _Book(plan)
    statuses: dict[str, Status] = {}
    for part in plan.parts:
        own = [firing for firing in firings if firing.part == part.id and firing.indicator == plan.number]
        if not_assessed is not None:
            statuses[part.id] = _leave_open(book, part, not_assessed)
            _override(book, part.id, [firing for firing in own if firing.action == "override"])
        else:
            fired = {fact for firing in own for fact in firing.facts}
            others = tuple(fact for fact in looked_at.get(part.id, ()) if fact not in fired)
            statuses[part.id] = _settle_part(book, part, own, others, places)
    whole = [firing for firing in firings if not firing.part or firing.indicator != plan.number]
    if not_assessed is None:
        _limit(book, "", whole)
        _round(book, places)
    before = Before(book.kept(), book.open())
    overrides = [firing for firing in whole if firing.action == "override"]
    _override(book, "", [firing for firing in overrides if firing.option == "indicator"], places)
    for scope in _OF_LEVELS:
        zeroing = [firing for firing in overrides if firing.option == scope and sets_to_nothing(firing)]
        _override(book, "", zeroing, places)
    applicable = set(statuses.values())
    status: Status = (
        NOT_ASSESSED if not_assessed is not None else NOT_APPLICABLE if applicable == {NOT_APPLICABLE} else ASSESSED
    )
    return IndicatorScore(
        number=plan.number,
        weight=plan.weight,
        kept=book.kept(),
        lost=book.lost(),
        open=book.open(),
        status=status,
        before_override=before
        if any(posting.kind == "override" and not posting.part for posting in book.postings)
        else None,
        parts=tuple(
            PartScore(p.id, p.title, p.weight, book.kept(p.id), book.lost(p.id), book.open(p.id), statuses[p.id], p.row)
            for p in plan.parts
        ),
        postings=tuple(book.postings),
    )


class _Book:
    """The postings of one indicator while it is settled."""

    def __init__(self, plan: IndicatorPlan) -> None:
        self.plan = plan
        self.postings: list[Posting] = []
        self.sums: dict[str | None, tuple[Number, Number, Number]] = {}
        """What the postings add to, by part and in all; forgotten where something is posted."""

    def post(
        self, part: str, firing: Firing, kind: str, asked: Number, amounts: tuple[Number, ...], limit: str = ""
    ) -> None:
        """Write one posting of points kept, lost and, if any, open; an empty part is the indicator as a whole."""
        kept, lost, open_points = (*amounts, 0, 0)[:3]
        for changed in (part, None):
            self.sums.pop(changed, None)
        self.postings.append(Posting(self.plan.number, part, firing, kind, asked, kept, lost, open_points, limit))

    def weight(self, part: str) -> Number:
        """The weight of a part, or of the whole for the empty name."""
        return self.plan.weight if not part else next(p.weight for p in self.plan.parts if p.id == part)

    def kept(self, part: str | None = None) -> Number:
        """The points kept so far, in one part or in all."""
        return self._sums(part)[0]

    def lost(self, part: str | None = None) -> Number:
        """The points lost so far, in one part or in all."""
        return self._sums(part)[1]

    def open(self, part: str | None = None) -> Number:
        """The points open so far, in one part or in all."""
        return self._sums(part)[2]

    def _sums(self, part: str | None) -> tuple[Number, Number, Number]:
        known = self.sums.get(part)
        if known is None:
            own = self.postings if part is None else [p for p in self.postings if p.part == part]
            known = self.sums[part] = (
                total([p.kept for p in own]), total([p.lost for p in own]), total([p.open for p in own]),
            )  # fmt: skip
        return known


def _leave_open(book: _Book, part: PartPlan, fact: Fact) -> Status:
    reason = str(fact.values.get("reason", ""))
    says = {"zh": f"未评：{reason}", "en": f"Not assessed: {reason}"}
    firing = _own(book, part, NOT_ASSESSED, says, facts=(fact,))
    book.post(part.id, firing, NOT_ASSESSED, 0, (0, 0, part.weight))
    return NOT_ASSESSED


def _settle_part(
    book: _Book, part: PartPlan, firings: Sequence[Firing], others: tuple[Fact, ...], places: int
) -> Status:
    """Settle one part; `others` are the facts that its rules look at and did not fire for."""
    status: Status = ASSESSED
    left = part.weight
    # “zero” before “excluded” before “full”: of two that disagree the stricter one counts.
    waived = [firing for firing in firings if firing.action == "not_applicable"]
    for firing in in_order(waived, lambda f: (f.option == "full", f.option == EXCLUDED)):
        status = NOT_APPLICABLE
        full = firing.option == "full"
        book.post(part.id, firing, NOT_APPLICABLE, left if full else 0, (left, 0) if full else (0, left))
        left = 0
    deductions = in_order(f for f in firings if f.action == "deduct")
    if part.method == "award":
        left = _award(book, part, in_order(f for f in firings if f.action == "award"), left)
        if left:
            says = {"zh": "没有规则给出这部分分数。", "en": "No rule awards these points."}
            firing = _own(book, part, "rest", says, numbers=(exact_text(left), left), facts=others)
            book.post(part.id, firing, "rest", left, (0, left))
        for firing in deductions:
            taken = min(firing.points, book.kept(part.id))
            limit = "" if taken == firing.points else FLOOR
            book.post(part.id, firing, "deduction", firing.points, (-taken, taken), limit)
    else:
        for firing in deductions:
            taken = min(firing.points, left)
            book.post(part.id, firing, "deduction", firing.points, (0, taken), "" if taken == firing.points else FLOOR)
            left -= taken
        if left:
            says = {"zh": "其余分数未被扣。", "en": "The rest is not deducted."}
            firing = _own(book, part, "rest", says, numbers=(exact_text(left), left), facts=others)
            book.post(part.id, firing, "rest", left, (left, 0))
    _limit(book, part.id, firings)
    overrides = [firing for firing in firings if firing.action == "override"]
    if part.row is not None:
        _round(book, places, part.id)
    _override(book, part.id, overrides, places if part.row is not None else None)
    return status


def _award(book: _Book, part: PartPlan, awards: Sequence[Firing], left: Number) -> Number:
    """Post the awards of a part; return what none of them has settled."""
    for firing in awards:
        asked = firing.points
        stake = left if firing.settles and len(awards) == 1 else firing.stake
        room = left if stake is None else min(stake, left)
        negative = asked.numerator < 0
        kept = 0 if negative else min(asked, room)
        lost = 0 if stake is None else room - kept
        limit = FLOOR if negative else CAP if kept != asked else "" if stake is None or room == stake else SLICE
        book.post(part.id, firing, "award", asked, (kept, lost), limit)
        left -= kept if stake is None else room
    return left


def _limit(book: _Book, part: str, firings: Sequence[Firing]) -> None:
    """Post the caps on a part or on the whole, and then the judgements of it."""
    caps = [firing for firing in firings if firing.action == "cap"]
    for number, firing in enumerate(in_order(caps, by_points)):
        over = max(book.kept(part or None) - max(firing.points, 0), 0)
        limit = FLOOR if firing.points < 0 else STRICTER if number else ""
        book.post(part, firing, "cap", firing.points, (-over, over), limit)
    adjustments = in_order(firing for firing in firings if firing.action == "adjust")
    for firing in adjustments:
        book.post(part, firing, "adjustment", firing.points, (firing.points, -firing.points))
    if adjustments:
        _keep_within(book, part)


def _keep_within(book: _Book, part: str) -> None:
    """Take back what the judgements together give above the weight, or take below nothing."""
    weight, asked = book.weight(part), book.kept(part or None)
    target = min(max(asked, 0), weight)
    if target == asked:
        return
    limit = CAP if asked > weight else FLOOR
    said = {"points": reading_text(asked), "limit": reading_text(target)}
    if limit == CAP:
        zh = "复核调整后为 {points} 分，以分值 {limit} 为限。"
        en = "The judgements give {points}; the weight is {limit}."
    else:
        zh = "复核调整后为 {points} 分，扣完为止。"
        en = "The judgements give {points}; no score is below {limit}."
    plan = next((each for each in book.plan.parts if each.id == part), None)
    says = {"zh": zh.format(**said), "en": en.format(**said)}
    numbers = f"min(max({exact_text(asked)}, 0), {exact_text(weight)})"
    formula = points_line("min(max(kept, 0), weight)", numbers, exact_text(target))
    firing = Firing(
        f"{book.plan.number}/{part}@limit", book.plan.number, part, "limit",
        plan.clauses if plan is not None else book.plan.clauses, says=says, formulas=(formula,),
    )  # fmt: skip
    book.post(part, firing, "limit", asked, (target - asked, asked - target), limit)


def _override(book: _Book, part: str, firings: Sequence[Firing], places: int | None = None) -> None:
    """Post the overrides of one scope: the lowest counts, and the others are recorded beside it."""
    for number, firing in enumerate(in_order(firings, by_points)):
        wanted = firing.points if places is None else round_half_up(firing.points, places)
        if number:
            book.post(part, firing, "override", wanted, (0, 0), STRICTER)
            continue
        weight, scope = book.weight(part), part or None
        target = min(max(wanted, 0), weight)
        limit = "" if target == wanted else FLOOR if wanted < 0 else CAP
        kept, lost = target - book.kept(scope), weight - target - book.lost(scope)
        book.post(part, firing, "override", wanted, (kept, lost, -book.open(scope)), limit)


def _round(book: _Book, places: int, part: str = "") -> None:
    exact = book.kept(part or None)
    rounded = round_half_up(exact, places)
    if rounded == exact:
        return
    text = exact_text(exact)
    shown, result = reading_text(exact, places + 2), exact_text(rounded)
    says = {
        "zh": f"四舍五入到小数点后 {places} 位：{shown} 记为 {result}。",
        "en": f"Rounded half up to {places} decimals: {shown} becomes {result}.",
    }
    formula = points_line("round(kept)", f"round({text}, {places})", result)
    firing = Firing(
        f"{book.plan.number}/{part}@rounding", book.plan.number, part, "rounding", (), says=says, formulas=(formula,)
    )
    book.post(part, firing, "rounding", rounded - exact, (rounded - exact, exact - rounded))


def _own(
    book: _Book,
    part: PartPlan,
    action: str,
    says: dict[str, str],
    *,
    numbers: tuple[str, Number] | None = None,
    facts: tuple[Fact, ...] = (),
) -> Firing:
    """Make a firing of the engine itself, which closes what no rule has settled."""
    formulas = (points_line("part_weight - settled", numbers[0], exact_text(numbers[1])),) if numbers else ()
    return Firing(
        f"{book.plan.number}/{part.id}@{action}", book.plan.number, part.id, action, part.clauses, part.readings,
        facts=facts, formulas=formulas, says=says,
    )  # fmt: skip
