"""The work: items of five kinds, rules that each take one kind and one band of amounts."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

KINDS = ("甲", "乙", "丙", "丁", "戊")
TOP = 100_000
"""Amounts are below it, in hundredths."""


@dataclass(frozen=True, slots=True)
class Item:
    """One fact; the amount is in hundredths, so that engines without exact decimals can count it."""

    id: str
    name: str
    kind: str
    target: int
    actual: int
    amount: int
    met: bool


@dataclass(frozen=True, slots=True)
class BandRule:
    """One rule: an item of the kind, with low <= amount < high, gets amount times factor."""

    number: int
    kind: str
    low: int
    high: int
    factor: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What every engine must find: which rule fired for which item, and the sum of the points, in hundredths."""

    fired: frozenset[tuple[int, str]]
    points: int


def rules(count: int) -> list[BandRule]:
    """Return rules that together cover every item once."""
    bands = -(-count // len(KINDS))
    width = -(-TOP // bands)
    return [
        BandRule(n, KINDS[n % len(KINDS)], n // len(KINDS) * width, (n // len(KINDS) + 1) * width, 1 + n % 3)
        for n in range(count)
    ]


def items(count: int, seed: int = 1) -> list[Item]:
    """Return random items."""
    random = Random(seed)
    return [
        Item(
            f"I{n:05}",
            f"项目{n}",
            random.choice(KINDS),
            random.randrange(1, 500),
            random.randrange(1, 500),
            random.randrange(TOP),
            random.random() < 0.5,
        )
        for n in range(count)
    ]
