"""The engines, each as a class: prepared once with the rules, then run on facts again and again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, ClassVar, Protocol

import clips
import durable_rules_engine
import zen

from benchmarks.workload import Answer, BandRule, Item
from engine.base.numbers import divide
from engine.base.sources import Sources
from engine.facts.model import Fact, Facts
from engine.program import compile_ruleset
from engine.receipt import plain
from engine.ruleset import read_ruleset
from tests.evaluated import receipt_of


class Engine(Protocol):
    """One engine with its rules."""

    name: ClassVar[str]
    lacks: ClassVar[str]
    """What it does not do that a score needs."""

    def prepare(self, items: Sequence[Item]) -> Any:
        """Return the facts as the engine is given them; not timed."""
        ...

    def run(self, facts: Any) -> Answer | None:
        """Evaluate; timed."""
        ...

    def answer(self, items: Sequence[Item]) -> Answer:
        """Evaluate and return what fired; not timed."""
        ...


FIELDS = {
    "name": "string",
    "kind": "string",
    "target": "number",
    "actual": "number",
    "amount": "number",
    "met": "boolean",
}


def slots(item: Item) -> dict[str, Any]:
    """Return an item's fields by name, but for its id."""
    return {name: getattr(item, name) for name in FIELDS}


class Fenming:
    """The whole of fenming: both matchers, exact points, postings, formulas, sentences, the receipt and its digest."""

    name = "fenming, whole evaluation"
    lacks = "-"

    def __init__(self, rules: Sequence[BandRule]) -> None:
        document = {
            "id": "benchmark/form/1", "title": "测", "issuer": "测", "year": 2024,
            "rounding": {"places": 6, "mode": "half_up", "at": "indicator"},
            "full_score": 1_000_000_000,
            "grades": [{"name": "优", "from": 0}],
            "facts": {"item": {}},
            "indicators": [
                {
                    "number": 1, "path": ["一", "二"], "name": "测", "weight": 1_000_000_000, "clauses": {"1.1": "测"},
                    "rules": [self._rule(rule) for rule in rules],
                }
            ],
        }  # fmt: skip
        schema = {
            "$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "fenming:facts/item", "title": "项目",
            "description": "An item.", "type": "object",
            "properties": {name: {"type": kind, "title": name} for name, kind in FIELDS.items()},
            "required": list(FIELDS), "additionalProperties": False,
        }  # fmt: skip
        sources = Sources({"ruleset.yaml": json.dumps(document), "facts/item.json": json.dumps(schema)})
        self.program = compile_ruleset(read_ruleset(sources))

    @staticmethod
    def _rule(rule: BandRule) -> dict[str, Any]:
        low, high = f"{rule.low / 100:.2f}", f"{rule.high / 100:.2f}"
        return {
            "id": f"r{rule.number}",
            "cites": ["1.1"],
            "each": {"i": "item"},
            "where": f"i.kind == '{rule.kind}' and i.amount >= {low} and i.amount < {high}",
            "award": f"i.amount * {rule.factor}",
            "say": {"zh": "“{i.name}”得 {points} 分。", "en": "{i.name}: {points} points."},
        }

    def prepare(self, items: Sequence[Item]) -> Facts:
        """Return validated facts."""
        facts = tuple(
            Fact(
                "item",
                i.id,
                {
                    "name": i.name,
                    "kind": i.kind,
                    "target": i.target,
                    "actual": i.actual,
                    "amount": divide(i.amount, 100),
                    "met": i.met,
                },
            )
            for i in items
        )
        return Facts({"department": "测", "year": "2024"}, facts, frozenset({"item"}))

    def run(self, facts: Facts) -> Answer | None:
        """Evaluate to the receipt."""
        self.receipt = receipt_of(self.program, facts)
        return None

    def answer(self, items: Sequence[Item]) -> Answer:
        """Read the answer from the receipt."""
        self.run(self.prepare(items))
        content = plain(self.receipt.content)
        fired = frozenset(
            (int(firing["rule"].removeprefix("1/r")), firing["facts"][0])
            for firing in content["firings"]
            if firing["action"] == "award"
        )
        [indicator] = content["indicators"]
        whole, _, part = indicator["kept"].partition(".")
        return Answer(fired, int(whole) * 100 + int(part.ljust(2, "0")[:2]))


