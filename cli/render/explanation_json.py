"""The explanation as JSON."""

from __future__ import annotations

from typing import Any

from audit.tables.records import RecordedEvaluation
from engine.explanation import Explanation
from engine.explanation.explain import FiringExplained, PostingExplained, postings_of
from engine.receipt import plain


def explanation_json(explanation: Explanation, recorded: RecordedEvaluation | None) -> dict[str, Any]:
    """Return an explanation as JSON: each indicator's postings with their firings and clause texts."""
    content = explanation.case.content
    return {
        "evaluation": recorded and recorded.id,
        "standing": recorded and recorded.standing,
        "superseded_by": recorded and recorded.superseded_by,
        "ruleset": plain(content.ruleset),
        "case": plain(content.case),
        "indicators": [
            {**plain(each.line), "postings": [_posting_json(posting) for posting in postings_of(each)]}
            for each in explanation.indicators
        ],
        "levels": [
            {"path": list(each.line.path if each.line else ()), "postings": [_posting_json(p) for p in each.postings]}
            for each in explanation.levels
        ],
        "results": [
            {**plain(each.line), "firings": [_firing_json(firing) for firing in each.firings]}
            for each in explanation.results
        ],
        "facts": plain(content.facts),
        "derived": plain(content.derived),
    }


def _posting_json(posting: PostingExplained) -> dict[str, Any]:
    return {**plain(posting.line), "firing": _firing_json(posting.firing)}


def _firing_json(firing: FiringExplained) -> dict[str, Any]:
    return {
        **plain(firing.line),
        "clause_texts": {clause.id: clause.text for clause in firing.clauses},
        "aggregates": [plain(aggregate.line) for aggregate in firing.aggregates],
    }
