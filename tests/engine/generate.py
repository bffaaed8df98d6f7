"""Random rulesets and facts: everything that the rule language can say, put together by a seed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import Any

import schemas
from engine.base.numbers import Number, exact_text, simplest, terminates
from engine.base.sources import Sources
from engine.facts.model import Fact, Facts, Value
from tests.engine.random_formulas import FIELDS, KINDS, TYPES
from tests.engine.random_rows import EVERY_ROW_CLAUSE, ROW, ROW_FIELDS, RowWriter
from tests.engine.random_rules import CHECKLIST, Writer

FIRST_DAY = date(2024, 1, 1)


def fact_schema(name: str) -> str:
    """Return the schema of one of the random fact types; `extra` is optional."""
    fields = {**FIELDS, **(ROW_FIELDS if name == ROW else {})}
    titled = {field: {**schema, "title": field} for field, schema in fields.items()}
    return json.dumps(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": f"fenming:facts/{name}",
            "title": name,
            "description": "A random fact.",
            "type": "object",
            "properties": titled,
            "required": [field for field in fields if field != "extra"],
            "additionalProperties": False,
        }
    )


def random_sources(random: Random) -> Sources:
    """Return the sources of a random ruleset."""
    files = {f"facts/{name}.json": fact_schema(name) for name in (*TYPES, ROW)}
    for shared in ("not_assessed", "criterion"):
        files[f"shared/{shared}.json"] = schemas.fact_types()[shared]
    files["ruleset.yaml"] = json.dumps(_ruleset(random), ensure_ascii=False, indent=1)
    return Sources(files)


def random_facts(random: Random, most: int = 12) -> Facts:
    """Return random facts of the two types, in a random order."""
    facts = [_fact(random, number) for number in range(random.randint(0, most))]
    for number, weight in enumerate(random.choice(((6,), (1, 2, 3), (3, 3), (2, 4)))):
        row = _fact(random, number)
        facts.append(replace(row, type=ROW, id=f"L{number}", values={**row.values, "weight": weight, "name": "行"}))
    if random.random() < 0.15:
        values: dict[str, Value] = {"indicator": 1, "reason": "未报"}
        facts.append(Fact("not_assessed", "N1", values))
    facts += [_criterion(random, number) for number in (1, 2, 3)]
    random.shuffle(facts)
    return Facts({"department": "某局", "year": "2024"}, tuple(facts), frozenset((*TYPES, ROW, "criterion")))


def _criterion(random: Random, number: int) -> Fact:
    values: dict[str, Value] = {"indicator": CHECKLIST, "number": number, "met": random.choice(("是", "部分", "否"))}
    if values["met"] == "部分":
        values |= {"points": random.choice((0, 1, Fraction(1, 2))), "reason": "酌情", "reviewer": "某"}
    return Fact("criterion", f"C{number}", values)


def _fact(random: Random, number: int) -> Fact:
    values: dict[str, Value] = {
        "amount": _number(random),
        "rate": _number(random),
        "kind": random.choice(KINDS),
        "met": random.random() < 0.5,
        "day": FIRST_DAY + timedelta(days=random.randint(0, 40)),
    }
    if random.random() < 0.5:
        values["extra"] = _number(random)
    assumed = "推定" if random.random() < 0.1 else ""
    return Fact(random.choice(TYPES), f"F{number}", values, assumed)


def _number(random: Random) -> Number:
    return random.choice(
        [
            random.randint(-3, 5),
            simplest(Fraction(random.randint(-300, 500), 100)),
            simplest(Fraction(random.randint(1, 9), random.choice((3, 7, 9)))),
            simplest(Fraction(3, 5) + Fraction(random.randint(-1, 1), 10**7)),
            random.choice((10**13, -(10**20), 2**63)),
        ]
    )


def _ruleset(random: Random) -> dict[str, Any]:
    writer = Writer(random)
    indicators = [writer.indicator(number) for number in range(1, random.randint(2, 4))]
    shared: dict[str, Any] = {}
    if random.random() < 0.4:
        rows, every_row = RowWriter(random), random.random() < 0.5
        first = len(indicators) + 1
        last = first + random.randint(0, 1)
        indicators += [rows.indicator(number, shared=every_row) for number in range(first, last + 1)]
        if every_row:
            shared = {"every_row": rows.every_row(), "clauses": {EVERY_ROW_CLAUSE: "各行条款"}}
    if random.random() < 0.4:
        indicators.append(writer.checklist())
    return {
        "id": "random/form/1",
        "title": "随机",
        "issuer": "某局",
        "year": 2024,
        "rounding": {"places": random.choice((0, 2)), "mode": "half_up", "at": "indicator"},
        "full_score": sum(indicator["weight"] for indicator in indicators),
        "grades": [{"name": "优", "from": 5}, {"name": "差", "from": 0}],
        "facts": {**{name: {} for name in (*TYPES, ROW, "criterion")}, "not_assessed": {"optional": True}},
        "parameters": {"line": {"value": "60%", "cites": ["1.1"], "under": {"R1": {"other": "1"}}}},
        "readings": {
            "R1": {
                "clause": "1.1",
                "question": {"zh": "问", "en": "q"},
                "chosen": random.choice(("one", "other")),
                "alternatives": {name: {"zh": "一", "en": "a", "scores": "0"} for name in ("one", "other")},
                "authority": "无",
                "decided": {"by": "某", "on": "2024-01-01"},
            }
        },
        "definitions": [writer.definition(number) for number in range(random.randint(0, 3))],
        "indicators": indicators,
        **shared,
        "checks": [
            {"id": "look", "cites": ["1.1"], "each": {"x": "item"}, "where": "x.met", "flag": "notice"},
            {
                "id": "low",
                "cites": ["1.1"],
                "when": "open_points(total) == 0 and total < full_score / 2",
                "flag": "notice",
            },
        ],
        "total": {"rescale": "applicable", "rules": [writer.total_rule(n) for n in range(random.randint(0, 3))]},
        "results": writer.results(),
    }


def relabelled(sources: Sources, random: Random) -> Sources:
    """Return the same ruleset with its rules in another order and under other names."""
    document = json.loads(sources.files["ruleset.yaml"])
    holders = document, document["total"], *document["indicators"], *document["results"].values()
    for holder in (*holders, document.get("every_row", {})):
        for name in ("definitions", "checks", "rules"):
            rules = holder.get(name)
            if rules is not None:
                # Those of every row are also the indicator's, in which no name is twice.
                names = random.sample(range(1000, 2000) if "requires" in holder else range(1000), len(rules))
                holder[name] = [{**rule, "id": f"q{number}"} for rule, number in zip(rules, names, strict=True)]
                random.shuffle(holder[name])
    return Sources({**sources.files, "ruleset.yaml": json.dumps(document, ensure_ascii=False, indent=1)})


def renamed(facts: Facts, random: Random) -> Facts:
    """Return the same facts under other ids and in another order."""
    names = random.sample(range(1000), len(facts.facts))
    given = [replace(fact, id=f"Z{number}") for fact, number in zip(facts.facts, names, strict=True)]
    random.shuffle(given)
    return Facts(facts.case, tuple(given), facts.stated)


def shuffled(facts: Facts, random: Random) -> Facts:
    """Return the same facts in another order, but for the rows, whose order is that of the card."""
    rows = iter([fact for fact in facts.facts if fact.type == ROW])
    order = list(facts.facts)
    random.shuffle(order)
    return Facts(facts.case, tuple(next(rows) if fact.type == ROW else fact for fact in order), facts.stated)


def written(value: Number) -> str:
    """Return a number as a facts file could hold it, or its nearest decimal."""
    return exact_text(value) if terminates(value) else f"{float(value):.6f}"
