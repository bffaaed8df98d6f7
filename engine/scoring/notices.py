"""What an evaluation reports although it is not wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from engine.base.comparators import Comparator
from engine.base.numbers import exact_text, total
from engine.facts.builtin import CLAIM, EVIDENCE, NOT_ASSESSED, claims, left_out
from engine.facts.model import Fact, Facts, value_text
from engine.matching.interface import Comparison
from engine.program.program import CompiledRule, Program
from engine.scoring.firing import Firing, IndicatorScore
from engine.scoring.notice import AwardCapped, ClaimsIncomplete, Converted, Notice, OtherYear, UnusedFact
from engine.scoring.results import Result

_WATCHES = frozenset({"deduct", "cap", "override", "not_applicable"})
"""Actions whose rules have looked at a fact also where they find nothing to do."""


def notices(
    program: Program,
    facts: Facts,
    firings: Sequence[tuple[Firing, Fact | None]],
    scores: Sequence[IndicatorScore],
    results: Sequence[Result] = (),
) -> list[Notice]:
    """Return all that an evaluation has to report."""
    return [
        *_other_year(program, facts),
        *_unused(program, facts, firings, {result.plan.name: result.unassessed for result in results}),
        *_capped(scores),
        *_converted(facts),
        *_claims(facts, scores),
    ]


def _other_year(program: Program, facts: Facts) -> Iterator[Notice]:
    if int(facts.case["year"]) != program.ruleset.year:
        yield OtherYear(facts.case["year"], str(program.ruleset.year))


def _capped(scores: Sequence[IndicatorScore]) -> Iterator[Notice]:
    """Report the awards that were cut, but not of a part that does not apply: that has nothing to give."""
    for score in scores:
        waived = {part.id for part in score.parts if part.status == "not_applicable"}
        for posting in score.postings:
            if posting.kind == "award" and posting.limit == "cap" and posting.part not in waived:
                facts = tuple(fact.id for fact in posting.firing.facts)
                asked, kept = exact_text(posting.asked), exact_text(posting.kept)
                yield AwardCapped(score.number, posting.part, facts, asked, kept)


def _converted(facts: Facts) -> Iterator[Notice]:
    for fact in facts.facts:
        for name, written in sorted(fact.converted.items()):
            yield Converted(fact.id, fact.type, name, written, value_text(fact.values[name]))


def _claims(facts: Facts, scores: Sequence[IndicatorScore]) -> Iterator[Notice]:
    written = claims(facts)
    claimed = {score.number: score.claimed(written.get(score.number)) for score in scores}
    given = [points for points in claimed.values() if points is not None]
    missing = tuple(number for number, points in claimed.items() if points is None)
    if given and missing:
        yield ClaimsIncomplete(exact_text(total(given)), len(given), len(scores), missing)


def _unused(
    program: Program,
    facts: Facts,
    firings: Sequence[tuple[Firing, Fact | None]],
    open_results: Mapping[str, Sequence[int]],
) -> Iterator[Notice]:
    """Report the given facts that took no part in anything, with the indicators for which their rules wait."""
    used = _used(firings)
    exempt = {CLAIM, NOT_ASSESSED, EVIDENCE.name, *program.ruleset.head}
    watching = list(_watching(program, program.ruleset.facts.keys()))
    aggregated = {name for rule in program.rules for name in rule.looks_at - set(rule.match.patterns)}
    unassessed = left_out(facts)
    for fact in facts.facts:
        if fact.type in exempt or fact.type in aggregated or fact in used:
            continue
        if not any(_may_match(rule, fact) for rule in watching if fact.type in rule.match.patterns):
            rules = [rule for rule in program.rules if fact.type in rule.match.patterns]
            waiting = {rule.indicator for rule in rules if rule.indicator in unassessed}
            waiting.update(number for rule in rules for number in open_results.get(rule.result, ()))
            yield UnusedFact(fact.id, fact.type, tuple(sorted(filter(None, waiting))))


def _watching(program: Program, given: AbstractSet[str]) -> Iterator[CompiledRule]:
    """Yield the rules that may leave a fact as it is: those that take points, and checks of what nothing scores."""
    scored = {name for rule in program.rules if rule.action != "flag" for name in rule.match.patterns if name in given}
    for rule in program.rules:
        if rule.action in _WATCHES or (rule.action == "flag" and not scored & set(rule.match.patterns)):
            yield rule


def _may_match(rule: CompiledRule, fact: Fact) -> bool:
    """Return whether a rule may concern this fact: no number in it, such as an indicator's, excludes it."""
    places = [position for position, name in enumerate(rule.match.patterns) if name == fact.type]
    wanted = [
        condition
        for condition in rule.match.conditions
        if isinstance(condition, Comparison)
        and condition.comparator is Comparator.EQUAL
        and condition.pattern in places
        and not isinstance(condition.constant, bool | str)
    ]
    return all(fact.values.get(condition.field) == condition.constant for condition in wanted)


def _used(firings: Sequence[tuple[Firing, Fact | None]]) -> set[Fact]:
    """Return the facts behind every firing that posts or flags, through the facts that were derived from them."""
    origins = {derived: firing for firing, derived in firings if derived is not None}
    waiting = [firing for firing, derived in firings if derived is None]
    used: set[Fact] = set()
    while waiting:
        firing = waiting.pop()
        for fact in (*firing.facts, *(f for aggregate in firing.aggregates for f in aggregate.facts)):
            if fact not in used:
                used.add(fact)
                if fact.owner is not None:
                    used.add(fact.owner)
                if fact in origins:
                    waiting.append(origins[fact])
    return used