class Bare:
    """The C module of durable_rules by itself, with integers for amounts; split where its limits require."""

    name = "durable_rules C module, bare"
    lacks = "exact numbers, explanation, a second matcher, an audit trail; silent beyond its limits"
    most = 50
    count: ClassVar[list[int]] = [0]

    def __init__(self, rules: Sequence[BandRule]) -> None:
        self.factors = {f"r{rule.number}": rule.factor for rule in rules}
        self.handles = []
        for start in range(0, len(rules), self.most):
            definition: dict[str, Any] = {
                f"r{rule.number}": {
                    "pri": priority,
                    "all": [{"i": {"$and": self._conditions(rule)}}],
                }
                for priority, rule in enumerate(rules[start : start + self.most], 1)
            }  # fmt: skip
            definition["end"] = {"pri": 60_000, "all": [{"g": {"$and": [{"type": "@go"}]}}]}
            self.count[0] += 1
            self.handles.append(durable_rules_engine.create_ruleset(f"bare{self.count[0]}", json.dumps(definition)))

    @staticmethod
    def _conditions(rule: BandRule) -> list[dict[str, Any]]:
        band = [{"$gte": {"amount": rule.low}}, {"$lt": {"amount": rule.high}}]
        return [{"type": "item"}, {"kind": rule.kind}, *band]

    def prepare(self, items: Sequence[Item]) -> list[dict[str, Any]]:
        """Return the facts as mappings, with all their fields."""
        return [{"type": "item", "id": i.id, "sid": "0", **slots(i)} for i in items]

    def run(self, facts: list[dict[str, Any]]) -> Answer:
        """Assert the facts one by one, run to the end, add the points."""
        module, fired, points = durable_rules_engine, set(), 0
        texts = [json.dumps(fact) for fact in facts]
        for handle in self.handles:
            _, offset = module.assert_fact(handle, '{"type":"@go","id":"@go","sid":"0"}')
            for text in texts:
                code, offset = module.assert_fact(handle, text)
                if code > 1:
                    raise RuntimeError(f"assert_fact: {code}")
            _, message = module.start_action_for_state(handle, offset)
            while message is not None:
                [(rule, matched)] = json.loads(message).items()
                if rule != "end":
                    fact = matched["i"]
                    fired.add((int(rule[1:]), fact["id"]))
                    points += fact["amount"] * self.factors[rule]
                message = module.complete_and_start_action(handle, offset)
            module.delete_state(handle, "0")
        return Answer(frozenset(fired), points)

    def answer(self, items: Sequence[Item]) -> Answer:
        """Return what a run finds."""
        return self.run(self.prepare(items))


class Clips:
    """CLIPS through clipspy; its actions call back into Python."""

    name = "CLIPS (clipspy)"
    lacks = "exact decimals, explanation, an audit trail"

    def __init__(self, rules: Sequence[BandRule]) -> None:
        self.environment = clips.Environment()
        self.fired: set[tuple[int, str]] = set()
        self.points = 0
        self.environment.define_function(self._fire, name="fire")
        self.environment.build(
            "(deftemplate item (slot id) (slot name) (slot kind) (slot target) (slot actual) (slot amount) (slot met))"
        )
        for rule in rules:
            test = f"(amount ?a&:(>= ?a {rule.low})&:(< ?a {rule.high}))"
            head = f'(item (id ?id) (kind "{rule.kind}") {test})'
            self.environment.build(f"(defrule r{rule.number} {head} => (fire {rule.number} {rule.factor} ?id ?a))")
        self.template = self.environment.find_template("item")

    def _fire(self, rule: int, factor: int, identity: str, amount: int) -> None:
        self.fired.add((rule, identity))
        self.points += amount * factor

    def prepare(self, items: Sequence[Item]) -> list[dict[str, Any]]:
        """Return the facts as slots."""
        return [{"id": i.id, **slots(i), "met": str(i.met)} for i in items]

    def run(self, facts: list[dict[str, Any]]) -> Answer:
        """Assert the facts, run, take everything back."""
        self.fired, self.points = set(), 0
        for fact in facts:
            self.template.assert_fact(**fact)
        self.environment.run()
        self.environment.reset()
        return Answer(frozenset(self.fired), self.points)

    def answer(self, items: Sequence[Item]) -> Answer:
        """Return what a run finds."""
        return self.run(self.prepare(items))


