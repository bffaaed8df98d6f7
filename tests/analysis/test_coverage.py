"""What no golden case reaches, with its place; and cases that are suggested for thresholds."""

from __future__ import annotations

import pytest

from cli.render.suggested_cases import UNCONFIRMED, flow, suggested_cases
from cli.terminal.session import Session
from engine.documents import read_document, to_plain
from tests.analysis.changed import CASES, Examined, examined, with_cases
from workflow.suggestions import SuggestedCases, suggestions_for

TABLE = "bands.cases.csv"
WITHOUT_TABLE = {name: text for name, text in CASES.items() if name != TABLE}
ROW = "{below: red_line, gives: 0%}"


def without(*rows: str) -> dict[str, str]:
    """Return the golden cases without the rows of the table that begin so."""
    kept = [line for line in CASES[TABLE].splitlines() if not line.startswith(rows)]
    return {**CASES, TABLE: "\n".join(kept) + "\n"}


def test_a_rule_that_no_case_reaches() -> None:
    """It is found at the rule, and counted."""
    found = examined(
        cases=with_cases(("facts: {veto_event: [{id: V1, what: 重大责任事故}]}", "facts: {veto_event: []}"))
    )
    line = found.text.splitlines().index("      - id: veto") + 1
    assert found.lines("unreached-rule") == [("4/veto", line)]
    assert (found.found.rules.reached, found.found.rules.of) == (6, 7)


def test_rules_of_several_parts() -> None:
    """The parts that no case reaches are named."""
    rule = "    rules:\n      - id: pro-rata\n"
    listed = '    parts:\n      - {id: a, weight: 5, cites: ["2.1"]}\n      - {id: b, weight: 15, cites: ["2.1"]}\n'
    award = "where: part_weight > 5\n        award: part_weight\n        of: part_weight"
    found = examined((rule, f"{listed}{rule}        part: [a, b]\n"), ("award: weight * e.spent / e.budget", award))
    [finding] = found.of("unreached-rule")
    assert finding.name == "2/pro-rata"
    assert str(finding.what).endswith("for: a.")


def test_a_row_that_no_case_reaches() -> None:
    """It is found at the row; a rule without any case is one finding, not one for each row."""
    found = examined(cases=without("执行率 59.94%"))
    assert found.lines("unreached-band-row") == [("1/banded:1", found.line(ROW))]
    assert (found.found.rows.reached, found.found.rows.of) == (3, 4)
    never = ("        bands:\n", "        when: count(service) > 99\n        bands:\n")
    found = examined(never)
    assert found.of("unreached-band-row") == []
    assert [finding.name for finding in found.of("unreached-rule")] == ["1/banded"]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("执行率 59.94%", "just below red_line"),
        ("执行率 60.06%", "just above red_line"),
        ("执行率恰为 80%", "exactly at yellow_line"),
    ],
)
def test_a_threshold_without_a_case_at_one_side(row: str, words: str) -> None:
    """The side is named, and the row of the band table is its place."""
    limit = words.rsplit(maxsplit=1)[-1]
    found = examined(cases=without(row))
    [finding] = found.of("untested-threshold")
    assert finding.name == f"1/banded e.spent / e.budget {limit}"
    assert finding.where.line == found.line(f"{{below: {limit}")
    assert words in str(finding.what)


@pytest.mark.parametrize(
    ("condition", "missing"),
    [
        ("count(complaint) > 3", "just below, exactly at, just above 3."),
        ("count(complaint) > 1", "exactly at, just above 1."),
        ("count(complaint) >= 0", "just above 0."),
        ("count(complaint) in 6..7", "just below, just above 6."),
        ("count(service where service.visits > 10) == 0", "just below, just above 10."),
        ("count(complaint) == 3", ""),
        ("count(complaint) > count(service)", ""),
    ],
)
def test_thresholds_of_whole_numbers(condition: str, missing: str) -> None:
    """Just below 3 is 2; nothing is below 0 of a count; equality and two values of a case have no threshold."""
    found = examined(("        deduct: 2\n", f"        when: {condition}\n        deduct: 2\n"))
    said = [str(finding.what) for finding in found.of("untested-threshold")]
    assert said[0].endswith(f" {missing}") if missing else said == []


@pytest.mark.parametrize(
    ("condition", "words"), [("count(complaint) > 3", "more or fewer facts"), ("sum(service.visits) > 3", "--suggest")]
)
def test_cases_are_suggested_where_a_field_can_be_changed(condition: str, words: str) -> None:
    """For a count, the remedy is to write other facts."""
    found = examined(("        deduct: 2\n", f"        when: {condition}\n        deduct: 2\n"))
    [remedy] = [str(finding.remedy) for finding in found.of("untested-threshold")]
    assert words in remedy


def test_a_value_that_the_rule_does_not_look_at_tests_nothing() -> None:
    """A case is near a threshold only with facts for which the rule's other conditions hold."""
    low = (
        "        where: not c.closed_in_time\n        deduct: 2",
        "        where: not c.closed_in_time\n        deduct: 2",
    )
    other = ("        bands:\n", "        where: e.unit_cost > 9 元\n        bands:\n")
    assert not [f for f in examined(low, other).of("untested-threshold") if "red_line" in f.name]
    other = ("        bands:\n", "        where: e.unit_cost > 900 元\n        bands:\n")
    assert len([f for f in examined(other).of("untested-threshold") if "_line" in f.name]) == 3


def test_without_cases_everything_is_untested() -> None:
    """Nothing is reached, and nothing breaks."""
    found = examined(cases={})
    assert found.found.rules.reached == found.found.rows.reached == 0
    assert len(found.of("unreached-rule")) == 7
    assert len(found.of("untested-threshold")) == 3


def suggested(found: Examined) -> SuggestedCases:
    """Return what is suggested for an examined ruleset."""
    return suggestions_for(found.material, "good.yaml", CASES["good.yaml"])


def test_the_suggested_cases_test_the_thresholds() -> None:
    """Put in with what a person has confirmed, they leave nothing to suggest; until then each of them differs."""
    before = examined(cases=WITHOUT_TABLE)
    made = suggested(before)
    assert len(made.cases) == 6
    assert not made.left
    text = suggested_cases(Session("en", str), made)
    assert text.count(UNCONFIRMED) - 1 == 6
    after = examined(cases={**WITHOUT_TABLE, "suggested.cases.yaml": text})
    assert after.found.findings == ()


def test_a_threshold_for_which_no_field_can_be_changed() -> None:
    """It is listed, so that a person writes the case."""
    when = ("        deduct: 2\n", "        when: count(complaint) > 3\n        deduct: 2\n")
    made = suggested(examined(when))
    assert [threshold.subject for threshold in made.left] == ["count(complaint)"]
    assert "No case was found for 5/late count(complaint) 3." in suggested_cases(Session("en", str), made)


def test_a_fact_on_one_line_reads_as_the_same() -> None:
    """Whatever its texts hold: colons, quotes, numbers in quotes, signs."""
    source = """
x: [{a: "1", b: 'it''s: {so}', c: 2.50, d: true, e: "true", f: 2024-05-01, g: "# no", h: ≥, i: null, j: "a\\nb", k: []}]
"""
    node = read_document(source, "x.yaml")
    again = read_document(f"x: {flow(node['x'])}", "x.yaml")
    assert to_plain(again) == to_plain(node)
