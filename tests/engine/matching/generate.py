"""Random rules and facts for the matchers, drawn from all that is known to trip the rule engine up.

`python -m tests.engine.matching.generate --cases 20000 --seed 1` runs as many cases and reports what differs.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from engine.base.faults import FenmingError
from engine.base.numbers import Number, simplest
from engine.facts.model import Fact, MatchedFacts, Value
from engine.matching.agreement import agree
from engine.matching.durable.stratum import DurableStratum
from engine.matching.interface import Comparison, Condition, Join, Match, Rule, Stratum, Test
from engine.matching.naive import NaiveStratum
from tests.engine.matching.build import compare

NUMBERS: list[Number] = [
    *(0, 1, -1, 2, 3, 6, 10, 60, 100, 2**31, 2**53 + 1, 2**61, 2**62, 2**63 - 1, 2**63, 2**63 + 1, -(2**63), 10**30),
    *(4611686018427, -4611686018427, 1152921504606, 1152921504607, 2305843009214),
    *(Fraction(n, d) for n, d in ((1, 3), (-1, 3), (2, 3), (1, 2), (3, 5), (1, 10), (3, 10), (1, 7), (-7, 2))),
    *(Fraction(1, 10**6), Fraction(1, 2 * 10**6), Fraction(1, 10**7), Fraction(600001, 10**6), Fraction(10**30, 3)),
    *(Fraction(6 * 10**6 - 1, 10**7), Fraction(6 * 10**6 + 1, 10**7), Fraction(-1, 10**7)),
]
TEXTS = ["", "3", "1", "0", "true", "True", "1/3", "产出", "产出 ", '"', "\\", '"}}', "null", "a\x00b", "liquid"]
TEXTS.append("长" * 70_000)
DATES = [date(2024, 1, 1), date(2024, 2, 29), date(1, 1, 1), date(9999, 12, 31)]
VALUES: list[Value] = [*NUMBERS, *TEXTS, *DATES, True, False]
FIELDS: dict[str, Sequence[Value]] = {
    "n": NUMBERS,
    "m": NUMBERS,
    "s": TEXTS,
    "b": [True, False],
    "d": DATES,
    "x": VALUES,
}
GIVEN, DERIVED = ("A", "B", "C"), ("D", "E")
LIMIT = 2_000
MAX_DEPTH = 4


class UnworkableError(Exception):
    """A test that has no value for the facts that it was given."""


@dataclass(frozen=True)
class Case:
    """Rules, and what they are to be matched with."""

    rules: tuple[Rule, ...]
    rounds: tuple[Round, ...]


@dataclass(frozen=True)
class Round:
    """One evaluation."""

    facts: Mapping[str, Sequence[Fact]]
    active: frozenset[int]
    context: Mapping[str, bool]
    deepest: int
    """Up to where facts derived from derived facts go on; None of them stops a runaway."""
    derived: dict[Match, Fact | None] = field(default_factory=dict)

    def derive(self, index: int, row: MatchedFacts) -> Fact | None:
        """Derive a fact one deeper than the deepest of the row; the same match gives the same fact."""
        match = index, row
        if match not in self.derived:
            depth = 1 + max((depth_of(fact) for fact in row), default=0)
            values: dict[str, Value] = {"n": depth, "s": TEXTS[depth % 4], "depth": depth}
            if row:
                values["of"] = row[0]
            kind = DERIVED[index % 2]
            stands = depth > self.deepest
            self.derived[match] = None if stands else Fact(kind, f"{kind}{len(self.derived)}", values)
        return self.derived[match]

    def outcome(self, stratum: Stratum) -> list[Match] | None:
        """Return what a matcher finds; None where it refuses to answer."""
        try:
            return stratum.matches(self.facts, self.active, self.context, self.derive, LIMIT)
        except (UnworkableError, FenmingError):
            return None


def depth_of(fact: Fact) -> int:
    """Return how many derivations a fact is away from the given ones."""
    depth = fact.values.get("depth", 0)
    assert isinstance(depth, int)
    return depth


def make(rnd: random.Random) -> Case:
    """Return a random case."""
    rules = tuple(_rule(rnd, index) for index in range(rnd.randrange(1, 9)))
    return Case(rules, tuple(_round(rnd, rules) for _ in range(rnd.randrange(1, 4))))


def differences(case: Case) -> int:
    """Run a case by both matchers and return how many firings there were; an assertion fails where they differ."""
    naive, durable = NaiveStratum(case.rules), DurableStratum(case.rules)
    count = 0
    for one in case.rounds:
        plain, fast = one.outcome(naive), one.outcome(durable)
        assert (plain is None) == (fast is None), f"only one refused: {plain} {fast}"
        if plain is not None and fast is not None:
            agree({rule.index: rule.name for rule in case.rules}, plain, fast)
            count += len(plain)
    return count


def _round(rnd: random.Random, rules: Sequence[Rule]) -> Round:
    facts: dict[str, list[Fact]] = {}
    known: list[Fact] = []
    size = rnd.choice([0, 2, 4, 8, 8])
    for kind in (*GIVEN, *(DERIVED if rnd.random() < 0.2 else ())):
        for number in range(rnd.randrange(size + 1)):
            fact = Fact(kind, f"{kind}{number}", _values(rnd, known))
            known.append(fact)
            facts.setdefault(kind, []).append(fact)
    active = frozenset(rule.index for rule in rules if rnd.random() < 0.9)
    deepest = 10**9 if rnd.random() < 0.02 else rnd.randrange(MAX_DEPTH)
    return Round(facts, active, {"yes": rnd.random() < 0.8, "fails": rnd.random() < 0.1}, deepest)


def _values(rnd: random.Random, known: Sequence[Fact]) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for name, pool in FIELDS.items():
        if rnd.random() < 0.8:
            values[name] = rnd.choice(pool[: rnd.choice([2, 3, len(pool)])])
    if known and rnd.random() < 0.6:
        values["of"] = rnd.choice(known)
    return values


def _rule(rnd: random.Random, index: int) -> Rule:
    width = rnd.choices([0, 1, 2, 3, 4], [1, 5, 5, 3, 1])[0]
    patterns = tuple(rnd.choice((*GIVEN, *DERIVED)) for _ in range(width))
    conditions = [_condition(rnd, width) for _ in range(rnd.randrange(width + 2))]
    if width > 2:
        conditions += [_join(rnd, later - 1, later) for later in range(1, width) if rnd.random() < 0.7]
    return Rule(index, f"rule {index}", patterns, tuple(conditions), rnd.random() < 0.3)


def _condition(rnd: random.Random, width: int) -> Condition:
    if width == 0 or rnd.random() < 0.05:
        return Test((), rnd.choice([_yes, _fails]))
    drawn = rnd.random()
    if drawn < 0.5:
        return _comparison(rnd, rnd.randrange(width))
    if drawn < 0.7:
        return _join(rnd, rnd.randrange(width), rnd.randrange(width))
    if drawn < 0.9:
        place = rnd.randrange(width)
        return Test((place,), _test_of_one(place, rnd.choice(["n", "m", "x"]), rnd.choice(NUMBERS)))
    places = tuple(sorted(rnd.sample(range(width), min(width, rnd.choice([2, 2, 3])))))
    return Test(places, _test_across(places, rnd.choice(["n", "m"])))


def _comparison(rnd: random.Random, place: int) -> Comparison:
    name = rnd.choice(list(FIELDS))
    pool = VALUES if rnd.random() < 0.2 else FIELDS[name]
    constant: Any = rnd.choice(pool[: rnd.choice([2, 3, len(pool)])])
    ordered = not isinstance(constant, bool | str)
    if ordered and not isinstance(constant, date) and rnd.random() < 0.2:
        constant = simplest(constant + Fraction(rnd.choice([-1, 1]), 10 ** rnd.choice([0, 5, 6, 7])))
    operators = ["==", "!=", "<", "<=", ">", ">="] if ordered else ["==", "==", "!="]
    return compare(place, name, rnd.choice(operators), constant)


def _join(rnd: random.Random, one: int, other: int) -> Join:
    name = rnd.choice(["s", "b", "n", "x", "of"])
    if name == "of":
        ends = [(one, "of"), (other, rnd.choice(["", "of"]))]
        rnd.shuffle(ends)
        return Join(*ends[0], *ends[1])
    return Join(one, name, other, rnd.choice([name, "x", "s"]))


def _yes(_: MatchedFacts, context: Mapping[str, bool]) -> bool:
    return context["yes"]


def _fails(_: MatchedFacts, context: Mapping[str, bool]) -> bool:
    if context["fails"]:
        raise UnworkableError
    return True


def _test_of_one(place: int, name: str, most: Number) -> Callable[[MatchedFacts, Any], bool]:
    def holds(row: MatchedFacts, _: object) -> bool:
        value: Any = row[place].values.get(name, 1)
        if isinstance(value, str | date):
            raise UnworkableError
        if value == 60:
            raise UnworkableError
        return bool(value * 2 <= most)

    return holds


def _test_across(places: Sequence[int], name: str) -> Callable[[MatchedFacts, Any], bool]:
    def holds(row: MatchedFacts, _: object) -> bool:
        values: list[Any] = [row[place].values.get(name, 0) for place in places]
        if values[0] == 6 == values[-1]:
            raise UnworkableError
        return bool(values[0] <= values[-1])

    return holds


def main() -> int:
    """Run cases from the command line; 1 where one differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    begun, firings, wrong = time.monotonic(), 0, 0
    for seed in range(wanted.seed, wanted.seed + wanted.cases):
        try:
            firings += differences(make(random.Random(seed)))
        except (AssertionError, FenmingError) as error:
            wrong += 1
            sys.stderr.write(f"seed {seed}: {error}\n")
    took = time.monotonic() - begun
    sys.stdout.write(f"{wanted.cases} cases, {firings} firings, {wrong} differences, {took:.0f} s\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
