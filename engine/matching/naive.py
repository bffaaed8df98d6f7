"""The plain matcher: nested loops over exact values, written to be read, and to check the fast one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from engine.facts.model import Fact
from engine.matching import conditions
from engine.matching.conditions import Sieve, join_key, phases, sieve, too_many_firings, too_many_rows
from engine.matching.interface import Derive, Join, Match, Row, Rule, World


class NaiveStratum:
    """The rules of one stratum, matched by trying every fact on every pattern."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._matchers = [_Matcher(rule) for rule in rules]

    def matches(
        self,
        facts: Mapping[str, Sequence[Fact]],
        active: Iterable[int],
        world: World,
        derive: Derive,
        limit: int,
    ) -> list[Match]:
        """Return every match of the active rules; see `Stratum`."""
        wanted = set(active)
        matchers = [m for m in self._matchers if m.rule.index in wanted and m.phases.guards_hold(world)]
        found: list[Match] = []
        known = {name: list(given) for name, given in facts.items()}
        standing = {id(fact) for given in known.values() for fact in given}
        deriving = [(matcher, _Memory(matcher, world)) for matcher in matchers if matcher.rule.derives]
        fresh, again = known, bool(deriving)
        while again:
            derived: dict[str, list[Fact]] = {}
            for matcher, memory in deriving:
                for row in memory.rows_with(fresh):
                    found.append((matcher.rule.index, row))
                    fact = derive(matcher.rule.index, row) if len(found) <= limit else None
                    if fact is not None and id(fact) not in standing:
                        standing.add(id(fact))
                        derived.setdefault(fact.type, []).append(fact)
                _check_limit(found, limit, matchers)
            for name, more in derived.items():
                known.setdefault(name, []).extend(more)
            fresh, again = derived, bool(derived)
        for matcher in matchers:
            if not matcher.rule.derives:
                found += [(matcher.rule.index, row) for row in _Memory(matcher, world).rows_with(known)]
                _check_limit(found, limit, matchers)
        return found


class _Matcher:
    """One rule with its conditions sorted by when they are tried."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.phases = phases(rule)
        self.alone = [[sieve(c, pattern) for c in own] for pattern, own in enumerate(self.phases.alone)]

    def rows(self, candidates: Sequence[Sequence[Fact]], world: World) -> list[Row]:
        """Return the rows that take a candidate for each pattern and meet the joins and the tests across."""
        rows: list[Row] = [()]
        for facts, joins in zip(candidates, self.phases.joins, strict=True):
            rows = _extended(rows, facts, joins, self.rule.name)
        if self.phases.across:
            rows = [row for row in rows if self.phases.holds_across(row, world)]
        return rows


class _Memory:
    """Which facts so far meet the conditions on each pattern alone."""

    def __init__(self, matcher: _Matcher, world: World) -> None:
        self._matcher = matcher
        self._world = world
        self._before: list[list[Fact]] = [[] for _ in matcher.alone]
        self._started = False

    def rows_with(self, facts: Mapping[str, Sequence[Fact]]) -> list[Row]:
        """Return the rows that hold at least one of the new facts, and take those in."""
        matcher, world = self._matcher, self._world
        if not matcher.alone:
            rows: list[Row] = [] if self._started else [()]
            self._started = True
            return rows
        new = [
            _sifted(facts.get(name, ()), sieves, world)
            for name, sieves in zip(matcher.rule.patterns, matcher.alone, strict=True)
        ]
        old = self._before
        self._before = both = [[*o, *n] for o, n in zip(old, new, strict=True)]
        rows = []
        for first, fresh in enumerate(new):
            if fresh:
                rows += matcher.rows([*old[:first], fresh, *both[first + 1 :]], world)
        return rows


def _sifted(facts: Sequence[Fact], sieves: Sequence[Sieve], world: World) -> Sequence[Fact]:
    """Return the facts that meet all conditions, each tried on those that met the ones before."""
    for keep in sieves:
        facts = keep(facts, world)
    return facts


def _extended(rows: list[Row], facts: Sequence[Fact], joins: Sequence[Join], name: str) -> list[Row]:
    """Extend each row by each fact that agrees with it."""
    groups: dict[tuple[object, ...], list[Fact]] = {}
    for fact in facts:
        key = tuple(join_key(fact, join.right_field) for join in joins)
        if None not in key:
            groups.setdefault(key, []).append(fact)
    extended: list[Row] = []
    for row in rows:
        key = tuple(join_key(row[join.left], join.left_field) for join in joins)
        extended += [(*row, fact) for fact in groups.get(key, ())]
        if len(extended) > conditions.MAX_ROWS:
            raise too_many_rows(name)
    return extended


def _check_limit(found: Sequence[Match], limit: int, matchers: Sequence[_Matcher]) -> None:
    if len(found) > limit:
        names = {matcher.rule.index: matcher.rule.name for matcher in matchers}
        busiest = Counter(index for index, _ in found).most_common(3)
        raise too_many_firings(limit, [names[index] for index, _ in busiest])
