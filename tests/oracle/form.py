"""The whole form: what each indicator keeps, loses and leaves open, the total and the grade."""

import math
from collections.abc import Collection
from fractions import Fraction
from typing import Any

from tests.oracle.facts import Facts
from tests.oracle.marks import MARKS, WEIGHTS, Readings, goal_not_reported, unpublished

GRADES = {"优": 90, "良": 80, "中": 60, "差": 0}
BUDGET_EXECUTION = (10, 11)

Outcome = dict[str, Any]


def score(facts: Facts, readings: Readings, not_assessed: Collection[int]) -> Outcome:
    """Return the outcome of a case as plain data, every figure a fraction."""
    indicators = {n: _indicator(n, facts, readings, assessed=n not in not_assessed) for n in WEIGHTS}
    overridden = any(indicator["before_override"] for indicator in indicators.values())
    before = [indicator["before_override"] or indicator for indicator in indicators.values()]
    return {
        "indicators": indicators,
        **_sums(list(indicators.values())),
        "before_override": _sums(before) if overridden else None,
    }


def _indicator(number: int, facts: Facts, readings: Readings, *, assessed: bool) -> Outcome:
    """Return one indicator: its mark, then the reviewers, then rounding, then overrides.

    The status says how it was assessed, so an override changes the points and not the status.
    """
    weight = Fraction(WEIGHTS[number])
    kept, left, status = Fraction(0), weight, "not_assessed"
    if assessed:
        mark = MARKS[number](facts, readings)
        judged = sum(
            (fact["points"] for fact in facts.get("judgement", []) if fact["indicator"] == number), mark.points
        )
        kept, left = half_up(min(max(judged, Fraction(0)), weight)), Fraction(0)
        status = "assessed" if mark.applies else "not_applicable"
    before = None
    if _zeroed(number, facts, readings):
        before = {"kept": kept, "open": left}
        kept, left = Fraction(0), Fraction(0)
    return {
        "weight": weight,
        "kept": kept,
        "lost": weight - kept - left,
        "open": left,
        "status": status,
        "before_override": before,
    }


def _zeroed(number: int, facts: Facts, readings: Readings) -> bool:
    """Return whether an override takes the whole indicator, by itself or with its level-2 parent."""
    if number in {1, 2}:
        return goal_not_reported(facts)
    if number in BUDGET_EXECUTION:
        return any(fact["found"] == "与实际不符" for fact in facts.get("spot_check", []))
    return number == 14 and readings["R15"] == "indicator" and any(map(unpublished, facts.get("disclosure", [])))


def half_up(value: Fraction) -> Fraction:
    """Return a number that is not negative, rounded half up to two places."""
    return Fraction(math.floor(value * 100 + Fraction(1, 2)), 100)


def grade(total: Fraction) -> str:
    """Return the grade of a total."""
    return next(name for name, least in GRADES.items() if total >= least)


def _sums(indicators: list[Outcome]) -> Outcome:
    """Return the totals of some indicators, and the grades that the open points leave possible."""
    kept = sum((indicator["kept"] for indicator in indicators), Fraction(0))
    left = sum((indicator["open"] for indicator in indicators), Fraction(0))
    names = list(GRADES)
    grades = names[names.index(grade(kept + left)) : names.index(grade(kept)) + 1]
    return {"total": kept, "open": left, "grades": grades, "grade": grades[0] if len(grades) == 1 else None}
