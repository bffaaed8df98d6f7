"""Cases for the thresholds that no golden case tests: the base facts with one field changed, to be confirmed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from engine.analysis import Material
from engine.analysis.checks.coverage import missing_positions
from engine.analysis.material.coverage import Observer, context_of
from engine.analysis.material.threshold import Gauge, Position, Threshold, rows
from engine.base.faults import FenmingError
from engine.base.numbers import Number, decimal_places, exact_text
from engine.documents import Node
from engine.facts import read_facts
from engine.facts.model import Fact, FactType, FieldType, Kind
from engine.facts.read import facts_document
from engine.facts.written import written_value
from engine.language.fold import nodes
from engine.language.typed import Aggregate, FieldOf
from engine.program import Program
from engine.ruleset.spoken import is_chinese
from engine.ruleset.written import alternative_written, field_written
from engine.scoring.evaluate import evaluate
from engine.scoring.evaluation import Evaluation
from workflow.case_form import base_document, spelt_facts

_MOST_PLACES = 6
"""How many decimals a suggested value may have."""

_MOST_FACTS = 3
"""How many of the facts that a threshold looks at are tried."""

_SHARES = (Fraction(1, 10), Fraction(1, 5), Fraction(1, 2), Fraction(1))
"""How much of the distance that still counts as near is tried, for one whose value can be written."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A case for one side of a threshold."""

    threshold: Threshold
    position: Position
    readings: Mapping[str, str]
    fact_type: str
    facts: Node
    """The facts of the type, one of them changed; under the type, and in the form in which the ruleset is written."""
    field: str
    called: str
    """The fact and its field as the ruleset calls it."""
    value: str
    gives: str
    """What the ruleset gives now: of the threshold's indicator, or in total."""


@dataclass(frozen=True, slots=True)
class _Field:
    """A field of a fact of the base that can be changed."""

    fact: Fact
    type: FactType
    field: FieldType

    def moved(self, by: Number) -> Number | date | None:
        """Return the field's value moved by some days or some units; None where no such value can be written."""
        value = self.fact.values[self.field.name]
        if isinstance(value, date):
            whole = Fraction(by).denominator == 1
            return value + timedelta(int(by)) if whole else None
        if not isinstance(value, Number):
            return None
        found = value + by
        places = decimal_places(found * 100 if self.is_percent else found)
        most = 0 if self.says.get("type") == "integer" else _MOST_PLACES
        return found if places is not None and places <= most else None

    @property
    def says(self) -> Mapping[str, object]:
        """What the schema of the fact type says of the field."""
        found: Mapping[str, object] = self.type.schema["properties"][self.field.name]
        return found

    @property
    def is_percent(self) -> bool:
        """Whether it is written as a percentage."""
        return self.says.get("format") == "percent"

    def written(self, value: Number | date) -> str:
        """Write a value as a facts file has it."""
        found = written_value(value, self.says)
        return found if isinstance(found, str) else exact_text(found)


@dataclass(frozen=True, slots=True)
class SuggestedCases:
    """Cases to confirm, and the thresholds for which none was found."""

    base: str
    """The facts file that they build on."""
    cases: tuple[Suggestion, ...]
    left: tuple[Threshold, ...]
    chinese: bool = False
    """Whether the ruleset is written in Chinese."""


def suggestions_for(material: Material, base: str, facts: str) -> SuggestedCases:
    """Return cases for the thresholds that no golden case tests, with the text of a facts file to build on."""
    document = base_document(facts, base, material.ruleset.facts)
    made = list(Suggester(material, document).suggestions())
    left = dict.fromkeys(each for each in made if isinstance(each, Threshold))
    cases = tuple(each for each in made if isinstance(each, Suggestion))
    return SuggestedCases(base, cases, tuple(left), is_chinese(material.ruleset.node))


