"""Facts written as in a facts file, so that they can be changed and are checked like one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any, TypeAlias

from engine.base.numbers import Number, exact_text, fixed_text, terminates
from engine.facts.model import Evidence, Fact, Facts, FactType, FileDigest, Value

Written: TypeAlias = dict[str, Any]
"""A facts file as plain values."""

_PLACES = 24
"""How many decimals a number has that no decimal can write."""


def written_facts(ruleset: str, facts: Facts, types: Mapping[str, FactType]) -> Written:
    """Return the facts file that gives some facts: read back, they are the same.

    An amount that was given in another unit is written as it was given.
    """
    sections: dict[str, list[Written]] = {name: [] for name in sorted(facts.stated)}
    for fact in facts.facts:
        sections.setdefault(fact.type, []).append(_written(fact, types[fact.type]))
    case = {**facts.case, "year": int(facts.case["year"])}
    return {"ruleset": ruleset, "case": case, "facts": sections}


def recorded_digests(facts: Facts) -> dict[str, FileDigest]:
    """Return the digests of the evidence files of some facts, by their paths."""
    named = (item for fact in facts.facts for item in fact.evidence)
    return {item.file: item.digest for item in named if item.digest is not None}


def written_value(value: Value, says: Mapping[str, Any]) -> str | bool | Number:
    """Return a value as a facts file has it, where its schema `says` how: with its unit, as a percentage, as it is.

    >>> written_value(Fraction(1, 8), {"format": "percent"}), written_value(3, {"format": "quantity", "x-unit": "家"})
    ('12.5%', '3 家')
    """
    if isinstance(value, bool):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, Number):
        return str(value)
    match says.get("format"):
        case "quantity":
            return f"{_decimal(value)} {says['x-unit']}"
        case "percent":
            return f"{_decimal(value * 100)}%"
        case _:
            return value if terminates(value) else Fraction(_decimal(value))


def _written(fact: Fact, fact_type: FactType) -> Written:
    fields = fact_type.schema["properties"]
    found: Written = {"id": fact.id}
    for name in fact_type.fields:
        if name in fact.values:
            found[name] = fact.converted.get(name) or written_value(fact.values[name], fields[name])
    if fact.assumed:
        found["assumed"] = fact.assumed
    if fact.evidence:
        found["evidence"] = [_evidence(item) for item in fact.evidence]
    return found


def _evidence(item: Evidence) -> Written:
    named = {"title": item.title, "reference": item.reference, "file": item.file}
    return {name: text for name, text in named.items() if text}


def _decimal(value: Number) -> str:
    return exact_text(value) if terminates(value) else fixed_text(value, _PLACES)
