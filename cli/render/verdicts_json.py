"""Verdicts as JSON: exact values as texts, facts and fields by their names."""

from __future__ import annotations

from typing import Any

from engine.facts.model import Fact, Value, value_text
from engine.verdicts import Candidate, ConditionVerdict, Inactive, WrittenRule
from engine.verdicts.observations import Chosen, Compared, Joined, Listed, Needed, Negated, Observation, Ranged, Said
from engine.verdicts.unapplied import UnappliedRule
from workflow.why_not import RuleVerdicts


def verdicts_json(found: RuleVerdicts) -> dict[str, Any]:
    """Return verdicts as JSON."""
    shown = found.reproduced.shown
    return {
        "evaluation": shown.recorded and shown.recorded.id,
        "reproduced": True,
        "rules": [_rule_json(rule, found) for rule in found.rules],
        "unapplied": [_unapplied_json(rule, found) for rule in found.unapplied],
    }


def _rule_json(rule: WrittenRule, found: RuleVerdicts) -> dict[str, Any]:
    compiled = rule.rule
    return {
        "rule": rule.name,
        "written": found.words.form.rule_written(compiled),
        "indicator": compiled.indicator,
        "part": compiled.part,
        "action": compiled.action,
        "clauses": list(compiled.clauses),
        "matches": list(compiled.match.patterns),
        "fired": rule.fired,
        "inactive": None if rule.inactive is None else _inactive_json(rule.inactive),
        "candidates": [
            {**_candidate_json(candidate), "other_bands": [_candidate_json(row) for row in rule.other_rows(candidate)]}
            for candidate in rule.candidates
        ],
    }


def _inactive_json(inactive: Inactive) -> dict[str, Any]:
    return {
        "why": inactive.why,
        "indicators": list(inactive.indicators),
        "fact": None if inactive.fact is None else inactive.fact.id,
    }


def _unapplied_json(rule: UnappliedRule, found: RuleVerdicts) -> dict[str, Any]:
    readings = found.reproduced.program.readings
    return {
        "rule": rule.name,
        "written": rule.written,
        "readings": [
            {"name": name, "alternatives": sorted(alternatives), "chosen": readings[name]}
            for name, alternatives in rule.under
        ],
    }


def _candidate_json(candidate: Candidate) -> dict[str, Any]:
    return {
        "facts": [fact.id for fact in candidate.facts],
        "fired": candidate.fired,
        "rows": [[fact.id for fact in row] for row in candidate.rows],
        "tried": candidate.tried,
        "untried": candidate.untried,
        "lacks": candidate.lacks or None,
        "conditions": [_condition_json(verdict, candidate) for verdict in candidate.conditions],
    }


def _condition_json(verdict: ConditionVerdict, candidate: Candidate) -> dict[str, Any]:
    condition = verdict.condition
    needed = verdict.needed
    return {
        "text": condition.text,
        "of_band": condition.of_band,
        "truth": verdict.truth,
        "reason": None if verdict.reason is None else str(verdict.reason),
        "observed": None if verdict.observed is None else _observed_json(verdict.observed),
        "needed": None if needed is None else _needed_json(needed, candidate),
    }


def _observed_json(found: Observation) -> dict[str, Any]:
    match found:
        case Compared():
            return {
                "kind": "compared", "holds": found.holds, "value": _value(found.value),
                "comparator": found.sides.comparator.value, "threshold": _value(found.threshold),
                "distance": _distance(found),
            }  # fmt: skip
        case Ranged():
            return {
                "kind": "ranged", "holds": found.holds, "value": _value(found.value), "low": _value(found.low),
                "high": _value(found.high), "distance": _distance(found),
            }  # fmt: skip
        case Listed():
            options = [_value(option) for option in found.options]
            return {"kind": "listed", "holds": found.holds, "value": _value(found.value), "options": options}
        case Said() | Negated():
            return {"kind": "said" if isinstance(found, Said) else "negated", "holds": found.holds}
        case Joined():
            parts = [None if part is None else _observed_json(part) for part in found.parts]
            return {"kind": found.node.connective.value, "holds": found.holds, "parts": parts}
        case Chosen():
            parts = [_observed_json(part) for part in (found.condition, found.branch)]
            return {"kind": "if", "holds": found.holds, "parts": parts}


def _needed_json(needed: Needed, candidate: Candidate) -> dict[str, Any]:
    field = needed.field
    return {
        "comparator": needed.comparator.value,
        "values": [_value(value) for value in needed.values],
        "included": needed.included,
        "fact": None if field is None else candidate.facts[field.pattern].id,
        "field": None if field is None else field.field,
    }


def _distance(found: Compared | Ranged) -> str | None:
    distance = found.distance
    return None if distance is None else value_text(distance)


def _value(value: Value) -> str | bool:
    if isinstance(value, Fact):
        return value.id
    return value if isinstance(value, bool) else value_text(value)
