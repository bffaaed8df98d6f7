"""In which order people read postings; their addresses keep the receipt's."""

from __future__ import annotations

from collections.abc import Sequence

from engine.explanation.scored import ScoredCase
from engine.explanation.value import PostingExplained


def in_reading_order(case: ScoredCase, postings: Sequence[PostingExplained]) -> list[PostingExplained]:
    """Return postings with those of a kind together: those that take points first, then in the order of the facts.

    Kinds keep the order of the books, since a later kind acts on what an earlier one left.
    """
    kinds = list(dict.fromkeys(posting.line.kind for posting in postings))
    positions = {fact.id: position for position, fact in enumerate(case.content.facts)}

    def place(posting: PostingExplained) -> tuple[int, bool, int]:
        facts = (positions[fact.id] for fact in posting.firing.given_facts() if fact.id in positions)
        return kinds.index(posting.line.kind), not posting.takes, next(facts, len(positions))

    return sorted(postings, key=place)
