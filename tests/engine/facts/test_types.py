"""The laws of fact types: a schema is a fact type or is refused with its place."""

import json
from typing import Any

import pytest

import schemas
from engine.base.faults import RulesetError
from engine.facts.model import Kind
from engine.facts.types import read_fact_type
from tests.engine.facts.samples import SCHEMAS, TYPES


@pytest.mark.parametrize(("name", "text"), schemas.fact_types().items())
def test_every_shared_fact_type_can_be_read(name: str, text: str) -> None:
    """And each of its fields has a Chinese title."""
    fact_type = read_fact_type(name, text, f"facts/{name}.json")
    assert fact_type.title
    assert all(field.title for field in fact_type.fields.values())


def test_a_fact_type_is_what_its_schema_says() -> None:
    """Kinds, units, choices, what is optional, whether there is one."""
    fund, target = TYPES["special_fund"].fields, TYPES["performance_target"].fields
    assert (fund["amount"].kind, fund["amount"].unit, fund["amount"].optional) == (Kind.NUMBER, "万元", False)
    assert (fund["used"].kind, fund["used"].unit, fund["used"].optional) == (Kind.NUMBER, "", True)
    assert target["direction"].choices == ("≥", "≤", "=")
    assert TYPES["disclosure"].fields["published_on"].kind is Kind.DATE
    assert TYPES["disclosure"].fields["classified"].kind is Kind.BOOLEAN
    assert [name for name, fact_type in TYPES.items() if fact_type.single] == ["goal_report"]


def changed(**parts: Any) -> dict[str, Any]:
    """Return the schema of a fund with some of its parts changed; None takes one away."""
    schema = {**SCHEMAS["special_fund"], **parts}
    return {key: value for key, value in schema.items() if value is not None}


def field(**says: Any) -> dict[str, Any]:
    """Return a schema whose one field says this."""
    return changed(properties={"x": {"title": "某", **says}}, required=[])


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        (changed(**{"$id": "fenming:facts/fund"}), "says that it is “fenming:facts/fund”"),
        (changed(title=None), "“title” is missing"),
        (changed(additionalProperties=None), "“additionalProperties” is missing"),
        (changed(required=["nam"]), "no field “nam” in this fact type"),
        (changed(required=["zzzz"]), "no field “zzzz”"),
        (changed(**{"if": {"properties": {"nme": {"const": 1}}}}), "no field “nme”"),
        (changed(then={"required": ["nme"]}), "no field “nme”"),
        (changed(allOf=[{"not": {"anyOf": [{"required": ["nme"]}]}}]), "no field “nme”"),
        (changed(**{"if": {"$ref": "https://example.org/schema"}}), "no field “$ref”"),
        (field(type="text"), "not one of its choices"),
        (field(type="string", format="money"), "not one of its choices"),
        (field(type="string", format="quantity"), "“x-unit” is missing"),
        (field(type="number", format="percent"), "format “percent” must be a text"),
        (field(type="number", **{"x-unit": "万元"}), "“x-unit” is allowed only with the format quantity"),
        (field(type="number", **{"x-minimum": "0"}), "“x-minimum” is allowed only with"),
        (field(type="string", format="percent", **{"x-minimum": "zero"}), "“zero” is not a number"),
        (field(type="string", pattern="("), "“(” is not a regular expression"),
        (field(type="string", **{"x-remedy": {"zh": "改"}}), "“en” is missing"),
        (changed(properties={"id": {"type": "string", "title": "编号"}}, required=[]), "“id” cannot be a name here"),
        (changed(properties={}, required=[]), "too few entries"),
    ],
)
def test_a_schema_that_is_no_fact_type_is_refused(schema: dict[str, Any], words: str) -> None:
    """With one fault, and its line."""
    with pytest.raises(RulesetError) as refused:
        read_fact_type("special_fund", json.dumps(schema, ensure_ascii=False, indent=1), "facts/special_fund.json")
    (fault,) = refused.value.faults
    assert words in str(fault.what)
    assert fault.where.line is not None


def test_a_schema_that_is_no_json_is_refused_as_part_of_the_ruleset() -> None:
    """Since it is."""
    with pytest.raises(RulesetError):
        read_fact_type("x", "{", "facts/x.json")
