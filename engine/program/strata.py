"""Put rules into strata, so that an aggregate is computed only when its facts are complete."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.language.typed import Scored


@dataclass(frozen=True, slots=True)
class Dependencies:
    """What a rule needs and gives, by name: fact types, and `score_of` for the points of an indicator or a level."""

    """What a rule needs and gives, by name: fact types, `score n` for the points of indicator n, `result r`."""

    matches: frozenset[str]
    """What it matches: may grow while its own stratum runs."""
    completes: frozenset[str]
    """What must be complete before it: what it aggregates, and scores that it looks at."""
    gives: frozenset[str]


class Cycle(Exception):
    """Rules need each other's complete results; `members` are the positions of the rules in the circle."""

    def __init__(self, members: Sequence[int]) -> None:
        super().__init__(members)
        self.members = members


def score_of(scored: Scored) -> str:
    """Name the points of an indicator or a level among the things that rules give; no fact type has a blank."""
    return f"score {scored if isinstance(scored, int) else '/'.join(scored)}"


def result_of(name: str) -> str:
    """Name the value of a result among the things that rules give."""
    return f"result {name}"


def stratify(rules: Sequence[Dependencies]) -> list[int]:
    """Return the stratum of each rule, from 0; `Cycle` if there is no order."""
    level = [0] * len(rules)
    while True:
        given: dict[str, int] = {}
        for rule, own in zip(rules, level, strict=True):
            for name in rule.gives:
                given[name] = max(given.get(name, 0), own)
        needed = [
            max(own, _highest(rule.matches, given, 0), _highest(rule.completes, given, 1))
            for rule, own in zip(rules, level, strict=True)
        ]
        if needed == level:
            return _without_gaps(level)
        raised = [position for position, own in enumerate(level) if needed[position] > own]
        if any(needed[position] > len(rules) for position in raised):
            raise Cycle(raised)
        level = needed


def _highest(names: Iterable[str], given: Mapping[str, int], step: int) -> int:
    return max((given[name] + step for name in names if name in given), default=0)


def _without_gaps(level: Sequence[int]) -> list[int]:
    order = {value: number for number, value in enumerate(sorted(set(level)))}
    return [order[value] for value in level]
