"""The laws of facts files: order means nothing, nothing is guessed, every fault is reported at once."""

import json
import random
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.base.faults import FactsError, InvalidInput
from engine.facts import Facts, FactType, open_facts, read_facts
from engine.receipt import plain
from engine.receipt.facts import fact_line
from tests.engine.facts.samples import CONVERSIONS, TYPES

HEAD = "ruleset: demo/form/2024\ncase: {department: 甲局, year: 2024}\nfacts:\n"


def read(text: str, types: dict[str, FactType] | None = None) -> Facts:
    """Return the facts of a file's text."""
    return read_facts(open_facts(text, "x.yaml"), types or TYPES, CONVERSIONS)


def test_values_are_typed_and_exact() -> None:
    """Each by its kind, in the unit of its field."""
    facts = read(
        HEAD
        + """
  special_fund:
    - {id: F2, name: 乙, amount: 0.5 亿元, self_score: 70.1, used: 94.4%}
    - {id: F1, name: 甲, amount: -0 万元, self_score: 0, assumed: 推定, evidence: [{title: 纪, reference: 一, file: a}]}
  disclosure: [{id: P, classified: false, published_on: 2024-02-29}]
  goal_report: {reported: true}
  criterion: []
"""
    )
    assert dict(facts.case) == {"department": "甲局", "year": "2024"}
    assert facts.stated == {"special_fund", "disclosure", "goal_report", "criterion"}
    disclosure, report, second, first = facts.facts
    assert dict(disclosure.values) == {"classified": False, "published_on": date(2024, 2, 29)}
    assert (report.id, dict(report.values)) == ("goal_report", {"reported": True})
    assert dict(second.values) == {
        "name": "乙",
        "amount": 5000,
        "self_score": Fraction(701, 10),
        "used": Fraction(944, 1000),
    }
    assert (first.id, first.assumed, first.evidence[0].reference, first.evidence[0].file) == (
        "F1",
        "推定",
        "一",
        "a",
    )
    assert (first.place.line, first.place.pointer) == (7, "/facts/special_fund/1")


@pytest.mark.parametrize("single", ["goal_report: [{reported: true}]", "goal_report: [{id: G, reported: true}]"])
def test_a_single_fact_may_stand_in_a_list(single: str) -> None:
    """With an id of its own, or its type's name."""
    assert len(read(HEAD + "  " + single).facts) == 1


def test_a_single_type_may_be_stated_to_have_none() -> None:
    """Which is not the same as leaving it out."""
    facts = read(HEAD + "  goal_report: []")
    assert facts.facts == ()
    assert facts.stated == {"goal_report"}


@pytest.mark.parametrize("written", ["", "已报送"])
def test_a_single_type_without_its_fields_is_refused(written: str) -> None:
    """Nothing written is not the same as none."""
    with pytest.raises(FactsError, match="Write its fields below it; if there is none, write `goal_report: "):
        read(HEAD + "  goal_report: " + written)


def test_a_type_without_schema_cannot_be_given() -> None:
    """Such as the evidence that the engine makes facts of."""
    types = {**TYPES, "evidence": FactType("evidence", {})}
    with pytest.raises(FactsError, match="no fact type “evidence”"):
        read(HEAD + "  evidence: []", types)


def test_every_fault_is_reported_at_once_in_the_order_of_the_file() -> None:
    """In the head, of types, of ids, of fields and of units."""
    text = """\
ruleset: demo/form/2024
case: {department: 甲局, year: two}
facts:
  goal_report: {reported: 1}
  special_fund:
    - {id: F1, name: 甲, amount: 5 美元, self_score: 1}
    - {id: F1, name: 乙, amount: 5, self_score: 99}
    - {id: F3, amount: 5 万元, self_score: 1, colour: red}
  vehicle: []
extra: 1
"""
    with pytest.raises(FactsError) as refused:
        read(text)
    found = [(fault.where.line, fault.where.pointer) for fault in refused.value.faults]
    assert found == [
        (2, "/case/year"),
        (4, "/facts/goal_report/reported"),
        (6, "/facts/special_fund/0/amount"),
        (7, "/facts/special_fund/1/id"),
        (7, "/facts/special_fund/1/amount"),
        (7, "/facts/special_fund/1/self_score"),
        (8, "/facts/special_fund/2"),
        (8, "/facts/special_fund/2/colour"),
        (9, "/facts/vehicle"),
        (10, "/extra"),
    ]


