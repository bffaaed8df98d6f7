"""What the matchers must find, case by case; both are asked, and they must agree."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from engine.base.faults import TooManyFirings
from engine.facts.model import Fact, MatchedFacts
from engine.matching import conditions
from engine.matching.durable.handle import Handle
from engine.matching.durable.stratum import DurableStratum
from engine.matching.interface import Join, Stratum
from engine.matching.interface import Test as Computed
from engine.matching.naive import NaiveStratum
from tests.engine.matching.build import LIMIT, by_both, compare, durably, fact, facts, named, nothing, rule

MATCHERS = pytest.mark.parametrize("matcher", [NaiveStratum, DurableStratum])


def always(_: MatchedFacts, __: object) -> bool:
    return True


def inverse_is_large(row: MatchedFacts, _: object) -> bool:
    value: Any = row[-1].values["x"]
    return bool(Fraction(1, value) > Fraction(1, 2))


@pytest.mark.parametrize(
    ("value", "operator", "constant", "expected"),
    [
        (3, "==", 3, True),
        (Fraction(6, 2), "==", 3, True),
        (Fraction(1, 3), "==", Fraction(1, 3), True),
        (Fraction(1, 3), "<", Fraction(333334, 10**6), True),
        (Fraction(1, 3), ">", Fraction(333333, 10**6), True),
        (Fraction(1, 3), "!=", Fraction(333333, 10**6), True),
        (Fraction(3, 5), ">=", Fraction(3, 5), True),
        (Fraction(3, 5) - Fraction(1, 10**9), ">=", Fraction(3, 5), False),
        (Fraction(3, 5) - Fraction(1, 10**9), "<", Fraction(3, 5), True),
        (-Fraction(1, 10**9), "<", 0, True),
        (-Fraction(1, 10**9), "<=", Fraction(-1, 10**6), False),
        (2**63, ">", 2**63 - 1, True),
        (2**63, "==", 2**63 - 1, False),
        (2**64, "==", 2**65, False),
        (2**64, "!=", 2**65, True),
        (2**64, ">", 1_152_921_504_606, True),
        (-(2**64), "<", -1_152_921_504_606, True),
        (1_152_921_504_606, "==", 1_152_921_504_606, True),
        (1_152_921_504_607, "==", 1_152_921_504_606, False),
        ("3", "==", 3, False),
        ("3", "!=", 3, False),
        (3, "==", "3", False),
        (True, "==", 1, False),
        (True, "<", 60, False),
        (1, "==", True, False),
        ("true", "==", True, False),
        (True, "==", "true", False),
        (False, "==", False, True),
        (False, "==", True, False),
        (False, "!=", True, True),
        ("产出", "==", "产出", True),
        ("产出 ", "==", "产出", False),
        ("产出", "!=", "效果", True),
        ("长" * 70_000, "==", "长" * 70_000, True),
        ("长" * 65_536 + "甲", "==", "甲", False),
        ("长" * 70_000, "!=", "长" * 70_001, True),
        ("", "==", "", True),
        ("a\x00b", "==", "a", False),
        (date(2024, 5, 1), "<", date(2024, 5, 2), True),
        (date(2024, 5, 1), ">=", date(2024, 5, 1), True),
        (date(2024, 5, 1), "==", "2024-05-01", False),
    ],
)
def test_a_comparison_is_exact_and_holds_between_values_of_one_kind_only(
    value: Any, operator: str, constant: Any, expected: bool
) -> None:
    """The engine would find "3" equal to 3, true to 1, 2^63 to 2^63 - 1, and long texts by their last bytes."""
    found = by_both([rule(0, ["T"], compare(0, "x", operator, constant))], facts(fact("T", "t", x=value)))
    assert bool(found) is expected


@pytest.mark.parametrize("operator", ["==", "!=", "<", "<=", ">", ">="])
def test_a_comparison_with_an_absent_field_is_false(operator: str) -> None:
    """Absent is not zero, nor unequal to anything."""
    assert not by_both([rule(0, ["T"], compare(0, "x", operator, 0))], facts(fact("T", "t", y=0)))


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (3, 3, True),
        (3, Fraction(6, 2), True),
        (Fraction(1, 3), Fraction(2, 6), True),
        (2**70, 2**70, True),
        (2**70, 2**70 + 1, False),
        (3, "3", False),
        (1, True, False),
        (True, True, True),
        (True, "true", False),
        ("长" * 70_000, "长" * 70_000, True),
        ("长" * 70_000, "长" * 70_001, False),
        ("costarring", "liquid", False),
        (date(2024, 1, 1), date(2024, 1, 1), True),
        (date(2024, 1, 1), date(2024, 1, 1).toordinal(), False),
    ],
)
def test_a_join_is_equality_of_value_and_kind(left: Any, right: Any, expected: bool) -> None:
    """The engine would never join 3 with 3.0, and would join 1 with "1"."""
    found = by_both([rule(0, ["T", "U"], Join(0, "x", 1, "y"))], facts(fact("T", "t", x=left), fact("U", "u", y=right)))
    assert bool(found) is expected


def test_absent_fields_never_join() -> None:
    """What is not there does not agree, not even with itself."""
    joined = rule(0, ["T", "T"], Join(0, "x", 1, "x"), Join(0, "y", 1, "y"))
    assert by_both([joined], facts(fact("T", "t", x=1), fact("T", "u"), fact("T", "v", x=1, y=2))) == {(0, ("v", "v"))}


def test_a_join_may_follow_a_reference_in_either_direction() -> None:
    """A derived fact is joined with the fact that it refers to."""
    one, two = fact("T", "one"), fact("T", "two")
    given = facts(one, two, fact("D", "d", of=two))
    rules = [rule(0, ["D", "T"], Join(0, "of", 1, "")), rule(1, ["T", "D"], Join(0, "", 1, "of"))]
    assert by_both(rules, given) == {(0, ("d", "two")), (1, ("two", "d"))}


def test_a_join_may_be_written_from_the_later_pattern() -> None:
    """Equality has no direction."""
    given = facts(fact("T", "t", x=1), fact("U", "u", y=1), fact("U", "v", y=2))
    assert by_both([rule(0, ["T", "U"], Join(1, "y", 0, "x"))], given) == {(0, ("t", "u"))}


def test_a_join_within_one_pattern_compares_two_fields_of_a_fact() -> None:
    """Two fields of one fact may be asked to agree."""
    given = facts(fact("T", "same", x=1, y=1), fact("T", "other", x=1, y=2), fact("T", "bare"))
    assert by_both([rule(0, ["T"], Join(0, "x", 0, "y"))], given) == {(0, ("same",))}


def test_one_fact_may_stand_in_several_places_of_a_row() -> None:
    """The engine forbids it by default."""
    given = facts(fact("T", "a", x=1), fact("T", "b", x=1))
    rows = {(0, (one, other, third)) for one in "ab" for other in "ab" for third in "ab"}
    assert by_both([rule(0, ["T", "T", "T"], Join(0, "x", 1, "x"), Join(1, "x", 2, "x"))], given) == rows


def test_patterns_without_conditions_combine_every_fact() -> None:
    """A rule without joins fires for every combination."""
    given = facts(fact("T", "a"), fact("T", "b"), fact("U", "u"))
    assert by_both([rule(0, ["T", "U", "T"])], given) == {(0, (x, "u", y)) for x in "ab" for y in "ab"}


def test_an_empty_fact_matches_a_rule_that_asks_nothing() -> None:
    """The engine dies of empty facts; none is ever empty on the wire."""
    assert by_both([rule(0, ["T"]), rule(1, ["U"])], facts(fact("T", ""))) == {(0, ("",))}


def test_a_rule_without_patterns_fires_once_if_its_guards_hold() -> None:
    """A condition on the case as a whole needs no fact."""
    rules = [rule(7, [], Computed((), lambda _, context: context)), rule(8, []), rule(9, [], derives=True)]
    assert by_both(rules, {}, context=True) == {(7, ()), (8, ()), (9, ())}
    assert by_both(rules, {}, context=False) == {(8, ()), (9, ())}


def test_a_guard_holds_for_all_facts_or_none() -> None:
    """A guard decides for the whole rule."""
    rules = [rule(0, ["T"], compare(0, "x", ">", 1), Computed((), lambda _, context: context))]
    given = facts(fact("T", "a", x=1), fact("T", "b", x=2))
    assert by_both(rules, given, context=True) == {(0, ("b",))}
    assert by_both(rules, given, context=False) == set()


def test_inactive_rules_do_not_match_and_their_tests_are_not_tried() -> None:
    """A condition that would fail is not even tried for a rule that is not asked."""
    rules = [
        rule(0, ["T"], Computed((0,), inverse_is_large)),
        rule(1, ["T"]),
        rule(2, [], Computed((), lambda _, __: 1 / 0 > 0)),
    ]
    assert by_both(rules, facts(fact("T", "t", x=0)), active=[1]) == {(1, ("t",))}


@MATCHERS
def test_an_earlier_condition_on_a_fact_guards_a_later_one(matcher: type[NaiveStratum | DurableStratum]) -> None:
    """A division is safe after the condition that rules the zero out, and only after it."""
    given = facts(fact("T", "a", x=0), fact("T", "b", x=1), fact("T", "bare"))
    guarded = [rule(0, ["T"], compare(0, "x", ">", 0), Computed((0,), inverse_is_large))]
    assert named(matcher(guarded).matches(given, [0], None, nothing, LIMIT)) == {(0, ("b",))}
    late = [rule(0, ["T"], Computed((0,), inverse_is_large), compare(0, "x", ">", 0))]
    with pytest.raises(ZeroDivisionError):
        matcher(late).matches(given, [0], None, nothing, LIMIT)


@MATCHERS
def test_a_condition_on_one_fact_is_tried_whatever_the_other_facts_are(
    matcher: type[NaiveStratum | DurableStratum],
) -> None:
    """Both matchers fail or neither does: here no row is ever whole, yet the condition is tried."""
    rules = [rule(0, ["U", "T"], Join(0, "x", 1, "x"), Computed((1,), inverse_is_large))]
    with pytest.raises(ZeroDivisionError):
        matcher(rules).matches(facts(fact("T", "t", x=0)), [0], None, nothing, LIMIT)


@MATCHERS
def test_a_condition_across_facts_is_tried_on_rows_that_join(matcher: type[NaiveStratum | DurableStratum]) -> None:
    """Both matchers fail or neither does: joins come first."""
    rules = [rule(0, ["U", "T"], Computed((0, 1), inverse_is_large), Join(0, "y", 1, "y"))]
    given = facts(fact("T", "t", x=0, y=1), fact("U", "u", y=2))
    assert matcher(rules).matches(given, [0], None, nothing, LIMIT) == []
    with pytest.raises(ZeroDivisionError):
        matcher(rules).matches(facts(fact("T", "t", x=0, y=1), fact("U", "u", y=1)), [0], None, nothing, LIMIT)


@MATCHERS
def test_nothing_is_tried_where_a_guard_is_false(matcher: type[NaiveStratum | DurableStratum]) -> None:
    """Guards come before everything, wherever they are written."""
    rules = [rule(0, ["T"], Computed((0,), inverse_is_large), Computed((), lambda _, __: False))]
    assert matcher(rules).matches(facts(fact("T", "t", x=0)), [0], None, nothing, LIMIT) == []


class Chain:
    """Derives the next number of a chain up to a last one."""

    def __init__(self, last: int) -> None:
        self.last = last
        self.made: dict[tuple[int, MatchedFacts], Fact | None] = {}

    def __call__(self, index: int, row: MatchedFacts) -> Fact | None:
        if (index, row) not in self.made:
            number: Any = row[0].values["x"]
            stands = number >= self.last
            self.made[index, row] = None if stands else fact("T", f"t{number + 1}", x=number + 1, of=row[0])
        return self.made[index, row]


def test_derived_facts_are_matched_until_nothing_new_fires() -> None:
    """A chain runs to its end, and rules that derive nothing see all of it."""
    rules = [
        rule(0, ["T"], derives=True),
        rule(1, ["T"], compare(0, "x", ">=", 3)),
        rule(2, ["T", "T"], Join(0, "of", 1, ""), compare(0, "x", "==", 2)),
    ]
    chained = {(0, (f"t{number}",)) for number in range(5)}
    found = by_both(rules, facts(fact("T", "t0", x=0)), derive=Chain(4))
    assert found == chained | {(1, ("t3",)), (1, ("t4",)), (2, ("t2", "t1"))}


def test_a_deriving_rule_may_join_new_facts_with_old_ones() -> None:
    """A fact that comes late still finds those that came early, in either place."""
    rules = [rule(0, ["T"], derives=True), rule(1, ["T", "T"], Join(0, "", 1, "of"), derives=True)]
    chain = Chain(3)

    def derive(index: int, row: MatchedFacts) -> Fact | None:
        return chain(index, row) if index == 0 else None

    found = by_both(rules, facts(fact("T", "t0", x=0)), derive=derive)
    assert {row for index, row in found if index == 1} == {("t0", "t1"), ("t1", "t2"), ("t2", "t3")}


@MATCHERS
def test_each_match_is_asked_once_what_it_derives(matcher: type[NaiveStratum | DurableStratum]) -> None:
    """Asking all of them again in every round would take the square of a chain's length."""
    asked: list[int] = []
    chain = Chain(200)

    def derive(index: int, row: MatchedFacts) -> Fact | None:
        asked.append(index)
        return chain(index, row)

    matcher([rule(0, ["T"], derives=True)]).matches(facts(fact("T", "t0", x=0)), [0], None, derive, LIMIT)
    assert len(asked) == 201


