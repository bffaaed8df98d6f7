"""Law 3: two matchers agree, on any rules and facts."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.base.faults import FenmingError
from engine.facts.model import Fact
from engine.matching.durable.stratum import DurableStratum
from engine.matching.naive import NaiveStratum
from tests.engine.matching.build import LIMIT, compare, fact, facts, nothing, rule
from tests.engine.matching.generate import UnworkableError, differences, main, make


@given(st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_the_matchers_agree_on_any_rules_and_facts(rnd: random.Random) -> None:
    """Law 3, with cases that shrink."""
    differences(make(rnd))


@pytest.mark.parametrize(
    "first", [0, *(pytest.param(first, marks=pytest.mark.long) for first in range(500, 3_000, 500))]
)
def test_the_matchers_agree_on_a_share_of_the_long_run(first: int) -> None:
    """Law 3, on the first cases of the soak."""
    assert sum(differences(make(random.Random(seed))) for seed in range(first, first + 500)) > 1_000


def test_random_cases_reach_what_they_are_meant_to_reach() -> None:
    """A law that is only tried on empty cases proves nothing."""
    reached = {"refused": 0, "found": 0, "derived": 0, "joined": 0, "same fact twice": 0, "computed": 0}
    for seed in range(400):
        case = make(random.Random(seed))
        stratum = NaiveStratum(case.rules)
        for one in case.rounds:
            found = one.outcome(stratum)
            reached["refused"] += found is None
            for index, row in found or ():
                reached["found"] += 1
                reached["derived"] += any("depth" in fact.values for fact in row)
                reached["joined"] += len(set(row)) > 1
                reached["same fact twice"] += len(set(row)) < len(row)
                reached["computed"] += any(type(c).__name__ == "Test" for c in case.rules[index].conditions)
    assert min(reached.values()) > 20, reached


def test_a_matcher_that_errs_is_found_out(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The soak itself can fail."""
    matches = DurableStratum.matches

    def forgets(self: DurableStratum, *given: object) -> object:
        return matches(self, *given)[1:]  # type: ignore[arg-type]

    monkeypatch.setattr("sys.argv", ["generate", "--cases", "30"])
    assert main() == 0
    assert " 0 differences" in capsys.readouterr().out
    monkeypatch.setattr(DurableStratum, "matches", forgets)
    assert main() == 1
    assert "the fast one 0 times" in capsys.readouterr().err


def test_the_order_of_facts_and_rules_means_nothing() -> None:
    """Law 1 begins here."""
    for seed in range(150):
        case = make(random.Random(seed))
        shuffled = list(case.rules)
        random.Random(seed).shuffle(shuffled)
        for one in case.rounds:
            other = {kind: list(reversed(own)) for kind, own in reversed(list(one.facts.items()))}
            outcomes = []
            for rules, known in ((case.rules, one.facts), (shuffled, other)):
                stratum = DurableStratum(rules)
                try:
                    outcomes.append(set(stratum.matches(known, one.active, one.context, one.derive, LIMIT // 50)))
                except (FenmingError, UnworkableError):
                    outcomes.append(set())
            assert outcomes[0] == outcomes[1]


def test_time_grows_with_the_facts_and_not_with_their_square() -> None:
    """Counted by the looks at facts, for clocks lie on busy machines."""

    def steps(count: int) -> int:
        taken = 0

        class Counted(dict[str, int]):
            def get(self, key: str, default: object = None) -> object:  # type: ignore[override]
                nonlocal taken
                taken += 1
                return super().get(key, default)

        given = facts(*(Fact("T", str(number), Counted(x=number)) for number in range(count)))
        rules = [rule(number, ["T"], compare(0, "x", "<", number)) for number in range(20)]
        for matcher in (NaiveStratum(rules), DurableStratum(rules)):
            assert len(matcher.matches(given, range(20), None, nothing, LIMIT)) == 190
        return taken

    assert fact("T", "t").id == "t"
    assert steps(2_000) == 2 * steps(1_000)
