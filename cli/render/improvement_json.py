"""What it would take, as JSON."""

from __future__ import annotations

from typing import Any

from engine.alternatives.improvement import Change, FieldChange, IndicatorImprovement, OpenPoints, Proposal
from engine.base.numbers import exact_text
from engine.facts.model import Value, value_text
from engine.receipt import plain
from workflow.improve import Improved


def improvement_json(improved: Improved) -> dict[str, Any]:
    """Return what it would take as JSON: numbers as exact texts, the most points first."""
    case, recorded = improved.reproduced.shown.case, improved.reproduced.shown.recorded
    improvement = improved.improvement
    return {
        "evaluation": recorded and recorded.id,
        "reproduced": True,
        "case": plain(case.content.case),
        "total": case.content.total,
        "open": [_open_json(each) for each in improvement.opens],
        "indicators": [_indicator_json(each) for each in improvement.indicators],
        "bounded": improvement.bounded,
    }


def _open_json(each: OpenPoints) -> dict[str, Any]:
    return {
        "number": each.number,
        "name": each.name,
        "open": exact_text(each.open),
        "reason": each.reason,
        "supply": [str(message) for message in each.supply],
    }


def _indicator_json(each: IndicatorImprovement) -> dict[str, Any]:
    return {
        "number": each.number,
        "name": each.name,
        "weight": exact_text(each.weight),
        "kept": exact_text(each.kept),
        "lost": exact_text(each.lost),
        "losses": [
            {
                "part": loss.part,
                "title": loss.title,
                "lost": exact_text(loss.lost),
                "says": dict(loss.says),
                "others": loss.others,
                "clauses": list(loss.clauses),
                "proposals": [_proposal_json(proposal) for proposal in loss.proposals],
                "why_none": loss.why_none or None,
            }
            for loss in each.losses
        ],
    }


def _proposal_json(proposal: Proposal) -> dict[str, Any]:
    return {
        "changes": [_change_json(change) for change in proposal.changes],
        "gain": exact_text(proposal.gain),
        "kept": exact_text(proposal.kept),
        "total": exact_text(proposal.total),
        "grades": list(proposal.grades),
        "full": proposal.full,
        "found": proposal.found,
        "less": proposal.less,
        "assumed": proposal.assumed or None,
    }


def _change_json(change: Change) -> dict[str, Any]:
    return {
        "act": change.act,
        "fact": change.fact,
        "type": change.type,
        "name": change.name,
        "fields": [_field_json(field) for field in change.fields],
    }


def _field_json(field: FieldChange) -> dict[str, Any]:
    return {
        "field": field.field,
        "title": field.title,
        "unit": field.unit,
        "before": _value_json(field.before),
        "after": _value_json(field.after),
        "bound": field.bound or None,
        "beside": field.beside,
    }


def _value_json(value: Value | None) -> str | bool | None:
    return value if isinstance(value, bool) or value is None else value_text(value)