def test_a_fact_that_several_matches_derive_is_matched_once() -> None:
    """One fact, one match, whoever derived it."""
    derived = fact("D", "d")
    rules = [rule(0, ["T"], derives=True), rule(1, ["D"])]
    found = by_both(rules, facts(fact("T", "a"), fact("T", "b")), derive=lambda _, __: derived)
    assert found == {(0, ("a",)), (0, ("b",)), (1, ("d",))}


@MATCHERS
def test_the_same_facts_may_be_matched_again_and_give_the_same(matcher: type[NaiveStratum | DurableStratum]) -> None:
    """A stratum remembers nothing."""
    stratum: Stratum = matcher([rule(0, ["T", "T"], Join(0, "x", 1, "x"))])
    given = facts(fact("T", "a", x=1), fact("T", "b", x=2))
    first = stratum.matches(given, [0], None, nothing, LIMIT)
    assert named(first) == {(0, ("a", "a")), (0, ("b", "b"))}
    assert set(stratum.matches(given, [0], None, nothing, LIMIT)) == set(first)
    assert stratum.matches(facts(fact("T", "c")), [0], None, nothing, LIMIT) == []


@MATCHERS
def test_rules_that_run_away_are_stopped_and_named(matcher: type[NaiveStratum | DurableStratum]) -> None:
    """A rule that feeds itself is stopped with its name."""
    rules = [rule(0, ["T"], derives=True), rule(1, ["U"])]
    with pytest.raises(TooManyFirings, match=r"more than 50 times.*rule 0"):
        matcher(rules).matches(facts(fact("T", "t0", x=0)), [0, 1], None, Chain(10**9), 50)


