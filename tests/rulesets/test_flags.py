"""What the Jiangmen ruleset flags on the form: against what the form shows, one by one, and as golden lists."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from engine.documents import read_document
from engine.facts import read_facts
from engine.facts.read import facts_document
from engine.receipt.model import Content
from engine.scoring.notice import ClaimsIncomplete
from tests.compiled import program_of, ruleset_of
from tests.evaluated import receipt_of
from tests.golden import matches_golden
from workflow.library import folder_of

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "jiangmen-commerce-2024"
FORM_ID = "jiangmen/department-special/2024"
FOLDER = folder_of(FORM_ID, None)
GOLDEN = Path(__file__).parent / "golden"

THE_FORM_SHOWS: Mapping[str, str] = {
    # What the form itself shows, in the words of the domain, and the check that says so.
    "printed-weights": "level 1 prints 150, since 管理效率 50 is printed on two pages",
    "blank-with-evidence": "绩效结果应用 left blank although evidence is listed: blank, not zero",
    "goal-without-figure": '满意度 ≥95 % → "95%以上" and 社零 "增长" → 2.8 % have no figure to compare',
    "claim-above-score": "the three visible outputs alone give 12.50 against 14.25 claimed",
    "table-not-attached": "the completion table (指标完成情况表) behind them is not printed",
    "reason-in-another-row": "the printed reason (外资) is in row 1",
    "loss-without-reason": "row 2 lost 3.96 without any",
    "full-though-vague": "绩效指标明确性 is claimed in full though a goal has no target",
    "placeholder": "evidence holds placeholders (第XXX次)",
    "meeting-of-another-year": "and another year's meetings",
    "budget-disclosure-undated": "disclosure cites addresses, no dates: indicator 14",
    "performance-disclosure-undated": "disclosure cites addresses, no dates: indicator 15",
    "budget-by-level": "794.07 + 439 = 1233.07 against 23.9 + 946 = 969.90 does not hold: report, never repair",
}
HOLDS = {
    "budget-by-use": "2265.02 + 12276.32 = 14541.34 holds",
    "printed-total": "printed scores add to 92.29",
}
"""What the form shows to be in order, with the check that has nothing to flag."""
EVERYWHERE = {
    # How often each check flags something of what the form prints, which all three examples have.
    "printed-weights": 1,
    "blank-with-evidence": 1,
    "goal-without-figure": 2,
    "table-not-attached": 3,
    "reason-in-another-row": 1,
    "loss-without-reason": 1,
    "full-though-vague": 1,
    "placeholder": 2,
    "meeting-of-another-year": 2,
    "budget-by-level": 1,
}
NOT_ASSUMED = {"claim-above-score": 2, "budget-disclosure-undated": 2, "performance-disclosure-undated": 1}
"""What is flagged only where nothing is assumed: the other examples assume what is missing, and say so."""
DOES = re.compile(r"[.;] (Add|Attach|Check|Correct|Fill|Give|List|Move|Replace|State)\b")
FLAGS = {"as-printed": EVERYWHERE, "spot-check": EVERYWHERE, "visible-only": EVERYWHERE | NOT_ASSUMED}


def content_of(text: str) -> Content:
    """Return what a facts file comes to."""
    ruleset = ruleset_of(FORM_ID)
    facts = read_facts(facts_document(read_document(text, "facts.yaml")), ruleset.facts, ruleset.conversions)
    return receipt_of(program_of(FORM_ID, {}), facts).content


def example(name: str) -> Content:
    """Return what an example comes to."""
    return content_of((EXAMPLE / f"{name}.yaml").read_text("utf-8"))


def flagged(content: Content) -> list[tuple[str, Mapping[str, str]]]:
    """Return each flag in the card's order: its check, and its sentence in both languages."""
    return [
        (firing.rule.removeprefix("checks/"), {"zh": firing.says.zh, "en": firing.says.en})
        for firing in content.firings
        if firing.action == "flag"
    ]


def flags(text: str) -> list[str]:
    """Return the checks that flag something in a facts file, each once, sorted."""
    return sorted({check for check, _ in flagged(content_of(text))})


@pytest.mark.parametrize("name", FLAGS)
def test_the_checks_report_what_the_form_shows(name: str) -> None:
    """Each fault that the form shows is flagged as often as it is there, and nothing else is."""
    found = Counter(check for check, _ in flagged(example(name)))
    assert found == FLAGS[name]
    assert found.keys() <= THE_FORM_SHOWS.keys()
    assert not found.keys() & HOLDS.keys()


