"""The oracle scores what the form shows, agrees with the program, and notices where it does not."""

from collections import Counter
from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from tests.oracle import facts, program
from tests.oracle.compare import BLOCK, compare_block, differences, kinds
from tests.oracle.days import calendar, last_day
from tests.oracle.form import Outcome, half_up, score
from tests.oracle.generate import ALTERNATIVES, case_text, choose_readings
from tests.oracle.marks import MARKS, WEIGHTS, CannotScoreError, rate, share

SEED = 2024
BLOCKS = 8
DEFAULTS = {name: alternatives[0] for name, alternatives in ALTERNATIVES.items()}


def mark(number: int, given: facts.Facts, **readings: str) -> Fraction:
    return MARKS[number](given, {**DEFAULTS, **readings}).points


def target(planned: str, actual: str, direction: str = "≥", kind: str = "产出") -> dict[str, Any]:
    return {"kind": kind, "direction": direction, "target": Fraction(planned), "actual": Fraction(actual)}


def printed() -> dict[str, list[dict[str, Any]]]:
    """Return the printed form: what it shows, and what its claimed scores imply."""
    met = {4: 3, 6: 5, 7: 4, 12: 3}
    outputs = [target("320", "366"), target("110", "177"), target("50", "71"), *[target("1", "1")] * 7]
    benefits = [("1600", "1916.6"), ("35", "11.8"), ("100", "100"), ("100", "94.4")]
    standards = {"selected_openly": True, "progress_matches": True, "costs_reviewed": True}
    published = {"classified": False, "checks": 10, "checks_passed": 10}
    budget = {"approved_on": date(2024, 1, 31), "published_on": date(2024, 2, 8)}
    accounts = {"approved_on": date(2024, 9, 10), "published_on": date(2024, 9, 25)}
    return {
        "goal_report": [{"reported": True}],
        "performance_target": [*outputs, *(target(*figures, kind="效益") for figures in benefits)],
        "special_fund": [{"amount": Fraction("794.07"), "self_score": Fraction(80)}],
        "criterion": [
            {"indicator": indicator, "number": number + 1, "met": "是"}
            for indicator, count in met.items()
            for number in range(count)
        ],
        "project": [{"amount": Fraction(100), "basis": "比选", **standards}],
        "approved_budget": [{"amount": Fraction("14541.34")}],
        "disclosure": [{"document": "预算", **published, **budget}, {"document": "决算", **published, **accounts}],
        "performance_disclosure": [{"deadline": date(2024, 2, 29), "published_on": date(2024, 2, 8)}] * 2,
    }


def test_weights_add_to_100() -> None:
    assert sum(WEIGHTS.values()) == 100


def test_printed_form_leaves_three_points_open() -> None:
    outcome = score(printed(), DEFAULTS, {13})
    kept = [outcome["indicators"][number]["kept"] for number in (1, 2)]
    assert kept == [Fraction("14.25"), Fraction("11.04")]
    assert (outcome["total"], outcome["open"], outcome["grade"]) == (Fraction("92.29"), 3, "优")
    assert outcome["before_override"] is None
    linked = {**printed(), "criterion": [*printed()["criterion"], {"indicator": 13, "number": 3, "met": "是"}]}
    assert score(linked, DEFAULTS, set())["total"] == Fraction("95.29")


def test_spot_check_takes_budget_execution() -> None:
    outcome = score({**printed(), "spot_check": [{"found": "与实际不符"}]}, DEFAULTS, {13})
    assert (outcome["total"], outcome["open"], outcome["grade"]) == (Fraction("86.29"), 3, "良")
    assert outcome["before_override"]["grades"] == ["优"]
    assert outcome["indicators"][11]["before_override"] == {"kept": 4, "open": 0}


def test_nothing_assessed_is_every_grade() -> None:
    outcome = score({}, DEFAULTS, set(WEIGHTS))
    assert (outcome["total"], outcome["open"], outcome["grade"]) == (0, 100, None)
    assert outcome["grades"] == ["优", "良", "中", "差"]


def test_visible_facts_alone_leave_the_grade_unknown() -> None:
    outcome = score(visible(), DEFAULTS, {3, 4, 6, 7, 8, 9, 10, 12, 13, 14, 15})
    assert (outcome["total"], outcome["open"], outcome["grade"]) == (26, 64, None)


def visible() -> dict[str, list[dict[str, Any]]]:
    figures = [("1600", "1916.6"), ("35", "11.8")]
    outputs = [target("320", "366"), target("110", "177"), target("50", "71")]
    return {
        "goal_report": [{"reported": True}],
        "performance_target": [*outputs, *(target(*pair, kind="效益") for pair in figures)],
    }