class Suggester:
    """Looks for cases that build on one facts file."""

    def __init__(self, material: Material, base: Node) -> None:
        self.material = material
        self.base = base
        self.observers = [Observer.of(program) for program in material.programs]

    def suggestions(self) -> Iterator[Suggestion | Threshold]:
        """Yield a case for each side of a threshold that is not tested; the threshold itself where none is found."""
        for threshold in self.material.thresholds:
            for position in missing_positions(self.material, threshold):
                yield self.suggestion(threshold, position) or threshold

    def suggestion(self, threshold: Threshold, position: Position) -> Suggestion | None:
        """Return a case for one side of a threshold, or None."""
        for observer in self.observers:
            gauges = [gauge for gauge in observer.gauges if gauge.threshold == threshold]
            evaluation = self.evaluated(observer.program, self.base) if gauges else None
            if evaluation is not None:
                found = (self.by_any_field(gauge, evaluation, position) for gauge in gauges)
                suggested = next((each for each in found if each is not None), None)
                if suggested is not None:
                    return suggested
        return None

    def evaluated(self, program: Program, document: Node) -> Evaluation | None:
        """Return how a facts document is scored; None where it is refused."""
        ruleset = program.ruleset
        try:
            return evaluate(program, read_facts(facts_document(document), ruleset.facts, ruleset.conversions))
        except FenmingError:
            return None

    def fields(self, gauge: Gauge, evaluation: Evaluation) -> list[_Field]:
        """Return the numbers and dates of the base on which a value may depend, the ones that it names first."""
        wanted = _given_types(gauge, evaluation.program)
        found = [
            _Field(fact, fact_type, fact_type.fields[name])
            for fact in evaluation.facts.facts
            if fact.type in wanted and (fact_type := self.material.ruleset.facts[fact.type]).schema
            for name in fact.values
            if fact_type.fields[name].kind in (Kind.NUMBER, Kind.DATE)
        ]
        named = {each.field for each in nodes(FieldOf, (gauge.threshold.left,))}
        return sorted(found, key=lambda each: each.field.name not in named)

    def by_any_field(self, gauge: Gauge, evaluation: Evaluation, position: Position) -> Suggestion | None:
        """Change one field of the base so that the value of a threshold comes to one side of it."""
        before = _distances(gauge, evaluation)
        for field in self.fields(gauge, evaluation) if before else ():
            for number, (distance, limit) in enumerate(before[:_MOST_FACTS]):
                slope = self.slope(gauge, evaluation.program, field, [found for found, _ in before], number)
                for wanted in _wanted(gauge.threshold, position, limit) if slope else ():
                    value = field.moved((wanted - distance) / Fraction(slope))
                    found = None if value is None else self.tried(gauge, evaluation.program, field, value, position)
                    if found is not None:
                        return found
        return None

    def tried(
        self, gauge: Gauge, program: Program, field: _Field, value: Number | date, position: Position
    ) -> Suggestion | None:
        """Return the case with another value of a field, if its value is on that side of the threshold."""
        document = _with_value(self.base, field, value)
        after = self.evaluated(program, document)
        if after is None or position not in gauge.positions(context_of(after)):
            return None
        ruleset, number = self.material.ruleset, gauge.threshold.indicator
        kept = [score.kept for score in after.scores if score.number == number]
        return Suggestion(
            gauge.threshold,
            position,
            {
                name: alternative_written(ruleset, name, choice)
                for name, choice in program.readings.items()
                if ruleset.readings[name].chosen != choice
            },
            field.type.name,
            spelt_facts(document["facts"], field.type.name, ruleset),
            f"{field.fact.id}.{field.field.name}",
            f"{field.fact.id}.{field_written(ruleset, field.type.name, field.field.name).partition('.')[2]}",
            field.written(value),
            exact_text(kept[0] if kept else after.outcome.kept),
        )

    def slope(self, gauge: Gauge, program: Program, field: _Field, before: Sequence[Number], number: int) -> Number:
        """Return how much a value moves when a field moves by one; 0 where it does not move evenly."""
        for by in (1, Fraction(1, 100), -1, Fraction(-1, 100)):
            moved = [field.moved(by), field.moved(by * 2)]
            documents = [_with_value(self.base, field, value) for value in moved if value is not None]
            after = [self.evaluated(program, document) for document in documents]
            found = [_distances(gauge, each) for each in after if each is not None]
            if len(found) == len(moved) and all(len(each) == len(before) for each in found):
                first, second = found[0][number][0] - before[number], found[1][number][0] - found[0][number][0]
                return Fraction(first) / by if first == second else 0
        return 0


def _given_types(gauge: Gauge, program: Program) -> frozenset[str]:
    """Return the fact types on which a value may depend, through derived ones too."""
    threshold = gauge.threshold
    found = {threshold.fact_types[number] for number in gauge.patterns}
    found |= {aggregate.fact_type for aggregate in nodes(Aggregate, (threshold.left, threshold.right))}
    front = set(found)
    while front:
        front = {name for rule in program.rules if rule.derives in front for name in rule.looks_at} - found
        found |= front
    return frozenset(found)


def _distances(gauge: Gauge, evaluation: Evaluation) -> list[tuple[Number, object]]:
    """Return how far each value of a case is above its limit, and the limit."""
    context = context_of(evaluation)
    found = (gauge.distance(row, context) for row in rows(gauge.threshold.fact_types, gauge.patterns, context))
    return [each for each in found if each is not None]


def _wanted(threshold: Threshold, position: Position, limit: object) -> Iterator[Number]:
    """Yield the distances from a limit that count as the position, the nearest first."""
    step = threshold.step(limit)
    if position is Position.AT:
        yield 0
    elif threshold.whole or isinstance(limit, date):
        yield position.value
    else:
        yield from (position.value * (step or 1) * share for share in _SHARES)


def _with_value(base: Node, field: _Field, value: Number | date) -> Node:
    """Return a facts document with one field changed."""
    text = field.written(value)
    plain = value if field.says.get("type") in ("number", "integer") and not isinstance(value, date) else text

    def changed(entry: Node) -> Node:
        return _replaced(entry, field.field.name, lambda old: replace(old, value=plain, text=text, source=""))

    def of_type(listed: Node) -> Node:
        if listed.is_mapping:
            return changed(listed)
        named = [(each, each.get("id")) for each in listed.elements]
        is_it = [name is None or name.text == field.fact.id for _, name in named]
        return replace(
            listed, elements=tuple(changed(each) if it else each for (each, _), it in zip(named, is_it, strict=True))
        )

    return _replaced(base, "facts", lambda facts: _replaced(facts, field.type.name, of_type))


def _replaced(node: Node, name: str, change: Callable[[Node], Node]) -> Node:
    """Return a mapping with the value of one key changed."""
    entries = tuple((key, change(value) if key.text == name else value) for key, value in node.entries or ())
    return replace(node, entries=entries)
