"""Walk along one number, from edge to edge of the rules, to the nearest values at which an indicator keeps more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Literal

from engine.alternatives.edges import Edges, Sources, edges_of
from engine.alternatives.improvement import Bound
from engine.alternatives.trials import Edit, Trials
from engine.base.numbers import Number, simplest
from engine.facts.model import Fact, FieldType, Kind, Value
from engine.facts.types import bound
from engine.language.typed import Scored
from engine.scoring.evaluation import Evaluation

MOST_EDGES = 12
"""How many edges are passed in one direction."""

_NEAR = Fraction(1, 10**7)
"""By how much a value is passed where the field has no step."""

_FINE = 10**4
"""Into how many pieces a way is divided where the field has no step, and the nearest value is searched."""

_WIDER = 1000
"""How much further from an edge a value must keep as much, if all values next to the edge are said to."""

_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")


@dataclass(frozen=True, slots=True)
class Stop:
    """A value at which the indicator keeps more than at every nearer one."""

    value: Number
    edit: Edit
    kept: Number
    bound: Bound = ""
    found: Literal["exact", "search"] = "exact"


@dataclass(slots=True)
class Scan:
    """One number of a fact, along which an indicator is looked at."""

    trials: Trials
    scored: Scored
    fact: Fact
    """As it is, or as it would be with what is to be filled in beside the number."""
    kind: FieldType
    base: Evaluation
    """The case with that fact."""
    original: Fact
    rules: frozenset[int]
    """The rules that decide it."""
    exact: bool = True
    tried: dict[Number, Number | None] = field(default_factory=dict)
    seen: dict[int, Edges] = field(default_factory=dict)
    """The edges that were found in evaluations, by identity; the trials keep these."""

    @property
    def start(self) -> Number:
        """Where the number is."""
        return _number(self.fact.values[self.kind.name])

    @property
    def step(self) -> Number | None:
        """The smallest difference that means something."""
        return 1 if self.kind.kind is Kind.DATE else self.kind.step

    def edit(self, value: Number) -> Edit:
        """Return the fact with another value."""
        shaped: Value = date.fromordinal(int(value)) if self.kind.kind is Kind.DATE else value
        return Edit(self.original, {**self.fact.values, self.kind.name: shaped})

    def evaluated(self, value: Number) -> Evaluation | None:
        """Return how the case would be scored at a value."""
        try:
            return self.trials.look(self.edit(value))
        except (ValueError, OverflowError):
            return None

    def kept(self, value: Number) -> Number | None:
        """Return what the indicator would keep at a value."""
        if value not in self.tried:
            found = self.evaluated(value)
            self.tried[value] = None if found is None else found.scored(self.scored).kept
        return self.tried[value]

    def edges(self, evaluation: Evaluation) -> Edges:
        """Return the edges that are seen from where the number is in an evaluation; the ends of its field too."""
        if id(evaluation) in self.seen:
            return self.seen[id(evaluation)]
        fact = next(each for each in evaluation.facts.facts if each.id == self.fact.id)
        found = edges_of(Sources(evaluation), fact, self.kind.name, self.rules)
        self.exact = self.exact and found.exact
        edges = self.seen[id(evaluation)] = Edges(found.at | _ends(self.trials, fact, self.kind), found.exact)
        return edges

    def stops(self) -> list[Stop]:
        """Return the values at which more is kept than at every nearer one, in both directions, the nearest first."""
        now = self.base.scored(self.scored).kept
        weight = self.base.scored(self.scored).weight
        seen = self.edges(self.base).at
        found = [stop for way in (1, -1) for stop in self.towards(way, now, weight, seen)]
        found.sort(key=lambda stop: (_far(stop.value, self.start), stop.value))
        best, chosen = now, list[Stop]()
        for stop in found:
            if stop.kept > best:
                best = stop.kept
                chosen.append(stop)
        return chosen

    def towards(self, way: int, now: Number, weight: Number, seen: frozenset[Number]) -> Iterator[Stop]:
        """Yield the values in one direction at which more is kept than before."""
        best, at, known = now, self.start, set(seen)
        if at in seen and (beyond := self.evaluated(self.beside(at, way))) is not None:
            # On an edge, only one of its sides is seen.
            known |= self.edges(beyond).at
            kept = self.kept(self.beside(at, way))
            if kept is not None and kept > best:
                best = kept
                yield self.beside_it(at, self.beside(at, way), kept, -way)
        for _ in range(MOST_EDGES):
            ahead = [edge for edge in known if (edge - at) * way > 0]
            if not ahead or best >= weight:
                break
            edge = min(ahead, key=lambda each: _far(each, at))
            for stop in self.around(edge, way, best, weight):
                best = max(best, stop.kept)
                yield self.nearest(stop, way, at)
            at = edge
            beyond = self.evaluated(self.beside(edge, way)) if best < weight else None
            if beyond is not None:
                known |= self.edges(beyond).at
        if best == now and not self.exact:
            yield from self.searched(way, now)

    def around(self, edge: Number, way: int, best: Number, weight: Number) -> Iterator[Stop]:
        """Yield what is gained just before an edge, on it, and just past it; before it only where it drops there."""
        on = edge if self.step is None or not Fraction(edge) % self.step else None
        there = None if on is None else self.kept(on)
        if there == weight and on is not None:
            yield self.stop(on, on, there)
            return
        before, past = self.beside(edge, -way), self.beside(edge, way)
        near = self.kept(before) if (before - self.start) * way > 0 else None
        after = self.kept(past)
        if near is not None and near > max(best, there or 0, after or 0):
            yield self.beside_it(edge, before, near, way)
            best = near
        if on is not None and there is not None and there > best:
            yield self.stop(on, on, there)
            best = there
        if after is not None and after > best:
            yield self.beside_it(edge, past, after, -way)

    def beside_it(self, edge: Number, scored: Number, kept: Number, way: int) -> Stop:
        """Return a value next to an edge: the next step, or all values on that side if they are alike."""
        if self.step is not None or self.kept(simplest(edge + (Fraction(scored) - edge) * _WIDER)) != kept:
            return self.stop(scored, scored, kept)
        return self.stop(edge, scored, kept, "below" if way > 0 else "above")

    def stop(self, value: Number, scored: Number, kept: Number, bound: Bound = "") -> Stop:
        """Return a value, and the fact as it was scored there or just beside it."""
        return Stop(value, self.edit(scored), kept, bound, "exact" if self.exact else "search")

    def beside(self, edge: Number, way: int) -> Number:
        """Return the value next to an edge in a direction: the next step, or so near that it makes no other odds."""
        step = self.step
        if step is None:
            return simplest(edge + way * _NEAR)
        steps = Fraction(edge) / step
        below = steps.numerator // steps.denominator
        whole = steps.denominator == 1
        count = (below + 1 if way > 0 else below - 1) if whole else (below + 1 if way > 0 else below)
        return simplest(Fraction(count * step))

    def nearest(self, stop: Stop, way: int, passed: Number) -> Stop:
        """Return the nearest value at which as much is kept, where one before an edge is already enough.

        Without a step, what only rounding makes enough is let be: the edge is what the clause speaks of.
        """
        if stop.bound:
            return stop
        step, last = self.step, Fraction(stop.value)
        if step is None:
            unit = Fraction(10, 10**self.trials.evaluation.program.ruleset.places)
            step, last = _far(last, passed) / _FINE, passed + (last - passed) * 9 / 10
            if stop.kept - self.base.scored(self.scored).kept < unit or not step or not self.enough(last, stop.kept):
                return stop
            step = _round(step)
        high = _steps(simplest(last), step, -way)
        nearer = high if self.step is None else high - way
        if (last - passed) * way <= step or not self.enough(nearer * step, stop.kept):
            return stop
        return self.halved(_steps(passed, step, way), nearer, step, stop.kept)

    def halved(self, low: int, high: int, step: Number, wanted: Number) -> Stop:
        """Return the nearest of the steps after `low` that keeps as much as is wanted, as `high` does."""
        while abs(high - low) > 1:
            middle = (low + high) // 2
            if self.enough(middle * step, wanted):
                high = middle
            else:
                low = middle
        value = simplest(Fraction(high * step))
        return Stop(value, self.edit(value), self.kept(value) or 0, "", "search")

    def enough(self, value: Number, wanted: Number) -> bool:
        """Return whether as much is kept at a value as is wanted."""
        found = self.kept(simplest(Fraction(value)))
        return found is not None and found >= wanted

    def searched(self, way: int, now: Number) -> Iterator[Stop]:
        """Yield the nearest value that gains, found by trying: further and further away, then halving."""
        step = self.step or Fraction(1, _FINE)
        least = now + Fraction(1, 10**self.trials.evaluation.program.ruleset.places)
        low = first = _steps(self.start, step, way)
        for high in self.further(first, step, way):
            if self.enough(high * step, least):
                yield self.halved(low, high, step, least)
                return
            low = high

    def further(self, first: int, step: Number, way: int) -> Iterator[int]:
        """Yield steps further and further away, the last one that the field may hold at the end."""
        ends = _ends(self.trials, self.fact, self.kind)
        ahead = [_steps(end, step, way) for end in ends if (end - self.start) * way > 0]
        far = 2**23 if not ahead else min(abs(end - first) for end in ahead)
        sizes = [size for size in (2**power for power in range(24)) if size < far]
        yield from (first + way * size for size in sizes)
        # The end itself may be excluded.
        yield from (first + way * size for size in (far - 1, far) if size > 0)

    def is_less(self, stop: Stop) -> bool:
        """Return whether doing less scores more: all that way less is kept than now, and nowhere the other way."""
        if self.kind.kind is Kind.DATE:
            return False
        now, way = self.base.scored(self.scored).kept, 1 if stop.value > self.start else -1
        edges = sorted(self.edges(self.base).at)

        def falls(way: int) -> bool:
            ahead = [edge for edge in edges if (edge - self.start) * way > 0]
            tried: list[Number] = [self.beside(edge, way) for edge in ahead] or [
                self.start + way * max(_far(self.start, 0), Fraction(1))
            ]
            return any((kept := self.kept(value)) is not None and kept < now for value in tried)

        return falls(way) and not falls(-way)


def _number(value: Value) -> Number:
    return value.toordinal() if isinstance(value, date) else value  # type: ignore[return-value]


def _round(step: Fraction) -> Fraction:
    """Return a power of ten that is not above a step.

    >>> _round(Fraction(25, 1000))
    Fraction(1, 100)
    """
    power = 0
    while Fraction(10) ** power > step:
        power -= 1
    while Fraction(10) ** (power + 1) <= step:
        power += 1
    return Fraction(10) ** power


def _far(value: Number, other: Number) -> Fraction:
    """Return how far two values are apart."""
    return abs(Fraction(value) - other)


def _steps(value: Number, step: Number, way: int) -> int:
    """Return how many steps a value is, the last whole one on the side that one comes from."""
    steps = Fraction(value) / step
    below = steps.numerator // steps.denominator
    return below if way > 0 or steps.denominator == 1 else below + 1


def _ends(trials: Trials, fact: Fact, kind: FieldType) -> frozenset[Number]:
    """Return the ends of what a field may hold."""
    if kind.kind is not Kind.NUMBER:
        return frozenset()
    says: Mapping[str, object] = trials.allowance.types[fact.type].schema["properties"][kind.name]
    found: set[Number] = set()
    for name in _BOUNDS:
        for key in (name, f"x-{name}"):
            if key in says:
                limit = bound(str(says[key]))
                if limit is not None:
                    found.add(limit)
    return frozenset(found)
