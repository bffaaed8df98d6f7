"""The examination as a whole: acceptances, pages, order."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.analysis.examination import CHECKS, UNNEEDED
from tests.analysis.changed import examined

PAGES = Path(__file__).parents[2] / "docs" / "checks"
SECTIONS = {
    "": ["## What it means", "## Avoid", "## Prefer", "## Why"],
    ".zh-CN": ["## 含义", "## 不要这样写", "## 应当这样写", "## 为什么"],
}
TITLE = "title: 常用计分办法示例\n"
CLAUSES = ('      "5.2": 本项', '      "5.3": 另有规定。\n      "5.4": 又有规定。\n      "5.2": 本项')


def accepting(check: str, where: str = "") -> tuple[str, str]:
    """Return the change that accepts findings of a check."""
    names = f", at: [{where}]" if where else ""
    return TITLE, f"{TITLE}accepted: {{{check}: {{reason: 说明文字{names}}}}}\n"


@pytest.mark.parametrize(("where", "left", "accepted"), [("", [], 2), ('"5.3"', ["5.4"], 1), ('"5.3", "5.4"', [], 2)])
def test_what_is_accepted_is_not_reported(where: str, left: list[str], accepted: int) -> None:
    """All of a check, or those that are named; they are counted."""
    found = examined(CLAUSES, accepting("clause-without-rule", where))
    assert [finding.name for finding in found.found.findings] == left
    assert len(found.found.accepted) == accepted


@pytest.mark.parametrize(
    ("check", "where", "name", "words"),
    [
        ("clause-without-rule", '"5.3"', "clause-without-rule 5.3", "finds no “5.3” to accept"),
        ("clause-without-rule", "", "clause-without-rule", "finds no “clause-without-rule” to accept"),
        ("clause-without-rules", "", "clause-without-rules", "There is no check"),
    ],
)
def test_an_acceptance_of_nothing_is_reported(check: str, where: str, name: str, words: str) -> None:
    """It is misspelt, or has been mended since; it must not accept the next mistake unseen."""
    found = examined(accepting(check, where))
    assert found.lines(UNNEEDED) == [(name, found.line("accepted:"))]
    assert words in str(found.found.findings[0].what)


def test_findings_are_in_the_order_of_their_places() -> None:
    """Whatever check they are of."""
    found = examined(CLAUSES, ("parameters:\n", 'parameters:\n  spare: {value: 3, cites: ["3.1"]}\n'), cases={})
    lines = [finding.where.line or 0 for finding in found.found.findings]
    assert lines == sorted(lines)
    assert len(lines) > 5


@pytest.mark.parametrize("language", SECTIONS)
@pytest.mark.parametrize("check", [*CHECKS, UNNEEDED])
def test_each_check_has_a_page_in_both_languages(check: str, language: str) -> None:
    """It says what the check means, what to avoid and to prefer, and why; the list and the other page lead to it."""
    text = (PAGES / f"{check}{language}.md").read_text("utf-8")
    assert re.match(f"# {check}(：.+)?\n", text)
    assert re.findall(r"^## .*$", text, re.MULTILINE) == SECTIONS[language]
    assert f"[{check}]({check}{language}.md)" in (PAGES / f"README{language}.md").read_text("utf-8")
    (other,) = SECTIONS.keys() - {language}
    assert f"]({check}{other}.md)\n" in text.split("\n\n")[1] + "\n"


@pytest.mark.parametrize("language", SECTIONS)
def test_each_page_has_a_check(language: str) -> None:
    """Besides the list of the checks."""
    pages = {file.name.removesuffix(".md") for file in PAGES.glob("*.md")}
    there = {page.removesuffix(".zh-CN") for page in pages if page.endswith(".zh-CN") == bool(language)}
    assert there == {*CHECKS, UNNEEDED, "README"}
