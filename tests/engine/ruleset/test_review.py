"""What there is to review of a ruleset, and that confirming it changes nothing else of its text."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.base.faults import Refused
from engine.base.sources import RULESET, Sources
from engine.documents import read_document
from engine.facts import open_facts, read_facts
from engine.program import compile_ruleset
from engine.receipt import plain
from engine.ruleset import Ruleset, read_ruleset
from engine.ruleset.provenance import Provenance
from engine.ruleset.review import items, near, needs_review, reviews
from engine.ruleset.rewrite import facts_copy, ruleset_copy, scalar, with_confirmations
from tests.analysis.changed import CASES, SOURCES, TEXT, changed, ruleset_of
from tests.evaluated import receipt_of

ORIGIN = Provenance("demo/schemes/1", 1, "0" * 64)
READING = (
    "\nindicators:\n",
    (
        '\nreadings:\n  R1: {clause: "1.1", question: {zh: 问, en: Q}, chosen: a, alternatives: '
        "{a: {zh: 甲, en: A, scores: 一}, b: {zh: 乙, en: B, scores: 二}}, authority: 条文, "
        "decided: {by: 人, on: 2024-12-01}}\n\nindicators:\n"
    ),
)
WITH_READING = changed(READING)
NAMES = [item.spelt(chinese=False) for item in items(ruleset_of(WITH_READING))]


def unconfirmed(text: str) -> list[str]:
    """Return what of a ruleset is not confirmed."""
    return [each.item.spelt(chinese=False) for each in reviews(ruleset_of(text)) if not each.is_confirmed]


def confirmed(text: str, *names: str, by: str = "李四", on: str = "2025-01-10") -> str:
    """Return a ruleset's text with some items confirmed; all of them if none is named."""
    known = {item.spelt(chinese=False): item for item in items(ruleset_of(text))}
    return with_confirmations(text, RULESET, [known[name] for name in names or known], by, on)


def test_clauses_parameters_and_readings_are_reviewed() -> None:
    """In this order; nothing needs it before the ruleset is copied or something is confirmed."""
    assert [
        *("clause 1.1", "clause 2.1", "clause 3.1", "clause 4.1", "clause 4.2", "clause 5.1", "clause 5.2"),
        *("parameter green_line", "parameter yellow_line", "parameter red_line", "parameter target_cost"),
        "reading R1",
    ] == NAMES
    assert not needs_review(ruleset_of(TEXT))
    assert needs_review(ruleset_of(confirmed(TEXT, "clause 1.1")))


@pytest.mark.parametrize(
    ("old", "new", "undone"),
    [
        ("预算执行率95%以上得满分", "预算执行率96%以上得满分", ["clause 1.1"]),
        ("red_line: {value: 60%", "red_line: {value: 61%", ["parameter red_line"]),
        ("question: {zh: 问", "question: {zh: 问题", ["reading R1"]),
        ("chosen: a", "chosen: b", ["reading R1"]),
        ("cap: weight * score(4)", "cap: 1 + weight * score(4)", ["clause 5.2"]),
        ("title: 常用计分办法示例", "title: 计分办法", []),
        ("# A threshold", "# Any threshold", []),
    ],
)
def test_a_change_of_what_was_confirmed_undoes_it(old: str, new: str, undone: list[str]) -> None:
    """Of a clause, the change of a rule that carries it out as well; what is not confirmed may change."""
    text = confirmed(WITH_READING)
    assert unconfirmed(text) == []
    if old.startswith("#"):
        text = text.replace("parameters:\n", f"parameters:\n  {old}\n")
        assert unconfirmed(text) == []
    assert unconfirmed(changed((old, new), text=text)) == undone


def test_layout_undoes_nothing() -> None:
    """Only what is said counts."""
    text = confirmed(TEXT)
    assert unconfirmed(changed(("red_line: {value: 60%", "red_line: {  value: '60%'"), text=text)) == []


