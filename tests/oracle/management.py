"""Random facts of indicators 4 to 13, and spot checks."""

from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from typing import Any

from tests.oracle.draw import Draw
from tests.oracle.marks import CRITERIA

FINDING_CLASSES = ("to_be_rectified", "funds_diverted", "repeated_or_unrectified")
ABOUT_FUNDS = (12, 2)
Items = list[dict[str, Any]]
RATES = [(0, 0), (1, 1), (3, 0), (0, 3), (5, 0), (0, 5), (5, 5), (2, 2), (4, 0), (0, 4), (10, 1)]


def criteria(draw: Draw, unassessed: Collection[int], *, without_funds: bool) -> Items:
    """Return every criterion, mostly met; those that nothing needs may be missing.

    Indicator 13 has one criterion, which the form calls met or not: none of it is partly met.
    """
    failing = draw.among([0, 5] if draw.strong else [5, 30, 60])
    wanted = [number for number in CRITERIA if number not in unassessed or draw.chance(50)]
    numbers = [(indicator, number) for indicator in wanted for number in CRITERIA[indicator]]
    if without_funds and draw.chance(50):
        numbers = [pair for pair in numbers if pair != ABOUT_FUNDS]
    return [_criterion(draw, indicator, number, failing) for indicator, number in numbers]


def _criterion(draw: Draw, indicator: int, number: int, failing: int) -> dict[str, Any]:
    met = draw.among(["部分", "部分", "否"] if indicator != 13 else ["否"]) if draw.chance(failing) else "是"
    fact = {"indicator": indicator, "number": number, "met": met}
    if met != "部分":
        return fact
    weight = CRITERIA[indicator][number]
    points = draw.points(weight)
    if points >= weight:
        points -= Decimal("0.01")
    return {**fact, "points": points, "reason": "内容有缺漏", "reviewer": draw.among(["王审核", "李复核"])}


def new_projects(draw: Draw) -> Items:
    """Return new projects: often none, 3 or 4 that need an evaluation."""
    needing = draw.among([0, 1, 2, 3, 3, 4, 4, draw.count(5, 9)])
    evaluated = draw.among([90, 100] if draw.strong else [0, 50, 90])
    return [
        {"name": draw.name(), "needs_evaluation": number < needing, "evaluated": draw.chance(evaluated)}
        for number in range(needing + draw.among([0, 0, 1, 3]))
    ]


def projects(draw: Draw) -> Items:
    """Return at least one project; the amounts are not all 0."""
    good, many = draw.among([97, 100] if draw.strong else [30, 70, 97]), draw.among([1, 4, 12])
    made = [_project(draw, good, least=0) for _ in range(draw.count(0, many - 1))]
    return [*made, _project(draw, good, least=1)]


def _project(draw: Draw, good: int, least: int) -> dict[str, Any]:
    amounts = [draw.decimal(least, 600), draw.decimal(least, 600), Decimal(least)]
    standards = {name: draw.chance(good) for name in ("selected_openly", "progress_matches", "costs_reviewed")}
    return {
        "name": draw.name(),
        "amount": draw.amount(draw.among(amounts)),
        "basis": draw.among(["红头文件", "比选"]) if draw.chance(good) else "无",
        **standards,
    }


def budget(draw: Draw) -> dict[str, Items]:
    """Return the approved budget with adjustments and added funds, often exactly at the rates that the form shows."""
    approved = draw.decimal(10, 2000) * 2
    adjusted, added = draw.among(RATES[:2] if draw.strong else RATES)
    if draw.chance(35):
        adjusted, added = draw.count(0, 2), draw.count(0, 2)
        sums = [adjusted * draw.decimal(0, 900), added * draw.decimal(0, 900)]
    else:
        sums = [approved * adjusted / 2, approved * added / 2]
    return {
        "approved_budget": [{"amount": draw.amount(approved)}],
        "budget_adjustment": [
            {"amount": amount, "kind": draw.among(["科目", "级次", "项目"]), "exemption": exemption}
            for amount, exemption in _items(draw, sums[0], ["政策调整", "不可抗力"])
        ],
        "supplementary_funding": [
            {"amount": amount, "exemption": exemption}
            for amount, exemption in _items(
                draw, sums[1], ["增人增编", "中央追加", "非本部门主管的专项资金", "新出台的统一政策"]
            )
        ],
    }


def _items(draw: Draw, total: Decimal, exemptions: list[str]) -> list[tuple[str, str]]:
    """Return items that add to a total, and some that are exempt."""
    first = draw.decimal(0, int(total))
    counted = [first, total - first] if draw.chance(60) else [total]
    exempt = [(draw.amount(draw.decimal(0, 900)), draw.among(exemptions)) for _ in range(draw.among([0, 0, 1, 3]))]
    return [(draw.amount(amount), "无") for amount in counted if amount or draw.chance(50)] + exempt


def findings(draw: Draw) -> Items:
    """Return the findings of audits: none, some, or more than the weight bears."""
    return [_finding(draw) for _ in range(draw.count(0, draw.among([0, 1] if draw.strong else [0, 2, 4, 10])))]


def _finding(draw: Draw) -> dict[str, Any]:
    """Return a finding that falls under at least one class."""
    classes = {name: draw.chance(40) for name in FINDING_CLASSES}
    return {
        "problem": draw.name(),
        "year": draw.count(2022, 2025),
        "source": draw.among(["江门市审计局", "江门市财政局"]),
        "document": f"意见书〔2024〕{draw.count(1, 20)}号",
        **classes,
        draw.among(FINDING_CLASSES): True,
    }


def warnings(draw: Draw) -> Items:
    """Return warnings of performance monitoring, or none."""
    return [{"subject": draw.name(), "handled_in_time": draw.chance(60)} for _ in range(draw.among([0, 0, 1, 2, 4]))]


def key_evaluations(draw: Draw) -> Items:
    """Return key evaluations, or none."""
    return [{"name": draw.name(), "reported_in_time": draw.chance(70)} for _ in range(draw.among([0, 0, 1, 2, 3]))]


def spot_checks(draw: Draw) -> Items:
    """Return spot checks: mostly none, at times several with different results."""
    return [
        {
            "level_2": "预算执行",
            "found": draw.among(["与实际不符", "与实际相符"]),
            "on": f"2025-0{draw.count(1, 9)}-1{draw.count(0, 9)}",
            "by": "江门市财政局",
            "document": f"抽查记录{draw.count(1, 20)}",
        }
        for _ in range(draw.among([0] * 12 + [1, 2, 3]))
    ]


TYPES: Mapping[str, Callable[[Draw], Items]] = {
    "new_project": new_projects,
    "project": projects,
    "audit_finding": findings,
    "monitoring_warning": warnings,
    "key_evaluation": key_evaluations,
    "spot_check": spot_checks,
}
