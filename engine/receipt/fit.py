"""Whether a receipt and a ruleset belong together: all that the receipt names is in the ruleset."""

from __future__ import annotations

from collections.abc import Iterator

from engine.base.messages import Message, msg
from engine.receipt.model import Content
from engine.receipt.text import not_a_receipt
from engine.ruleset.model import Ruleset
from engine.scoring.notice import Converted, UnusedFact


def check_fit(content: Content, ruleset: Ruleset) -> None:
    """Refuse a receipt that another ruleset has scored: `ReceiptError` with the first thing that is missing."""
    for missing in _missing(content, ruleset):
        raise not_a_receipt(missing)


def _missing(content: Content, ruleset: Ruleset) -> Iterator[Message]:
    for fact in content.facts:
        if fact.type not in ruleset.facts:
            yield msg("the ruleset has no fact type {name}", name=fact.type)
    for name in content.readings:
        if name not in ruleset.readings:
            yield msg("the ruleset has no reading {name}", name=name)
    for firing in content.firings:
        for clause in firing.clauses:
            if clause not in ruleset.clauses:
                yield msg("the ruleset has no clause {name}", name=clause)
        for name in (*firing.readings, *firing.readings_unused):
            if content.readings.get(name) not in getattr(ruleset.readings.get(name), "alternatives", ()):
                yield msg("the ruleset has no reading {name}", name=name)
    yield from _missing_of_notices(content, ruleset)
    for result in content.results:
        if result.name not in ruleset.results:
            yield msg("the ruleset has no result {name}", name=result.name)


def _missing_of_notices(content: Content, ruleset: Ruleset) -> Iterator[Message]:
    for notice in content.notices:
        if isinstance(notice, Converted | UnusedFact) and notice.type not in ruleset.facts:
            yield msg("the ruleset has no fact type {name}", name=notice.type)
        elif isinstance(notice, Converted) and notice.field not in ruleset.facts[notice.type].fields:
            yield msg("the fact type {name} has no field {field}", name=notice.type, field=notice.field)