@MATCHERS
def test_as_many_firings_as_allowed_are_no_error(matcher: type[NaiveStratum | DurableStratum]) -> None:
    """The limit itself is allowed."""
    given = facts(*(fact("T", str(number)) for number in range(200)))
    assert len(matcher([rule(0, ["T"])]).matches(given, [0], None, nothing, 200)) == 200
    with pytest.raises(TooManyFirings):
        matcher([rule(0, ["T"])]).matches(given, [0], None, nothing, 199)


@MATCHERS
@pytest.mark.parametrize("joins", [[], [Join(0, "x", 1, "x")]])
def test_a_rule_that_looks_at_too_many_combinations_is_stopped_and_named(
    matcher: type[NaiveStratum | DurableStratum], joins: list[Join], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rule that lacks a join would take all memory before it fires too often."""
    monkeypatch.setattr(conditions, "MAX_ROWS", 1_000)
    rules = [rule(0, ["T", "T"], *joins, Computed((0, 1), lambda _, __: False))]
    given = facts(*(fact("T", str(number), x=1) for number in range(31)))
    assert matcher(rules).matches(given, [0], None, nothing, LIMIT) == []
    given["T"] += [fact("T", "31", x=1)]
    with pytest.raises(TooManyFirings, match="rule 0 would look at more than 1000"):
        matcher(rules).matches(given, [0], None, nothing, LIMIT)


def test_firings_are_taken_out_while_facts_are_still_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows that wait in the engine take memory: five thousand facts combined would take gigabytes."""
    given, taken = [0], 0
    put, firings = Handle.put, Handle.firings

    def counted(handle: Handle, text: str) -> None:
        given[-1] += 1
        put(handle, text)

    def seen(handle: Handle) -> Iterator[str]:
        nonlocal taken
        given.append(0)
        for message in firings(handle):
            taken += 1
            yield message

    monkeypatch.setattr(Handle, "put", counted)
    monkeypatch.setattr(Handle, "firings", seen)
    assert len(durably([rule(0, ["T"])], facts(*(fact("T", str(number)) for number in range(1_000))))) == 1_000
    assert max(given) < 100
    assert taken == 1_000 + 1


def test_an_inactive_rule_combines_nothing_in_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would take memory for rows that nobody asked for."""
    taken: list[str] = []
    firings = Handle.firings

    def seen(handle: Handle) -> Iterator[str]:
        for message in firings(handle):
            taken.append(message)
            yield message

    monkeypatch.setattr(Handle, "firings", seen)
    rules = [rule(0, ["T", "T"], Computed((0, 1), always)), rule(1, ["T"])]
    given = facts(*(fact("T", str(number)) for number in range(20)))
    assert len(durably(rules, given, active=[1])) == 20
    assert len(taken) == 20 + 1
