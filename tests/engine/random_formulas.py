"""Random formulas and conditions, and what they name: the parts that random rules are made of."""

from __future__ import annotations

from random import Random
from typing import Any

KINDS = ("甲", "乙", "丙")
TYPES = ("item", "other")
FIELDS: dict[str, dict[str, Any]] = {
    "amount": {"type": "number"},
    "rate": {"type": "number"},
    "kind": {"type": "string", "enum": list(KINDS)},
    "met": {"type": "boolean"},
    "day": {"type": "string", "format": "date"},
    "extra": {"type": "number"},
}
THRESHOLDS = ("0", "1", "60%", "100%", "150%", "0.5", "1.000001", "3", "-1", "9999999999999.5")


class Formulas:
    """Draws formulas and conditions on facts that rules have matched."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def field(self, alias: str) -> str:
        """Return a number field of an alias."""
        return self.random.choice((f"{alias}.amount", f"{alias}.rate", f"default({alias}.extra, 0)"))

    def number(self, alias: str) -> str:
        """Return a formula."""
        random = self.random
        field = self.field(alias)
        return random.choice(
            [
                "1",
                "0.5",
                field,
                f"{field} / 3",
                f"{field} * line",
                f"min({field}, 2)",
                f"max(0, {field})",
                f"if {alias}.met then {field} else 1",
                f"{field} / count(item)",
                f"sum(item.amount where item.kind == {alias}.kind)",
                "weighted_mean(other.rate, other.amount where other.met)",
                "mean(item.rate)",
                f"({alias}.day - 2024-01-05) / 10 天",
                f"round({field}, 1)",
            ]
        )

    def condition(self, aliases: list[str]) -> str:
        """Return a condition on the matched facts."""
        random = self.random
        alias = random.choice(aliases)
        field = self.field(alias)
        operator = random.choice(("==", "!=", "<", "<=", ">", ">="))
        threshold = random.choice(THRESHOLDS)
        return random.choice(
            [
                f"{alias}.rate {operator} {threshold}",
                f"{threshold} {operator} {alias}.amount",
                f"{alias}.kind == '{random.choice(KINDS)}'",
                f"{alias}.kind in ['甲', '乙']",
                f"{alias}.met",
                f"not {alias}.met",
                f"{alias}.day {operator} 2024-01-20",
                f"has({alias}.extra) and {alias}.extra {operator} {threshold}",
                f"{field} * 2 {operator} {threshold} or {alias}.met",
                f"{field} in 0..2",
                f"{alias}.amount > mean(item.amount)",
            ]
        )

    def guard(self) -> str:
        """Return a condition on the case as a whole."""
        return self.random.choice(
            (
                "count(item where item.met) > 2",
                "any(other where other.rate > 60%)",
                "all(item.met)",
                "case.year == 2024",
                "sum(item.amount) >= 0",
                "count(other) in 0..3",
            )
        )
