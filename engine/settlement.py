"""Settle one indicator: fold its firings into postings that balance.

The order is the form's: parts with their floors and caps → a cap on the whole → the reviewer's judgement → rounding →
override of the indicator → override of its level-2 parent. Whatever limits a posting is recorded with what was asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.facts.model import Fact
from engine.firing import Firing, IndicatorScore, PartScore, Posting, Worked
from engine.numbers import Number, exact_text, round_half_up, total
from engine.ruleset.program import IndicatorPlan, PartPlan

ASSESSED, NOT_APPLICABLE, NOT_ASSESSED = "assessed", "not_applicable", "not_assessed"


def settle(
    plan: IndicatorPlan,
    firings: Sequence[Firing],
    places: int,
    not_assessed: Fact | None,
    looked_at: Mapping[str, Sequence[Fact]],
) -> IndicatorScore:
    """Return how an indicator comes out.

    `firings` are those that post to it, in canonical order; `looked_at` the facts that each part's rules look at.
    """
    book = _Book(plan)
    statuses: dict[str, str] = {}
    for part in plan.parts:
        own = [firing for firing in firings if firing.part == part.id and firing.indicator == plan.number]
        if not_assessed is not None:
            statuses[part.id] = _leave_out(book, part, not_assessed)
        else:
            fired = {fact for firing in own for fact in firing.facts}
            others = tuple(fact for fact in looked_at.get(part.id, ()) if fact not in fired)
            statuses[part.id] = _settle_part(book, part, own, others)
    whole = [firing for firing in firings if not firing.part or firing.indicator != plan.number]
    if not_assessed is None:
        _settle_whole(book, whole, places)
    before = book.kept()
    overrides = sorted((f for f in whole if f.action == "override"), key=lambda f: f.option == "level_2")
    for firing in overrides:
        book.move_to("", firing, "override", round_half_up(firing.points, places))
    applicable = set(statuses.values())
    status = (
        NOT_ASSESSED if not_assessed is not None else NOT_APPLICABLE if applicable == {NOT_APPLICABLE} else ASSESSED
    )
    return IndicatorScore(
        number=plan.number,
        weight=plan.weight,
        kept=book.kept(),
        lost=book.lost(),
        status=status,
        before_override=before if overrides else None,
        parts=tuple(
            PartScore(p.id, p.title, p.weight, book.kept(p.id), book.lost(p.id), statuses[p.id]) for p in plan.parts
        ),
        postings=tuple(book.postings),
    )


class _Book:
    """The postings of one indicator while it is settled."""

    def __init__(self, plan: IndicatorPlan) -> None:
        self.plan = plan
        self.postings: list[Posting] = []
        self.sums: dict[str | None, tuple[Number, Number]] = {}
        """What the postings add to, by part and in all; forgotten at every posting."""

    def post(
        self, part: str, firing: Firing, kind: str, asked: Number, kept: Number, lost: Number, limit: str = ""
    ) -> None:
        """Write one posting; an empty part is the indicator as a whole."""
        self.sums.clear()
        self.postings.append(Posting(self.plan.number, part, firing, kind, asked, kept, lost, limit))

    def move_to(self, part: str, firing: Firing, kind: str, wanted: Number) -> None:
        """Post what brings the points kept to `wanted`, but never below nothing or above the weight."""
        weight = self.plan.weight if not part else next(p.weight for p in self.plan.parts if p.id == part)
        now = self.kept(part or None)
        target = min(max(wanted, 0), weight)
        limit = "" if target == wanted else "floor" if wanted < 0 else "cap"
        self.post(part, firing, kind, wanted, target - now, now - target, limit)

    def kept(self, part: str | None = None) -> Number:
        """The points kept so far, in one part or in all."""
        return self._sums(part)[0]

    def lost(self, part: str | None = None) -> Number:
        """The points lost so far, in one part or in all."""
        return self._sums(part)[1]

    def _sums(self, part: str | None) -> tuple[Number, Number]:
        known = self.sums.get(part)
        if known is None:
            own = self.postings if part is None else [p for p in self.postings if p.part == part]
            known = self.sums[part] = (total(p.kept for p in own), total(p.lost for p in own))
        return known


def _leave_out(book: _Book, part: PartPlan, fact: Fact) -> str:
    reason = str(fact.values.get("reason", ""))
    says = {"zh": f"未评：{reason}", "en": f"Not assessed: {reason}"}
    firing = _own(book, part, NOT_ASSESSED, part.clauses, says, facts=(fact,))
    book.post(part.id, firing, NOT_ASSESSED, 0, 0, part.weight)
    return NOT_ASSESSED


def _settle_part(book: _Book, part: PartPlan, firings: Sequence[Firing], others: tuple[Fact, ...]) -> str:
    """Settle one part; `others` are the facts that its rules look at and did not fire for."""
    status = ASSESSED
    left = part.weight
    for firing in firings:
        if firing.action == "not_applicable":
            status = NOT_APPLICABLE
            full = firing.option == "full"
            book.post(part.id, firing, NOT_APPLICABLE, left if full else 0, left if full else 0, 0 if full else left)
            left = 0
    if part.method == "award":
        left = _award(book, part, [f for f in firings if f.action == "award"], left)
        if left:
            says = {"zh": "没有规则给出这部分分数。", "en": "No rule awards these points."}
            firing = _own(book, part, "rest", part.clauses, says, numbers=(exact_text(left), left), facts=others)
            book.post(part.id, firing, "rest", left, 0, left)
        for firing in (f for f in firings if f.action == "deduct"):
            _deduct(book, part, firing)
    else:
        for firing in (f for f in firings if f.action == "deduct"):
            left -= _deduct_from_full(book, part, firing, left)
        if left:
            says = {"zh": "其余分数未被扣。", "en": "The rest is not deducted."}
            firing = _own(book, part, "rest", part.clauses, says, numbers=(exact_text(left), left), facts=others)
            book.post(part.id, firing, "rest", left, left, 0)
    for firing in firings:
        if firing.action == "cap":
            _cap(book, part.id, firing)
        elif firing.action == "adjust":
            book.move_to(part.id, firing, "adjustment", book.kept(part.id) + firing.points)
        elif firing.action == "override":
            book.move_to(part.id, firing, "override", firing.points)
    return status


def _award(book: _Book, part: PartPlan, awards: Sequence[Firing], left: Number) -> Number:
    """Post the awards of a part; return what none of them has settled."""
    for firing in awards:
        asked = firing.points
        stake = left if firing.settles else firing.stake
        room = left if stake is None else min(stake, left)
        negative = asked.numerator < 0
        kept = 0 if negative else min(asked, room)
        lost = 0 if stake is None else room - kept
        limit = "floor" if negative else "cap" if kept is not asked or (stake is not None and room is not stake) else ""
        book.post(part.id, firing, "award", asked, kept, lost, limit)
        left -= kept if stake is None else room
    return left


def _deduct(book: _Book, part: PartPlan, firing: Firing) -> None:
    """Take points that an award gave."""
    taken = min(firing.points, book.kept(part.id))
    book.post(part.id, firing, "deduction", firing.points, -taken, taken, "" if taken == firing.points else "floor")


def _deduct_from_full(book: _Book, part: PartPlan, firing: Firing, left: Number) -> Number:
    """Take points from a part that starts full; return how many."""
    taken = min(firing.points, left)
    book.post(part.id, firing, "deduction", firing.points, 0, taken, "" if taken == firing.points else "floor")
    return taken


def _cap(book: _Book, part: str, firing: Firing) -> None:
    now = book.kept(part or None)
    over = max(now - max(firing.points, 0), 0)
    book.post(part, firing, "cap", firing.points, -over, over, "floor" if firing.points < 0 else "")


def _settle_whole(book: _Book, firings: Sequence[Firing], places: int) -> None:
    for firing in (f for f in firings if f.action == "cap"):
        _cap(book, "", firing)
    for firing in (f for f in firings if f.action == "adjust"):
        book.move_to("", firing, "adjustment", book.kept() + firing.points)
    exact = book.kept()
    rounded = round_half_up(exact, places)
    if rounded != exact:
        text = exact_text(exact)
        says = {
            "zh": f"四舍五入到小数点后 {places} 位：{text} 记为 {exact_text(rounded)}。",
            "en": f"Rounded half up to {places} decimals: {text} becomes {exact_text(rounded)}.",
        }
        worked = Worked("points", "round(kept)", f"round({text}, {places})", exact_text(rounded))
        firing = Firing(
            f"{book.plan.number}/@rounding", book.plan.number, "", "rounding", (), says=says, formulas=(worked,)
        )
        book.post("", firing, "rounding", rounded - exact, rounded - exact, exact - rounded)


def _own(
    book: _Book,
    part: PartPlan,
    action: str,
    clauses: tuple[str, ...],
    says: dict[str, str],
    *,
    numbers: tuple[str, Number] | None = None,
    facts: tuple[Fact, ...] = (),
) -> Firing:
    """Make a firing of the engine itself, which closes what no rule has settled."""
    formulas = (Worked("points", "part_weight - settled", numbers[0], exact_text(numbers[1])),) if numbers else ()
    name = f"{book.plan.number}/{part.id}@{action}"
    return Firing(name, book.plan.number, part.id, action, clauses, part.readings, facts, formulas, says=says)
