"""Random rules: the indicators, definitions and results of a random ruleset, put together by a seed."""

from __future__ import annotations

from typing import Any

from tests.engine.random_formulas import KINDS, THRESHOLDS, TYPES, Formulas

CHECKLIST = 9
"""The number of the indicator that is a checklist, of three criteria."""
SCOPES = ("indicator", "level_2", "level_1", "total")


class Writer(Formulas):
    """Writes random rules; definitions are written in the order of their numbers."""

    def definition(self, number: int) -> dict[str, Any]:
        """Derive `d<number>` {of, value} from given facts, or from an earlier derived fact."""
        random = self.random
        earlier = number - 1 if number and random.random() < 0.5 else None
        if earlier is None:
            alias, each = "x", {"x": random.choice(TYPES)}
            value, where = self.number("x"), self.condition(["x"])
            of = "x"
        else:
            alias, each = "d", {"d": f"d{earlier}"}
            value, where, of = "d.value * 2 - 1", f"d.value < {random.choice(THRESHOLDS)}", "d.of"
        rule: dict[str, Any] = {"id": f"def{number}", "cites": ["1.1"], "each": each, "where": where}
        rule["derive"] = {f"d{number}": {"of": of, "value": value}}
        if random.random() < 0.3:
            rule["when"] = self.guard()
        rule["say"] = {"zh": f"推出 {{{alias}}}", "en": f"derived {{{alias}}}"}
        # The type of `of` must be one: item in the first, whatever it was in those derived from it.
        if earlier is None:
            each["x"] = "item"
        return rule

    def indicator(self, number: int) -> dict[str, Any]:
        """Write an indicator of weight 6 with one or two parts."""
        random = self.random
        clause = f"{number}.1"
        entry: dict[str, Any] = {
            "number": number,
            "path": ["甲", random.choice(("一", "二"))],
            "name": f"指标{number}",
            "weight": 6,
            "clauses": {clause: "条款"},
        }
        methods = [random.choice(("award", "deduct")) for _ in range(random.randint(1, 2))]
        if len(methods) == 1:
            entry["method"] = methods[0]
        else:
            entry["parts"] = [
                {"id": f"p{i}", "weight": weight, "method": method, "cites": [clause]}
                for i, (method, weight) in enumerate(zip(methods, ("weight * 1 / 3", "4"), strict=True))
            ]
        rules: list[dict[str, Any]] = []
        for part, method in enumerate(methods):
            for _ in range(random.randint(1, 3)):
                rule = self.rule(number, len(rules), method)
                if len(methods) > 1 and ("award" in rule or "deduct" in rule or "not_applicable" in rule):
                    rule["part"] = f"p{part}"
                rules.append(rule)
        entry["rules"] = rules
        return entry

    def checklist(self) -> dict[str, Any]:
        """Write an indicator that is a checklist, in which what is met in part may give points."""
        items: list[dict[str, Any]] = [{"3": "甲"}, {"1.5": "乙"}, {"weight * 25%": "丙"}]
        if self.random.random() < 0.3:
            items[2]["needed"] = self.guard()
        partial = self.random.choice(("yes", "no", {"R1": "one"}))
        return {
            "number": CHECKLIST, "path": ["甲", "二"], "name": "清单", "weight": 6,
            "clauses": {f"{CHECKLIST}.{number}": "条款" for number in (1, 2, 3)},
            "checklist": {"items": items, "partial": partial},
        }  # fmt: skip

    def total_rule(self, number: int) -> dict[str, Any]:
        """Write a rule of the total, or of a level."""
        random = self.random
        rule: dict[str, Any] = {"id": f"t{number}", "cites": ["1.1"], "when": self.guard()}
        if random.random() < 0.4:
            rule["level"] = "甲"
        if random.random() < 0.5:
            rule["cap"] = random.choice(("4", "full_score * 50%", "weight_of(1)"))
        else:
            rule["override"] = {"to": random.choice(("0", "2.5")), "scope": "total"}
        return rule

    def rule(self, indicator: int, number: int, method: str) -> dict[str, Any]:
        """Write one rule of an indicator."""
        random = self.random
        rule: dict[str, Any] = {"id": f"r{number}", "cites": [f"{indicator}.1"]}
        aliases = self.each(rule)
        if random.random() < 0.7:
            rule["where"] = [self.condition(aliases) for _ in range(random.randint(1, 3))]
        if random.random() < 0.3:
            rule["when"] = self.guard()
        if random.random() < 0.2:
            rule["under"] = {"R1": random.choice(("one", "other"))}
        action = random.choice(["points"] * 6 + ["cap", "adjust", "override", "not_applicable", "flag"])
        points = self.number(aliases[0])
        if action == "points" and method == "award":
            rule["award"] = points
            if random.random() < 0.4:
                rule["of"] = random.choice(("1", "weight / 4", f"abs({points})"))
        elif action == "points":
            rule["deduct"] = f"abs({points})"
        elif action == "cap":
            rule["cap"] = f"score({indicator - 1})" if indicator > 1 and random.random() < 0.5 else points
        elif action == "adjust":
            rule["adjust"] = f"min(max({points}, 0 - weight), weight)"
        elif action == "override":
            rule |= self.override()
        elif action == "not_applicable":
            rule["not_applicable"] = random.choice(("full", "zero", "excluded"))
        else:
            rule["flag"] = "notice"
        if action == "points":
            self.bands_or_form(rule, aliases, method)
        return rule

    def override(self) -> dict[str, Any]:
        """Set the score of an indicator or a level, perhaps to nothing by a veto."""
        to, scope = self.random.choice(("0", "2.5")), self.random.choice(SCOPES)
        return {"veto": scope} if to == "0" else {"override": {"to": to, "scope": scope}}

    def bands_or_form(self, rule: dict[str, Any], aliases: list[str], method: str) -> None:
        """Give a rule a band table, or points in a form, or neither."""
        if self.random.random() < 0.3:
            self.bands(rule, aliases[0], method)
        elif self.random.random() < 0.3:
            self.form(rule, aliases, method)

    def form(self, rule: dict[str, Any], aliases: list[str], method: str) -> None:
        """Give a rule points in one of the forms: for each step, pro rata, or a mean."""
        random, field = self.random, self.field(aliases[0])
        limit = {random.choice(("over", "below")): random.choice(THRESHOLDS)}
        points = random.choice(("0.5", f"abs({self.field(aliases[0])})"))
        steps = {"for_each": random.choice(("0.3", "1", "line")), **limit, "measure": self.number(aliases[0])}
        steps["steps"] = random.choice(("whole", "begun", "pro_rata"))
        if method == "deduct":
            rule["deduct"] = {**steps, "take": points}
            return
        forms: list[dict[str, Any]] = [
            {**steps, "gives": points},
            {"pro_rata": f"abs({field}) / 3"},
            {"pro_rata": field, "floor": "line", "cap": "1.5"},
        ]
        conditions = str(rule.get("where", ""))
        if len(aliases) == 1 and "mean(" not in conditions:
            forms += [{"mean": field}, {"mean": f"min({field}, 1)", "weights": f"abs({aliases[0]}.amount)"}]
        rule["award"] = random.choice(forms)

    def bands(self, rule: dict[str, Any], alias: str, method: str) -> None:
        """Give a rule a band table."""
        rule["bands"] = {
            "measure": self.field(alias),
            "rows": [
                {"below": "line", "gives": "0%"},
                {
                    "to": "100%" if self.random.random() < 0.5 else "2",
                    "gives": self.random.choice(("1", self.field(alias))),
                },
                {"to": "3", "gives": "100%", "falls": True},
                {"above": "3", "gives": "50%", "falls": True},
            ],
        }
        rule["award" if method == "award" else "deduct"] = "weight * abs(band) / 4"

    def each(self, rule: dict[str, Any]) -> list[str]:
        """Give a rule its patterns: one or two facts, given or derived."""
        random = self.random
        if random.random() < 0.3:
            rule["each"] = {"x": random.choice(TYPES), "y": random.choice(TYPES)}
            rule["where"] = [random.choice(("x.kind == y.kind", "x.amount == y.rate", "x.amount < y.amount"))]
            return ["x", "y"]
        rule["each"] = {"x": random.choice(TYPES)}
        return ["x"]

    def results(self) -> dict[str, Any]:
        """Write results: two rules that exclude each other, a band of a score, a choice, and one that asks others."""
        random = self.random
        guard, line = self.guard(), random.choice(THRESHOLDS)
        bands = {
            "measure": "score(1)",
            "rows": [{"below": "2", "gives": "0%"}, {"to": "4", "gives": "50%"}, {"above": "4", "gives": "1"}],
        }
        say = {"zh": "为 {value}", "en": "is {value}"}
        by_kind = {"each": {"x": "item"}, "where": [self.condition(["x"]), "x.kind == '甲'"], "result": "x.kind"}
        most = {"when": "count(item) > 0", "result": "max_of(item.amount)"}
        return {
            "pay": {
                "title": "款",
                "cites": ["1.1"],
                "rules": [
                    {"id": "a", "when": guard, "result": "weight_of(1) * score(1)", "say": say},
                    {"id": "b", "when": f"not ({guard})", "result": random.choice(("-1", "sum(other.rate)"))},
                ],
            },
            "rate": {"title": "率", "kind": "percent", "cites": ["1.1"], "rules": [{"bands": bands, "result": "band"}]},
            "word": {"choices": list(KINDS), "optional": True, "cites": ["1.1"], "rules": [by_kind]},
            "most": {"optional": True, "cites": ["1.1"], "rules": [most]},
            "late": {
                "kind": "yes or no",
                "cites": ["1.1"],
                "rules": [{"result": f"default(most, 0) > {line} and not (has(word) and word == '甲')"}],
            },
        }
