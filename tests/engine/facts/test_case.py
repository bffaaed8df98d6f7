"""The department's name is written so that nobody takes it for another: no stray spaces, no marks on characters."""

from __future__ import annotations

import json

import pytest

from engine.base.faults import Fault
from engine.base.folding import folded
from engine.facts import open_facts

NAME = "江门市商务局"


def faults(name: str) -> tuple[Fault, ...]:
    """Return what is wrong with the head of a facts file."""
    quoted = json.dumps(name, ensure_ascii=False)
    return open_facts(f"ruleset: x\ncase:\n  year: 2024\n  department: {quoted}\nfacts: {{}}\n", "facts.yaml").faults


@pytest.mark.parametrize(
    ("name", "column"),
    [
        (f"{NAME} ", 22),
        (f" {NAME}", 16),
        (f"\u3000{NAME}", 16),
        (f"{NAME}\u3000", 22),
        ("江门市\u3000商务局", 19),
        ("江门市\xa0商务局", 19),
        ("江门市  商务局", 20),
    ],
)
def test_stray_spaces_are_refused(name: str, column: int) -> None:
    """At the character, with the name as it should be."""
    (fault,) = faults(name)
    assert "spaces that do not belong there" in str(fault.what)
    assert (fault.where.line, fault.where.column) == (4, column)
    assert str(fault.remedy) == f"Write it as “{' '.join(name.split())}”."


def test_a_mark_on_a_chinese_character_is_refused() -> None:
    """Each of them, at the character."""
    found = faults("江\u0301门市商务\u20dd局")
    assert [(fault.where.column, str(fault.what).rpartition(": ")[2]) for fault in found] == [
        (17, "U+0301."),
        (22, "U+20DD."),
    ]


@pytest.mark.parametrize("name", [NAME, "江门市 商务局", "Bureau of Commerce", "Comité d’E\u0301tat", "部门 A"])
def test_a_plain_name_is_taken(name: str) -> None:
    """One space within it, and accents on Latin letters."""
    assert faults(name) == ()


@pytest.mark.parametrize(
    "name", [f"{NAME} ", f"\u3000{NAME}", "江门市 商务局", "江\u0301门市商务局", "江门市商务\u20dd局"]
)
def test_names_that_look_alike_are_folded_into_one(name: str) -> None:
    """White space and marks on characters carry no meaning; other characters do."""
    assert folded(name) == folded(NAME) == NAME
    assert folded("Ａ局") == folded("A局")
    assert folded("e\u0301cole") == folded("école") != folded("ecole")
    assert folded("甲局") != folded("乙局")


def test_a_name_that_is_not_a_text_is_reported_as_that() -> None:
    """Once, by the schema."""
    for text in ("department: 1", "department: [a]", "department: ''", "x: 1"):
        found = open_facts(f"ruleset: x\ncase:\n  year: 2024\n  {text}\nfacts: {{}}\n", "facts.yaml").faults
        assert not [fault for fault in found if "belong" in str(fault.what)]
        assert found
