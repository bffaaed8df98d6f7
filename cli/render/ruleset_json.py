"""A ruleset as JSON, with nothing left out; expressions are as they were written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cli.render.review import provenance_json, review_json
from engine.base.numbers import exact_text
from engine.ruleset import Ruleset
from engine.ruleset.clauses import (
    CHECKS,
    DEFINITIONS,
    EVERY_INDICATOR,
    EVERY_ROW,
    TOTAL,
    PlacedRule,
    carried_out,
    placed_rules,
)
from engine.ruleset.model import Checklist, Indicator, Parameter, Part, Reading, Rows
from engine.ruleset.rule_text import Form, Requirement, ResultText, Under
from engine.ruleset.source_text import Bilingual, SourceText


def ruleset_json(ruleset: Ruleset) -> dict[str, Any]:
    """Return the content of a ruleset."""
    placed = list(placed_rules(ruleset))

    def rules_of(section: str) -> list[dict[str, Any]]:
        return [_rule(rule) for rule in placed if rule.section == section]

    return {
        "id": ruleset.id,
        "revision": ruleset.revision,
        "corrigendum": None
        if ruleset.corrigendum is None
        else {"reason": ruleset.corrigendum.reason, "on": ruleset.corrigendum.on},
        "text": ruleset.text,
        "provenance": provenance_json(ruleset),
        "review": review_json(ruleset),
        "title": ruleset.title,
        "issuer": ruleset.issuer,
        "year": ruleset.year,
        "source": ruleset.source,
        "digest": ruleset.digest,
        "places": ruleset.places,
        "full_score": exact_text(ruleset.weight),
        "grades": [{"name": name, "from": exact_text(start)} for name, start in ruleset.grades],
        "levels": [{"path": list(level.path), "weight": exact_text(level.weight)} for level in ruleset.levels],
        "total": {"rescale": ruleset.total.rescales, "rules": rules_of(TOTAL)},
        "calendar": _calendar(ruleset),
        "units": {unit: f"{exact_text(value)} {into}" for unit, (value, into) in ruleset.conversions.items()},
        "facts": {
            name: {"title": fact_type.title, "optional": name in ruleset.optional}
            for name, fact_type in ruleset.facts.items()
            if fact_type.schema
        },
        "head": list(ruleset.head),
        "clauses": {
            clause: {"text": ruleset.clauses[clause], "rules": [rule.name for rule in rules]}
            for clause, rules in carried_out(ruleset).items()
        },
        "indicators": [_indicator(i, rules_of(str(i.number))) for i in ruleset.indicators],
        "definitions": rules_of(DEFINITIONS),
        "every_indicator": rules_of(EVERY_INDICATOR),
        "every_row": {
            "requires": [_requirement(requirement) for requirement in ruleset.every_row.requires],
            "rules": rules_of(EVERY_ROW),
        },
        "checks": rules_of(CHECKS),
        "results": {name: _result(result, rules_of(name)) for name, result in ruleset.results.items()},
        "readings": {name: _reading(reading) for name, reading in ruleset.readings.items()},
        "parameters": {name: _parameter(parameter) for name, parameter in ruleset.parameters.items()},
        "names": dict(ruleset.names),
        "accepted": {each.check: {"reason": each.reason, "at": list(each.names)} for each in ruleset.accepted},
    }


def _calendar(ruleset: Ruleset) -> dict[str, str] | None:
    calendar = ruleset.calendar
    return None if calendar is None else {"from": calendar.first.isoformat(), "to": calendar.last.isoformat()}


def _indicator(indicator: Indicator, rules: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "number": indicator.number,
        "path": list(indicator.path),
        "name": indicator.name,
        "weight": exact_text(indicator.weight),
        "explanation": indicator.explanation,
        "clauses": dict(indicator.clauses),
        "evidence_asked": list(indicator.evidence_asked),
        "remarks": indicator.remarks,
        "rows": None if indicator.rows is None else _rows(indicator.rows),
        "checklist": None if indicator.checklist is None else _checklist(indicator.checklist),
        "parts": [_part(part, indicator) for part in indicator.parts],
        "requires": [_requirement(requirement) for requirement in indicator.requires],
        "rules": rules,
    }


def _rows(rows: Rows) -> dict[str, Any]:
    return {
        "each": {rows.alias: rows.fact_type},
        "where": _texts(rows.where),
        "weight": rows.weight.text,
        "name": rows.name.text,
        "path": _texts(rows.path),
        "columns": {title: value.text for title, value in rows.columns.items()},
        "claimed": None if rows.claimed is None else rows.claimed.text,
        "reason": None if rows.reason is None else rows.reason.text,
    }


def _checklist(checklist: Checklist) -> dict[str, Any]:
    return {
        "items": [
            {
                "number": item.number,
                "part": item.id,
                "weight": item.weight.text,
                "words": item.words,
                "cites": list(item.cites),
                "needed": None if item.needed is None else item.needed.text,
                "if": None if item.condition is None else item.condition.text,
            }
            for item in checklist.items
        ],
        "partial": {word: _under(under) for word, under in checklist.partial.items()},
        "cites": list(checklist.cites),
    }


def _part(part: Part, indicator: Indicator) -> dict[str, Any]:
    return {
        "id": part.id,
        "title": part.title,
        "weight": part.weight.text if part.weight is not None else exact_text(indicator.weight),
        "method": part.method,
        "cites": list(part.cites),
        "under": _under(part.under),
    }


def _requirement(requirement: Requirement) -> dict[str, Any]:
    return {
        "that": requirement.that.text,
        "each": dict(requirement.each),
        "where": _texts(requirement.where),
        "under": _under(requirement.under),
        "say": _words(requirement.say),
        "remedy": _words(requirement.remedy),
    }


def _rule(placed: PlacedRule) -> dict[str, Any]:
    rule = placed.rule
    return {
        "id": rule.id,
        "name": placed.name,
        "action": rule.action,
        "cites": list(rule.cites),
        "clauses": list(placed.clauses),
        "parts": list(rule.parts),
        "readings": list(rule.readings),
        "under": _under(rule.under),
        "when": _texts(rule.when),
        "each": dict(rule.each),
        "where": _texts(rule.where),
        "bands": None
        if rule.bands_on is None
        else {
            "measure": rule.bands_on.text,
            "rows": [
                {
                    band.bound: band.limit.text,
                    "gives": band.gives.text,
                    "falls": band.falls,
                    "under": _under(band.under),
                }
                for band in rule.bands
            ],
        },
        "formula": rule.formula.text if rule.formula is not None else None,
        "of": rule.of.text if rule.of is not None else None,
        "scope": rule.scope or None,
        "level": rule.level or None,
        "option": rule.option or None,
        "derives": {rule.derives: {name: field.text for name, field in rule.fields.items()}} if rule.derives else None,
        "say": _words(rule.say) if rule.say is not None else None,
        "form": _form(rule.form) if rule.form is not None else None,
    }


def _result(result: ResultText, rules: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "title": result.title,
        "kind": result.kind,
        "unit": result.unit,
        "choices": list(result.choices),
        "optional": result.optional,
        "cites": list(result.cites),
        "rules": rules,
    }


def _form(form: Form) -> dict[str, Any]:
    steps = {"steps": form.reading or form.steps} if form.steps else {}
    return {"kind": form.kind, **{name: written.text for name, written in form.pieces.items()}, **steps}


def _reading(reading: Reading) -> dict[str, Any]:
    return {
        "clause": reading.clause,
        "question": {"zh": reading.question_zh, "en": reading.question_en},
        "chosen": reading.chosen,
        "alternatives": {
            key: {"zh": other.zh, "en": other.en, "scores": {"zh": other.scores_zh, "en": other.scores_en}}
            for key, other in reading.alternatives.items()
        },
        "authority": reading.authority,
        "decided": {"by": reading.decided_by, "on": reading.decided_on},
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "value": parameter.value.text,
        "title": parameter.title,
        "cites": list(parameter.cites),
        "under": [
            {"reading": reading, "alternative": alternative, "value": value.text}
            for reading, alternative, value in parameter.under
        ],
    }


def _under(under: Under) -> dict[str, list[str]]:
    return {reading: sorted(alternatives) for reading, alternatives in under}


def _texts(written: Iterable[SourceText]) -> list[str]:
    return [each.text for each in written]


def _words(both: Bilingual) -> dict[str, str]:
    return {"zh": both.zh.text, "en": both.en.text}
