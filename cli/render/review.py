"""Where a ruleset comes from, and how far it has been reviewed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cli.render.words import DIGEST_DIGITS
from engine.base.messages import Message, msg
from engine.ruleset import Ruleset
from engine.ruleset.review import Review, is_chinese, needs_review, reviews


def head_words(ruleset: Ruleset) -> Iterator[Message]:
    """Yield what to say of a ruleset's origin and review; nothing where it has neither."""
    provenance = ruleset.provenance
    if provenance is not None:
        yield msg(
            "Copied from {origin}, revision {revision}, text {digest}",
            origin=provenance.origin,
            revision=provenance.revision,
            digest=provenance.text[:DIGEST_DIGITS],
        )
    if needs_review(ruleset):
        found = reviews(ruleset)
        done = sum(review.is_confirmed for review in found)
        yield msg("Reviewed: {done} of {all} clauses, parameters and readings", done=done, all=len(found))


def review_words(review: Review) -> Message:
    """Say who has confirmed an item."""
    found = review.confirmation
    if found is None:
        return msg("Not reviewed")
    if review.is_confirmed:
        return msg("Confirmed by {by} on {on}", by=found.by, on=found.on)
    return msg("Changed since {by} confirmed it on {on}", by=found.by, on=found.on)


def provenance_json(ruleset: Ruleset) -> dict[str, Any] | None:
    """Return where a ruleset comes from."""
    found = ruleset.provenance
    return None if found is None else {"from": found.origin, "revision": found.revision, "text": found.text}


def review_json(ruleset: Ruleset) -> list[dict[str, Any]] | None:
    """Return what there is to review and what is confirmed; None where nothing needs a review."""
    if not needs_review(ruleset):
        return None
    chinese = is_chinese(ruleset)
    return [
        {
            "item": review.item.spelt(chinese=chinese),
            "kind": review.item.kind,
            "name": review.item.name,
            "state": _state(review),
            "by": None if review.confirmation is None else review.confirmation.by,
            "on": None if review.confirmation is None else review.confirmation.on,
        }
        for review in reviews(ruleset)
    ]


def _state(review: Review) -> str:
    return "confirmed" if review.is_confirmed else "unreviewed" if review.confirmation is None else "changed"