def test_a_file_that_names_no_ruleset_cannot_be_read_further() -> None:
    """All that is wrong with its head is reported."""
    with pytest.raises(FactsError) as refused:
        open_facts("case: {}\nfacts: {}\n", "x.yaml")
    assert len(refused.value.faults) == 3
    with pytest.raises(FactsError):
        open_facts("[]", "x.json")


TEXTS = st.text("甲乙丙abc 1.:", min_size=1).filter(lambda text: bool(text.strip()))
FUNDS = st.fixed_dictionaries(
    {
        "name": TEXTS,
        "amount": st.decimals(0, 10**6, places=2).map(lambda number: f"{number} 万元"),
        "self_score": st.integers(0, 80),
    },
    optional={"used": st.integers(0, 100).map(lambda n: f"{n}%"), "assumed": TEXTS},
)
CRITERIA = st.fixed_dictionaries({"number": st.integers(1, 9), "met": st.sampled_from(["是", "否"])})
FILES = st.fixed_dictionaries(
    {},
    optional={
        "special_fund": st.lists(FUNDS, max_size=5).map(lambda fs: [{"id": f"F{n}", **f} for n, f in enumerate(fs)]),
        "criterion": st.lists(CRITERIA, max_size=5).map(lambda fs: [{"id": f"C{n}", **f} for n, f in enumerate(fs)]),
        "goal_report": st.fixed_dictionaries({"reported": st.booleans()}),
    },
)


def content(sections: dict[str, Any], file: str = "x.json") -> Any:
    """Return all that a file with these facts says."""
    document = {"ruleset": "demo/form/2024", "case": {"department": "甲局", "year": 2024}, "facts": sections}
    text = json.dumps(document, ensure_ascii=False)
    facts = read_facts(open_facts(text, file), TYPES, CONVERSIONS)
    said = sorted((fact.type, fact.id, plain(fact_line(fact))) for fact in facts.facts)
    return dict(facts.case), said, facts.stated


def shuffled(value: Any, chance: random.Random) -> Any:
    """Return the same document with its facts and fields in another order."""
    if isinstance(value, dict):
        items = [(name, shuffled(inner, chance)) for name, inner in value.items()]
        chance.shuffle(items)
        return dict(items)
    if isinstance(value, list):
        inner = [shuffled(element, chance) for element in value]
        chance.shuffle(inner)
        return inner
    return value


def test_facts_of_a_type_keep_their_order() -> None:
    """Where they are rows of the form, it is the order of the card."""
    text = HEAD + "  criterion: []\n  special_fund:\n"
    rows = "".join(f"    - {{id: {id_}, name: 甲, amount: 1 万元, self_score: 1}}\n" for id_ in ("乙", "甲", "丙"))
    assert [fact.id for fact in read(text + rows).facts] == ["乙", "甲", "丙"]


@given(FILES, st.randoms(use_true_random=False))
def test_the_order_of_a_file_changes_nothing_that_it_says(sections: dict[str, Any], chance: random.Random) -> None:
    """Neither of types, of facts, nor of fields; and YAML says the same as JSON."""
    assert content(sections) == content(shuffled(sections, chance)) == content(sections, "x.yaml")


@given(FILES, st.data())
def test_a_field_taken_away_or_misspelt_is_never_passed_over(sections: dict[str, Any], data: st.DataObject) -> None:
    """Law 5: a required field that is missing and a field that is unknown are errors."""
    facts = [fact for facts in sections.values() if isinstance(facts, list) for fact in facts]
    if not facts:
        return
    fact = data.draw(st.sampled_from(facts))
    name = data.draw(st.sampled_from([name for name in fact if name not in ("used", "assumed")]))
    value = fact.pop(name)
    with pytest.raises(InvalidInput):
        content(sections)
    fact.update({name: value, f"{name}x": value})
    with pytest.raises(InvalidInput):
        content(sections)
