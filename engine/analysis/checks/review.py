"""What of a copied ruleset nobody has confirmed, and confirmations of what it does not have."""

from __future__ import annotations

from collections.abc import Iterator

from engine.analysis.checks.finding import Finding
from engine.analysis.material.material import Material
from engine.base.messages import Message, listing, msg
from engine.ruleset.model import Ruleset
from engine.ruleset.review import CLAUSE, Review, is_chinese, items, near, needs_review, parted, reviews


def unreviewed(material: Material) -> Iterator[Finding]:
    """Find the clauses, parameters and readings that nobody has confirmed as they are."""
    ruleset = material.ruleset
    if not needs_review(ruleset):
        return
    for review in reviews(ruleset):
        if not review.is_confirmed:
            name = review.item.spelt(chinese=is_chinese(ruleset))
            yield Finding(
                "unreviewed",
                name,
                _what(name, review, ruleset),
                msg(
                    "Compare it with the notice, then run `fenming ruleset confirm {id} '{item}' --by NAME`.",
                    id=ruleset.id,
                    item=name,
                ),
                review.item.place,
            )


def _what(name: str, review: Review, ruleset: Ruleset) -> Message:
    before = review.confirmation
    if before is None and ruleset.provenance is not None:
        origin = ruleset.provenance.origin
        return msg("Nobody has confirmed “{item}” since the ruleset was made from {origin}.", item=name, origin=origin)
    if before is None:
        return msg("Nobody has confirmed “{item}”.", item=name)
    if review.item.kind == CLAUSE:
        return msg(
            "“{item}”, or a rule that carries it out, has changed since {by} confirmed it on {on}.",
            item=name,
            by=before.by,
            on=before.on,
        )
    return msg("“{item}” has changed since {by} confirmed it on {on}.", item=name, by=before.by, on=before.on)


def unneeded_confirmations(material: Material) -> Iterator[Finding]:
    """Find what is confirmed and is not there: something misspelt, or dropped since."""
    ruleset = material.ruleset
    known = items(ruleset) if ruleset.reviewed else ()
    for each in ruleset.reviewed:
        if not any(item.is_called(*parted(each.item)) for item in known):
            close = near(each.item, known, chinese=is_chinese(ruleset))
            names = listing(f"“{name}”" for name in close)
            yield Finding(
                "unneeded-confirmation",
                each.item,
                msg("“{item}” is confirmed, but the ruleset does not have it.", item=each.item),
                msg("Remove the line from `reviewed`, or correct the name: {names}.", names=names)
                if close
                else msg("Remove the line from `reviewed`."),
                each.node.place,
            )
