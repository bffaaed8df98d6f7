"""The verdicts of one rule: its conditions in the order in which they are tried, on each fact that it could match."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, product
from math import prod
from typing import TypeAlias

from engine.base.calendar import Calendar
from engine.facts.model import Fact, MatchedFacts
from engine.language.context import CannotCompute, Context
from engine.language.fold import patterns_of
from engine.matching.conditions import join_key
from engine.matching.interface import Join
from engine.program.program import CompiledRule
from engine.verdicts.model import Candidate, Condition, ConditionVerdict
from engine.verdicts.observe import Observe, observation

MOST_PARTNERS = 20
"""With how many rows of partners a fact is tried, to show the one that gets the furthest."""

_Tried: TypeAlias = tuple[Condition, Observe]


class RuleJudge:
    """One rule with its conditions compiled; it keeps nothing of a case."""

    def __init__(self, rule: CompiledRule, calendar: Calendar | None) -> None:
        self.rule = rule
        width = len(rule.match.patterns)
        guards: list[_Tried] = []
        alone: list[list[_Tried]] = [[] for _ in range(width)]
        joined: list[_Tried] = []
        across: list[_Tried] = []
        self.joins: list[list[Join]] = [[] for _ in range(width)]
        ends = _ends_of_band(rule)
        for position, (expression, matched) in enumerate(zip(rule.conditions, rule.match.conditions, strict=True)):
            patterns = patterns_of(expression.tree, width)
            condition = Condition(position, expression, patterns, position >= len(rule.conditions) - ends)
            tried = condition, observation(expression.tree, calendar)
            if not patterns:
                guards.append(tried)
            elif len(patterns) == 1:
                alone[patterns[0]].append(tried)
            elif isinstance(matched, Join):
                joined.append(tried)
                self.joins[patterns[-1]].append(matched)
            else:
                across.append(tried)
        self.guards, self.alone, self.across = guards, alone, across
        self.whole = [*guards, *(tried for own in alone for tried in own), *joined, *across]
        self.unreached = tuple(ConditionVerdict(condition, "unreached") for condition, _ in self.whole)

    def candidates(self, context: Context) -> tuple[Candidate, ...]:
        """Return the verdict on each fact that the first pattern could match; one for a rule of no pattern."""
        guards = _verdicts(self.guards, (), context)
        stopped = _is_stopped(guards)
        patterns = self.rule.match.patterns
        if not patterns:
            return (Candidate((), self.filled(guards), () if stopped else ((),)),)
        facts = context.facts.get(patterns[0], ())
        if stopped:
            conditions = self.filled(guards)
            return tuple([Candidate((fact,), conditions) for fact in facts])
        if len(patterns) == 1:
            return tuple([self.alone_with(fact, guards, context) for fact in facts])
        return tuple(_Partners(self, guards, context).candidates(facts))

    def alone_with(self, fact: Fact, guards: list[ConditionVerdict], context: Context) -> Candidate:
        """Return the verdict on a fact for a rule of one pattern."""
        row = (fact,)
        own = _verdicts(self.alone[0], row, context)
        return Candidate(row, self.filled([*guards, *own]), () if _is_stopped(own) else (row,))

    def filled(self, found: Sequence[ConditionVerdict]) -> tuple[ConditionVerdict, ...]:
        """Return what was found of the first conditions, and that the others were not reached."""
        return (*found, *self.unreached[len(found) :])


class _Partners:
    """A rule of several patterns on the facts of one case: what the facts of its first pattern find for the others."""

    def __init__(self, judge: RuleJudge, guards: list[ConditionVerdict], context: Context) -> None:
        self.judge, self.guards, self.context = judge, guards, context
        names = judge.rule.match.patterns
        self.all: list[Sequence[Fact]] = [context.facts.get(name, ()) for name in names]
        self.fit = [[], *(self.fitting(pattern) for pattern in range(1, len(names)))]
        self.lacks = next((name for name, facts in zip(names, self.all, strict=True) if not facts), "")
        self.groups = [_grouped(facts, joins) for facts, joins in zip(self.fit, judge.joins, strict=True)]

    def fitting(self, pattern: int) -> list[Fact]:
        """Return the facts that meet the conditions on one pattern alone; none where one cannot be computed."""
        tried, width = self.judge.alone[pattern], pattern + 1
        return [f for f in self.all[pattern] if not _is_stopped(_verdicts(tried, (f,) * width, self.context))]

    def candidates(self, facts: Sequence[Fact]) -> Iterator[Candidate]:
        """Yield the verdict on each fact of the first pattern."""
        for fact in facts:
            own = _verdicts(self.judge.alone[0], (fact,), self.context)
            if _is_stopped(own):
                yield Candidate((fact,), self.judge.filled([*self.guards, *own]))
            else:
                yield self.with_partners(fact)

    def with_partners(self, fact: Fact) -> Candidate:
        """Return the verdict on a fact that meets its own conditions."""
        agreeing = self.agreeing(fact)
        across = self.judge.across
        rows = tuple([row for row in agreeing if not _is_stopped(_verdicts(across, row, self.context))])
        if rows:
            return Candidate(rows[0], self.of_row(rows[0]), rows)
        return self.furthest(fact, agreeing)

    def agreeing(self, fact: Fact) -> list[MatchedFacts]:
        """Return the rows that begin with a fact and meet every condition but those across."""
        rows: list[MatchedFacts] = [(fact,)]
        for groups, joins in zip(self.groups[1:], self.judge.joins[1:], strict=True):
            rows = [(*row, other) for row in rows for other in groups.get(_key(row, joins), ())]
        return rows

    def furthest(self, fact: Fact, agreeing: Sequence[MatchedFacts]) -> Candidate:
        """Return the verdict on the row of a fact that gets the furthest, of those that are tried."""
        chosen = [facts or every for facts, every in zip(self.fit[1:], self.all[1:], strict=True)]
        possible = ((fact, *others) for others in product(*chosen))
        rows = list(islice(agreeing or possible, MOST_PARTNERS))
        if not rows:
            own = _verdicts(self.judge.alone[0], (fact,), self.context)
            return Candidate((fact,), self.judge.filled([*self.guards, *own]), lacks=self.lacks)
        verdicts = [self.of_row(row) for row in rows]
        reached = [sum(each.truth == "holds" for each in verdict) for verdict in verdicts]
        best = reached.index(max(reached))
        untried = prod(map(len, self.all[1:])) - len(rows)
        return Candidate(rows[best], verdicts[best], (), len(rows), untried)

    def of_row(self, row: MatchedFacts) -> tuple[ConditionVerdict, ...]:
        """Return the verdict on each condition of a whole row."""
        own = self.judge.whole[len(self.guards) :]
        return self.judge.filled([*self.guards, *_verdicts(own, row, self.context)])


def _verdicts(conditions: Sequence[_Tried], row: MatchedFacts, context: Context) -> list[ConditionVerdict]:
    """Return the verdicts on conditions up to the first that fails or cannot be computed."""
    found: list[ConditionVerdict] = []
    for condition, observe in conditions:
        try:
            what = observe(row, context)
        except CannotCompute as error:
            found.append(ConditionVerdict(condition, "unknown", reason=error.what))
            break
        if not what.holds:
            found.append(ConditionVerdict(condition, "fails", what))
            break
        found.append(ConditionVerdict(condition, "holds", what))
    return found


def _is_stopped(found: Sequence[ConditionVerdict]) -> bool:
    return bool(found) and found[-1].truth != "holds"


def _grouped(facts: Sequence[Fact], joins: Sequence[Join]) -> dict[tuple[object, ...], list[Fact]]:
    """Return facts by what their joins compare."""
    groups: dict[tuple[object, ...], list[Fact]] = {}
    for fact in facts:
        key = tuple([join_key(fact, field) for _, _, field in map(_forward, joins)])
        if None not in key:
            groups.setdefault(key, []).append(fact)
    return groups


def _key(row: MatchedFacts, joins: Sequence[Join]) -> tuple[object, ...]:
    return tuple([join_key(row[pattern], field) for pattern, field, _ in map(_forward, joins)])


def _forward(join: Join) -> tuple[int, str, str]:
    """Return the earlier pattern of a join, its field, and the field of the later one."""
    if join.left < join.right:
        return join.left, join.left_field, join.right_field
    return join.right, join.right_field, join.left_field


def _ends_of_band(rule: CompiledRule) -> int:
    """Return how many of a rule's conditions, the last ones, are the ends of a row of its band table."""
    return next((len(formula.band.conditions) for formula in rule.formulas if formula.band is not None), 0)
