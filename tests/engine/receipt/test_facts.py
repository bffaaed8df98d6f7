"""The law of canonical facts: written and read back they are the same, and others are refused."""

import json
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.base.faults import FactsError
from engine.base.numbers import simplest
from engine.facts.model import Evidence, Fact, FactType, Kind, Value
from engine.receipt import facts_of, plain
from engine.receipt.facts import fact_line
from engine.receipt.model import Content
from tests.audit.receipts import make_content
from tests.engine.facts.samples import TYPES

KINDS: Mapping[Kind, st.SearchStrategy[Value]] = {
    Kind.NUMBER: st.fractions().map(simplest),
    Kind.TEXT: st.text(),
    Kind.BOOLEAN: st.booleans(),
    Kind.DATE: st.dates(),
}


@st.composite
def some_facts(draw: st.DrawFn) -> list[Fact]:
    """Return facts of the sample types, each id once."""
    found = []
    for number in range(draw(st.integers(0, 4))):
        fact_type: FactType = draw(st.sampled_from(list(TYPES.values())))
        values = {
            name: draw(KINDS[f.kind]) for name, f in fact_type.fields.items() if not f.optional or draw(st.booleans())
        }
        evidence = tuple(
            Evidence(draw(st.text()), draw(st.text()), draw(st.text())) for _ in range(draw(st.integers(0, 2)))
        )
        found.append(Fact(fact_type.name, f"N{number}", values, draw(st.text(max_size=3)), evidence))
    return found


CONTENT = make_content()


def content(facts: list[dict[str, Any]]) -> Content:
    """Return the content of a receipt with these facts."""
    case = {"department": "甲局", "year": "2024"}
    return msgspec.convert({**CONTENT, "case": case, "stated": ["criterion"], "facts": facts}, Content)


def fact_content(fact: Fact) -> Any:
    """Return a fact as the JSON of a receipt."""
    return json.loads(json.dumps(plain(fact_line(fact))))


@given(some_facts())
def test_facts_come_back_as_they_were(facts: list[Fact]) -> None:
    """Through JSON, with the kinds of their values."""
    read = facts_of(content([fact_content(fact) for fact in facts]), TYPES)
    for one, other in zip(read.facts, facts, strict=True):
        assert (one.type, one.id, one.assumed, one.evidence) == (other.type, other.id, other.assumed, other.evidence)
        assert dict(one.values) == dict(other.values)
        assert {name: type(value) for name, value in one.values.items()} == {
            name: type(value) for name, value in other.values.items()
        }
        assert fact_content(one) == fact_content(other)
    assert read.stated == {"criterion"}
    assert read.case["year"] == "2024"


GIVEN = fact_content(
    Fact("disclosure", "P", {"classified": True, "published_on": date(2024, 5, 1)}, "", (Evidence("纪要"),))
)
FUND = fact_content(Fact("special_fund", "F", {"name": "甲", "amount": Fraction(1, 3), "self_score": 1}))


@pytest.mark.parametrize(
    "fact",
    [
        {**GIVEN, "type": "vehicle"},
        {**GIVEN, "values": {"classified": "true"}},
        {**GIVEN, "values": {"published_on": "May"}},
        {**GIVEN, "values": {"published_on": True}},
        {**GIVEN, "values": {"colour": "red"}},
        {**FUND, "values": {"amount": "1/0"}},
        {**FUND, "values": {"amount": "١"}},
        {**FUND, "values": {"amount": True}},
    ],
)
def test_what_does_not_fit_its_type_is_refused(fact: dict[str, Any]) -> None:
    """Though it should never be in a ledger."""
    with pytest.raises(FactsError, match="does not fit its fact type"):
        facts_of(content([fact]), TYPES)
