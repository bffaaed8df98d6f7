"""The one writer and the one reader of receipts."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from typing import Any

import msgspec

from engine.base.faults import Damaged, problem
from engine.base.messages import Message, msg
from engine.base.sources import canonical, sha256
from engine.facts.builtin import evidence_id
from engine.receipt.model import Content, PostingLine, Receipt

_DEEPEST = 100
"""In how many steps facts may be derived from one another, far above any ruleset's."""

_DECODER = msgspec.json.Decoder(Content)


class ReceiptError(Damaged):
    """A text is not a receipt."""


def write_receipt(content: Content) -> Receipt:
    """Return the receipt with this content."""
    text = canonical(content)
    return Receipt(content, text, sha256(text))


def read_receipt(text: bytes) -> Receipt:
    """Return the receipt that a text is; `ReceiptError` where it is not one to the byte.

    A receipt that was read has all that it names: firings, aggregates and facts; and its derivations do not go in
    circles, so that following them comes to an end.
    """
    try:
        content = _DECODER.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise not_a_receipt(Message("{error}", {"error": str(error)})) from None
    if canonical(content) != text:
        raise not_a_receipt(msg("its JSON is not in the canonical form"))
    if (fault := _broken_reference(content)) is not None:
        raise not_a_receipt(fault)
    return Receipt(content, text, sha256(text))


def plain(lines: object) -> Any:
    """Return lines of a receipt as plain JSON values: mappings, lists and texts."""
    return msgspec.json.decode(canonical(lines))


def not_a_receipt(reason: Message) -> ReceiptError:
    """Return the error that says why something is not a receipt."""
    return ReceiptError.because(
        problem("receipt.not-one", "This is not a receipt: {reason}.", reason=reason),
        msg("Fetch a complete, unmodified copy."),
    )


def _broken_reference(content: Content) -> Message | None:
    """Return the first thing that is named and not there, or a derivation that depends on itself."""
    firings, aggregates = len(content.firings), len(content.aggregates)
    facts = {given.id for given in content.facts} | {fact.id for fact in content.derived}
    facts.update(evidence_id(fact.id, n) for fact in content.facts for n in range(1, len(fact.evidence) + 1))
    for fact in content.facts:
        if any((item.sha256 is None) != (item.size is None) for item in fact.evidence):
            return msg("the evidence of fact {id} has an incomplete digest", id=fact.id)
    for posting in content.postings:
        if posting.firing >= firings:
            return _posts_nothing(posting)
        if (posting.indicator is None) == (posting.level is None):
            return msg("a posting is on an indicator and on a level, or on neither")
    for derived in content.derived:
        if derived.firing >= firings:
            return msg("the derived fact {id} names no firing", id=derived.id)
    for aggregate in content.aggregates:
        if not facts.issuperset(aggregate.facts):
            return msg("the aggregate {text} names a fact that is not there", text=aggregate.text)
    for firing in content.firings:
        if not facts.issuperset(firing.facts):
            return msg("a firing of {rule} names a fact that is not there", rule=firing.rule)
        if any(number >= aggregates for number in firing.aggregates):
            return msg("a firing of {rule} names an aggregate that is not there", rule=firing.rule)
    return _broken_result(content) or _circle(content)


def _broken_result(content: Content) -> Message | None:
    """Find a result that names a firing that is not there."""
    for result in content.results:
        if any(number >= len(content.firings) for number in result.firings):
            return msg("the result {name} names no firing", name=result.name)
    return None


def _posts_nothing(posting: PostingLine) -> Message:
    if posting.indicator is None:
        return msg("a posting of level “{level}” names no firing", level=" / ".join(posting.level or ()))
    return msg("a posting of indicator {number} names no firing", number=posting.indicator)


def _circle(content: Content) -> Message | None:
    """Find a derived fact that depends on itself, or on too long a chain of others."""
    order: TopologicalSorter[str] = TopologicalSorter()
    for fact in content.derived:
        firing = content.firings[fact.firing]
        order.add(
            fact.id, *firing.facts, *(id_ for number in firing.aggregates for id_ in content.aggregates[number].facts)
        )
    try:
        order.prepare()
    except CycleError as error:
        return msg("the derived fact {id} depends on itself", id=min(error.args[1]))
    for _ in range(_DEEPEST):
        if not order.is_active():
            return None
        order.done(*order.get_ready())
    return msg("its facts are derived from one another in more steps than any ruleset takes")
