"""The changes that are tried for a fact: another choice, yes for no, a field filled in, the fact not there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from engine.alternatives.edges import rules_behind
from engine.alternatives.scan import Scan, Stop
from engine.alternatives.trials import Edit, Trials
from engine.base.numbers import Number
from engine.facts.model import Fact, FactType, FieldType, Kind, Value
from engine.language.fold import nodes
from engine.language.typed import Default, FieldOf, Has, Scored
from engine.program.program import Program

_ORDERED = (Kind.NUMBER, Kind.DATE)


@dataclass(frozen=True, slots=True)
class Option:
    """A change of one fact that was tried, and what the indicator keeps then."""

    edit: Edit
    kept: Number | None
    """None where the changed facts cannot be scored."""
    field: str = ""
    """The field that is changed; the others are filled in or emptied because of it."""
    stop: Stop | None = None
    """The value of a number or a date, and how it was found."""
    less: bool = False

    @property
    def says_no(self) -> bool:
        """Whether it says no where the fact says yes."""
        return self.edit.values is not None and self.edit.values.get(self.field) is False


def fields_read(program: Program) -> frozenset[tuple[str, str]]:
    """Return the fields of fact types that any rule looks at."""
    trees = [tree for rule in program.rules for tree in rule.trees]
    read = [(node.base, node.field) for node in nodes(FieldOf, trees)]
    read += [(node.base, node.field) for node in nodes(Has, trees)]
    read += [(node.base, node.field) for node in nodes(Default, trees)]
    return frozenset((base.type.fact_type, field) for base, field in read)


class Options:
    """What is tried for the facts behind the losses of one indicator, level or the total."""

    def __init__(self, trials: Trials, scored: Scored, read: frozenset[tuple[str, str]]) -> None:
        self.trials = trials
        self.scored = scored
        self.rules = rules_behind(trials.evaluation.program, scored)
        self.read = read
        self.types = trials.evaluation.program.ruleset.facts

    def fields(self, fact_type: FactType) -> Iterator[FieldType]:
        """Yield the fields that may be changed and that a rule looks at."""
        for field in fact_type.fields.values():
            if not field.fixed and (fact_type.name, field.name) in self.read:
                yield field

    def of(self, fact: Fact, *, removing: bool) -> Iterator[Option]:
        """Yield the changes of a fact, each with what the indicator keeps then."""
        self.trials.require_room()
        fact_type = self.types[fact.type]
        for field in self.fields(fact_type):
            if field.kind in _ORDERED:
                yield from self.along(fact, field) if field.name in fact.values else self.supplied(fact, field)
            else:
                for value in _others(field, fact.values.get(field.name)):
                    yield self.tried(self.completed(fact, fact_type, field.name, value), field.name)
        if removing and not fact_type.fixed and not fact_type.single:
            yield self.tried(Edit(fact, None))

    def tried(self, edit: Edit, field: str = "") -> Option:
        """Return a change with what the indicator keeps then."""
        return Option(edit, self.trials.kept(self.scored, edit), field)

    def along(self, fact: Fact, field: FieldType) -> Iterator[Option]:
        """Yield the values of a number or a date at which more is kept; where there is none, those at the edges."""
        scan = Scan(self.trials, self.scored, fact, field, self.trials.evaluation, fact, self.rules)
        stops = scan.stops()
        for stop in stops:
            yield Option(stop.edit, stop.kept, field.name, stop, scan.is_less(stop))
        if not stops:
            yield from (Option(scan.edit(value), kept, field.name) for value, kept in scan.tried.items())

    def supplied(self, fact: Fact, field: FieldType) -> Iterator[Option]:
        """Yield an empty number or date filled in, as late or as little as gains the most."""
        begin = _first(fact, field, self.says(fact, field.name))
        first = self.completed(fact, self.types[fact.type], field.name, begin)
        base = self.trials.look(first)
        if base is None or first.values is None:
            yield Option(first, None, field.name)
            return
        filled = replace(fact, values=first.values)
        scan = Scan(self.trials, self.scored, filled, field, base, fact, self.rules)
        for edge in sorted(scan.edges(base).at):
            for value in (scan.beside(edge, -1), edge, scan.beside(edge, 1)):
                if scan.step is None or not value % scan.step:
                    scan.kept(value)
        scan.kept(scan.start)
        scored = [(kept, value) for value, kept in scan.tried.items() if kept is not None]
        if scored:
            most = max(kept for kept, _ in scored)
            values = [value for kept, value in scored if kept == most]
            value = max(values) if field.kind is Kind.DATE else min(values)
            stop = Stop(value, scan.edit(value), most)
            yield Option(stop.edit, most, field.name, stop)

    def says(self, fact: Fact, field: str) -> Mapping[str, Any]:
        """Return what the schema says of a field."""
        found: Mapping[str, Any] = self.types[fact.type].schema["properties"][field]
        return found

    def completed(self, fact: Fact, fact_type: FactType, field: str, value: Value) -> Edit:
        """Return a fact with a field set, and what must be filled in or emptied for it."""
        values: dict[str, Value] = {**fact.values, field: value}
        if self.trials.allowance.allows(replace(fact, values=values)):
            own = Edit(fact, values)
            if self.trials.look(own) is not None:
                return own
        needed, unwanted = _beside(fact_type, fact.values, values)
        more = {
            name: _first(fact, fact_type.fields[name], self.says(fact, name))
            for name in needed
            if name not in values and fact_type.fields[name].kind is not Kind.TEXT
        }
        return Edit(fact, {name: each for name, each in {**values, **more}.items() if name not in unwanted})


def _others(field: FieldType, now: Value | None) -> Iterator[Value]:
    """Yield the other values of a choice or of yes and no."""
    if field.kind is Kind.BOOLEAN:
        yield from (value for value in (True, False) if value is not now)
    elif field.kind is Kind.TEXT:
        yield from (value for value in field.choices if value != now)


def _first(fact: Fact, field: FieldType, says: Mapping[str, Any]) -> Value:
    """Return a value to begin with: the latest date of the fact, the least number, the first choice."""
    match field.kind:
        case Kind.DATE:
            return max((value for value in fact.values.values() if isinstance(value, date)), default=date(2000, 1, 1))
        case Kind.BOOLEAN:
            return True
        case Kind.NUMBER:
            return max(1, int(says.get("minimum", 0)))
        case _:
            return field.choices[0] if field.choices else ""


def _beside(fact_type: FactType, before: Mapping[str, Value], after: Mapping[str, Value]) -> tuple[set[str], set[str]]:
    """Return the optional fields that the type's conditions ask for after a change, and those only before it."""
    wanted_before, wanted = (_wanted(fact_type.schema, values) for values in (before, after))
    return wanted, wanted_before - wanted


def _wanted(schema: Mapping[str, Any], values: Mapping[str, Value]) -> set[str]:
    """Return the fields that a schema's conditions require of some values."""
    found: set[str] = set(schema.get("required", ())) if "if" not in schema and "properties" not in schema else set()
    for condition in (schema, *schema.get("allOf", ())):
        if "if" in condition:
            branch = condition.get("then" if _applies(condition["if"], values) else "else", {})
            found |= set(branch.get("required", ()))
    return found


def _applies(condition: Mapping[str, Any], values: Mapping[str, Value]) -> bool:
    """Return whether a condition on choices, and on what is filled in, applies to some values."""
    if any(name not in values for name in condition.get("required", ())):
        return False
    for name, says in condition.get("properties", {}).items():
        allowed = [says["const"]] if "const" in says else says.get("enum")
        if name in values and allowed is not None and values[name] not in allowed:
            return False
    return True
