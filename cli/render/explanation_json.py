"""The explanation as JSON: what schemas/explanation.json describes, and around it what the ledger says."""

from __future__ import annotations

from typing import Any

from audit.tables.records import RecordedEvaluation
from engine.explanation import Explanation, explanation_content


def explanation_json(explanation: Explanation, recorded: RecordedEvaluation | None, digest: str) -> dict[str, Any]:
    """Return an explanation as JSON; `digest` is that of the whole explanation, whatever is shown of it."""
    return {
        "evaluation": recorded and recorded.id,
        "standing": recorded and recorded.standing,
        "superseded_by": recorded and recorded.superseded_by,
        "digest": digest,
        "explanation": explanation_content(explanation),
    }
