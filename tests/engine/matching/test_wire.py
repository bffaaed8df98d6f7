"""What goes over the wire is whole numbers, and they compare as the exact values do."""

from __future__ import annotations

import operator
from fractions import Fraction

import durable_rules_engine
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.base.comparators import Comparator
from engine.base.faults import EvaluationError
from engine.base.numbers import Number, simplest
from engine.matching.durable import stratum as durable
from engine.matching.durable.handle import Handle
from engine.matching.durable.wire import (
    MAX_FACTS,
    SCALE,
    Codes,
    Interned,
    Property,
    binding,
    encoded,
    threshold,
    wire_id,
)
from tests.engine.matching.build import durably, fact, facts, rule

BEYOND = [2**61, 2**62, 2**63, 2**64, 10**30, (1 << 61) // (2 * SCALE), (1 << 61) // (2 * SCALE) + 1]
numbers = st.one_of(
    st.integers(),
    st.fractions(),
    st.sampled_from([sign * n for n in BEYOND for sign in (1, -1)]),
    st.integers(-(10**9), 10**9).map(lambda n: simplest(Fraction(n, SCALE))),
)
close = st.sampled_from([Fraction(sign, 10**digits) for sign in (-1, 0, 1) for digits in (0, 5, 6, 7, 12)])


def fnv_1a(text: str) -> int:
    """Hash as the engine does."""
    value = 0x811C9DC5
    for byte in text.encode():
        value = (value ^ byte) * 16777619 & 0xFFFFFFFF
    return value


@given(numbers, numbers, close, st.sampled_from(Comparator))
def test_an_encoded_number_compares_with_a_threshold_as_the_numbers_do(
    constant: Number, other: Number, apart: Fraction, comparator: Comparator
) -> None:
    """All six comparisons, close to the threshold and beyond 64 bits."""
    written = threshold(constant)
    for value in (other, simplest(constant + apart)):
        assert -(2**62) < encoded(value) < 2**62
        if written is not None:
            assert comparator.holds(encoded(value), written) is comparator.holds(value, constant)


@pytest.mark.parametrize("constant", [Fraction(1, 3), Fraction(1, 2 * SCALE), 2**60, -(2**63), Fraction(1, 10**7)])
def test_a_constant_that_cannot_be_written_exactly_is_not_written(constant: Number) -> None:
    """Its comparison is computed in Python instead."""
    assert threshold(constant) is None


@pytest.mark.parametrize("constant", [0, 1, -1, Fraction(3, 5), Fraction(1, SCALE), 10**12, -(10**12)])
def test_the_constants_of_real_rules_are_written(constant: Number) -> None:
    """Percentages, points, days and amounts of money are compared by the engine itself."""
    assert threshold(constant) == 2 * SCALE * constant


def test_the_ids_of_all_facts_of_an_evaluation_have_different_hashes() -> None:
    """The engine takes facts whose ids have one hash for one fact."""
    hashes = {fnv_1a(wire_id(serial)) for serial in range(MAX_FACTS)}
    assert len(hashes) == MAX_FACTS
    assert fnv_1a("sid-0") not in hashes, "the engine keeps a fact of its own by this id"
    assert {len(wire_id(0)), len(wire_id(MAX_FACTS - 1))} == {5}


@pytest.mark.parametrize(("one", "other"), [("costarring", "liquid"), ("40186", "797189")])
def test_the_engine_takes_ids_of_one_hash_for_one_fact(one: str, other: str) -> None:
    """The hash above is the engine's own; and short decimal ids would not do."""
    assert fnv_1a(one) == fnv_1a(other)
    handle = durable_rules_engine.create_ruleset("ids", '{"r":{"pri":1,"all":[{"a":{"$and":[{"t":1}]}}]}}')
    try:
        assert durable_rules_engine.assert_fact(handle, f'{{"id":"{one}","t":1}}')[0] == 0
        assert durable_rules_engine.assert_fact(handle, f'{{"id":"{other}","t":1}}')[0] == 2
    finally:
        durable_rules_engine.start_action_for_state(handle, 1)
        durable_rules_engine.delete_state(handle, "0")
        durable_rules_engine.delete_ruleset(handle)


def test_facts_with_colliding_or_odd_ids_are_kept_apart() -> None:
    """The ids that people give never reach the engine."""
    ids = ["costarring", "liquid", "40186", "797189", "sid-0", "", '"', "长" * 70_000, "\\", "a\x00b", "a"]
    found = durably([rule(0, ["T"])], facts(*(fact("T", name) for name in ids)))
    assert sorted(row[0].id for _, row in found) == sorted(ids)


def test_more_facts_than_there_are_ids_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clear error, not a wrong match."""
    monkeypatch.setattr(durable, "MAX_FACTS", 3)
    three = [fact("T", str(number)) for number in range(3)]
    assert len(durably([rule(0, ["T"])], facts(*three))) == 3
    with pytest.raises(EvaluationError, match="more than 3 facts"):
        durably([rule(0, ["T"])], facts(*three, fact("T", "3")))


def test_only_what_a_rule_needs_goes_over_the_wire_and_only_as_whole_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """No text, no unused field and no unused fact."""
    sent: list[str] = []
    put = Handle.put

    def seen(handle: Handle, text: str) -> None:
        sent.append(text)
        put(handle, text)

    monkeypatch.setattr(Handle, "put", seen)
    durably([rule(0, ["T"])], facts(fact("T", "secret", s="text", n=Fraction(1, 3), b=True), fact("U", "unused")))
    assert sent == ['{"id":"00000","t":0}', '{"id":"00000","t":1}']


@given(numbers)
def test_every_number_that_is_sent_has_64_bits(number: Number) -> None:
    """The engine would cut a longer one, or not; nothing says which."""
    encode = binding(Property("number", "x"), Codes(), {})((), None, Interned())
    code = encode(fact("T", "t", x=number))
    assert code is not None
    assert -(2**62) < code < 2**62


def test_the_operators_are_those_of_the_language() -> None:
    """None more, none less."""
    assert Comparator("<=").holds is operator.le
    assert sorted(one.value for one in Comparator) == ["!=", "<", "<=", "==", ">", ">="]
    with pytest.raises(ValueError, match="~"):
        Comparator("~")
