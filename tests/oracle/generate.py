"""Random cases of the form: facts files over all readings, at the limits that the form sets and beside them."""

import json
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.oracle.achievements import performance_targets, ratings, special_funds
from tests.oracle.disclosures import documents, performance_documents
from tests.oracle.draw import Draw
from tests.oracle.management import TYPES, Items, budget, criteria
from tests.oracle.marks import WEIGHTS

RULESET = "jiangmen/department-special/2024"
ALTERNATIVES: Mapping[str, list[str]] = {
    "R1": ["passes", "fails"],
    "R2": ["full", "half"],
    "R3": ["inverse", "printed"],
    "R4": ["benefit", "as-printed"],
    "R5": ["budgeted", "spent"],
    "R6": ["whole", "partial"],
    "R7": ["full", "zero"],
    "R8": ["reasoned", "none"],
    "R9": ["per-project", "per-standard"],
    "R10": ["cap-total", "each-part", "read-as-one"],
    "R11": ["approved", "final"],
    "R12": ["gravest", "each-class"],
    "R13": ["other-form", "full"],
    "R14": ["full", "zero"],
    "R15": ["indicator", "half"],
    "R16": ["next-day-holiday-moves", "next-day-fixed", "approval-day-counted"],
    "R17": ["stated"],
    "R18": ["at-least", "closeness", "only-equal"],
}
USED_BY: Mapping[str, set[int]] = {
    "goal_report": {1, 2},
    "performance_target": {1, 2},
    "benefit_rating": {2},
    "special_fund": {3, 12},
    "new_project": {5},
    "project": {8, 9},
    "approved_budget": {10},
    "budget_adjustment": {10},
    "supplementary_funding": {10},
    "audit_finding": {11},
    "monitoring_warning": {13},
    "key_evaluation": {13},
    "disclosure": {14},
    "performance_disclosure": {15},
}


def choose_readings(seed: int, block: int) -> dict[str, str]:
    """Return a random choice of every reading; the first block takes each reading's default."""
    draw = Draw(f"readings {seed} {block}")
    return {
        name: alternatives[0] if block == 0 else draw.among(alternatives) for name, alternatives in ALTERNATIVES.items()
    }


def case_text(seed: int, number: int, readings: Mapping[str, str]) -> str:
    """Return the text of a random facts file."""
    return written(case_document(seed, number, readings))


def case_document(seed: int, number: int, readings: Mapping[str, str]) -> dict[str, Any]:
    """Return a random facts file as plain data, its numbers as decimals."""
    draw = Draw(f"case {seed} {number}")
    without_funds = readings["R13"] == "full" and draw.chance(15)
    unassessed = _unassessed(draw) | ({3} if without_funds else set())
    given: dict[str, Items] = {
        "goal_report": [{"reported": not draw.chance(3 if draw.strong else 8)}],
        "performance_target": performance_targets(draw),
        "benefit_rating": ratings(draw),
        "special_fund": [] if without_funds else special_funds(draw, spent=readings["R5"] == "spent"),
        "disclosure": documents(draw),
        "performance_disclosure": performance_documents(draw),
        **budget(draw),
        **{name: make(draw) for name, make in TYPES.items()},
    }
    _leave_out_targets(draw, given, readings, unassessed)
    for name, users in USED_BY.items():
        if users <= unassessed and draw.chance(50):
            given.pop(name)
    given["criterion"] = criteria(draw, unassessed, without_funds=without_funds)
    given["judgement"] = _judgements(draw, sorted(set(WEIGHTS) - unassessed))
    given["not_assessed"] = [{"indicator": number, "reason": "资料未提供"} for number in unassessed]
    facts = {name: _listed(draw, facts) for name, facts in given.items() if facts or name in USED_BY}
    return {
        "ruleset": RULESET,
        "case": {"department": f"江门市{draw.name()}局", "year": 2024},
        "facts": dict(draw.shuffled(list(facts.items()))),
    }


def written(value: Any) -> str:
    """Return plain data as JSON, decimals in the digits that they have."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{written(name)}: {written(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return f"{value:f}" if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False)


def _leave_out_targets(draw: Draw, given: dict[str, Items], readings: Mapping[str, str], unassessed: set[int]) -> None:
    """Leave out, at times, the targets that no indicator needs: all where there is no goal, else those of one kind."""
    if draw.chance(60):
        return
    goal = given["goal_report"][0]["reported"]
    outputs_needed = 1 not in unassessed or (readings["R4"] == "as-printed" and 2 not in unassessed)
    benefits_needed = 2 not in unassessed and readings["R4"] == "benefit"
    needed = [kind for kind, used in (("产出", outputs_needed), ("效益", benefits_needed)) if used and goal]
    given["performance_target"] = [fact for fact in given["performance_target"] if fact["kind"] in needed]
    if "效益" not in needed:
        given["benefit_rating"] = []


def _unassessed(draw: Draw) -> set[int]:
    """Return the indicators that a case leaves unassessed: mostly none, at times some, one, all or all but one."""
    every = list(WEIGHTS)
    kind = draw.count(1, 20)
    if kind <= 11:
        return set()
    if kind <= 15:
        return set(draw.shuffled(every)[: draw.count(1, 5)])
    return set(draw.shuffled(every)[: {16: 15, 17: 14, 18: 1, 19: 1, 20: draw.count(5, 13)}[kind]])


def _judgements(draw: Draw, assessed: list[int]) -> Items:
    """Return the reviewers' changes of assessed indicators: none, some, or several on one indicator."""
    if not assessed or draw.chance(35):
        return []
    on = [draw.among(assessed) for _ in range(draw.count(1, 4))]
    if draw.chance(50):
        on += [on[0]] * draw.count(1, 3)
    return [_judgement(draw, number) for number in on]


def _judgement(draw: Draw, indicator: int) -> dict[str, Any]:
    small = draw.strong or draw.chance(40)
    points = draw.points(Fraction(1, 5) if small else Fraction(WEIGHTS[indicator]))
    return {
        "indicator": indicator,
        "points": -points if draw.chance(60) else points,
        "reason": "佐证材料与所填不符",
        "reviewer": draw.among(["王审核", "李复核"]),
    }


def _listed(draw: Draw, facts: Items) -> Items:
    """Return facts in a random order, each with an id of its own and its fields in a random order."""
    named = [{**fact, "id": draw.new_id()} for fact in facts]
    return draw.shuffled([dict(draw.shuffled(list(fact.items()))) for fact in named])
