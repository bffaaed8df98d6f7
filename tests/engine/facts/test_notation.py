"""The laws of the notation for fact types: two forms with one meaning, and each compiles to a schema that works."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from jsonschema import Draft202012Validator

import schemas
from engine.base.faults import FactsError, RulesetError
from engine.facts import FactType, open_facts, read_facts
from engine.facts.types import read_fact_type, read_notation
from engine.facts.words import CONDITION, FIELD, KINDS, TYPE, WORDS
from tests.engine.facts.notations import SampleType, types


def read(written: Any, name: str = "sample") -> FactType:
    """Return a type from what is written: a text, or what YAML writes as one."""
    text = written if isinstance(written, str) else yaml.safe_dump(written, allow_unicode=True, sort_keys=False)
    return read_notation(name, text, f"facts/{name}.yaml")


def facts_of(fact_type: FactType, *facts: dict[str, Any]) -> Any:
    """Return the facts of a file."""
    case = {"ruleset": "a/b", "case": {"department": "甲局", "year": 2024}, "facts": {fact_type.name: list(facts)}}
    document = open_facts(json.dumps(case, ensure_ascii=False), "case.json")
    return read_facts(document, {fact_type.name: fact_type}, {}).facts


@settings(max_examples=50)
@given(types())
def test_both_languages_have_one_meaning(sample: SampleType) -> None:
    """The same type in English and in Chinese compiles to the same schema."""
    english, chinese = (read(form) for form in sample.forms)
    assert english.schema == chinese.schema
    assert english == chinese


@settings(max_examples=50)
@given(types())
def test_what_is_compiled_is_a_schema_and_a_fact_type(sample: SampleType) -> None:
    """By the standard's own schema, and by that of fact types in JSON, which gives the same type."""
    compiled = read(sample.forms[1])
    Draft202012Validator.check_schema(compiled.schema)
    text = json.dumps(compiled.schema, ensure_ascii=False, default=lambda number: json.loads(str(number)))
    assert read_fact_type("sample", text, "facts/sample.json") == compiled


@settings(max_examples=50)
@given(types())
def test_facts_made_for_it_are_valid(sample: SampleType) -> None:
    """With all fields, and with those alone that must be given, unless a condition asks for one."""
    compiled = read(sample.forms[0])
    whole = {field.name: field.value for field in sample.fields}
    needed = {field.name: field.value for field in sample.fields if not field.optional}
    for values in (whole, needed):
        [fact] = facts_of(compiled, {"id": "a", **values})
        assert fact.values.keys() == values.keys()
    for field in sample.fields:
        assert compiled.fields[field.name].optional == field.optional
        if not field.optional:
            rest = {name: value for name, value in whole.items() if name != field.name}
            with pytest.raises(FactsError):
                facts_of(compiled, {"id": "a", **rest})


@settings(max_examples=50)
@given(types())
def test_the_schema_for_editors_knows_all_of_it(sample: SampleType) -> None:
    """What the program reads, an editor accepts."""
    for form in sample.forms:
        Draft202012Validator(schemas.schema("fact-notation.json")).validate(form)


def test_the_schema_for_editors_has_every_keyword() -> None:
    """In both languages, and no other."""
    Draft202012Validator.check_schema(schemas.schema("fact-notation.json"))
    known = schemas.schema("fact-notation.json")["$defs"]
    for place, words in (("listed", TYPE), ("field", FIELD), ("condition", CONDITION)):
        assert set(known[place]["properties"]) == {*words.pairs, *words.pairs.values()}
    assert set(known["brief"]["properties"]) == set(known["listed"]["properties"]) - {"fields", "字段"}


@pytest.mark.parametrize("words", [TYPE, FIELD, CONDITION, KINDS, WORDS])
def test_a_word_has_one_meaning(words: Any) -> None:
    """No word of one place stands for two things there."""
    every = [*words.pairs, *words.pairs.values()]
    assert len(every) == len(set(every))
    assert all(words.meaning(word) == english for english in words.pairs for word in words.both(english))


def test_two_lines_are_enough() -> None:
    """The name of a type and its fields are all that must be written."""
    staff = read("{只有一条: true, 在职人员数: 整数, 编制数: 整数 > 0}", "人员编制")
    assert (staff.name, staff.title, staff.single) == ("人员编制", "人员编制", True)
    assert list(staff.fields) == ["在职人员数", "编制数"]
    assert staff.schema["properties"]["编制数"]["exclusiveMinimum"] == 0
    with pytest.raises(FactsError, match="编制数"):
        facts_of(staff, {"在职人员数": 3, "编制数": 0})


def test_an_english_name_is_the_canonical_one() -> None:
    """Of a type and of a field; what is written becomes the title, unless there is one."""
    posts = "编制数: {类型: 整数, 英文名: posts, 标题: 核定编制}"
    staff = read(f"英文名: personnel\n在职人员数: {{类型: 整数, 英文名: staff}}\n{posts}\n", "人员编制")
    assert (staff.name, staff.title, list(staff.fields)) == ("personnel", "人员编制", ["staff", "posts"])
    assert [field.title for field in staff.fields.values()] == ["在职人员数", "核定编制"]
    assert staff.schema["$id"] == "fenming:facts/personnel"


