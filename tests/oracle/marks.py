"""What each of the 15 indicators scores by the form, before reviewers, rounding and overrides."""

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from tests.oracle.days import Calendar, calendar, last_day
from tests.oracle.facts import Fact, Facts

Readings = Mapping[str, str]

WEIGHTS = {1: 15, 2: 15, 3: 20, 4: 8, 5: 2, 6: 5, 7: 5, 8: 7, 9: 7, 10: 2, 11: 4, 12: 5, 13: 3, 14: 1, 15: 1}
CRITERIA: Mapping[int, Mapping[int, Fraction]] = {
    4: {1: Fraction(3), 2: Fraction(3), 3: Fraction(2)},
    6: dict.fromkeys(range(1, 6), Fraction(1)),
    7: {1: Fraction(2), 2: Fraction(1), 3: Fraction(1), 4: Fraction(1)},
    12: {1: Fraction(3, 2), 2: Fraction(3, 2), 3: Fraction(2)},
    13: {3: Fraction(1)},
}
RATINGS = {"优": Fraction(95, 100), "良": Fraction(85, 100), "达标": Fraction(70, 100), "不达标": Fraction(50, 100)}
PASS, FULL, OVER = Fraction(60, 100), Fraction(1), Fraction(150, 100)
HALF = Fraction(1, 2)
FEW = 3


class Mark(NamedTuple):
    """Points of an indicator, and whether it applies to the department at all."""

    points: Fraction
    applies: bool = True


class CannotScoreError(Exception):
    """The form gives no score for such facts."""


def rate(target: Fact, readings: Readings) -> Fraction:
    """Return the rate of completion of a target."""
    planned, actual = Fraction(target["target"]), Fraction(target["actual"])
    if target["direction"] == "≤" and readings["R3"] == "inverse":
        return planned / actual
    if target["direction"] == "=" and readings["R18"] == "closeness":
        return max(1 - abs(actual - planned) / planned, Fraction(0))
    if target["direction"] == "=" and readings["R18"] == "only-equal":
        return Fraction(actual == planned)
    return actual / planned


def share(completion: Fraction, readings: Readings) -> Fraction:
    """Return the share of the weight that a rate of completion earns."""
    if completion < PASS or (completion == PASS and readings["R1"] == "fails"):
        return Fraction(0)
    if completion <= FULL:
        return completion
    if completion < OVER or (completion == OVER and readings["R2"] == "full"):
        return Fraction(1)
    return HALF


def outputs(facts: Facts, readings: Readings) -> Mark:
    """Indicator 1: the mean over the output targets."""
    return Mark(15 * _mean(_shares(facts, "产出", readings), facts))


def benefits(facts: Facts, readings: Readings) -> Mark:
    """Indicator 2: the mean over the benefit targets and the ratings."""
    if readings["R4"] == "as-printed":
        return outputs(facts, readings)
    rated = [share(RATINGS[fact["rating"]], readings) for fact in facts.get("benefit_rating", [])]
    return Mark(15 * _mean([*_shares(facts, "效益", readings), *rated], facts))


def _shares(facts: Facts, kind: str, readings: Readings) -> list[Fraction]:
    return [
        share(rate(fact, readings), readings) for fact in facts.get("performance_target", []) if fact["kind"] == kind
    ]


def _mean(values: list[Fraction], facts: Facts) -> Fraction:
    """Return the mean; where no goal was reported, there may be no targets, and they score nothing."""
    if not values and goal_not_reported(facts):
        return Fraction(0)
    if not values:
        raise CannotScoreError("no target")
    return sum(values, Fraction(0)) / len(values)


def goal_not_reported(facts: Facts) -> bool:
    """Return whether the department reported no overall goal."""
    return any(not fact["reported"] for fact in facts.get("goal_report", []))


def funds(facts: Facts, readings: Readings) -> Mark:
    """Indicator 3: the self-scores of the funds, weighted by amount."""
    field = "spent" if readings["R5"] == "spent" else "amount"
    given = facts.get("special_fund", [])
    return Mark(_ratio(_sum(fact[field] * fact["self_score"] * 20 / 80 for fact in given), _total(given, field)))


def budgeting(facts: Facts, readings: Readings) -> Mark:
    """Indicator 4: three criteria."""
    return Mark(_criteria(facts, 4, partial=readings["R6"] == "partial"))


def evaluated_projects(facts: Facts, readings: Readings) -> Mark:
    """Indicator 5: new projects that need an evaluation, a deduction for each without one."""
    needing = [fact for fact in facts.get("new_project", []) if fact["needs_evaluation"]]
    if not needing:
        return Mark(Fraction(2 if readings["R7"] == "full" else 0), applies=False)
    missing = sum(not fact["evaluated"] for fact in needing)
    return Mark(_floor(2 - missing * (HALF if len(needing) > FEW else Fraction(1))))


def reasonable_goals(facts: Facts, readings: Readings) -> Mark:
    """Indicator 6: five criteria."""
    return Mark(_criteria(facts, 6, partial=readings["R8"] == "reasoned"))


def clear_goals(facts: Facts, readings: Readings) -> Mark:
    """Indicator 7: four criteria."""
    return Mark(_criteria(facts, 7, partial=readings["R8"] == "reasoned"))


def cost_basis(facts: Facts, _readings: Readings) -> Mark:
    """Indicator 8: the share of the projects' amounts that has a basis."""
    given = facts.get("project", [])
    return Mark(
        7 * _ratio(_total((fact for fact in given if fact["basis"] != "无"), "amount"), _total(given, "amount"))
    )