def test_visible_outputs() -> None:
    assert mark(1, visible()) == Fraction("12.5")


@pytest.mark.parametrize(
    ("planned", "actual", "expected"),
    [
        ("320", "366", "1"),
        ("110", "177", "0.5"),
        ("50", "71", "1"),
        ("1600", "1916.6", "1"),
        ("35", "11.8", "0"),
        ("100", "59.99", "0"),
        ("100", "60", "0.6"),
        ("100", "100", "1"),
        ("100", "150", "1"),
        ("100", "150.01", "0.5"),
        ("3", "1", "0"),
        ("3", "2", "2/3"),
    ],
)
def test_rates_of_completion(planned: str, actual: str, expected: str) -> None:
    assert share(rate(target(planned, actual), DEFAULTS), DEFAULTS) == Fraction(expected)


@pytest.mark.parametrize(
    ("actual", "direction", "readings", "expected"),
    [
        ("60", "≥", {"R1": "fails"}, "0"),
        ("150", "≥", {"R2": "half"}, "0.5"),
        ("80", "≤", {}, "1"),
        ("80", "≤", {"R3": "printed"}, "0.8"),
        ("200", "=", {}, "0.5"),
        ("140", "=", {"R18": "closeness"}, "0.6"),
        ("60", "=", {"R18": "closeness"}, "0.6"),
        ("300", "=", {"R18": "closeness"}, "0"),
        ("99.99", "=", {"R18": "only-equal"}, "0"),
        ("100", "=", {"R18": "only-equal"}, "1"),
    ],
)
def test_readings_of_completion(actual: str, direction: str, readings: Mapping[str, str], expected: str) -> None:
    chosen = {**DEFAULTS, **readings}
    assert share(rate(target("100", actual, direction), chosen), chosen) == Fraction(expected)


@pytest.mark.parametrize(("rating", "expected"), [("优", "14.25"), ("良", "12.75"), ("达标", "10.5"), ("不达标", "0")])
def test_ratings(rating: str, expected: str) -> None:
    assert mark(2, {"benefit_rating": [{"rating": rating}]}) == Fraction(expected)


@pytest.mark.parametrize(
    ("needing", "missing", "expected"),
    [(0, 0, "2"), (3, 1, "1"), (3, 3, "0"), (4, 1, "1.5"), (4, 4, "0"), (9, 9, "0")],
)
def test_new_projects(needing: int, missing: int, expected: str) -> None:
    given = [{"needs_evaluation": True, "evaluated": number >= missing} for number in range(needing)]
    result = MARKS[5]({"new_project": given}, DEFAULTS)
    assert (result.points, result.applies) == (Fraction(expected), needing > 0)


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        ("cap-total", ["2", "2", "2", "2", "1"]),
        ("each-part", ["2", "2", "1.40", "1.60", "0.80"]),
        ("read-as-one", ["2", "1", "0.80", "1.20", "0.80"]),
    ],
)
def test_budget_restraint(reading: str, expected: list[str]) -> None:
    rates = [("0", "0"), ("0.5", "0.5"), ("1.5", "0"), ("0", "1.5"), ("2.5", "0")]
    given: list[facts.Facts] = [
        {
            "approved_budget": [{"amount": Fraction(10)}],
            "budget_adjustment": [
                {"amount": 10 * Fraction(adjusted), "exemption": "无"},
                {"amount": Fraction(7), "exemption": "不可抗力"},
            ],
            "supplementary_funding": [{"amount": 10 * Fraction(added), "exemption": "无"}],
        }
        for adjusted, added in rates
    ]
    assert [mark(10, case, R10=reading) for case in given] == [Fraction(points) for points in expected]


@pytest.mark.parametrize(("reading", "expected"), [("gravest", "3"), ("each-class", "2.5")])
def test_findings(reading: str, expected: str) -> None:
    finding = {"to_be_rectified": True, "funds_diverted": False, "repeated_or_unrectified": True}
    assert mark(11, {"audit_finding": [finding]}, R12=reading) == Fraction(expected)
    assert mark(11, {"audit_finding": [finding] * 9}, R12=reading) == 0


@pytest.mark.parametrize(
    ("approved", "reading", "expected"),
    [
        (date(2024, 9, 11), "next-day-holiday-moves", date(2024, 10, 8)),
        (date(2024, 9, 11), "next-day-fixed", date(2024, 10, 1)),
        (date(2024, 9, 11), "approval-day-counted", date(2024, 9, 30)),
        (date(2024, 3, 1), "next-day-holiday-moves", date(2024, 3, 21)),
        (date(2024, 9, 9), "next-day-holiday-moves", date(2024, 9, 29)),
    ],
)
def test_last_day(approved: date, reading: str, expected: date) -> None:
    assert last_day(approved, reading, calendar()) == expected


