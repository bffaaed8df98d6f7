"""How far a score depends on readings, as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cli.terminal.session import Session
from engine.alternatives.choices import Outcome
from engine.alternatives.readings import ReadingAlternatives
from engine.alternatives.totals import Extreme
from engine.base.faults import Fault
from engine.base.numbers import exact_text
from engine.receipt import plain
from engine.scoring.firing import Before
from workflow.readings import ReadingsShown


def readings_json(session: Session, found: ReadingsShown) -> dict[str, Any]:
    """Return what each alternative would have scored, the range over all combinations, and what readings decided."""
    shown, readings = found.shown, found.readings
    span = readings.range
    return {
        "evaluation": shown.recorded and shown.recorded.id,
        "receipt_sha256": shown.case.receipt_sha256,
        "reproduced": True,
        **_points(readings.recorded),
        "grades": list(readings.grades),
        "grade_depends_on": {
            "readings": list(readings.moving_grade),
            "open_points": len(readings.grades) > 1,
        },
        "range": {
            "low": _extreme(span.low),
            "high": _extreme(span.high),
            "grades": list(span.grades),
            "combinations": span.combinations,
            "scored": span.scored,
            "exact": span.is_exact,
        },
        "readings": [_reading(session, each) for each in readings.readings],
        "groups": [
            {
                "readings": list(group.readings),
                "indicators": list(group.indicators),
                "combinations": group.combinations,
                "tried": group.is_tried,
            }
            for group in readings.groups
        ],
        "unscorable": [
            {"readings": dict(each.choices), "faults": _faults(session, each.faults)} for each in readings.unscorable
        ],
        "decided": [
            {"firing": number, "rule": shown.case.content.firings[number].rule, "readings": list(names)}
            for number, names in found.decided
        ],
    }


def _reading(session: Session, each: ReadingAlternatives) -> dict[str, Any]:
    reading = each.reading
    return {
        "reading": reading.id,
        "clause": reading.clause,
        "question": {"zh": reading.question_zh, "en": reading.question_en},
        "authority": reading.authority,
        "decided": {"by": reading.decided_by, "on": reading.decided_on},
        "decides": each.decides,
        "alternatives": [
            {
                "name": alternative.name,
                "zh": reading.alternatives[alternative.name].zh,
                "en": reading.alternatives[alternative.name].en,
                "recorded": alternative.is_recorded,
                **_outcome(alternative.outcome),
                "faults": _faults(session, alternative.faults),
            }
            for alternative in each.alternatives
        ],
    }


def _outcome(outcome: Outcome | None) -> dict[str, Any]:
    if outcome is None:
        return {"total": None, "open": None, "grades": [], "indicators": [], "results": []}
    return {
        **_points(outcome.total),
        "grades": list(outcome.grades),
        "indicators": [
            {"number": change.indicator, "recorded": _before(change.recorded), "here": _before(change.here)}
            for change in outcome.changes
        ],
        "results": [plain(result) for result in outcome.results],
    }


def _points(total: Before) -> dict[str, str]:
    return {"total": exact_text(total.kept), "open": exact_text(total.open)}


def _before(points: Before) -> dict[str, str]:
    return {"kept": exact_text(points.kept), "open": exact_text(points.open)}


def _extreme(extreme: Extreme) -> dict[str, Any]:
    readings = None if extreme.choices is None else dict(extreme.choices)
    return {"total": exact_text(extreme.total), "readings": readings}


def _faults(session: Session, faults: Sequence[Fault]) -> list[dict[str, str]]:
    return [
        {"code": fault.code, "what": session.say(fault.what), "remedy": session.say(fault.remedy)} for fault in faults
    ]
