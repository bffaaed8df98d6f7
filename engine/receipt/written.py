"""The facts of a receipt, written as in a facts file, so that they can be changed and are checked like one."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, TypeAlias

from engine.base.numbers import exact_text, simplest
from engine.facts.model import FactType, FieldType, FileDigest, Kind
from engine.receipt.model import Content, EvidenceLine, FactLine

Written: TypeAlias = dict[str, Any]
"""A facts file as plain values."""


def written_facts(content: Content, types: Mapping[str, FactType]) -> Written:
    """Return the facts file that gives the facts of a receipt: read back, they are the same.

    An amount that was given in another unit is written as it was given.
    """
    sections: dict[str, list[Written]] = {name: [] for name in content.stated}
    for fact in content.facts:
        sections.setdefault(fact.type, []).append(_written(fact, types[fact.type]))
    return {
        "ruleset": content.ruleset.id,
        "case": {"department": content.case.department, "year": int(content.case.year)},
        "facts": sections,
    }


def recorded_digests(content: Content) -> dict[str, FileDigest]:
    """Return the digests of the evidence files of a receipt, by their paths."""
    return {
        item.file: FileDigest(item.sha256, item.size)
        for fact in content.facts
        for item in fact.evidence
        if item.sha256 is not None and item.size is not None
    }


def _written(fact: FactLine, fact_type: FactType) -> Written:
    found: Written = {"id": fact.id}
    for name, field in fact_type.fields.items():
        if name in fact.values:
            given = fact.converted.get(name)
            format_ = fact_type.schema["properties"][name].get("format", "")
            found[name] = given or written_value(fact.values[name], field, format_)
    if fact.assumed:
        found["assumed"] = fact.assumed
    if fact.evidence:
        found["evidence"] = [_evidence(item) for item in fact.evidence]
    return found


def written_value(value: str | bool, field: FieldType, format_: str) -> Any:  # noqa: FBT001 - a value of a fact
    """Write a value of a receipt as a facts file has it: with its unit, as a percentage, as a number."""
    if isinstance(value, bool) or field.kind is not Kind.NUMBER:
        return value
    if field.unit:
        return f"{value} {field.unit}"
    number = simplest(Fraction(value))
    return f"{exact_text(number * 100)}%" if format_ == "percent" else number


def _evidence(item: EvidenceLine) -> Written:
    named = {"title": item.title, "reference": item.reference, "file": item.file}
    return {name: text for name, text in named.items() if text}
