"""Rules are divided so that no partition is more than the engine can hold, whatever rules there are."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from engine.base.comparators import Comparator
from engine.base.faults import BeyondMatcher, Unavailable
from engine.facts.model import MatchedFacts
from engine.matching.durable import capacity as network
from engine.matching.durable.partitions import divide
from engine.matching.interface import Condition, Join, Rule
from engine.matching.interface import Test as Computed
from tests.engine.matching.build import by_both, compare, durably, fact, facts, nothing, rule
from tests.engine.matching.generate import make

COMPARISONS = {"$neq", "$lt", "$lte", "$gt", "$gte"}


def whole(value: object) -> bool:
    return type(value) is int and -(2**62) < value < 2**62


def check_pattern(alias: str, terms: list[dict[str, Any]], earlier: str) -> None:
    """See that a pattern is its type, then literals with equality first, then links to earlier patterns."""
    assert list(terms[0]) == ["t"]
    assert whole(terms[0]["t"])
    order = []
    for term in terms[1:]:
        ((key, value),) = term.items()
        if key in COMPARISONS:
            ((key, value),) = value.items()
            order.append(1)
        else:
            order.append(2 if isinstance(value, dict) else 0)
        assert key[0] == "p"
        assert key[1:].isdigit()
        if isinstance(value, dict):
            ((other, name),) = value.items()
            assert other in earlier
            assert name[0] == "p"
        else:
            assert whole(value)
    assert order == sorted(order)
    assert alias not in earlier


def check_definition(text: str) -> None:
    """See that a definition holds nothing but what is known to be safe."""
    for name, written in json.loads(text).items():
        assert name == "go" or name.isdigit()
        assert list(written) == ["pri", "dist", "all"]
        assert (written["pri"], written["dist"]) == (1, 0)
        assert 1 <= len(written["all"]) <= 8
        earlier = ""
        for pattern in written["all"]:
            ((alias, body),) = pattern.items()
            assert list(body) == ["$and"]
            check_pattern(alias, body["$and"], earlier)
            earlier += alias


def test_a_definition_holds_nothing_but_what_is_known_to_be_safe() -> None:
    """No $or, no negation, no arithmetic, no inequality across facts, no texts, no floats."""
    seen: set[str] = set()
    for seed in range(200):
        for partition in divide(make(random.Random(seed)).rules):
            check_definition(partition.definition)
            seen.update(key for key in (*COMPARISONS, '{"a":"p') if key in partition.definition)
    assert seen == {*COMPARISONS, '{"a":"p'}


def test_a_definition_in_full() -> None:
    """Type first, then equality, then comparisons, then links; a linked field must be there on both sides."""
    whole_rule = rule(
        0,
        ["T", "U"],
        compare(0, "rate", "<", Fraction(3, 5)),
        compare(0, "kind", "==", "产出"),
        compare(1, "done", "!=", True),
        compare(1, "share", ">", Fraction(1, 3)),
        Join(0, "name", 1, "of"),
        Join(1, "of", 0, ""),
    )
    (partition,) = divide([whole_rule])
    assert json.loads(partition.definition)["0"]["all"] == [
        {"a": {"$and": [{"t": 1}, {"p3": 1}, {"$lt": {"p0": 1_200_000}}, {"$gte": {"p2": 0}}]}},
        {"b": {"$and": [{"t": 2}, {"p2": 1}, {"$neq": {"p0": 1}}, {"p1": {"a": "p2"}}, {"p1": {"a": "p1"}}]}},
    ]


@pytest.mark.parametrize(
    "term",
    [
        {"$or": []},
        {"$nex": {"p0": 1}},
        {"p0": "text"},
        {"p0": 1.5},
        {"p0": True},
        {"$lt": {"p0": {"a": "p1"}}},
        {"p0": 2**62},
    ],
)
def test_the_check_of_definitions_sees_what_is_unsafe(term: dict[str, Any]) -> None:
    """The check above can fail."""
    definition = {"0": {"pri": 1, "dist": 0, "all": [{"b": {"$and": [{"t": 1}, term]}}]}}
    with pytest.raises((AssertionError, ValueError)):
        check_definition(json.dumps(definition))


@pytest.mark.parametrize(("operator", "partitions"), [("<", 36), ("==", 10), ("!=", 36)])
def test_two_thousand_rules_on_one_fact_type(operator: str, partitions: int) -> None:
    """65 conditions that one fact meets are an error in the engine; 513 first ones make it hang."""
    rules = [rule(number, ["T"], compare(0, "x", operator, number)) for number in range(2_000)]
    assert len(divide(rules)) == partitions
    given = facts(*(fact("T", f"t{number}", x=number) for number in (0, 1, 999, 1_999, 5_000)))
    holds = Comparator(operator).holds
    expected = {(n, (one.id,)) for n in range(2_000) for one in given["T"] if holds(one.values["x"], n)}
    assert by_both(rules, given) == expected


def test_two_thousand_rules_on_two_thousand_types() -> None:
    """513 types make the engine hang."""
    rules = [rule(number, [f"T{number}"], compare(0, "x", ">", 0)) for number in range(2_000)]
    given = facts(*(fact(f"T{number}", f"t{number}", x=number % 2) for number in range(2_000)))
    assert by_both(rules, given) == {(number, (f"t{number}",)) for number in range(1, 2_000, 2)}


def test_three_hundred_rules_with_the_same_condition() -> None:
    """256 rules that end in one condition kill the engine."""
    rules = [rule(number, ["T"], compare(0, "x", ">", 0)) for number in range(300)]
    assert len(by_both(rules, facts(fact("T", "a", x=1), fact("T", "b", x=0)))) == 300


def test_three_hundred_rules_that_begin_with_the_same_pattern() -> None:
    """So do 256 rules that share one pattern of several."""
    rules = [
        rule(n, ["T", "U"], compare(0, "x", ">", 0), Join(0, "y", 1, "y"), compare(1, "x", "!=", n)) for n in range(300)
    ]
    assert max(len(partition.rules) for partition in divide(rules)) < 129
    given = facts(fact("T", "a", x=1, y=1), fact("U", "b", x=7, y=1))
    assert by_both(rules, given) == {(n, ("a", "b")) for n in range(300) if n != 7}


def test_three_hundred_computed_conditions_on_one_type() -> None:
    """Computed conditions are properties, and 253 properties are an error in the engine."""
    rules = [rule(n, ["T"], Computed((0,), is_modulo(n))) for n in range(300)]
    given = facts(*(fact("T", str(number), x=number) for number in range(600)))
    assert by_both(rules, given) == {(number % 300, (str(number),)) for number in range(600)}


def test_a_thousand_rules_without_patterns() -> None:
    """Conditions on the case are rules like others to the engine."""
    rules = [rule(number, [], Computed((), is_modulo(number))) for number in range(1_000)]
    assert by_both(rules, {}, context=7) == {(number, ()) for number in range(7, 1_000, 300)}


def is_modulo(wanted: int) -> Callable[[MatchedFacts, Any], bool]:
    """Return a condition on a fact's number, or on the number that represents the case."""

    def holds(row: MatchedFacts, context: Any) -> bool:
        number: Any = row[0].values["x"] if row else context
        return bool(number % 300 == wanted % 300)

    return holds