@pytest.mark.parametrize(
    ("kind", "wrong", "right"),
    [
        ("元 >= 0", "-0.01 元", "0 元"),
        ("元 > 0", "0 元", "0.01 元"),
        ("万元 <= 100", "100.01 万元", "100 万元"),
        ("万元 < 100", "100 万元", "99.99 万元"),
        ("percent <= 100%", "100.1%", "100%"),
        ("百分比 ≥０％ ＜１００％", "100%", "0%"),
        ("integer 1..5", 6, 5),
        ("number 0.5..1.5", 0.4, 1),
        ("text 2..3 字", "一二三四", "一二"),
        ("text", " ", "一"),
        ("文本", "一\n二", "一"),
        ("date", "2024-02-30", "2024-02-29"),
        ("yes or no", "true", True),
    ],
)
def test_a_bound_is_kept(kind: str, wrong: object, right: object) -> None:
    """What is beyond it is refused, what is at it depends on the sign."""
    fact_type = read({"x": kind})
    assert facts_of(fact_type, {"id": "a", "x": right})
    with pytest.raises(FactsError):
        facts_of(fact_type, {"id": "a", "x": wrong})


def test_values_are_what_the_kinds_say() -> None:
    """Exact numbers, percentages as plain numbers, days as days."""
    fact_type = read(
        {"a": "percent", "b": "date", "c": "number", "d": "long text", "e": {"kind": "number", "unit": "台班"}}
    )
    values = {"a": "94.4%", "b": "2024-12-31", "c": 0.1, "d": "一\n二", "e": "2.50 台班"}
    [fact] = facts_of(fact_type, {"id": "x", **values})
    assert fact.values == {
        "a": Fraction(944, 1000), "b": date(2024, 12, 31), "c": Fraction(1, 10), "d": "一\n二", "e": Fraction(5, 2)
    }  # fmt: skip
    assert fact_type.fields["e"].unit == "台班"


CONDITIONED = """\
方向: [≥, ≤, =]
实际值: 数字 可不填
说法: 文本 可不填
公开: 是否
条件:
  - 如果: 方向 = ≤ 或 =
    则: [实际值 > 0, 实际值 <= 10]
    否则: 实际值 未填
    补救: {zh: 填实际值。, en: Give the actual.}
  - {如果: 公开 ≠ 是, 则: 说法 已填}
"""


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"方向": "≥", "公开": True}, ""),
        ({"方向": "≥", "公开": True, "实际值": 1}, "Give the actual."),
        ({"方向": "≤", "公开": True, "实际值": 1}, ""),
        ({"方向": "=", "公开": True, "实际值": 10}, ""),
        ({"方向": "=", "公开": True, "实际值": 11}, "Give the actual."),
        ({"方向": "≤", "公开": True, "实际值": 0}, "Give the actual."),
        ({"方向": "≤", "公开": True}, "Give the actual."),
        ({"方向": "≥", "公开": False}, "说法"),
        ({"方向": "≥", "公开": False, "说法": "未到期"}, ""),
    ],
)
def test_conditions_hold_between_fields(values: dict[str, Any], wrong: str) -> None:
    """A clause about a field says that it is given, too; the remedy is the condition's own."""
    fact_type = read(CONDITIONED)
    Draft202012Validator.check_schema(fact_type.schema)
    if not wrong:
        assert facts_of(fact_type, {"id": "a", **values})
        return
    with pytest.raises(FactsError, match=wrong):
        facts_of(fact_type, {"id": "a", **values})


def test_a_bound_keeps_its_digits() -> None:
    """A decimal is not made a float on its way into the schema."""
    says = read({"x": "number >= 0.10"}).schema["properties"]["x"]
    assert isinstance(says["minimum"], Decimal)
    assert str(says["minimum"]) == "0.10"


def test_every_mistake_is_reported_at_once() -> None:
    """Each with its own place, down to the bound."""
    with pytest.raises(RulesetError) as refused:
        read("a: intger\nb: 元 >= x0\nid: text\nc: percent <= 5\n")
    assert [(fault.code, fault.where.line, fault.where.column) for fault in refused.value.faults] == [
        ("fact-type.kind", 1, 4),
        ("fact-type.bound", 2, 6),
        ("fact-type.reserved", 3, 1),
        ("fact-type.bound-percent", 4, 12),
    ]


def test_a_field_that_must_not_be_given_is_named() -> None:
    """At its own place, with the remedy of the condition."""
    fact_type = read(CONDITIONED)
    with pytest.raises(FactsError, match=r"“实际值”.* is filled in") as error:
        facts_of(fact_type, {"id": "a", "方向": "≥", "公开": True, "实际值": 1})
    [found] = error.value.faults
    assert (found.code, str(found.where).endswith("/实际值")) == ("value.not-wanted", True)
