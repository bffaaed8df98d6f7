"""Make the explanation: indicator → parts → postings → rule → clause → facts with evidence → formula → readings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from engine.base.messages import Message, bilingual_text
from engine.base.numbers import simplest
from engine.explanation.address import address, below, step
from engine.explanation.formulas import aggregate_in_words, formula_in_words, rule_of
from engine.explanation.names import alternative_name, rule_name
from engine.explanation.scored import ScoredCase
from engine.explanation.value import (
    AggregateExplained,
    AlternativeExplained,
    ClauseExplained,
    EvidenceExplained,
    Explanation,
    FactExplained,
    FiringExplained,
    FormulaExplained,
    IndicatorExplained,
    LevelExplained,
    PartExplained,
    PostingExplained,
    ReadingExplained,
    ResultExplained,
)
from engine.explanation.wordings import in_both, wordings
from engine.explanation.words import FieldValue, says
from engine.facts.builtin import EVIDENCE, evidence_id
from engine.facts.called import naming_field
from engine.facts.model import FactType, Kind
from engine.language.typed import NUMBER
from engine.program import Program
from engine.program.program import CompiledRule
from engine.receipt.model import (
    AggregateLine,
    DerivedLine,
    FactLine,
    IndicatorLine,
    PostingLine,
    ResultLine,
)


def explain(case: ScoredCase, program: Program | None = None, evaluation: str = "") -> Explanation:
    """Explain a whole evaluation.

    The program is the case's ruleset compiled under its readings: it has the trees of the formulas. Without one,
    formulas are put into words sign by sign, and conditions are left out.
    """
    explainer = _Explainer(case, program)
    indicators = tuple(map(explainer.indicator, case.content.indicators))
    levels = tuple(explainer.levels())
    results = tuple(map(explainer.result, case.content.results))
    facts = (*(explainer.fact(line.id) for line in case.content.facts),
             *(explainer.fact(line.id) for line in case.content.derived))  # fmt: skip
    clauses = tuple(explainer.clauses[name] for name in case.ruleset.clauses if name in explainer.clauses)
    readings = tuple(explainer.readings[name] for name in case.content.readings if name in explainer.readings)
    return Explanation(case, evaluation, indicators, (), levels, results, facts, clauses, readings)


def losses(whole: Explanation) -> Explanation:
    """Return what an explanation says of lost and open points, of the levels and of the results."""
    lost = tuple(_only_losses(each) for each in whole.indicators if not each.is_full)
    full = tuple(each.line.number for each in whole.indicators if each.is_full)
    return replace(whole, indicators=lost, full=full)


def _only_losses(indicator: IndicatorExplained) -> IndicatorExplained:
    """Leave out the postings that took nothing, counted and added up."""
    left_out = [posting for posting in indicator.postings if not posting.takes]
    parts = (replace(part, postings=tuple(p for p in part.postings if p.takes)) for part in indicator.parts)
    kept = sum((Fraction(posting.line.kept) for posting in left_out), start=Fraction(0))
    return replace(
        indicator,
        parts=tuple(part for part in parts if part.postings),
        unlisted=len(left_out),
        unlisted_kept=simplest(kept),
    )


class _Explainer:
    """Makes the values; each fact, firing, clause and reading is made once."""

    def __init__(self, case: ScoredCase, program: Program | None) -> None:
        self.case = case
        self.words = wordings(case.ruleset, program)
        self.facts: dict[str, FactExplained] = {}
        self.firings: dict[int, FiringExplained] = {}
        self.clauses: dict[str, ClauseExplained] = {}
        self.readings: dict[str, ReadingExplained] = {}
        rules: dict[str, list[CompiledRule]] = defaultdict(list)
        for rule in program.rules if program is not None else ():
            rules[rule.name].append(rule)
        self.rules = {name: tuple(found) for name, found in rules.items()}
        self.evidence = {
            evidence_id(fact.id, number): (fact, number)
            for fact in case.content.facts for number in range(1, len(fact.evidence) + 1)
        }  # fmt: skip

    def indicator(self, line: IndicatorLine) -> IndicatorExplained:
        """Explain an indicator, by its parts and then as a whole."""
        here, parts = address(line.number), []
        for part in (*line.parts, None):
            at = here if part is None else below(here, part.id)
            found = [posting for posting, _ in self.case.postings(line.number, "" if part is None else part.id)]
            if found or part is not None:
                parts.append(PartExplained(at, part, self.postings(at, found)))
        claim = self.case.claim(line.number)
        return IndicatorExplained(here, line, tuple(parts), None if claim is None else self.fact(claim.id))

    def levels(self) -> Iterator[LevelExplained]:
        """Explain what was posted on levels, and on the total last."""
        for level in (*self.case.content.levels, None):
            posted = self.case.level_postings(() if level is None else level.path)
            if posted:
                at = address("total") if level is None else address("level", "/".join(map(step, level.path)))
                yield LevelExplained(at, level, self.postings(at, [posting for posting, _ in posted]))

    def result(self, line: ResultLine) -> ResultExplained:
        """Explain a result."""
        return ResultExplained(address("result", line.name), line, tuple(map(self.firing, line.firings)))

    def postings(self, at: str, lines: list[PostingLine]) -> tuple[PostingExplained, ...]:
        """Explain the postings of one place, numbered from 1 in the receipt's order."""
        return tuple(
            PostingExplained(below(at, "posting", number), line, self.firing(line.firing))
            for number, line in enumerate(lines, 1)
        )

    def firing(self, number: int) -> FiringExplained:
        """Explain a firing, down to the facts that were given."""
        if number not in self.firings:
            line = self.case.content.firings[number]
            aggregates = [self.case.content.aggregates[position] for position in line.aggregates]
            rule = rule_of(line, self.rules)
            formulas = tuple(formula_in_words(each, rule, self.words) for each in line.formulas)
            self.firings[number] = FiringExplained(
                line=line,
                rule=rule_name(line.rule, self.case.own_names),
                says=says(line, self.case.own_names),
                clauses=tuple(map(self.clause, line.clauses)),
                facts=tuple(map(self.fact, line.facts)),
                formulas=formulas,
                aggregates=tuple(self.aggregate(each, rule) for each in aggregates),
                conditions=self.conditions(rule, formulas),
                readings=tuple(map(self.reading, line.readings)),
            )
        return self.firings[number]

    def conditions(self, rule: CompiledRule | None, formulas: tuple[FormulaExplained, ...]) -> tuple[Message, ...]:
        """Return what had to hold: of the case, with numbers, then of the facts."""
        of_case = tuple(each.reads for each in formulas if each.line.kind == "when")
        if rule is None:
            return of_case
        held = sum(len(each.expression.conjuncts) for each in rule.formulas if each.kind == "when")
        return (*of_case, *(in_both(each.canonical, self.words) for each in rule.conditions[held:]))

    def clause(self, name: str) -> ClauseExplained:
        """Explain a clause."""
        if name not in self.clauses:
            self.clauses[name] = ClauseExplained(address("clause", name), name, self.case.ruleset.clauses[name])
        return self.clauses[name]

    def reading(self, name: str) -> ReadingExplained:
        """Explain a reading with its alternatives."""
        if name not in self.readings:
            reading, chosen = self.case.ruleset.readings[name], self.case.content.readings[name]
            alternatives = tuple(
                AlternativeExplained(
                    key,
                    alternative_name(reading, key, self.case.own_names),
                    bilingual_text({"zh": each.zh, "en": each.en}),
                    bilingual_text({"zh": each.scores_zh, "en": each.scores_en}),
                    key == chosen,
                )
                for key, each in reading.alternatives.items()
            )
            question = bilingual_text({"zh": reading.question_zh, "en": reading.question_en})
            self.readings[name] = ReadingExplained(address("reading", name), name, question, alternatives, reading)
        return self.readings[name]

    def aggregate(self, line: AggregateLine, rule: CompiledRule | None) -> AggregateExplained:
        """Explain a figure over facts."""
        return AggregateExplained(line, *aggregate_in_words(line, rule, self.words), tuple(map(self.fact, line.facts)))

    def fact(self, identity: str) -> FactExplained:
        """Explain a fact: as it was given, or as it was derived, from what."""
        if identity not in self.facts:
            derived = self.case.derivations.get(identity)
            given = self.case.facts.get(identity)
            if derived is not None:
                self.facts[identity] = self.derived(derived)
            elif given is not None:
                self.facts[identity] = self.given(given)
            else:
                self.facts[identity] = self.listed(*self.evidence[identity], identity)
        return self.facts[identity]

    def given(self, line: FactLine) -> FactExplained:
        """Explain a fact that was given."""
        fact_type, here = self.case.ruleset.facts[line.type], address("fact", line.id)
        evidence = (
            EvidenceExplained(below(here, "evidence", number), item) for number, item in enumerate(line.evidence, 1)
        )
        values = tuple(self.field(fact_type, name, line) for name in fact_type.fields if name in line.values)
        return FactExplained(
            here,
            line.id,
            line.type,
            self.title(line.type),
            str(line.values.get(naming_field(fact_type), "")),
            values,
            tuple(evidence),
            line,
        )

    def derived(self, line: DerivedLine) -> FactExplained:
        """Explain a fact that a rule derived."""
        origin = self.firing(line.firing)
        made = {each.line.name: each for each in origin.formulas if each.line.kind in ("field", "copy")}
        order = [name for name in made if name in line.values]
        order += [name for name in line.values if name not in made]
        values = tuple(self.made(line, name, made.get(name)) for name in order)
        # It is called like what it was derived from, since its own texts are often words of a list.
        name = next((fact.name for fact in origin.facts if fact.name), "")
        return FactExplained(
            address("fact", line.id),
            line.id,
            line.type,
            self.title(line.type),
            name,
            values,
            derived=line,
            origin=origin,
        )

    def made(self, line: DerivedLine, name: str, formula: FormulaExplained | None) -> FieldValue:
        """Return a field of a derived fact; another fact is called by its name."""
        shown: str | bool | Message = line.values[name]
        if formula is not None and formula.line.gives is Kind.NUMBER:
            shown = formula.value
        elif formula is not None and formula.line.gives is Kind.FACT:
            other = self.fact(str(shown))
            shown = other.name or other.id
        return FieldValue(name, self.words.field(line.type, name), shown)

    def listed(self, owner: FactLine, number: int, identity: str) -> FactExplained:
        """Explain a piece of evidence as a fact of its own."""
        item, title = owner.evidence[number - 1], bilingual_text({"zh": EVIDENCE.title, "en": "evidence"})
        evidence = EvidenceExplained(below(address("fact", owner.id), "evidence", number), item)
        name = item.title or item.reference
        return FactExplained(address("fact", identity), identity, EVIDENCE.name, title, name, (), (evidence,))

    def field(self, fact_type: FactType, name: str, line: FactLine) -> FieldValue:
        """Return a field of a given fact; in English its title is followed by the name that formulas have."""
        field, value = fact_type.fields[name], line.values[name]
        title = field.title or name
        known = self.words.en.field(fact_type.name, name)
        english = title if known in title else f"{title} ({known})"
        unit = field.unit if field.kind is Kind.NUMBER else ""
        shown: str | bool | Message = value
        if isinstance(value, str) and (fact_type.name, name) in self.words.zh.shares:
            shown = Message("{value}", {"value": self.words.zh.value(value, NUMBER, share=True)})
        return FieldValue(name, bilingual_text({"zh": title, "en": english}), shown, unit)

    def title(self, fact_type: str) -> Message:
        """Return what a fact type is called."""
        known = self.case.ruleset.facts.get(fact_type)
        title = known.title if known is not None else ""
        return bilingual_text(
            {"zh": title or self.words.zh.name(fact_type), "en": title or self.words.en.name(fact_type)}
        )
