"""What a ruleset says of each of its things, property by property, so that two rulesets can be compared."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from engine.analysis.side import Properties, Property, Shown, Side, both, plain, several
from engine.base.messages import Message, msg
from engine.base.numbers import exact_text
from engine.facts.model import FactType, FieldType
from engine.facts.wording import wanted
from engine.ruleset.clauses import PlacedRule
from engine.ruleset.model import Indicator, Parameter, Part, Reading, Rows
from engine.ruleset.results import kind_words
from engine.ruleset.rule_text import Band, Requirement, ResultText
from engine.ruleset.source_text import SourceText

BOUNDS: Mapping[str, Callable[..., Message]] = {
    "below": lambda **row: msg("below {limit}: {gives}", **row),
    "to": lambda **row: msg("up to {limit}: {gives}", **row),
    "above": lambda **row: msg("above {limit}: {gives}", **row),
    "from": lambda **row: msg("from {limit}: {gives}", **row),
}


def head(side: Side) -> Properties:
    """Return what a ruleset says of itself and of the whole form."""
    ruleset, calendar = side.ruleset, side.ruleset.calendar
    days = "" if calendar is None else f"{calendar.first} – {calendar.last}"
    units = (f"1 {unit} = {exact_text(factor)} {into}" for unit, (factor, into) in ruleset.conversions.items())
    return {
        "id": plain(ruleset.id),
        "title": plain(ruleset.title),
        "issuer": plain(ruleset.issuer),
        "year": plain(str(ruleset.year)),
        "source": plain(ruleset.source),
        "full_score": plain(exact_text(ruleset.weight)),
        "places": plain(str(ruleset.places)),
        "grades": plain(", ".join(f"{name} ≥ {exact_text(start)}" for name, start in ruleset.grades)),
        "levels": plain(", ".join(f"{' / '.join(each.path)} {exact_text(each.weight)}" for each in ruleset.levels)),
        "rescale": _flag(ruleset.total.rescales),
        "units": plain("; ".join(sorted(units))),
        "calendar": Property(calendar, days),
        "head": several(side.words(name) for name in ruleset.head),
        "requires": several(_requirement(side, each) for each in ruleset.every_row.requires),
    }


def fact_type(side: Side, found: FactType) -> Properties:
    """Return what is said of a fact type, its fields apart."""
    conditions = {key: found.schema.get(key) for key in ("if", "then", "else", "allOf")}
    return {
        "title": plain(found.title),
        "single": _flag(found.single),
        "optional": _flag(found.name in side.ruleset.optional),
        "conditions": Property(_dumped(conditions), _dumped({k: v for k, v in conditions.items() if v is not None})),
    }


def fact_field(found: FactType, of_type: FieldType) -> Properties:
    """Return what is said of one field of a fact type."""
    says = found.schema["properties"][of_type.name]
    limits = {key: value for key, value in says.items() if "inimum" in key or "aximum" in key or "Length" in key}
    form = {key: says.get(key) for key in ("type", "format", "x-unit", "enum", "x-multiline")}
    return {
        "title": plain(of_type.title),
        "kind": Property(_dumped(form), _kind(says)),
        "bounds": several(_limit(key, value) for key, value in sorted(limits.items()) if (key, value) != _NOT_EMPTY),
        "pattern": plain(str(says.get("pattern", ""))),
        "optional": _flag(of_type.optional),
    }


def indicator(side: Side, found: Indicator) -> Properties:
    """Return what is said of an indicator, its clauses and rules apart."""
    whole = found.parts[0].weight is None
    return {
        "number": plain(str(found.number)),
        "path": plain(" / ".join(found.path)),
        "name": plain(found.name),
        "weight": plain(exact_text(found.weight)),
        "method": Property(found.parts[0].method, _method(found.parts[0].method)) if whole else plain(""),
        "rows": plain("") if found.rows is None else _rows(side, found.rows),
        "parts": plain("") if whole else several(_part(side, part) for part in found.parts),
        "requires": several(_requirement(side, each) for each in found.requires),
        "explanation": plain(found.explanation),
        "evidence_asked": several(plain(each) for each in found.evidence_asked),
        "remarks": plain(found.remarks),
    }


def parameter(side: Side, found: Parameter) -> Properties:
    """Return what is said of a parameter."""
    return {
        "value": side.expression(found.value),
        "under": several(_in_reading(side, *each) for each in found.under),
        "title": plain(found.title),
        "cites": side.cites(found.cites),
    }


def result(side: Side, found: ResultText) -> Properties:
    """Return what is said of a result, its rules apart."""
    return {
        "title": plain(found.title),
        "kind": Property((found.kind, found.unit), kind_words(found)),
        "choices": several(plain(each) for each in found.choices),
        "optional": _flag(found.optional),
        "cites": side.cites(found.cites),
    }


def reading(side: Side, found: Reading) -> Properties:
    """Return what is said of an unclear clause, its alternatives apart."""
    return {
        "chosen": plain(found.chosen),
        "clause": side.cites([found.clause]),
        "question": both(found.question_zh, found.question_en),
        "authority": plain(found.authority),
        "decided": plain(f"{found.decided_by}, {found.decided_on}"),
    }


def alternative(found: Reading, name: str) -> Properties:
    """Return what is said of one way to read an unclear clause."""
    of = found.alternatives[name]
    return {"words": both(of.zh, of.en), "scores": both(of.scores_zh, of.scores_en)}


def rule(side: Side, placed: PlacedRule) -> Properties:
    """Return what is said of a rule, but for its id and its place."""
    found = placed.rule
    decides = found.form.reading if found.form is not None else ""
    fields = (_pair(name, side.expression(formula)) for name, formula in found.fields.items())
    return {
        "action": plain(found.action),
        "parts": plain(", ".join(found.parts)),
        "cites": side.cites(found.cites),
        "under": side.under(tuple(each for each in found.under if each[0] != decides)),
        "steps": plain(decides),
        "readings": plain(", ".join(found.readings)),
        "each": several(_pair(alias, side.words(name)) for alias, name in found.each.items()),
        "when": side.expressions(found.when),
        "where": side.expressions(found.where),
        "bands_on": side.expression(found.bands_on),
        "bands": several(_band(side, band) for band in found.bands),
        "amount": side.expression(found.formula),
        "of": side.expression(found.of),
        "scope": plain(found.scope),
        "level": plain(found.level),
        "option": plain(found.option),
        "derives": plain(found.derives),
        "fields": several(fields),
        "say": side.sentence(found.say),
    }


def gist(side: Side, placed: PlacedRule) -> Shown:
    """Return by what a person knows a rule: its sentence, else what it derives, else its amount."""
    found = placed.rule
    if found.say is not None:
        return side.sentence(found.say).shown
    return side.words(found.derives).shown if found.derives else side.expression(found.formula).shown


def _rows(side: Side, rows: Rows) -> Property:
    said = [rows.weight, rows.name, rows.claimed, rows.reason, *rows.path, *rows.where, *rows.columns.values()]
    shown = side.words(rows.fact_type)
    key = (rows.fact_type, rows.alias, tuple(rows.columns), tuple(side.expression(each).key for each in said))
    return Property(key, msg("each {type} is a row, with the weight {weight}", type=shown.shown,
                             weight=side.expression(rows.weight).shown))  # fmt: skip


def _part(side: Side, part: Part) -> Property:
    weight, cites, under = side.expression(part.weight), side.cites(part.cites), side.under(part.under)
    named = f"{part.id} {part.title}".rstrip()
    shown = msg("{part}: weight {weight}  [{cites}]", part=named, weight=weight.shown, cites=cites.shown)
    return Property((part.id, part.title, part.method, weight.key, cites.key, under.key), shown)


def _requirement(side: Side, each: Requirement) -> Property:
    that, where, say, remedy = (
        side.expression(each.that),
        side.expressions(each.where),
        side.sentence(each.say),
        side.sentence(each.remedy),
    )
    return Property((that.key, where.key, say.key, remedy.key, tuple(each.each.items()), each.under), that.shown)


def _band(side: Side, band: Band) -> Property:
    limit, gives = side.expression(band.limit), side.expression(band.gives)
    shown = BOUNDS[band.bound](limit=limit.shown, gives=gives.shown)
    return Property((band.bound, limit.key, gives.key, band.falls, side.under(band.under).key), shown)


def _in_reading(side: Side, name: str, key: str, written: SourceText) -> Property:
    under, value = side.under(((name, frozenset([key])),)), side.expression(written)
    return Property((under.key, value.key), msg("{name}: {value}", name=under.shown, value=value.shown))


def _pair(name: str, value: Property) -> Property:
    return Property((name, value.key), msg("{name}: {value}", name=name, value=value.shown))


def _method(method: str) -> Message:
    return msg("by deduction") if method == "deduct" else msg("by award")


_NOT_EMPTY = ("minLength", 1)
_SIGNS = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}


def _kind(says: Mapping[str, Any]) -> Message:
    return msg("a number in {unit}", unit=says["x-unit"]) if "x-unit" in says else wanted(says)


def _limit(key: str, value: object) -> Property:
    name = key.removeprefix("x-")
    if name in _SIGNS:
        return plain(f"{_SIGNS[name]} {value}")
    least, most = msg("at least {count} characters", count=value), msg("at most {count} characters", count=value)
    return Property((name, value), least if name == "minLength" else most)


def _flag(value: bool) -> Property:  # noqa: FBT001 - it is the value
    return Property(value, msg("yes") if value else msg("no"))


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
