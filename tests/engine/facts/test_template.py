"""The laws of templates: unchanged it says what to fill in; filled in it is a case."""

import re
from collections.abc import Callable
from datetime import date
from fractions import Fraction

import pytest

import schemas
from engine.base.faults import FactsError
from engine.base.messages import CHINESE, LANGUAGE
from engine.facts import Asked, FactType, open_facts, read_facts, template
from engine.facts.model import FieldType, Kind, Value
from engine.facts.types import read_fact_type
from tests.engine import mini
from tests.engine.facts.samples import TYPES

SHARED = {name: read_fact_type(name, text, f"facts/{name}.json") for name, text in schemas.fact_types().items()}


def made(
    types: dict[str, FactType],
    *optional: str,
    translate: Callable[[str], str] = str,
    asked: dict[str, list[Asked]] | None = None,
) -> str:
    """Return a template for some types."""
    return template("demo/form/2024", "评分表", 2024, types.values(), optional, asked or {}, translate)


def example(field: FieldType, fact_type: FactType) -> str:
    """Return a value that a field may have."""
    says = fact_type.schema["properties"][field.name]
    if says.get("format") == "percent":
        return "50%"
    if field.kind is Kind.NUMBER:
        return f"12 {field.unit}".rstrip() if "minimum" not in says else str(says["minimum"])
    if field.kind is Kind.DATE:
        return "2024-12-31"
    return "true" if field.kind is Kind.BOOLEAN else f"'{(field.choices or ('某',))[0]}'"


def filled(text: str, types: dict[str, FactType]) -> str:
    """Fill a template in as a person would, line by line."""
    lines, fact_type = [], None
    for line in text.replace("department: ", "department: 甲局 ").split("\n"):
        section = re.fullmatch(r"  (\w+):", line)
        entry = re.match(r"( {4,6})(\w+):( .*)", line)
        if section:
            fact_type = types[section[1]]
        if fact_type and entry and entry[2] in fact_type.fields:
            lines.append(f"{entry[1]}{entry[2]}: {example(fact_type.fields[entry[2]], fact_type)} {entry[3]}")
        else:
            lines.append(line)
    return "\n".join(lines)


@pytest.mark.parametrize("types", [TYPES, SHARED], ids=["samples", "shared"])
def test_filled_in_it_is_a_case(types: dict[str, FactType]) -> None:
    """With a fact of every type, the optional ones too when their # is taken away."""
    optional = list(types)[::2]
    text = made(types, *optional)
    assert len(read_facts(open_facts(filled(text, types), "x.yaml"), types, {}).facts) == len(types) - len(optional)
    whole = re.sub(r"(?m)^  # ( *(?:\w+:$|- id:|\w+: ))", r"  \1", text)
    assert len(read_facts(open_facts(filled(whole, types), "x.yaml"), types, {}).facts) == len(types)


@pytest.mark.parametrize("types", [TYPES, SHARED], ids=["samples", "shared"])
def test_as_it_is_each_field_to_fill_in_is_reported(types: dict[str, FactType]) -> None:
    """By its name and title, and nothing else."""
    with pytest.raises(FactsError) as refused:
        read_facts(open_facts(made(types), "x.yaml"), types, {})
    said = [str(fault.what) for fault in refused.value.faults]
    needed = [f for t in types.values() for f in t.fields.values() if not f.optional]
    assert len(said) == 1 + len(needed)
    assert all(what.endswith(" is empty.") for what in said)


def test_it_can_be_in_chinese() -> None:
    """Then without the schemas' English descriptions."""
    text = made(TYPES, translate=lambda template: CHINESE if template == LANGUAGE else template)
    assert "A sample of" not in text
    assert "A sample of" in made(TYPES)


def test_types_that_no_file_gives_are_left_out() -> None:
    """And a fact of which all fields are optional has one to fill in all the same."""
    optional = FieldType("note", Kind.TEXT, optional=True, title="备注")
    schema = {"description": "A note.", "properties": {"note": {"type": "string"}}, "required": []}
    text = made(
        {"evidence": FactType("evidence", {}), "note": FactType("note", {"note": optional}, "说明", schema=schema)}
    )
    assert "evidence:\n" not in text
    assert "\n    - id: note-1\n      note:" in text


def test_each_fact_that_is_asked_for_has_an_entry() -> None:
    """With its values, an id made of them, and the place of the form beside it."""
    asked = {
        "criterion": [
            Asked({"indicator": 4, "number": 1}, ((4, "编制合理性", ("符合职责", "分配合理")),)),
            Asked({"indicator": 4, "number": 2}, ((4, "编制合理性", ()), (6, "目标合理性", ()))),
        ]
    }
    text = made({"criterion": SHARED["criterion"]}, asked=asked)
    assert re.findall(r"- id: (\S+) +# (.*)", text) == [
        ("criterion-4-1", "4 编制合理性: 符合职责 / 分配合理"),
        ("criterion-4-2", "4 编制合理性; 6 目标合理性"),
    ]
    assert re.findall(r"\n      number: (\d+) +#", text) == ["1", "2"]
    optional = made({"criterion": SHARED["criterion"]}, "criterion", asked=asked)
    assert len(re.findall(r"\n  #   - id: ", optional)) == 2
    assert text.replace("    - id", "  #   - id") != text


@pytest.mark.parametrize(
    ("name", "value", "written"),
    [
        ("text", "产出", "产出"),
        ("text", "it's: #1", "'it''s: #1'"),
        ("text", "yes", "'yes'"),
        ("text", "2024", "'2024'"),
        ("flag", True, "true"),
        ("day", date(2024, 2, 29), "2024-02-29"),
        ("number", Fraction(1, 2), "0.5"),
        ("number", Fraction(1, 3), ""),
        ("share", Fraction(19, 20), "95%"),
        ("amount", 100, "100 万元"),
    ],
)
def test_a_value_is_written_so_that_it_is_read_again(name: str, value: Value, written: str) -> None:
    """Texts in quotes where they need them, numbers with their unit; what no decimal can say is left open."""
    kinds = {
        "text": {"type": "string"},
        "flag": {"type": "boolean"},
        "day": {"type": "string", "format": "date"},
        "number": {"type": "number"},
        "share": {"type": "string", "format": "percent"},
        "amount": {"type": "string", "format": "quantity", "x-unit": "万元"},
    }
    types = {"one": read_fact_type("one", mini.schema("one", {name: kinds[name]}), "facts/one.json")}
    other = Asked({name: "其他" if name == "text" else value}, ())
    text = made(types, asked={"one": [Asked({name: value}, ()), *([other] if name == "text" else [])]})
    [line, *_] = [line for line in text.splitlines() if line.startswith(f"      {name}:")]
    assert line.split(":", 1)[1].rpartition("#")[0].strip() == written
    if written:
        facts = read_facts(open_facts(text.replace("department: ", "department: 甲局 "), "x.yaml"), types, {}).facts
        assert value in [fact.values[name] for fact in facts]
