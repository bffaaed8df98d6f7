"""The facts that a form asks for one by one: one entry each, none missing, none superfluous, no answer given."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from engine.base.faults import FenmingError
from engine.facts import Asked, FactType, open_facts, read_facts, template
from engine.facts.model import FieldType, Kind
from engine.program import Program, asked, compile_ruleset
from engine.receipt import plain
from engine.ruleset import Ruleset
from tests.engine import mini
from tests.evaluated import receipt_of
from workflow.library import find

FORM = "jiangmen/department-special/2024"


@pytest.fixture(scope="module")
def form() -> Ruleset:
    """Return the Jiangmen form."""
    return find(FORM, None).ruleset


@pytest.fixture(scope="module")
def program(form: Ruleset) -> Program:
    """Return the form under its chosen readings."""
    return compile_ruleset(form)


def valid(field: FieldType, fact_type: FactType) -> str:
    """Return a value with which the form can be scored."""
    says = fact_type.schema["properties"][field.name]
    if field.kind is Kind.NUMBER:
        return "50%" if says.get("format") == "percent" else f"{says.get('minimum', 1) or 1} {field.unit}".rstrip()
    if field.kind is Kind.DATE:
        return "2024-12-31"
    return "true" if field.kind is Kind.BOOLEAN else f"'{(field.choices or ('某',))[0]}'"


def filled(text: str, ruleset: Ruleset) -> str:
    """Fill in each value that a template leaves empty."""
    lines, fact_type = [], None
    for line in text.replace("department: ", "department: 甲局 ").split("\n"):
        section = re.fullmatch(r"  (\w+):", line)
        empty = re.match(r"( {4,6}(\w+):) *#", line)
        if section:
            fact_type = ruleset.facts[section[1]]
        lines.append(f"{empty[1]} {valid(fact_type.fields[empty[2]], fact_type)}" if empty and fact_type else line)
    return "\n".join(lines)


def scored(text: str, program: Program) -> Mapping[str, Any]:
    """Evaluate a facts file; return the receipt's content."""
    facts = read_facts(open_facts(text, "x.yaml"), program.ruleset.facts, program.ruleset.conversions)
    content: Mapping[str, Any] = plain(receipt_of(program, facts).content)
    return content


def of_form(ruleset: Ruleset, entries: dict[str, tuple[Asked, ...]]) -> str:
    """Return the template of a ruleset."""
    return template(ruleset.id, ruleset.title, ruleset.year, ruleset.facts.values(), ruleset.optional, entries)


def test_the_jiangmen_form_asks_for_each_criterion_and_document(program: Program) -> None:
    """16 criteria, two disclosures of each kind, a target of each kind, and no other fact one by one."""
    found = {name: [tuple(entry.values.values()) for entry in entries] for name, entries in asked(program).items()}
    numbers = {4: 3, 6: 5, 7: 4, 12: 3}
    criteria = [(indicator, number) for indicator, count in numbers.items() for number in range(1, count + 1)]
    assert found == {
        "performance_target": [("产出",), ("效益",)],
        "criterion": [*criteria, (13, 3)],
        "disclosure": [("预算",), ("决算",)],
        "performance_disclosure": [("绩效目标",), ("绩效自评",)],
    }
    assert len(found["criterion"]) == 16
    places = {tuple(entry.values.values()): entry.places for entry in asked(program)["criterion"]}
    assert places[13, 3] == ((13, "绩效结果应用", ("与预算编制挂钩",)),)


def test_a_filled_template_scores(form: Ruleset, program: Program) -> None:
    """Each empty value replaced by a valid one, and nothing else done."""
    text = of_form(form, asked(program))
    content = scored(filled(text, form), program)
    assert {indicator["status"] for indicator in content["indicators"]} <= {"assessed", "not_applicable"}