@pytest.mark.parametrize(("day", "expected"), [(20, "1"), (21, "0.9")])
def test_publication_on_the_last_day_and_after_it(day: int, expected: str) -> None:
    given = printed()
    given["disclosure"][0] |= {"approved_on": date(2024, 3, 1), "published_on": date(2024, 3, 1 + day)}
    assert mark(14, given) == Fraction(expected)


def test_unpublished_document_takes_the_indicator_or_its_half() -> None:
    given = printed()
    del given["disclosure"][0]["published_on"]
    assert score(given, DEFAULTS, {13})["indicators"][14]["kept"] == 0
    assert score(given, {**DEFAULTS, "R15": "half"}, {13})["indicators"][14]["kept"] == Fraction(1, 2)


def test_judgements_are_added_then_limited_once() -> None:
    given = printed() | {"judgement": [{"indicator": 7, "points": Fraction(n)} for n in (5, -5, 1, "-0.005")]}
    assert score(given, DEFAULTS, {13})["indicators"][7]["kept"] == 5
    given["judgement"].append({"indicator": 7, "points": Fraction("-1")})
    assert score(given, DEFAULTS, {13})["indicators"][7]["kept"] == 5
    given["judgement"].append({"indicator": 7, "points": Fraction("-1")})
    assert score(given, DEFAULTS, {13})["indicators"][7]["kept"] == 4


def test_rounding_is_half_up() -> None:
    assert half_up(Fraction("89.995")) == 90
    assert half_up(Fraction("89.99499")) == Fraction("89.99")


@pytest.mark.parametrize(("number", "given"), [(3, {}), (8, {}), (9, {}), (12, {}), (1, {})])
def test_no_score_without_its_facts(number: int, given: facts.Facts) -> None:
    with pytest.raises(CannotScoreError):
        mark(number, given)


def test_cases_are_determined_by_their_seed() -> None:
    assert case_text(1, 2, DEFAULTS) == case_text(1, 2, DEFAULTS)
    assert case_text(1, 2, DEFAULTS) != case_text(1, 3, DEFAULTS)


@pytest.mark.parametrize("reading", [name for name, alternatives in ALTERNATIVES.items() if len(alternatives) > 1])
def test_cases_reach_every_alternative(reading: str) -> None:
    """Each alternative gives some random case another score than every other alternative does."""
    apart: set[str] = set()
    for number in range(100):
        given = facts.read(case_text(SEED, number, DEFAULTS | {"R5": "spent", "R13": "full"}))
        results = {
            name: outcome_or_none(given, DEFAULTS | {"R13": "full"} | {reading: name}) for name in ALTERNATIVES[reading]
        }
        apart |= {name for name in results if list(results.values()).count(results[name]) == 1}
        if len(apart) == len(results):
            return
    assert apart == set(ALTERNATIVES[reading])


def outcome_or_none(given: facts.Facts, readings: Mapping[str, str]) -> Outcome | None:
    try:
        return score(given, readings, facts.not_assessed(given))
    except CannotScoreError:
        return None


def test_cases_are_of_every_kind() -> None:
    counts: Counter[str] = Counter()
    for number in range(BLOCKS * BLOCK):
        readings = choose_readings(SEED, number // BLOCK)
        given = facts.read(case_text(SEED, number, readings))
        counts.update(kinds(given, score(given, readings, facts.not_assessed(given))))
    assert all(counts[kind] > 20 for kind in ("judged several times", "open", "overridden", "without one grade"))


@pytest.mark.parametrize("block", [0, 1, *(pytest.param(n, marks=pytest.mark.long) for n in range(2, BLOCKS))])
def test_program_agrees_with_the_oracle(block: int) -> None:
    compared = compare_block(SEED, block)
    assert compared.counts["cases"] == BLOCK
    assert not compared.disagreements, str(compared.disagreements[0])


def test_a_changed_figure_is_noticed() -> None:
    readings = choose_readings(SEED, 1)
    text = case_text(SEED, BLOCK, readings)
    given = facts.read(text)
    expected = score(given, readings, facts.not_assessed(given))
    found = program.score(program.compiled(readings), text)
    assert differences(found, expected) == []
    for name, value in [("kept", Fraction(99)), ("open", Fraction(99)), ("status", "other"), ("before_override", {})]:
        changed = deepcopy(found)
        changed["indicators"][4][name] = value
        assert any(f"indicators 4 {name}" in line for line in differences(changed, expected))
    for name, value in [("total", Fraction(99)), ("open", Fraction(99)), ("grades", []), ("grade", "甲")]:
        assert differences({**found, name: value}, expected)
    assert differences({"refused": "a fault"}, expected)