def cost_control(facts: Facts, readings: Readings) -> Mark:
    """Indicator 9: a deduction for each project that fails, or for each standard that it fails."""
    given = facts.get("project", [])
    if not given:
        raise CannotScoreError("no project")
    failed = [
        sum(not fact[name] for name in ("selected_openly", "progress_matches", "costs_reviewed")) for fact in given
    ]
    return Mark(_floor(Fraction(7 - sum(min(n, 1) if readings["R9"] == "per-project" else n for n in failed))))


def budget_restraint(facts: Facts, readings: Readings) -> Mark:
    """Indicator 10: the rates of adjusted and of supplementary funds."""
    added = facts.get("supplementary_funding", [])
    budget = _total(facts.get("approved_budget", []), "amount")
    if readings["R11"] == "final":
        budget += _total(added, "amount")
    parts = [
        (_ratio(_counted(facts.get("budget_adjustment", [])), budget), Fraction(12, 10)),
        (_ratio(_counted(added), budget), Fraction(8, 10)),
    ]
    if readings["R10"] == "cap-total":
        return Mark(_between(_sum((2 - part) * weight for part, weight in parts), Fraction(2)))
    start = 1 if readings["R10"] == "read-as-one" else 2
    return Mark(_sum(_between((start - part) * weight, weight) for part, weight in parts))


def _counted(items: Iterable[Fact]) -> Fraction:
    """Return the amount of the items that are not exempt."""
    return _total((fact for fact in items if fact["exemption"] == "无"), "amount")


def finances(facts: Facts, readings: Readings) -> Mark:
    """Indicator 11: a deduction for each finding of an audit."""
    lost = Fraction(0)
    for fact in facts.get("audit_finding", []):
        classes = [
            HALF * fact["to_be_rectified"],
            HALF * fact["funds_diverted"],
            Fraction(1) * fact["repeated_or_unrectified"],
        ]
        lost += max(classes) if readings["R12"] == "gravest" else _sum(classes)
    return Mark(_floor(4 - lost))


def systems(facts: Facts, readings: Readings) -> Mark:
    """Indicator 12: three systems; the second is about special funds."""
    partial = readings["R8"] == "reasoned"
    if facts.get("special_fund"):
        return Mark(_criteria(facts, 12, partial=partial))
    if readings["R13"] != "full":
        raise CannotScoreError("no special fund: another form applies")
    return Mark(CRITERIA[12][2] + _criteria(facts, 12, partial=partial, without=2))


def use_of_results(facts: Facts, readings: Readings) -> Mark:
    """Indicator 13: warnings, key evaluations, and the link of results to the budget."""
    none = Fraction(readings["R14"] == "full")
    warnings, evaluations = facts.get("monitoring_warning", []), facts.get("key_evaluation", [])
    late = sum(not fact["handled_in_time"] for fact in warnings)
    handled = _floor(Fraction(1 - late)) if warnings else none
    reported = Fraction(all(fact["reported_in_time"] for fact in evaluations)) if evaluations else none
    return Mark(handled + reported + _criteria(facts, 13, partial=False))


def disclosure(facts: Facts, readings: Readings) -> Mark:
    """Indicator 14: the budget and the final accounts; what an unpublished one does to the whole is an override."""
    given = facts.get("disclosure", [])
    return Mark(
        _sum(_document(fact, readings) for fact in given), applies=not all(fact["classified"] for fact in given)
    )


def _document(fact: Fact, readings: Readings) -> Fraction:
    if fact["classified"]:
        return HALF
    if unpublished(fact):
        return Fraction(0)
    in_time: bool = fact["published_on"] <= last_day(fact["approved_on"], readings["R16"], _calendar())
    passed = Fraction(fact["checks_passed"]) / Fraction(fact["checks"])
    return Fraction(10, 100) * in_time + Fraction(40, 100) * passed


def unpublished(fact: Fact) -> bool:
    """Return whether a document that is not classified was not published."""
    return not fact["classified"] and "published_on" not in fact


def performance_disclosure(facts: Facts, _readings: Readings) -> Mark:
    """Indicator 15: goals and self-evaluation, each half if published in time."""
    given = facts.get("performance_disclosure", [])
    return Mark(_sum(HALF for fact in given if "published_on" in fact and fact["published_on"] <= fact["deadline"]))


def _criteria(facts: Facts, indicator: int, *, partial: bool, without: int = 0) -> Fraction:
    """Return the points of an indicator's criteria, but for one of them."""
    points = Fraction(0)
    for fact in facts.get("criterion", []):
        if fact["indicator"] == indicator and fact["number"] != without:
            if fact["met"] == "是":
                points += CRITERIA[indicator][int(fact["number"])]
            elif fact["met"] == "部分" and partial:
                points += fact["points"]
    return points


@cache
def _calendar() -> Calendar:
    return calendar()


def _total(items: Iterable[Fact], field: str) -> Fraction:
    return _sum(fact[field] for fact in items)


def _sum(values: Iterable[Fraction]) -> Fraction:
    return sum(values, Fraction(0))


def _ratio(part: Fraction, whole: Fraction) -> Fraction:
    if whole == 0:
        raise CannotScoreError("an amount of 0 to divide by")
    return part / whole


def _floor(points: Fraction) -> Fraction:
    return max(points, Fraction(0))


def _between(points: Fraction, most: Fraction) -> Fraction:
    return min(_floor(points), most)


MARKS: Mapping[int, Callable[[Facts, Readings], Mark]] = {
    1: outputs,
    2: benefits,
    3: funds,
    4: budgeting,
    5: evaluated_projects,
    6: reasonable_goals,
    7: clear_goals,
    8: cost_basis,
    9: cost_control,
    10: budget_restraint,
    11: finances,
    12: systems,
    13: use_of_results,
    14: disclosure,
    15: performance_disclosure,
}
