"""Open one node of an explanation by its address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.explanation.address import address, steps_of
from engine.explanation.value import (
    ClauseExplained,
    Explanation,
    FactExplained,
    FiringExplained,
    IndicatorExplained,
    LevelExplained,
    ReadingExplained,
    ResultExplained,
)

_OF_A_FIRING = 2
"""How many steps a fact, a clause or a reading has below the posting that is based on it."""


def addresses(whole: Explanation) -> Iterator[tuple[str, Explanation]]:
    """Yield every address of an explanation, each with what it opens."""
    for indicator in whole.indicators:
        yield indicator.address, _only(whole, indicators=(indicator,))
        for part in indicator.parts:
            only_part = replace(indicator, parts=(part,))
            if part.line is not None:
                yield part.address, _only(whole, indicators=(only_part,))
            for posting in part.postings:
                only = replace(indicator, parts=(replace(part, postings=(posting,)),))
                yield posting.address, _only(whole, indicators=(only,))
    for level in whole.levels:
        yield level.address, _only(whole, levels=(level,))
        for posting in level.postings:
            yield posting.address, _only(whole, levels=(replace(level, postings=(posting,)),))
    for result in whole.results:
        yield result.address, _only(whole, results=(result,))
    for fact in whole.facts:
        yield fact.address, _only(whole, facts=(fact,))
        for item in fact.evidence:
            if item.address != fact.address:
                yield item.address, _only(whole, facts=(replace(fact, evidence=(item,)),))
    for clause in whole.clauses:
        yield clause.address, _only(whole, clauses=(clause,))
    for reading in whole.readings:
        yield reading.address, _only(whole, readings=(reading,))


def open_address(whole: Explanation, written: str) -> Explanation | None:
    """Return what an address opens, without the evaluation; None where there is no such node.

    A fact, a clause or a reading also opens below a posting or a result that is based on it.
    """
    steps = steps_of(written)
    if not steps:
        return whole
    found = dict(addresses(whole))
    at = address(*steps)
    if at in found:
        return found[at]
    holder, below = address(*steps[:-_OF_A_FIRING]), address(*steps[-_OF_A_FIRING:])
    if holder in found and below in found and below in set(_based_on(found[holder])):
        return found[below]
    return None


def firings_of(opened: Explanation) -> Iterator[FiringExplained]:
    """Yield the firings that an explanation shows, and those behind them."""
    seen: set[int] = set()
    shown = [posting.firing for posting in opened.postings] + [f for result in opened.results for f in result.firings]
    shown += [fact.origin for fact in opened.facts if fact.origin is not None]
    for firing in shown:
        for each in firing.behind():
            if id(each) not in seen:
                seen.add(id(each))
                yield each


def facts_of(opened: Explanation) -> dict[str, FactExplained]:
    """Return the facts that an explanation names, by their addresses."""
    found = {fact.address: fact for fact in opened.facts}
    for firing in firings_of(opened):
        for fact in (*firing.facts, *(fact for figure in firing.aggregates for fact in figure.facts)):
            found.setdefault(fact.address, fact)
    return found


def _based_on(opened: Explanation) -> Iterator[str]:
    yield from facts_of(opened)
    for firing in firings_of(opened):
        yield from (clause.address for clause in firing.clauses)
        yield from (reading.address for reading in firing.readings)


def _only(
    whole: Explanation,
    indicators: tuple[IndicatorExplained, ...] = (),
    levels: tuple[LevelExplained, ...] = (),
    results: tuple[ResultExplained, ...] = (),
    facts: tuple[FactExplained, ...] = (),
    clauses: tuple[ClauseExplained, ...] = (),
    readings: tuple[ReadingExplained, ...] = (),
) -> Explanation:
    return Explanation(whole.case, whole.evaluation, indicators, (), levels, results, facts, clauses, readings)
