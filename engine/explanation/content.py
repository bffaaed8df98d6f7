"""The explanation as JSON, and its digest: what schemas/explanation.json describes.

It holds every phrase in both languages, so that it does not depend on the reader's language. It holds no time and no
standing, so that it is the same whatever the ledger says later.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from engine.base.messages import CHINESE, LANGUAGE, Message
from engine.base.sources import canonical, sha256
from engine.explanation.opening import facts_of, firings_of
from engine.explanation.value import (
    ClauseExplained,
    Explanation,
    FactExplained,
    FiringExplained,
    FormulaExplained,
    IndicatorExplained,
    PostingExplained,
    ReadingExplained,
    ResultExplained,
)
from engine.explanation.words import FieldValue
from engine.receipt.text import plain

FORMAT = "fenming/explanation/1"


def explanation_digest(whole: Explanation) -> str:
    """Return the SHA-256 of a whole explanation's canonical JSON."""
    return sha256(canonical(explanation_content(whole)))


def explanation_content(explanation: Explanation) -> dict[str, Any]:
    """Return an explanation, or what was opened of it, as JSON."""
    content = explanation.case.content
    claims = {each.claim.address: each.claim for each in explanation.indicators if each.claim is not None}
    facts = facts_of(explanation) | claims
    firings = list(firings_of(explanation))
    firings += [fact.origin for fact in facts.values() if fact.origin is not None and fact.origin not in firings]
    clauses = {c.id: c for c in (*explanation.clauses, *(c for firing in firings for c in firing.clauses))}
    readings = {r.name: r for r in (*explanation.readings, *(r for firing in firings for r in firing.readings))}
    return {
        "format": FORMAT,
        "evaluation": explanation.evaluation,
        "receipt_sha256": explanation.case.receipt_sha256,
        "ruleset": plain(content.ruleset),
        "case": plain(content.case),
        "score": {
            "weight": content.weight, "total": content.total, "open": content.open,
            "grade": content.grade, "grades": list(content.grades),
        },
        "indicators": [_indicator(explanation, each) for each in explanation.indicators],
        "levels": [
            {
                "address": explanation.at(each.address),
                "path": list(each.line.path if each.line else ()),
                "postings": _postings(explanation, each.postings),
            }
            for each in explanation.levels
        ],
        "results": [_result(explanation, each) for each in explanation.results],
        "facts": [_fact(explanation, each) for each in facts.values()],
        "clauses": [_clause(explanation, each) for each in clauses.values()],
        "readings": [_reading(explanation, each) for each in readings.values()],
    }  # fmt: skip


def both(message: Message) -> dict[str, str]:
    """Return a phrase in Chinese and in English, where the ruleset has it in both."""
    return {"zh": message.text(lambda words: CHINESE if words == LANGUAGE else words), "en": message.text()}


def _indicator(explanation: Explanation, each: IndicatorExplained) -> dict[str, Any]:
    parts = [
        {"address": explanation.at(part.address), **plain(part.line), "postings": _postings(explanation, part.postings)}
        for part in each.parts
        if part.line is not None
    ]
    whole = [posting for part in each.parts if part.line is None for posting in part.postings]
    own = plain(each.line)
    return {"address": explanation.at(each.address), **own, "parts": parts, "postings": _postings(explanation, whole)}


def _postings(explanation: Explanation, postings: Iterable[PostingExplained]) -> list[dict[str, Any]]:
    return [
        {"address": explanation.at(each.address), **plain(each.line), "firing": _firing(each.firing)}
        for each in postings
    ]


def _result(explanation: Explanation, each: ResultExplained) -> dict[str, Any]:
    firings = [_firing(firing) for firing in each.firings]
    return {"address": explanation.at(each.address), **plain(each.line), "firings": firings}


def _firing(each: FiringExplained) -> dict[str, Any]:
    line = each.line
    return {
        "rule": line.rule,
        "name": None if each.rule is None else both(each.rule),
        "action": line.action,
        "option": line.option,
        "assumed": line.assumed,
        "says": both(each.says),
        "clauses": list(line.clauses),
        "facts": list(line.facts),
        "formulas": [_formula(formula) for formula in each.formulas],
        "aggregates": [
            {"facts": list(a.line.facts), "text": {**both(a.text), "receipt": a.line.text},
             "value": {**both(a.value), "receipt": a.line.value}}
            for a in each.aggregates
        ],
        "conditions": [both(condition) for condition in each.conditions],
        "readings": list(line.readings),
        "readings_unused": list(line.readings_unused),
    }  # fmt: skip


def _formula(each: FormulaExplained) -> dict[str, Any]:
    """Return a formula in both languages, and as the receipt has it."""
    line = each.line
    return {
        "name": line.name,
        "kind": line.kind,
        "title": both(each.name),
        "text": {**both(each.text), "receipt": line.text},
        "numbers": {**both(each.numbers), "receipt": line.numbers},
        "value": {**both(each.value), "receipt": line.value},
        "reads": both(each.reads),
    }


def _fact(explanation: Explanation, each: FactExplained) -> dict[str, Any]:
    given = each.given
    return {
        "address": explanation.at(each.address),
        "id": each.id,
        "type": each.type,
        "title": both(each.title),
        "name": each.name,
        "values": [_value(field) for field in each.values],
        "assumed": given.assumed if given is not None else "",
        "evidence": [{"address": explanation.at(item.address), **plain(item.line)} for item in each.evidence],
        "derived_by": None if each.origin is None else _firing(each.origin),
    }


def _value(field: FieldValue) -> dict[str, Any]:
    title = both(field.title) if isinstance(field.title, Message) else {"zh": field.title, "en": field.title}
    value = both(field.value)["zh"] if isinstance(field.value, Message) else field.value
    return {"name": field.name, "title": title, "value": value, "unit": field.unit}


def _clause(explanation: Explanation, each: ClauseExplained) -> dict[str, Any]:
    return {"address": explanation.at(each.address), "id": each.id, "text": each.text}


def _reading(explanation: Explanation, each: ReadingExplained) -> dict[str, Any]:
    reading = each.reading
    return {
        "address": explanation.at(each.address),
        "name": each.name,
        "clause": reading.clause,
        "question": both(each.question),
        "alternatives": [
            {
                "key": a.key,
                "name": both(a.name),
                "words": both(a.words),
                "scores": both(a.scores),
                "chosen": a.is_chosen,
            }
            for a in each.alternatives
        ],
        "authority": reading.authority,
        "decided_by": reading.decided_by,
        "decided_on": reading.decided_on,
    }
