"""The plain matcher: nested loops over exact values, written to be read, and to check the fast one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice, product

from engine.base.comparators import Comparator
from engine.facts.model import Fact, MatchedFacts
from engine.matching import conditions
from engine.matching.conditions import join_key, key_of, phases, sieve, too_many_firings, too_many_rows
from engine.matching.interface import Comparison, Condition, Derive, Join, Match, MatchContext, Rule


class NaiveStratum:
    """The rules of one stratum, matched by trying every fact on every pattern."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._matchers = [_Matcher(rule) for rule in rules]

    def matches(
        self,
        facts: Mapping[str, Sequence[Fact]],
        active: Iterable[int],
        context: MatchContext,
        derive: Derive,
        limit: int,
    ) -> list[Match]:
        """Return every match of the active rules; see `Stratum`."""
        wanted = set(active)
        matchers = [m for m in self._matchers if m.rule.index in wanted and m.phases.guards_hold(context)]
        found: list[Match] = []
        known = {name: list(given) for name, given in facts.items()}
        standing = {id(fact) for given in known.values() for fact in given}
        deriving = [(matcher, _Memory(matcher)) for matcher in matchers if matcher.rule.derives]
        fresh, again = known, bool(deriving)
        while again:
            derived: dict[str, list[Fact]] = {}
            new = _Groups(fresh)
            for matcher, memory in deriving:
                for row in memory.rows_with(new, context):
                    found.append((matcher.rule.index, row))
                    fact = derive(matcher.rule.index, row) if len(found) <= limit else None
                    if fact is not None and id(fact) not in standing:
                        standing.add(id(fact))
                        derived.setdefault(fact.type, []).append(fact)
                _check_limit(found, limit, matchers)
            for name, more in derived.items():
                known.setdefault(name, []).extend(more)
            fresh, again = derived, bool(derived)
        groups = _Groups(known)
        for matcher in matchers:
            if not matcher.rule.derives:
                index = matcher.rule.index
                found += [(index, row) for row in matcher.rows(matcher.candidates(groups, context), context)]
                _check_limit(found, limit, matchers)
        return found


class _Groups:
    """Facts by type, and grouped by the value of a field where that is asked for."""

    def __init__(self, facts: Mapping[str, Sequence[Fact]]) -> None:
        self._facts = facts
        self._groups: dict[tuple[str, str], dict[object, list[Fact]]] = {}

    def of(self, name: str) -> Sequence[Fact]:
        """Return the facts of a type."""
        return self._facts.get(name, ())

    def equal(self, name: str, field: str, key: object) -> Sequence[Fact]:
        """Return the facts of a type whose field has a value."""
        groups = self._groups.get((name, field))
        if groups is None:
            groups = self._groups[name, field] = {}
            for fact in self.of(name):
                groups.setdefault(join_key(fact, field), []).append(fact)
        return groups.get(key, ())


class _Matcher:
    """One rule with its conditions sorted by when they are tried."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.phases = phases(rule)
        self._alone = [_Alone(rule, pattern, own) for pattern, own in enumerate(self.phases.alone)]

    def candidates(self, groups: _Groups, context: MatchContext) -> list[Sequence[Fact]]:
        """Return for each pattern the facts that meet the conditions on it alone."""
        return [alone.of(groups, context) for alone in self._alone]

    def rows(self, candidates: Sequence[Sequence[Fact]], context: MatchContext) -> list[MatchedFacts]:
        """Return the rows that take a candidate for each pattern and meet the joins and the tests across."""
        rows: list[MatchedFacts] = [()]
        for facts, joins in zip(candidates, self.phases.joins, strict=True):
            rows = _extended(rows, facts, joins, self.rule.name)
        if self.phases.across:
            rows = [row for row in rows if self.phases.holds_across(row, context)]
        return rows


class _Alone:
    """The conditions on one pattern alone; where the first is an equality, only facts that meet it are looked at."""

    def __init__(self, rule: Rule, pattern: int, own: Sequence[Condition]) -> None:
        self._name = rule.patterns[pattern]
        first = own[0] if own else None
        self._equal = first if isinstance(first, Comparison) and first.comparator is Comparator.EQUAL else None
        self._sieves = [sieve(condition, pattern) for condition in own[1 if self._equal else 0 :]]

    def of(self, groups: _Groups, context: MatchContext) -> Sequence[Fact]:
        """Return the facts that meet the conditions, each tried on those that met the ones before."""
        equal = self._equal
        facts = groups.equal(self._name, equal.field, key_of(equal.constant)) if equal else groups.of(self._name)
        for keep in self._sieves:
            facts = keep(facts, context)
        return facts


class _Memory:
    """Which facts so far meet the conditions on each pattern alone."""

    def __init__(self, matcher: _Matcher) -> None:
        self._matcher = matcher
        self._before: list[Sequence[Fact]] = [() for _ in matcher.rule.patterns]
        self._started = False

    def rows_with(self, groups: _Groups, context: MatchContext) -> list[MatchedFacts]:
        """Return the rows that hold at least one of the new facts, and take those in."""
        new = self._matcher.candidates(groups, context)
        if not new:
            again, self._started = self._started, True
            return [] if again else [()]
        old = self._before
        both: list[Sequence[Fact]] = [[*o, *n] for o, n in zip(old, new, strict=True)]
        self._before = both
        rows: list[MatchedFacts] = []
        for first, fresh in enumerate(new):
            if fresh:
                rows += self._matcher.rows([*old[:first], fresh, *both[first + 1 :]], context)
        return rows


def _extended(rows: list[MatchedFacts], facts: Sequence[Fact], joins: Sequence[Join], name: str) -> list[MatchedFacts]:
    """Extend each row by each fact that agrees with it."""
    if not joins:
        extended = [(*row, fact) for row, fact in islice(product(rows, facts), conditions.MAX_ROWS + 1)]
    else:
        extended = []
        groups: dict[tuple[object, ...], list[Fact]] = {}
        for fact in facts:
            key = tuple([join_key(fact, join.right_field) for join in joins])
            if None not in key:
                groups.setdefault(key, []).append(fact)
        for row in rows:
            key = tuple([join_key(row[join.left], join.left_field) for join in joins])
            extended += [(*row, fact) for fact in groups.get(key, ())]
            if len(extended) > conditions.MAX_ROWS:
                break
    if len(extended) > conditions.MAX_ROWS:
        raise too_many_rows(name)
    return extended


def _check_limit(found: Sequence[Match], limit: int, matchers: Sequence[_Matcher]) -> None:
    if len(found) > limit:
        names = {matcher.rule.index: matcher.rule.name for matcher in matchers}
        busiest = Counter(index for index, _ in found).most_common(3)
        raise too_many_firings(limit, [names[index] for index, _ in busiest])
