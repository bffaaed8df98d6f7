"""Short ways to write rules and facts in the matchers' tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from engine.base.comparators import Comparator
from engine.base.numbers import Number
from engine.facts.model import Fact, MatchedFacts, Value
from engine.matching.agreement import agree
from engine.matching.durable.stratum import DurableStratum
from engine.matching.interface import Comparison, Condition, Derive, Match, MatchContext, Rule
from engine.matching.naive import NaiveStratum

LIMIT = 100_000


def fact(kind: str, name: str, **values: Value) -> Fact:
    """Make a fact."""
    return Fact(kind, name, values)


def facts(*given: Fact) -> dict[str, list[Fact]]:
    """Sort facts by type."""
    sorted_out: dict[str, list[Fact]] = {}
    for one in given:
        sorted_out.setdefault(one.type, []).append(one)
    return sorted_out


def rule(index: int, patterns: Sequence[str], *conditions: Condition, derives: bool = False) -> Rule:
    """Make a rule named by its index."""
    return Rule(index, f"rule {index}", tuple(patterns), conditions, derives)


def compare(pattern: int, field: str, sign: str, constant: Number | str | bool | date) -> Comparison:
    """Make a comparison by its sign."""
    return Comparison(pattern, field, Comparator(sign), constant)


def nothing(_: int, __: MatchedFacts) -> Fact | None:
    """Derive nothing."""
    return None


def by_both(
    rules: Iterable[Rule],
    given: Mapping[str, Sequence[Fact]],
    context: MatchContext = None,
    derive: Derive = nothing,
    limit: int = LIMIT,
    active: Iterable[int] | None = None,
) -> set[tuple[int, tuple[str, ...]]]:
    """Match by both matchers, see that they agree, and return the rules' indexes with the facts' ids."""
    rules = list(rules)
    wanted = [one.index for one in rules] if active is None else list(active)
    plain = NaiveStratum(rules).matches(given, wanted, context, derive, limit)
    fast = durably(rules, given, context, derive, limit, wanted)
    agree({one.index: one.name for one in rules}, plain, fast)
    return named(plain)


def durably(
    rules: Sequence[Rule],
    given: Mapping[str, Sequence[Fact]],
    context: MatchContext = None,
    derive: Derive = nothing,
    limit: int = LIMIT,
    active: Iterable[int] | None = None,
) -> list[Match]:
    """Match by the fast matcher alone."""
    wanted = [one.index for one in rules] if active is None else active
    return DurableStratum(rules).matches(given, wanted, context, derive, limit)


def named(matches: Iterable[Match]) -> set[tuple[int, tuple[str, ...]]]:
    """Name the facts of matches by their ids."""
    return {(index, tuple(one.id for one in row)) for index, row in matches}
