"""Facts as a receipt holds them, written and read back: exact texts, and booleans as they are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from engine.base.faults import FactsError, problem
from engine.base.messages import msg
from engine.base.numbers import simplest
from engine.base.places import Place
from engine.facts.model import Evidence, Fact, Facts, FactType, FileDigest, Kind, Value, value_text
from engine.receipt.model import Content, EvidenceLine, FactLine

_EXACT = re.compile(r"-?[0-9]+(?:\.[0-9]+|/[1-9][0-9]*)?")


def fact_line(fact: Fact) -> FactLine:
    """Return the line of a fact that was given."""
    return FactLine(
        type=fact.type,
        id=fact.id,
        values=values_content(fact),
        assumed=fact.assumed,
        converted=dict(fact.converted),
        evidence=tuple(map(_evidence_line, fact.evidence)),
    )


def values_content(fact: Fact) -> dict[str, str | bool]:
    """Return a fact's values as a receipt holds them, a derived fact's too."""
    return {name: v if isinstance(v, bool) else value_text(v) for name, v in fact.values.items()}


def facts_of(content: Content, types: Mapping[str, FactType]) -> Facts:
    """Return the facts that a receipt holds; `FactsError` where the fact types do not fit them."""
    read = [_fact(number, given, types) for number, given in enumerate(content.facts)]
    case = {"department": content.case.department, "year": content.case.year}
    return Facts(case, tuple(read), frozenset(content.stated))


def _fact(number: int, given: FactLine, types: Mapping[str, FactType]) -> Fact:
    place = Place(pointer=f"/facts/{number}")
    fact_type = types.get(given.type)
    if fact_type is None or not given.values.keys() <= fact_type.fields.keys():
        raise _unfit(place)
    fields = {name: field.kind for name, field in fact_type.fields.items() if name in given.values}
    try:
        values = {name: _value(kind, given.values[name]) for name, kind in fields.items()}
    except ValueError:
        raise _unfit(place) from None
    evidence = tuple(_evidence(line, place) for line in given.evidence)
    return Fact(fact_type.name, given.id, values, given.assumed, evidence, place, given.converted)


def _value(kind: Kind, given: str | bool) -> Value:  # noqa: FBT001 - a value of a fact, not a switch
    """Return the value of a text; `ValueError` if it does not fit the kind."""
    if isinstance(given, bool) or kind is Kind.BOOLEAN:
        if isinstance(given, bool) and kind is Kind.BOOLEAN:
            return given
        raise ValueError(given)
    if kind is Kind.DATE:
        return date.fromisoformat(given)
    if kind is Kind.NUMBER:
        if not _EXACT.fullmatch(given):
            raise ValueError(given)
        return simplest(Fraction(given))
    return given


def _evidence_line(evidence: Evidence) -> EvidenceLine:
    line = EvidenceLine(evidence.title, evidence.reference, evidence.file)
    digest = evidence.digest
    return line if digest is None else EvidenceLine(line.title, line.reference, line.file, digest.sha256, digest.size)


def _evidence(line: EvidenceLine, place: Place) -> Evidence:
    if line.sha256 is None and line.size is None:
        return Evidence(line.title, line.reference, line.file, place=place)
    if line.sha256 is None or line.size is None:
        raise _unfit(place)
    return Evidence(line.title, line.reference, line.file, FileDigest(line.sha256, line.size), place)


def _unfit(place: Place) -> FactsError:
    return FactsError.because(
        problem("receipt.misfit", "A fact of the receipt does not fit its fact type."),
        msg("The receipt and the ruleset do not belong together; check the ledger with `fenming replay`."),
        place,
    )
