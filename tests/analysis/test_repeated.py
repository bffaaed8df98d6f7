"""Points given or taken twice, and what the golden cases show of that; what is meant is not found."""

from __future__ import annotations

import pytest

from tests.analysis.changed import CASES, examined, with_cases

LATE = """      - id: late
        cites: ["5.1"]
        each: {c: complaint}
        where: not c.closed_in_time
        deduct: 2
"""
COST = "award: weight * min(1, target_cost / e.unit_cost)"


def again(*changes: tuple[str, str]) -> tuple[str, str]:
    """Return the change that adds a copy of a rule, with something changed in it."""
    copy = LATE.replace("late", "again")
    for old, new in changes:
        assert copy.count(old) == 1, old
        copy = copy.replace(old, new)
    return LATE, copy + LATE


def test_a_rule_that_was_copied() -> None:
    """Another alias and another spelling of the points make no difference; the later rule is the place."""
    found = examined(again(("{c: complaint}", "{d: complaint}"), ("not c.", "not d.")))
    line = found.text.splitlines().index("      - id: late") + 1
    assert found.lines("points-twice") == [("5/again 5/late", line)]


@pytest.mark.parametrize(
    "change",
    [
        ("deduct: 2", "deduct: 1"),
        ("where: not c.closed_in_time", "where: c.closed_in_time"),
        ("where: not c.closed_in_time", "where: [not c.closed_in_time, c.subject == '甲']"),
    ],
)
def test_a_rule_that_is_like_another(change: tuple[str, str]) -> None:
    """Other points, or other conditions, are another rule: deductions may add up."""
    assert examined(again(change)).of("points-twice") == []


@pytest.mark.parametrize(
    ("first", "second", "both"),
    [
        ("e.unit_cost <= 120 元", "e.unit_cost <= 100 元", "30"),
        ("e.unit_cost > 80 元", "e.unit_cost < 120 元", "30"),
        ("e.unit_cost > 80 元", "e.unit_cost > 80 元 and e.spent > 1 万元", "30"),
        ("e.unit_cost > 80 元 and e.spent > 5 万元", "e.unit_cost < 90 元 and e.spent > 1 万元", "30"),
        ("e.unit_cost <= 100 元", "e.unit_cost > 100 元", ""),
        ("e.unit_cost <= 100 元 and e.spent > 5 万元", "e.unit_cost > 80 元 and e.spent <= 5 万元", ""),
        ("e.unit_cost > 80 元", "e.spent > 1 万元", ""),
    ],
)
def test_awards_whose_conditions_meet(first: str, second: str, both: str) -> None:
    """Found without a case, where both certainly apply to some fact; not where that depends on the case."""
    rule = f"where: {first}\n        award: 20\n        of: 20"
    other = (
        f'      - {{id: other, cites: ["3.1"], each: {{e: execution}}, where: "{second}", award: 10, of: 10}}\n'
        "      - id: inverse\n"
    )
    found = examined((COST, rule), ("      - id: inverse\n", other), cases={})
    said = [str(finding.what) for finding in found.of("points-twice")]
    assert len(said) == bool(both)
    assert all(f"award {both}, but their part weighs 20." in words for words in said)


def test_awards_that_meet_in_a_case() -> None:
    """Where the conditions do not say it, a golden case does."""
    other = (
        '      - {id: other, cites: ["3.1"], each: {e: execution}, award: e.unit_cost / 10 元}\n      - id: inverse\n'
    )
    assert examined(("      - id: inverse\n", other), cases={}).of("points-twice") == []
    [finding] = examined(("      - id: inverse\n", other)).of("points-twice")
    assert finding.name == "3/other 3/inverse"
    assert "but their part weighs 20." in str(finding.what)


def test_facts_of_another_year() -> None:
    """At the year, once for all the cases of a file; not where the case expects it."""
    other = {**CASES, "good.yaml": CASES["good.yaml"].replace("year: 2024", "year: 2023")}
    found = examined(cases=other)
    assert [(each.name, each.where.file, each.where.line) for each in found.of("other-year")] == [
        ("good.yaml", "good.yaml", 2)
    ]
    only = "base: good.yaml\ncases: [{name: 上年, expect: {notices: [other_year]}}]\n"
    assert examined(cases={"good.yaml": other["good.yaml"], "a.cases.yaml": only}).of("other-year") == []


def test_a_fact_that_no_rule_looks_at() -> None:
    """At the fact; a case that expects the notice is meant so, and one under another reading may be."""
    veto = ("each: veto_event", "each: veto_event\n        where: \"what == '重大责任事故'\"")
    derived = (
        "veto: indicator",
        "award: 0\n        of: 1",
    )
    assert examined(veto, derived).of("ignored-fact") == []
    case = (
        "facts: {veto_event: [{id: V1, what: 重大责任事故}]}\n    expect: {total",
        "facts: {veto_event: [{id: V1, what: 泄密}]}\n    expect: {total",
    )
    found = examined(veto, derived, cases=with_cases(case))
    assert [(each.name, each.where.file) for each in found.of("ignored-fact")] == [
        ("veto_event V1", "schemes.cases.yaml")
    ]
    expected = (case[0], case[1].replace("expect: {", "expect: {notices: [unused_fact], "))
    assert examined(veto, derived, cases=with_cases(expected)).of("ignored-fact") == []


def test_a_text_that_is_not_translated() -> None:
    """At the text, where the other texts are; a text without words needs no translation."""
    plain = 'say: {zh: "一票否决：{what}。", en: "Veto: {what}."}'
    found = examined((plain, "say: 一票否决：{what}。"))
    assert found.lines("untranslated-text") == [("一票否决：{what}。", found.line("say: 一票否决"))]
    assert "ruleset.en.yaml" in str(found.of("untranslated-text")[0].remedy)
    assert examined((plain, 'say: "{what}。"')).of("untranslated-text") == []
    [finding] = examined((plain, 'say: "Veto: {what}."')).of("untranslated-text")
    assert "ruleset.zh.yaml" in str(finding.remedy)