def test_the_sections_change_no_score() -> None:
    """The receipt is that of the ruleset without them, but for its digests."""
    before, after = (_scores(ruleset_of(text)) for text in (TEXT, confirmed(TEXT)))
    assert before == after
    assert before["total"] == "100"


def _scores(ruleset: Ruleset) -> dict[str, Any]:
    facts = read_facts(open_facts(CASES["good.yaml"], "good.yaml"), ruleset.facts, ruleset.conversions)
    content = plain(receipt_of(compile_ruleset(ruleset), facts).content)
    return {name: content[name] for name in ("total", "grade", "facts", "firings", "postings", "indicators")}


SECTION = re.compile(r"^reviewed:[^\n]*\n(?:[ \t][^\n]*\n|\r?\n(?=[ \t]))*", re.MULTILINE)


def rest(text: str) -> tuple[str, str]:
    """Return what is before and after the section of a text, found by lines and not as the program does."""
    found = SECTION.search(text)
    assert found is not None, text
    return text[: found.start()], text[found.end() :]


CHOSEN = st.lists(st.sampled_from(NAMES), unique=True, min_size=1)
SIGNERS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1).filter(
    lambda name: bool(name.strip()) and name.isprintable()
)


@settings(max_examples=25)
@given(CHOSEN, CHOSEN, SIGNERS, st.booleans(), st.booleans(), st.sampled_from(["", "# the end\n", "\n\n", "no break"]))
def test_nothing_but_the_section_changes(
    first: list[str], second: list[str], by: str, windows: bool, moved: bool, end: str
) -> None:
    """Byte for byte, wherever the section is and whatever is around it; and what is confirmed is read again."""
    text = WITH_READING.rstrip("\n") if end == "no break" else WITH_READING + end
    text = text.replace("\n", "\r\n") if windows else text
    once = confirmed(text, *first, by=by)
    newline = "\r\n" if windows else "\n"
    assert rest(once)[0].rstrip("\r\n") == text.rstrip("\r\n")
    assert (rest(once)[0].startswith(text), rest(once)[1]) == (True, "")
    assert unconfirmed(once) == [name for name in NAMES if name not in first]
    if moved:
        head, _ = rest(once)
        once = once[len(head) :] + f"# of the next section{newline}" + head
    once = once.replace(f"reviewed:{newline}", f"reviewed:  # who{newline}  # a comment within{newline}", 1)
    twice = confirmed(once, *second, by=by + "2", on="2025-02-01")
    assert rest(twice) == rest(once)
    assert f"reviewed:  # who{newline}  # a comment within{newline}" in twice
    assert unconfirmed(twice) == [name for name in NAMES if name not in {*first, *second}]
    assert ruleset_of(twice).reviewed[-1].by in (by, by + "2")
    signers = {each.item: (each.by, each.on) for each in ruleset_of(twice).reviewed}
    assert signers == dict.fromkeys(first, (by, "2025-01-10")) | dict.fromkeys(second, (by + "2", "2025-02-01"))


def test_a_document_may_have_an_end() -> None:
    """The section is before it."""
    text = confirmed(TEXT + "...\n", "clause 1.1")
    assert text.endswith('"}\n...\n')
    assert unconfirmed(text) == [name for name in NAMES if name not in ("clause 1.1", "reading R1")]


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace("id: demo", "reviewed: {clause 1.1: {by: a, on: 2025-01-01, as: '000000000000'}}\nid: demo", 1),
        TEXT + "clauses:\n  form: |+\n    text\n",
    ],
)
def test_what_cannot_be_edited_alone_is_refused(text: str) -> None:
    """A section in braces; a last text that keeps the line breaks after it."""
    with pytest.raises(Refused, match="The section `reviewed` cannot be changed"):
        confirmed(text, "clause 1.1")


def test_two_lines_for_one_item_become_one() -> None:
    """Whichever kind they name it by."""
    text = TEXT + "\nreviewed:\n" + "".join(
        f"  {kind} 1.1: {{by: a, on: 2025-01-01, as: '000000000000'}}\n" for kind in ("clause", "条款")
    )  # fmt: skip
    assert [each.item for each in ruleset_of(confirmed(text, "clause 1.1")).reviewed] == ["clause 1.1"]


