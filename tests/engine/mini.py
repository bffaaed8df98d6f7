"""Small rulesets and facts for tests, written as briefly as a test can say what it is about."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from engine.base.sources import Sources
from engine.facts.model import Evidence, Fact, Facts, Value
from engine.program import Program, compile_ruleset
from engine.receipt import Receipt, plain
from engine.ruleset import read_ruleset
from tests.evaluated import receipt_of

NUMBER, TEXT, BOOLEAN = {"type": "number"}, {"type": "string"}, {"type": "boolean"}
DATE = {"type": "string", "format": "date"}
MONEY = {"type": "string", "format": "quantity", "x-unit": "万元"}

TYPES: dict[str, dict[str, Any]] = {
    "project": {
        "name": TEXT,
        "amount": MONEY,
        "met": BOOLEAN,
        "day": DATE,
        "kind": {"enum": ["甲", "乙"], **TEXT},
        "score": NUMBER,
        "?extra": NUMBER,
    },
    "link": {"start": NUMBER, "end": NUMBER},
    "judgement": {"points": NUMBER},
    "not_assessed": {"indicator": {"type": "integer"}, "reason": TEXT},
    "budget": {"?size": NUMBER},
    "claim": {"indicator": {"type": "integer"}, "?score": NUMBER},
}

CALENDAR = """\
title: 日历
sources: {"2024": 通知}
covers: {from: 2024-01-01, to: 2024-12-31}
holidays: [2024-02-12, 2024-02-13]
workdays: [2024-02-18]
"""


def schema(name: str, fields: Mapping[str, Mapping[str, Any]]) -> str:
    """Return a fact type's schema; a field whose name begins with ? may be left out."""
    return json.dumps(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": f"fenming:facts/{name}",
            "title": name,
            "description": "A fact of a test.",
            "type": "object",
            "x-single": name == "budget",
            "properties": {field.removeprefix("?"): {"title": field, **kind} for field, kind in fields.items()},
            "required": [field for field in fields if not field.startswith("?")],
            "additionalProperties": False,
        },
        ensure_ascii=False,
    )


def ruleset(*indicators: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """Return a ruleset's document with some indicators."""
    document: dict[str, Any] = {
        "id": "test/form/1",
        "title": "试题",
        "issuer": "某局",
        "year": 2024,
        "rounding": {"places": 2, "mode": "half_up", "at": "indicator"},
        "full_score": full_score(indicators),
        "grades": [{"name": "优", "from": 90}, {"name": "差", "from": 0}],
        "facts": {name: {"optional": True} for name in TYPES},
        "indicators": list(indicators),
    }
    return {**document, **more}


def full_score(indicators: Sequence[Mapping[str, Any]]) -> int | float:
    """Return the sum of some indicators' weights as JSON writes it; 1 where none can be added up."""
    weights = [entry.get("weight") for entry in indicators]
    total = sum(Fraction(str(weight)) for weight in weights if isinstance(weight, int | float))
    return int(total) if total.denominator == 1 and total else float(total) or 1


def indicator(*rules: Mapping[str, Any], number: int = 1, weight: Any = 10, **more: Any) -> dict[str, Any]:
    """Return an indicator; rules cite its one clause, "<number>.1", unless they cite another."""
    clause = f"{number}.1"
    numbered = [{"id": f"r{i}", "cites": [clause], **rule} for i, rule in enumerate(rules)]
    return {
        "number": number,
        "path": ["一级", "二级"],
        "name": f"指标{number}",
        "weight": weight,
        "clauses": {clause: "条款"},
        "rules": numbered,
        **more,
    }


def sources(document: Mapping[str, Any] | str) -> Sources:
    """Return the sources of a ruleset's document, with the test's fact types and calendar."""
    text = document if isinstance(document, str) else json.dumps(document, ensure_ascii=False, indent=1)
    files = {f"facts/{name}.json": schema(name, fields) for name, fields in TYPES.items()}
    return Sources({"ruleset.yaml": text, "calendar.yaml": CALENDAR, **files})


def program(document: Mapping[str, Any] | str, readings: Mapping[str, str] | None = None) -> Program:
    """Compile a ruleset's document."""
    return compile_ruleset(read_ruleset(sources(document)), readings)


def fact(type_: str, id_: str, assumed: str = "", evidence: tuple[Evidence, ...] = (), **values: Value) -> Fact:
    """Return a fact."""
    return Fact(type_, id_, values, assumed, evidence)


def case(*facts: Fact) -> Facts:
    """Return a case with some facts."""
    return Facts({"department": "某局", "year": "2024"}, facts, frozenset(TYPES))


def scored(document: Mapping[str, Any], *facts: Fact, readings: Mapping[str, str] | None = None) -> Receipt:
    """Evaluate some facts by a ruleset's document."""
    return receipt_of(program(document, readings), case(*facts))


def kept(receipt: Receipt, number: int = 1) -> str:
    """Return the points that an indicator keeps."""
    return str(next(i["kept"] for i in plain(receipt.content)["indicators"] if i["number"] == number))


def postings(receipt: Receipt, number: int = 1) -> list[tuple[str, str, str, str, str]]:
    """Return (kind, asked, kept, lost, limit) of an indicator's postings."""
    return [
        (p["kind"], p["asked"], p["kept"], p["lost"], p["limit"])
        for p in plain(receipt.content)["postings"]
        if p["indicator"] == number
    ]