class Zen:
    """zen-engine: one decision table, evaluated for each fact, with its trace."""

    name = "zen-engine, decision table, trace"
    lacks = "chaining, rules over several facts, exact totals, an audit trail"

    def __init__(self, rules: Sequence[BandRule]) -> None:
        table = {
            "hitPolicy": "first",
            "inputs": [{"id": "k", "name": "kind", "field": "kind"}, {"id": "a", "name": "amount", "field": "amount"}],
            "outputs": [{"id": "r", "name": "rule", "field": "rule"}, {"id": "p", "name": "points", "field": "points"}],
            "rules": [
                {
                    "_id": f"r{r.number}", "k": f'"{r.kind}"', "a": f"[{r.low}..{r.high})",
                    "r": str(r.number), "p": f"amount * {r.factor}",
                }
                for r in rules
            ],
        }  # fmt: skip
        content = {
            "nodes": [
                {"id": "in", "type": "inputNode", "name": "in", "position": {"x": 0, "y": 0}},
                {"id": "t", "type": "decisionTableNode", "name": "t", "position": {"x": 1, "y": 0}, "content": table},
                {"id": "out", "type": "outputNode", "name": "out", "position": {"x": 2, "y": 0}},
            ],
            "edges": [
                {"id": "e1", "sourceId": "in", "targetId": "t", "type": "edge"},
                {"id": "e2", "sourceId": "t", "targetId": "out", "type": "edge"},
            ],
        }
        self.decision = zen.ZenEngine().create_decision(json.dumps(content))

    def prepare(self, items: Sequence[Item]) -> list[dict[str, Any]]:
        """Return the facts as contexts."""
        return [{"id": i.id, **slots(i)} for i in items]

    def run(self, facts: list[dict[str, Any]]) -> Answer:
        """Evaluate each fact by itself."""
        fired, points = set(), 0
        for fact in facts:
            result = self.decision.evaluate(fact, {"trace": True})["result"]
            if result:
                fired.add((int(result["rule"]), fact["id"]))
                points += int(result["points"])
        return Answer(frozenset(fired), points)

    def answer(self, items: Sequence[Item]) -> Answer:
        """Return what a run finds."""
        return self.run(self.prepare(items))


class Plain:
    """A loop in plain Python over integers."""

    name = "plain Python loop"
    lacks = "chaining, explanation, a second matcher, an audit trail"

    def __init__(self, rules: Sequence[BandRule]) -> None:
        self.rules = rules

    def prepare(self, items: Sequence[Item]) -> Sequence[Item]:
        """Return the items as they are."""
        return items

    def run(self, facts: Sequence[Item]) -> Answer:
        """Try every rule on every item."""
        fired, points = set(), 0
        for rule in self.rules:
            for item in facts:
                if item.kind == rule.kind and rule.low <= item.amount < rule.high:
                    fired.add((rule.number, item.id))
                    points += item.amount * rule.factor
        return Answer(frozenset(fired), points)

    def answer(self, items: Sequence[Item]) -> Answer:
        """Return what a run finds."""
        return self.run(self.prepare(items))


ENGINES: Sequence[type[Any]] = (Fenming, Bare, Clips, Zen, Plain)
