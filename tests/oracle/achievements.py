"""Random facts of indicators 1 to 3: targets, ratings and special funds."""

from decimal import Decimal
from typing import Any

from tests.oracle.draw import Draw
from tests.oracle.marks import RATINGS


def performance_targets(draw: Draw) -> list[dict[str, Any]]:
    """Return at least one output target and one benefit target."""
    kinds = ["产出"] * draw.count(1, draw.among([1, 3, 10])) + ["效益"] * draw.count(1, draw.among([1, 4]))
    return [_target(draw, kind) for kind in kinds]


def _target(draw: Draw, kind: str) -> dict[str, Any]:
    direction = draw.among(["≥", "≥", "≤", "=", "="])
    target, actual = draw.planned_and_actual()
    if direction == "≤":
        actual = actual if actual > 0 else Decimal("0.01")
        target, actual = (target, actual) if draw.chance(40) else (actual, target)
    return {
        "name": draw.name(),
        "kind": kind,
        "direction": direction,
        "target": target,
        "actual": actual,
        "unit": draw.among(["家", "%", "亿元", "次"]),
    }


def ratings(draw: Draw) -> list[dict[str, Any]]:
    """Return some rated benefits, or none."""
    return [
        {"name": draw.name(), "rating": draw.among(list(RATINGS)), "basis": "评级报告"}
        for _ in range(draw.count(0, draw.among([0, 2, 3])))
    ]


def special_funds(draw: Draw, *, spent: bool) -> list[dict[str, Any]]:
    """Return at least one fund; the amounts, and what was spent, are not all 0."""
    funds = [_fund(draw, spent=spent or draw.chance(30)) for _ in range(draw.count(1, 5))]
    for field in ("amount", "spent"):
        if field in funds[-1]:
            funds[-1][field] = draw.amount(draw.decimal(1, 900))
    return funds


def _fund(draw: Draw, *, spent: bool) -> dict[str, Any]:
    scores = [Decimal(80), Decimal("79.99"), draw.decimal(70, 80)]
    if not draw.strong:
        scores += [Decimal(0), draw.decimal(0, 80)]
    fund = {
        "name": draw.name(),
        "amount": draw.amount(draw.among([Decimal(0), draw.decimal(0, 900), draw.decimal(0, 900)])),
        "self_score": draw.among(scores),
    }
    return {**fund, "spent": draw.amount(draw.among([Decimal(0), draw.decimal(0, 900)]))} if spent else fund
