"""What a posting may be by the firing that makes it: its kind, its place, and the points that it asks for.

The value of a formula depends on the facts and the ruleset, so only a replay can check it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction

from audit.checks.amounts import Line, amount
from engine.base.messages import Message, msg
from engine.base.numbers import exact_text, round_half_up
from engine.language.levels import DEPTHS
from engine.receipt import Content
from engine.receipt.model import FiringLine, PostingLine

_OWN = ("not_applicable", "not_assessed", "rest", "rounding", "limit", "rescaling")
"""What a posting and the action of its firing are both called."""

_ACTIONS: Mapping[str, str] = {
    "award": "award", "deduction": "deduct", "cap": "cap", "adjustment": "adjust", "override": "override",
    **{name: name for name in _OWN},
}  # fmt: skip
"""The actions that post, by the kind of the posting."""

_POSTING = frozenset(_ACTIONS.values())
_ON_LEVELS = frozenset({"cap", "override", "rescaling"})
_MOVING = frozenset({"cap", "adjustment", "override", "limit", "rounding", "rescaling"})
"""The kinds that only move points between kept, lost and open."""

_EXACT = r"-?[0-9]{1,400}(?:\.[0-9]{1,400}|/[1-9][0-9]{0,400})?"
_NUMBER = re.compile(_EXACT)
_SHARE = re.compile(rf"({_EXACT}) / ({_EXACT}) \* ({_EXACT})")
"""How the total is scaled: 得分 / 适用分值 * 满分, in numbers."""


def act_faults(content: Content) -> Iterator[Message]:
    """Report every posting that its firing cannot have made, and every firing whose posting is missing."""
    posted: set[int] = set()
    seen: set[tuple[int, int | None, tuple[str, ...] | None]] = set()
    paths = {line.number: line.path for line in content.indicators}
    for number, posting in enumerate(content.postings):
        if not 0 <= posting.firing < len(content.firings):
            continue
        firing = content.firings[posting.firing]
        posted.add(posting.firing)
        made = (posting.firing, posting.indicator, posting.level)
        if _ACTIONS.get(posting.kind) != firing.action:
            yield msg("posting {number} is not of the kind of its firing", number=number)
        elif made in seen or not _is_in_place(posting, firing, paths):
            yield msg("posting {number} is not where its firing posts", number=number)
        elif not _is_asked(posting, firing):
            yield msg("posting {number} is not what its firing asks for", number=number)
        seen.add(made)
    for number, firing in enumerate(content.firings):
        if firing.action in _POSTING and number not in posted:
            yield msg("a firing of {rule} has no posting", rule=firing.rule)
    yield from _rescaling_faults(content)


def _is_in_place(posting: PostingLine, firing: FiringLine, paths: Mapping[int, tuple[str, ...]]) -> bool:
    """Return whether a firing posts to this part, indicator or level."""
    level = posting.level
    if posting.part != firing.part:
        return False
    if level is None:
        if posting.indicator == firing.indicator:
            return posting.kind != "rescaling"
        # An override that sets a level to nothing sets each of its indicators to nothing.
        points = points_of(firing)
        return posting.kind == "override" and _reaches(firing) and points is not None and amount(points) <= 0
    if posting.kind not in _ON_LEVELS or posting.part:
        return False
    if posting.kind == "rescaling":
        return level == () and firing.indicator is None
    if firing.indicator is None:
        return firing.option == ("level" if level else "total")
    depth, path = DEPTHS.get(firing.option), paths.get(firing.indicator)
    return depth is not None and path is not None and level == path[:depth]


def _reaches(firing: FiringLine) -> bool:
    """Return whether a firing acts on a level."""
    return firing.option in DEPTHS or (firing.option == "level" and firing.indicator is None)


def points_of(firing: FiringLine) -> str | None:
    """Return the points that a firing's formula gives; None where it has no such formula, or gives no number."""
    values = [line.value for line in firing.formulas if line.kind == "points"]
    return values[0] if len(values) == 1 and _NUMBER.fullmatch(values[0]) else None


def _is_asked(posting: PostingLine, firing: FiringLine) -> bool:
    """Return whether a posting asks for what its firing gives, and has what was asked or says what limited it."""
    asked, kept, lost, left = (amount(text) for text in (posting.asked, posting.kept, posting.lost, posting.open))
    if posting.kind in _MOVING and kept + lost + left != 0:
        return False
    if left and posting.kind not in ("not_assessed", *_ON_LEVELS):
        return False
    if posting.kind == "not_assessed":
        return asked == kept == lost == 0
    if posting.kind == "not_applicable":
        return asked == kept and (lost if firing.option == "full" else kept) == 0
    points = points_of(firing)
    if points is None:
        return False
    if posting.kind == "limit":
        return asked + kept == amount(points)
    if posting.kind == "rounding":
        return asked == kept and 2 * abs(Fraction(posting.asked)) <= 1
    if posting.kind == "cap" and posting.level is not None:
        return _is_set(posting, points) and kept <= 0
    if posting.kind == "override":
        return _is_set(posting, points) and (posting.limit != "stricter" or kept == lost == left == 0)
    return posting.asked == points and _has_what_was_asked(posting)


def _has_what_was_asked(posting: PostingLine) -> bool:
    """Return whether points were given or taken as they were asked for, or less where something limits them."""
    asked, kept, lost = amount(posting.asked), amount(posting.kept), amount(posting.lost)
    match posting.kind:
        case "award":
            return lost >= 0 and kept == (asked if posting.limit in ("", "slice") else max(0, min(kept, asked)))
        case "deduction":
            return kept in (0, -lost) and (lost == asked if not posting.limit else 0 <= lost < asked)
        case "rest":
            return asked == kept + lost and 0 in (kept, lost)
        case "adjustment":
            return kept == asked
        case "cap":
            return kept <= 0
    return True


def _is_set(posting: PostingLine, points: str) -> bool:
    """Return whether an override or a cap asks for the points of its formula, rounded to the decimals that it has."""
    if posting.asked == points:
        return True
    places = len(posting.asked.partition(".")[2])
    return posting.asked == exact_text(round_half_up(Fraction(points), places))


def _rescaling_faults(content: Content) -> Iterator[Message]:
    """Report a total that is not scaled from what its indicators and levels came to before."""
    scaled = [number for number, posting in enumerate(content.postings) if posting.kind == "rescaling"]
    if not scaled:
        return
    before = Line()
    for line in content.indicators:
        before.add(line)
    for posting in content.postings[: scaled[0]]:
        if posting.level is not None:
            before.add(posting)
    posting = content.postings[scaled[0]]
    kept = before.sums()[0]
    share = _SHARE.fullmatch(_numbers(content, posting))
    if len(scaled) > 1 or kept + amount(posting.kept) != amount(posting.asked) or share is None:
        yield msg("the total is not scaled by its formula")
        return
    had, applicable, full = map(Fraction, share.groups())
    places = len(posting.asked.partition(".")[2])
    if (
        (amount(share[1]), amount(share[3])) != (kept, amount(content.weight))
        or not 0 < applicable < full
        or posting.asked != exact_text(round_half_up(had * full / applicable, places))
    ):
        yield msg("the total is not scaled by its formula")


def _numbers(content: Content, posting: PostingLine) -> str:
    if posting.firing >= len(content.firings):
        return ""
    return next((line.numbers for line in content.firings[posting.firing].formulas if line.kind == "points"), "")
