"""Random indicators whose rows are facts, with rules of their own or such that every row shares."""

from __future__ import annotations

from typing import Any

from tests.engine.random_formulas import Formulas

ROW = "entry"
"""The fact type of rows; its facts weigh 6 in all, as every indicator does."""
ROW_FIELDS: dict[str, dict[str, Any]] = {"weight": {"type": "number"}, "name": {"type": "string"}}
EVERY_ROW_CLAUSE = "n.1"
"""The clause that only the rules of every row cite."""


class RowWriter(Formulas):
    """Writes the indicators with rows; all call a row `r`, as the rules that they share do."""

    def indicator(self, number: int, *, shared: bool) -> dict[str, Any]:
        """Write an indicator whose rows are facts; each row is awarded, by a shared rule or by its own."""
        random = self.random
        rows = {
            "each": {"r": ROW},
            "weight": "r.weight",
            "name": "r.name",
            "columns": {"率": "r.rate", "余": "r.extra"},
        }
        if random.random() < 0.5:
            rows["path"] = "r.kind"
        rules = [*([] if shared else [self.award()]), *(self.act() for _ in range(random.randint(0, 3)))]
        return {
            "number": number, "path": ["甲", "一"], "name": "各行", "weight": 6, "clauses": {f"{number}.1": "条款"},
            "rows_from": rows, **({"rules": rules} if rules else {}),
        }  # fmt: skip

    def every_row(self) -> dict[str, Any]:
        """Write what the rows of every indicator share: their award, other acts, and what is required of each."""
        random = self.random
        acts = [self.award(), *(self.act() for _ in range(random.randint(0, 2)))]
        rules = [{"id": f"e{number}", "cites": [EVERY_ROW_CLAUSE], **act} for number, act in enumerate(acts)]
        that = random.choice(("r.weight > 0", "r.weight == 6 or r.weight < 5", "r.weight < 6 or r.rate < 100000"))
        words = {"zh": "不可作为一行。", "en": "It cannot be a row."}
        return {"rules": rules, "requires": [{"that": that, "say": words, "remedy": words}]}

    def award(self) -> dict[str, Any]:
        """Award a row, in one of the forms."""
        rate = f"abs({self.field('r')})"
        forms = (f"row_weight * min(1, {rate})", {"pro_rata": rate}, {"pro_rata": rate, "floor": "line"})
        return {"award": self.random.choice(forms)}

    def act(self) -> dict[str, Any]:
        """Cut, judge or set a row, or its indicator as a whole."""
        random = self.random
        act: dict[str, Any] = random.choice(
            [
                {"deduct": f"abs({self.number('r')})"},
                {"deduct": {"for_each": "1", "over": "0", "measure": "r.rate", "take": "0.5", "steps": "begun"}},
                {"cap": self.number("r")},
                {"cap": {"to": "4", "scope": random.choice(("indicator", "level_1"))}},
                {"adjust": f"min(max({self.number('r')}, 0 - row_weight), row_weight)"},
                {"override": {"to": random.choice(("0", "0.5")), "scope": random.choice(("part", "level_2"))}},
                {"not_applicable": random.choice(("zero", "full", "excluded"))},
            ]
        )
        whole = isinstance(act.get("cap"), dict) or "level_2" in str(act)
        return {**act, **({"when": self.guard()} if whole else {"where": self.condition(["r"])})}