def broad_and_deep() -> list[Rule]:
    """Rules whose conditions one fact meets all at once, some of them under a condition that they share."""
    alone: list[list[Condition]] = [[compare(0, "a", "<", 1_000 + n)] for n in range(55)]
    under: list[list[Condition]] = [[compare(0, "b", "<", 5), compare(0, "c", ">", -n)] for n in range(1, 40)]
    return [rule(number, ["T"], *own) for number, own in enumerate(alone + under)]


def test_conditions_that_one_fact_meets_all_at_once_are_spread_over_partitions() -> None:
    """What waits on the engine's stack adds up along a path."""
    rules = broad_and_deep()
    assert len(by_both(rules, facts(fact("T", "t", a=1, b=1, c=1)))) == len(rules)


def test_without_the_limit_on_waiting_conditions_the_engine_gives_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is needed: this is the engine's answer without it."""
    monkeypatch.setattr(network, "MAX_PENDING", 10_000)
    rules = broad_and_deep()
    assert len(divide(rules)) == 1
    with pytest.raises(Unavailable, match="error code: 303"):
        durably(rules, facts(fact("T", "t", a=1, b=1, c=1)))


@pytest.mark.parametrize("limit", ["MAX_PENDING", "MAX_CHILDREN", "MAX_LEAVES", "MAX_PROPERTIES", "MAX_SHAPES"])
def test_each_limit_divides_rules_that_still_match_the_same(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every limit is kept, and dividing changes no match."""
    rules = [
        rule(n, ["T", "U"], compare(0, f"x{n % 5}", "==", n), Join(0, "y", 1, "y"), compare(1, "x", "!=", n))
        for n in range(40)
    ]
    shared = compare(0, "x0", "==", 0)
    rules += [rule(n, ["T", "T"], Join(0, "y", 1, "y"), shared, compare(1, "x1", ">", -n)) for n in range(40, 44)]
    given = facts(fact("T", "a", y=1, **{f"x{n}": n for n in range(5)}), fact("U", "b", x=3, y=1))
    before, expected = len(divide(rules)), by_both(rules, given)
    monkeypatch.setattr(network, limit, 3)
    assert len(divide(rules)) > before
    assert by_both(rules, given) == expected
    assert expected == {(n, ("a", "b")) for n in (0, 1, 2, 4)} | {(n, ("a", "a")) for n in range(40, 44)}


def test_five_thousand_facts_joined_two_ways() -> None:
    """The largest case that is asked for."""
    rules = [rule(0, ["T", "U"], Join(0, "x", 1, "x")), rule(1, ["T"], compare(0, "x", ">=", 4_990))]
    given = facts(
        *(fact("T", f"t{n}", x=n) for n in range(5_000)), *(fact("U", f"u{n}", x=n) for n in range(0, 5_000, 5))
    )
    found = by_both(rules, given)
    assert found == {(0, (f"t{n}", f"u{n}")) for n in range(0, 5_000, 5)} | {
        (1, (f"t{n}",)) for n in range(4_990, 5_000)
    }


@pytest.mark.parametrize(
    ("patterns", "conditions", "why"),
    [
        (["T"] * 9, [], "9 facts at once; the limit is 8"),
        (["T"], [compare(0, "x", "==", 0.5)], "“0.5”, which is not an exact value"),  # type: ignore[arg-type]
        (["T"], [compare(0, "x", "<", "a")], "compares with “a” by “<”, but such values have no order"),
        (["T"], [compare(0, "x", ">=", True)], "compares with “True” by “>=”, but such values have no order"),
        (["T"], [compare(1, "x", "==", 1)], "looks at a fact that the rule does not match"),
        (["T", "U"], [Join(0, "x", 2, "x")], "looks at a fact that the rule does not match"),
        (["T"], [Computed((0, 1), lambda _, __: True)], "looks at a fact that the rule does not match"),
        (["T", "U"], [Join(0, f"x{n}", 1, f"x{n}") for n in range(21)], ("joins one fact 21 times; the limit is 20")),
        (["T"], [compare(0, "x", "!=", n) for n in range(61)], "61 conditions on one fact; the limit is 60"),
    ],
)
def test_what_cannot_be_matched_safely_is_refused_by_name(
    patterns: list[str], conditions: list[Condition], why: str
) -> None:
    """Refused with the rule's name, before anything runs."""
    with pytest.raises(BeyondMatcher, match="Rule rule 4 cannot be matched safely") as caught:
        divide([rule(4, patterns, *conditions)])
    assert why in str(caught.value)


def test_a_rule_that_no_partition_can_hold_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """A single rule cannot be divided."""
    monkeypatch.setattr(network, "MAX_PROPERTIES", 3)
    fits = rule(0, ["T"], *(compare(0, f"x{n}", "==", n) for n in range(3)))
    assert len(divide([fits])) == 1
    with pytest.raises(BeyondMatcher, match="Rule rule 1 has more conditions"):
        divide([fits, rule(1, ["T"], *(compare(0, f"x{n}", "==", n) for n in range(4)))])


def test_the_largest_rule_that_is_not_refused_works() -> None:
    """The limits of one rule are inside those of the engine."""
    joins = [Join(left, f"j{n}", left + 1, f"j{n}") for left in range(7) for n in range(10)]
    literals = [compare(place, f"x{n}", "!=", n) for place in range(8) for n in range(60)]
    largest = rule(0, ["T"] * 8, *joins, *literals)
    values = {f"j{n}": n for n in range(10)} | {f"x{n}": n + 1 for n in range(60)}
    assert by_both([largest], facts(fact("T", "t", **values), fact("T", "u"))) == {(0, ("t",) * 8)}


def test_nothing_to_match_is_no_error() -> None:
    """A stratum may be empty."""
    assert divide([]) == ()
    assert durably([], {}, None, nothing) == []