def test_no_entry_is_superfluous(form: Ruleset, program: Program) -> None:
    """Without any one of them the form cannot be scored, or an indicator cannot keep what it kept."""
    text = of_form(form, asked(program))
    whole = yaml.safe_load(filled(text, form))
    names = {fact["id"] for name in asked(program) for fact in whole["facts"][name]}
    assert len(names) == 22
    for name in asked(program):
        for fact in whole["facts"][name]:
            less = {**whole["facts"], name: [other for other in whole["facts"][name] if other != fact]}
            with pytest.raises(FenmingError):
                scored(yaml.safe_dump({**whole, "facts": less}, allow_unicode=True), program)


def test_another_reading_asks_for_its_own(form: Ruleset) -> None:
    """Where the benefits are not averaged, no benefit target is needed."""
    found = asked(compile_ruleset(form, {"R4": "as-printed"}))
    assert [dict(entry.values) for entry in found["performance_target"]] == [{"kind": "产出"}]


PARTS = [{"id": name, "weight": 5, "title": name, "cites": ["1.1"]} for name in ("a", "b")]


def of_rules(*rules: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    """Return the projects that a small form of one indicator asks for."""
    program = mini.program(mini.ruleset(mini.indicator(*rules, **more)))
    return [dict(entry.values) for entry in asked(program).get("project", ())]


def awarding(where: str, part: str = "") -> dict[str, Any]:
    """Return a rule that awards a point for a project."""
    return {"each": {"p": "project"}, "where": where, "award": 1, "of": 1, **({"part": part} if part else {})}


def test_constants_that_tell_parts_apart_identify() -> None:
    """Each part looks at projects of its own kind, and all its rules agree on that."""
    two = [awarding("p.kind == '甲' and p.met", "a"), awarding("'甲' == p.kind and not p.met", "a")]
    assert of_rules(*two, awarding("p.kind == '乙'", "b"), parts=PARTS) == [{"kind": "甲"}, {"kind": "乙"}]
    assert of_rules(awarding("p.score == part_number", "a"), awarding("p.met", "b"), parts=PARTS) == [{"score": 1}]


def test_an_answer_is_not_given() -> None:
    """What one part asks in two ways, or every part in one way, is for the department to say."""
    assert of_rules(awarding("p.kind == '甲'"), awarding("p.kind == '乙'")) == []
    assert of_rules(awarding("p.kind == '甲'", "a"), awarding("p.kind == '甲'", "b"), parts=PARTS) == []
    assert of_rules(awarding("p.met == true")) == []
    off = [{"each": {"p": "project"}, "where": f"p.kind == '{kind}'", "deduct": 1} for kind in ("甲", "乙")]
    assert of_rules(*off, method="deduct") == []


@pytest.mark.parametrize(
    ("that", "found"),
    [
        ("any(project where project.kind == '甲')", [{"kind": "甲"}]),
        ("count(project where project.kind == '甲') == 1", [{"kind": "甲"}]),
        ("count(project where project.kind == '甲') >= 1", [{"kind": "甲"}]),
        ("count(project where project.kind == '甲') in 1..3", [{"kind": "甲"}]),
        ("count(project where project.kind == '甲') == 0", []),
        ("count(project where project.kind == '甲') < 3", []),
        ("not any(project where project.kind == '甲')", []),
        ("all(project.kind == '甲')", []),
        ("count(project) > 0", []),
        (
            "any(project where project.kind == '甲') or any(project where project.kind == '甲' and project.score == 1)",
            [{"kind": "甲", "score": 1}],
        ),
    ],
)
def test_a_requirement_asks_for_what_must_be_there(that: str, found: list[dict[str, Any]]) -> None:
    """And not for what must not; the most particular entry is enough."""
    words = {"zh": "缺", "en": "missing"}
    assert of_rules(awarding("p.met"), requires=[{"that": that, "say": words, "remedy": words}]) == found


def test_what_a_rule_looks_for_as_a_whole_is_asked_for() -> None:
    """A rule may count facts in place of matching them."""
    rules = [
        {"part": part, "when": f"any(project where project.kind == '{kind}' and project.met)", "award": 5, "of": 5}
        for part, kind in (("a", "甲"), ("b", "乙"))
    ]
    assert of_rules(*rules, parts=PARTS) == [{"kind": "甲"}, {"kind": "乙"}]