def test_a_copy_says_where_it_comes_from_and_nothing_is_reviewed() -> None:
    """Id, year and revision change; corrigendum, reviews and the acceptance of missing ones are left out."""
    source = changed(
        ("year: 2024\n", "year: 2024  # of the form\nrevision: 3\ncorrigendum: {reason: x, on: 2025-01-01}\n"),
        ("\nparameters:\n", "\naccepted: {unreviewed: {reason: x}, unused-reading: {reason: y}}\n\nparameters:\n"),
        text=confirmed(TEXT),
    )
    copy = ruleset_copy(source, RULESET, "demo/schemes/2", 2025, ORIGIN)
    ruleset = read_ruleset(Sources({**SOURCES.files, RULESET: copy}), "demo/schemes/2")
    assert (ruleset.year, ruleset.revision, ruleset.corrigendum, ruleset.reviewed) == (2025, 1, None, ())
    assert ruleset.provenance == ORIGIN
    assert [each.check for each in ruleset.accepted] == ["unused-reading"]
    assert "year: 2025  # of the form\nprovenance:\n  from: demo/schemes/1\n  revision: 1\n" in copy
    again = ruleset_copy(copy, RULESET, "demo/schemes/3", 2026, Provenance("demo/schemes/2", 1, "1" * 64))
    assert again.count("provenance:") == 1
    read = read_ruleset(Sources({**SOURCES.files, RULESET: again}))
    assert read.provenance is not None
    assert read.provenance.origin == "demo/schemes/2"


def test_the_only_acceptance_goes_with_its_section() -> None:
    """An empty section would be refused."""
    source = changed(("\nparameters:\n", "\naccepted:\n  unreviewed: {reason: x}\n\nparameters:\n"))
    assert "accepted" not in ruleset_copy(source, RULESET, "demo/schemes/2", 2025, ORIGIN)


def test_a_ruleset_in_braces_is_refused() -> None:
    """It has no lines to change."""
    with pytest.raises(Refused, match="is written in braces"):
        ruleset_copy("{id: a/1, year: 2024}", RULESET, "a/2", 2025, ORIGIN)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            "ruleset: a/1\ncase: {department: 局, year: 2024}  # x\n",
            "ruleset: b/2\ncase: {department: 局, year: 2025}  # x\n",
        ),
        ("规则集: 'a/1'\n案卷:\n  部门: 局\n  年度: 2024\n", "规则集: b/2\n案卷:\n  部门: 局\n  年度: 2025\n"),
        ("ruleset: other/1\ncase: {year: 2023}\n", "ruleset: other/1\ncase: {year: 2023}\n"),
        ("facts: {a: 2024}\n", "facts: {a: 2024}\n"),
        ("- a/1\n", "- a/1\n"),
    ],
)
def test_facts_files_follow(old: str, new: str) -> None:
    """Where they name the ruleset or are of its year; dates and all else stay."""
    assert facts_copy(old, ("a/1", "b/2"), (2024, 2025)) == new


def test_misspelt_names_have_near_ones() -> None:
    """By name, by kind and name, in either form."""
    known = items(ruleset_of(WITH_READING))
    assert near("R1", known, chinese=False)[0] == "reading R1"
    assert near("clause 1.l", known, chinese=True)[0] == "条款 1.1"
    assert near("参数 redline", known, chinese=False)[0] == "parameter red_line"
    assert near("reading 5.2", known, chinese=False)[0] == "clause 5.2"


@pytest.mark.parametrize(
    "text", ["条款 5.1", "a b", "null", "5.1", "a: b", "a, b", "", "“引”", "是", "1e5", "x'y\"z", "a "]
)
def test_scalars_are_read_as_they_were(text: str) -> None:
    """Whatever they hold."""
    assert read_document(f"x: {{y: {scalar(text)}, z: 1}}", "x.yaml")["x"]["y"].value == text
