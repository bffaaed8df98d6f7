"""Adding up the books of a receipt again: no points exist outside a posting, and none are lost on the way up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any, TypeAlias

from engine.errors import Message, msg

_UNIT = 10**12

Amount: TypeAlias = int | Fraction
"""An amount in units of 10**-12 points: whole but for fractions such as 1/3, so that adding up is quick and exact."""


@lru_cache(maxsize=4096)
def amount(text: str) -> Amount:
    """Read an amount as a receipt writes it, a decimal or a fraction; the same ones come again and again."""
    if "e" in text.lower():
        # No receipt writes exponents; a forged one could keep us counting for ever.
        raise ValueError(text)
    found = Fraction(text) * _UNIT
    return found.numerator if found.denominator == 1 else found


def book_faults(content: Mapping[str, Any]) -> Iterator[Message]:
    """Tell every sum in a receipt that does not come out."""
    kept: dict[Any, Amount] = {}
    lost: dict[Any, Amount] = {}
    firings = len(content["firings"])
    for posting in content["postings"]:
        place = posting["indicator"], posting["part"]
        kept[place] = kept.get(place, 0) + amount(posting["kept"])
        lost[place] = lost.get(place, 0) + amount(posting["lost"])
        if not 0 <= posting["firing"] < firings:
            yield msg("a posting of indicator {number} names no firing", number=place[0])
    above: dict[tuple[str, ...], tuple[Amount, Amount]] = {}
    total: Amount = 0
    weight: Amount = 0
    for indicator in content["indicators"]:
        number = indicator["number"]
        # What is given or taken beside the parts, as by an override, stands under no part.
        own = (number, "")
        in_all, out_all = kept.pop(own, 0), lost.pop(own, 0)
        for part in indicator["parts"]:
            place = (number, part["id"])
            in_part, out_part = kept.pop(place, 0), lost.pop(place, 0)
            if not _balances(part, in_part, out_part):
                yield msg("part “{part}” of indicator {number} does not add up", part=part["id"], number=number)
            in_all, out_all = in_all + in_part, out_all + out_part
        if not _balances(indicator, in_all, out_all):
            yield msg("indicator {number} does not add up", number=number)
        in_all, out_all = amount(indicator["kept"]), amount(indicator["lost"])
        total, weight = total + in_all, weight + amount(indicator["weight"])
        path = tuple(indicator["path"])
        for depth in range(1, len(path) + 1):
            had = above.get(path[:depth], (0, 0))
            above[path[:depth]] = had[0] + in_all, had[1] + out_all
    for number, _ in kept:
        yield msg("points are posted to no part of indicator {number}", number=number)
    for level in content["levels"]:
        if not _balances(level, *above.pop(tuple(level["path"]), (0, 0))):
            yield msg("level “{level}” does not add up", level=" / ".join(level["path"]))
    if above:
        yield msg("a level is missing")
    if total != amount(content["total"]) or weight != amount(content["weight"]):
        yield msg("the total does not add up")


def _balances(line: Mapping[str, Any], kept: Amount, lost: Amount) -> bool:
    return kept == amount(line["kept"]) and lost == amount(line["lost"]) and kept + lost == amount(line["weight"])
