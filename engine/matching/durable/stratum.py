"""The fast matcher: the durable_rules engine, used only where it can be trusted, on whole numbers only."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack

from engine.base.faults import EvaluationError, FenmingError, problem
from engine.base.messages import msg
from engine.facts.model import Fact
from engine.matching import conditions
from engine.matching.conditions import too_many_firings, too_many_rows
from engine.matching.durable.handle import Handle, Handles
from engine.matching.durable.partitions import SENTINEL_TYPE, Partition, divide
from engine.matching.durable.shapes import CASE, Prepared, case_fact
from engine.matching.durable.wire import MAX_FACTS, Interned, wire_id
from engine.matching.interface import Derive, Match, MatchContext, Rule

_SENTINEL = f'{{"id":"{wire_id(0)}","t":{SENTINEL_TYPE}}}'
_ID = re.compile(r'"id":"([0-9]{5})"')
_ROUND = 64
"""How many facts are given before what has fired is taken out: what waits takes memory."""


class DurableStratum:
    """The rules of one stratum, compiled to partitions for the engine, with the engine's handles for each of them."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._partitions = [(partition, Handles(partition.definition, _SENTINEL)) for partition in divide(rules)]

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
        rules = (one for partition, _ in self._partitions for one in partition.every_rule)
        live = [one for one in rules if one.rule.index in wanted and one.phases.guards_hold(context)]
        run = _Run(facts, live, context, derive, limit)
        needed = [(partition, handles) for partition, handles in self._partitions if run.needs(partition)]
        with ExitStack() as stack:
            run.chain([_Session(p, stack.enter_context(h.session())) for p, h in needed if p.derives])
        for partition, handles in needed:
            if not partition.derives:
                with handles.session() as handle:
                    run.match(_Session(partition, handle))
        return run.found


class _Session:
    """A partition while it is matched."""

    def __init__(self, partition: Partition, handle: Handle) -> None:
        self.partition = partition
        self.handle = handle
        self.rows: Counter[str] = Counter()


class _Run:
    """One evaluation of a stratum while it lasts."""

    def __init__(
        self,
        facts: Mapping[str, Sequence[Fact]],
        rules: Sequence[Prepared],
        context: MatchContext,
        derive: Derive,
        limit: int,
    ) -> None:
        self.found: list[Match] = []
        self._known = {name: list(given) for name, given in facts.items()}
        self._known[CASE] = [case_fact(one.rule.index) for one in rules if not one.rule.patterns]
        self._names = {one.rule.index: one.rule.name for one in rules}
        self._context = context
        self._derive = derive
        self._limit = limit
        self._interned = Interned()
        self._ids: dict[Fact, str] = {}
        self._by_id: dict[str, Fact] = {}

    def needs(self, partition: Partition) -> bool:
        """Return whether a partition has a rule that can fire."""
        return any(one.rule.index in self._names for one in partition.every_rule)

    def match(self, session: _Session) -> None:
        """Find the matches of a partition that derives nothing."""
        self._give(session, self._known)

    def chain(self, sessions: Sequence[_Session]) -> None:
        """Find the matches of the partitions that derive facts, until there is nothing new."""
        standing = {id(fact) for given in self._known.values() for fact in given}
        fresh, done = self._known, 0
        while fresh:
            for session in sessions:
                self._give(session, fresh)
            derived: dict[str, list[Fact]] = {}
            for index, row in self.found[done:]:
                fact = self._derive(index, row)
                if fact is not None and id(fact) not in standing:
                    standing.add(id(fact))
                    derived.setdefault(fact.type, []).append(fact)
            done = len(self.found)
            for name, more in derived.items():
                self._known.setdefault(name, []).extend(more)
            fresh = derived

    def _give(self, session: _Session, facts: Mapping[str, Sequence[Fact]]) -> None:
        """Put facts on the wire, with what the live rules of the partition need to know of them."""
        partition, put, waiting = session.partition, session.handle.put, 0
        for name, number in partition.types.items():
            given = facts.get(name, ())
            wanted = [c for c in partition.columns[name] if c.owner is None or c.owner in self._names]
            columns = [(c.before, c.bind(given, self._context, self._interned)) for c in wanted]
            for fact in given:
                text = f'{{"id":"{self._ids.get(fact) or self._number(fact)}","t":{number}'
                for before, encode in columns:
                    code = encode(fact)
                    if code is not None:
                        text += f"{before}{code}"
                put(text + "}")
                waiting += 1
                if waiting == _ROUND:
                    self._take(session)
                    waiting = 0
        self._take(session)

    def _number(self, fact: Fact) -> str:
        serial = len(self._ids)
        if serial == MAX_FACTS:
            raise _too_many_facts()
        short = self._ids[fact] = wire_id(serial)
        self._by_id[short] = fact
        return short

    def _take(self, session: _Session) -> None:
        """Note the matches that the engine has found: `{"7":{"a":{"id":"00012",...},"b":{"id":...}}}`."""
        found, names, by_id, rows, context = self.found, self._names, self._by_id, session.rows, self._context
        for message in session.handle.firings():
            number = message[2 : message.index('"', 2)]
            row = tuple([by_id[short] for short in _ID.findall(message)])
            rows[number] += 1
            for one in session.partition.rules[int(number)]:
                rule = one.rule
                if rule.index in names and (not one.phases.across or one.phases.holds_across(row, context)):
                    found.append((rule.index, row if rule.patterns else ()))
                    if len(found) > self._limit:
                        raise self._runaway()
                elif rows[number] > conditions.MAX_ROWS and rule.index in names:
                    raise too_many_rows(rule.name)

    def _runaway(self) -> FenmingError:
        busiest = Counter(index for index, _ in self.found).most_common(3)
        return too_many_firings(self._limit, [self._names[index] for index, _ in busiest])


def _too_many_facts() -> FenmingError:
    return EvaluationError.because(
        problem("matcher.too-many-facts", "There are more than {limit} facts, given and derived.", limit=MAX_FACTS),
        msg("Split the case, or check that no rule derives a fact that makes it fire again."),
    )
