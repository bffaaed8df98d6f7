"""Adding up the books of a receipt again: no points exist outside a posting, and none are lost on the way up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

from engine.errors import Message, msg
from engine.numbers import total


@lru_cache(maxsize=4096)
def amount(text: str) -> Fraction:
    """Read an amount as a receipt writes it, a decimal or a fraction; the same ones come again and again."""
    return Fraction(text)


def book_faults(content: Mapping[str, Any]) -> Iterator[Message]:
    """Tell every sum in a receipt that does not come out."""
    by_part: dict[tuple[int, str], list[tuple[Fraction, Fraction]]] = defaultdict(list)
    for posting in content["postings"]:
        amounts = amount(posting["kept"]), amount(posting["lost"])
        by_part[posting["indicator"], posting["part"]].append(amounts)
        if not 0 <= posting["firing"] < len(content["firings"]):
            yield msg("a posting of indicator {number} names no firing", number=posting["indicator"])
    levels: dict[tuple[str, ...], list[tuple[Fraction, Fraction]]] = defaultdict(list)
    for indicator in content["indicators"]:
        number = indicator["number"]
        posted = by_part.pop((number, ""), [])  # what is given or taken beside the parts, as by an override
        for part in indicator["parts"]:
            of_part = by_part.pop((number, part["id"]), [])
            kept = amount(part["kept"]), amount(part["lost"])
            if _sum(of_part) != kept or sum(kept) != amount(part["weight"]):
                yield msg("part “{part}” of indicator {number} does not add up", part=part["id"], number=number)
            posted += of_part
        kept = amount(indicator["kept"]), amount(indicator["lost"])
        if _sum(posted) != kept or sum(kept) != amount(indicator["weight"]):
            yield msg("indicator {number} does not add up", number=number)
        path = tuple(indicator["path"])
        for depth in range(1, len(path) + 1):
            levels[path[:depth]].append(kept)
    for number, _ in by_part:
        yield msg("points are posted to no part of indicator {number}", number=number)
    for level in content["levels"]:
        kept = amount(level["kept"]), amount(level["lost"])
        if _sum(levels.pop(tuple(level["path"]), [])) != kept or sum(kept) != amount(level["weight"]):
            yield msg("level “{level}” does not add up", level=" / ".join(level["path"]))
    if levels:
        yield msg("a level is missing")
    if total(amount(each["kept"]) for each in content["indicators"]) != amount(content["total"]):
        yield msg("the total does not add up")


def _sum(pairs: list[tuple[Fraction, Fraction]]) -> tuple[Fraction, Fraction]:
    if len(pairs) == 1:
        return pairs[0]
    return Fraction(total(pair[0] for pair in pairs)), Fraction(total(pair[1] for pair in pairs))