def test_every_fault_that_the_form_shows_has_its_flag() -> None:
    """What the form alone gives has all of them; checks that the form answers well are rules as well."""
    assert {check for check, _ in flagged(example("visible-only"))} == THE_FORM_SHOWS.keys()
    assert THE_FORM_SHOWS.keys() | HOLDS.keys() < {check.id for check in ruleset_of(FORM_ID).checks}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", FLAGS)
def test_the_flags_in_words(name: str, language: str) -> None:
    """The flags of the examples, read through against the form, each with its check."""
    lines = "".join(f"{check}\n  {says[language]}\n" for check, says in flagged(example(name)))
    file = GOLDEN / f"flags-{name}.{language}.txt"
    assert matches_golden(file, lines), f"{file.name} differs; FENMING_UPDATE_GOLDEN=1 writes it anew"


def test_each_flag_says_what_to_do() -> None:
    """After what is wrong comes what to do about it, as a sentence of its own, in both languages."""
    for check in ruleset_of(FORM_ID).checks:
        assert check.say is not None
        chinese, english = check.say.zh, check.say.en
        assert chinese is not None
        assert english is not None
        assert "。请" in chinese.text, check.id
        assert DOES.search(english.text), check.id


def test_what_the_program_says_of_the_form_by_itself() -> None:
    """92.29 covers 14 of 15 indicators; where missing figures are replaced, that is assumed; nothing is where not."""
    printed, visible = example("as-printed"), example("visible-only")
    for content in (printed, visible):
        [claims] = [each for each in content.notices if isinstance(each, ClaimsIncomplete)]
        assert (claims.claimed, claims.missing) == ("92.29", (13,))
    assumed = {line.number for line in printed.indicators if line.assumed}
    assert assumed == {1, 2, 3, 4, 6, 7, 8, 9, 10, 12, 14, 15}
    assert not any(line.assumed for line in visible.indicators)


ADDED = {
    "budget-by-use": """
  annual_budget:
    {total: 3 万元, basic: 1 万元, project: 1 万元, special: 1 万元, other_development: 0 万元, municipal: 1 万元,
     transfers: 0 万元}
""",
    "printed-total": """
  printed_total: {level_1: 100, level_2: 100, level_3: 100, claimed: 1.01}
  claim: [{id: C1, indicator: 14, score: 1}]
""",
    "judgement-of-no-indicator": """
  judgement: [{id: J1, indicator: 16, points: -1, reason: 甲, reviewer: 乙}]
""",
}


@pytest.mark.parametrize(("flag", "added"), ADDED.items())
def test_other_checks(flag: str, added: str) -> None:
    """A case without fault has no flag, and gets the one for what is put in."""
    base = (FOLDER / "cases" / "full-marks.yaml").read_text("utf-8")
    assert flags(base) == []
    assert flags(base + added) == [flag]


def test_a_criterion_of_no_use_and_a_finding_of_another_year() -> None:
    """Neither moves a point without a word on the card."""
    base = (FOLDER / "cases" / "full-marks.yaml").read_text("utf-8")
    row = "    - {id: K133,"
    assert row in base
    assert flags(base.replace(row, "    - {id: K51, indicator: 5, number: 1, met: 否}\n" + row)) == [
        "criterion-of-no-use"
    ]
    finding = (
        "  audit_finding: [{id: F1, problem: 甲, year: 2023, source: 乙, document: 丙, to_be_rectified: true, "
        "funds_diverted: false, repeated_or_unrectified: false}]"
    )
    assert flags(base.replace("  audit_finding: []", finding)) == ["finding-of-another-year"]


@pytest.mark.parametrize("year", [2024, 2025, 2031])
def test_a_meeting_of_the_year_before(year: int) -> None:
    """The year assessed is the case's; a title that names it too is not a fault."""
    base = (FOLDER / "cases" / "full-marks.yaml").read_text("utf-8")
    base = base.replace("year: 2024}", f"year: {year}}}", 1)
    row = "{id: K41, "
    assert row in base
    for title, expected in (
        (f"党组会议{year - 1}年记录", ["meeting-of-another-year"]),
        (f"党组会议{year}年记录", []),
        (f"党组会议{year - 1}年、{year}年记录", []),
        (f"党组{year - 1}年记录", []),
    ):
        assert flags(base.replace(row, f"{row}evidence: [{{title: {title}}}], ", 1)) == expected, title
