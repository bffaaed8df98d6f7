"""Facts as a receipt holds them: exact texts in JSON; written and read back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from engine.base.faults import FactsError
from engine.base.messages import msg
from engine.base.numbers import simplest
from engine.base.places import Place
from engine.facts.evidence import evidence_content, evidence_from_content
from engine.facts.model import Fact, Facts, FactType, Kind, Value, value_text

_EXACT = re.compile(r"-?[0-9]+(?:\.[0-9]+|/[1-9][0-9]*)?")


def fact_content(fact: Fact) -> dict[str, Any]:
    """Return a fact as JSON: booleans as they are, all other values as exact text."""
    return {
        "type": fact.type,
        "id": fact.id,
        "values": values_content(fact),
        "assumed": fact.assumed,
        "converted": dict(fact.converted),
        "evidence": [evidence_content(item) for item in fact.evidence],
    }


def values_content(fact: Fact) -> dict[str, Any]:
    """Return a fact's values as JSON, a derived fact's too."""
    return {name: v if isinstance(v, bool) else value_text(v) for name, v in fact.values.items()}


def facts_from_content(content: Mapping[str, Any], types: Mapping[str, FactType]) -> Facts:
    """Return the facts that a receipt's content holds; `FactsError` where the fact types do not fit them."""
    read = [_fact(number, given, types) for number, given in enumerate(content["facts"])]
    ordered = tuple(sorted(read, key=lambda fact: (fact.type, fact.id)))
    return Facts(dict(content["case"]), ordered, frozenset(content["stated"]))


def _fact(number: int, given: Mapping[str, Any], types: Mapping[str, FactType]) -> Fact:
    place = Place(pointer=f"/facts/{number}")
    try:
        fact_type = types[given["type"]]
        values = {
            name: _value(field.kind, given["values"][name])
            for name, field in fact_type.fields.items()
            if name in given["values"]
        }
        if len(values) != len(given["values"]):
            raise _unfit(place)
        evidence = tuple(evidence_from_content(item, place) for item in given["evidence"])
        converted = given["converted"]
        if not isinstance(converted, dict) or not all(isinstance(written, str) for written in converted.values()):
            raise _unfit(place)
        return Fact(fact_type.name, given["id"], values, given["assumed"], evidence, place, converted)
    except (KeyError, TypeError, ValueError):
        raise _unfit(place) from None


def _value(kind: Kind, given: Any) -> Value:
    if kind is Kind.BOOLEAN:
        if not isinstance(given, bool):
            raise TypeError
        return given
    if not isinstance(given, str):
        raise TypeError
    if kind is Kind.DATE:
        return date.fromisoformat(given)
    if kind is Kind.NUMBER:
        if not _EXACT.fullmatch(given):
            raise ValueError
        return simplest(Fraction(given))
    return given


def _unfit(place: Place) -> FactsError:
    return FactsError.because(
        msg("A fact of the receipt does not fit its fact type."),
        msg("The receipt and the ruleset do not belong together; check the ledger with `fenming replay`."),
        place,
    )
