"""What it would take, as JSON: numbers as exact texts, sentences in both languages, names as documents give them."""

from __future__ import annotations

from typing import Any

from engine.alternatives.change_words import change_words, none_words
from engine.alternatives.improvement import (
    Change,
    FieldChange,
    IndicatorImprovement,
    LossImprovement,
    OpenPoints,
    Proposal,
)
from engine.base.messages import Message
from engine.base.numbers import exact_text
from engine.facts.model import Value, value_text
from engine.receipt import plain
from i18n import translator
from workflow.improve import Improved


def improvement_json(improved: Improved) -> dict[str, Any]:
    """Return what it would take as schemas/improvement.json describes it: what gains the most points first."""
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
        "supply": [_both(message) for message in each.supply],
        "remove": None if each.remove is None else {"fact": each.fact, "says": _both(each.remove)},
    }


def _indicator_json(each: IndicatorImprovement) -> dict[str, Any]:
    return {
        "number": each.number,
        "name": each.name,
        "weight": exact_text(each.weight),
        "kept": exact_text(each.kept),
        "lost": exact_text(each.lost),
        "losses": [_loss_json(loss) for loss in each.losses],
    }


def _loss_json(loss: LossImprovement) -> dict[str, Any]:
    none = none_words(loss)
    return {
        "part": loss.part,
        "title": loss.title,
        "lost": exact_text(loss.lost),
        "says": dict(loss.says),
        "others": loss.others,
        "clauses": list(loss.clauses),
        "proposals": [_proposal_json(proposal) for proposal in loss.proposals],
        "none": None if none is None else {"why": loss.why_none, "assumed": loss.assumed or None, "says": _both(none)},
    }


def _proposal_json(proposal: Proposal) -> dict[str, Any]:
    return {
        "changes": [_change_json(change) for change in proposal.changes],
        "says": _both(change_words(proposal.changes)),
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


def _both(message: Message) -> dict[str, str]:
    return {"zh": message.text(translator("zh")), "en": message.text()}
