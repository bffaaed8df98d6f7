"""What a checked proof proves, for people and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from audit.log.coding import encoded
from audit.log.entries import COVER_KIND, OFFICIAL
from audit.log.errors import unknown_entry
from audit.log.keys import PublicKey
from audit.log.proofs import ConsistencyProof, InclusionProof
from audit.log.wording import entry_range
from cli.render.printable import printable
from cli.render.words import STANDING
from cli.render.wrapping import tell
from cli.session import Session, UsageFault
from cli.view import View, require_indicator, view_of
from engine.base.faults import Fault, RulesetError
from engine.base.messages import msg, plural
from engine.receipt import ReceiptError


def print_proof(
    session: Session, proof: InclusionProof, body: Mapping[str, Any], key: PublicKey, indicator: int | None
) -> None:
    """Print what is proved: the entry, whose signature stands behind it, and the evaluation."""
    seen = _asked(proof, body, indicator)
    head = proof.checkpoint
    proved = msg(
        "Proved: entry {index} of the ledger {origin}, as “{name}” signed it when it had {entries}.",
        index=proof.index,
        origin=head.origin,
        name=key.name,
        entries=plural("{count} entry", "{count} entries", count=head.size),
    )
    tell(session, proved)
    tell(session, msg("Recorded {at} by {actor}.", at=body["at"], actor=body["actor"]))
    if seen is None:
        if body["kind"] == COVER_KIND:
            covered = entry_range(body["from"], body["to"])
            tell(session, msg("It covers {entries}, which had no signed checkpoint.", entries=covered))
        elif "key" in body:
            tell(session, msg("From there on checkpoints are signed by this key:"))
            session.print(printable(str(body["key"])))
        else:
            if body["standing"] != OFFICIAL:
                tell(session, STANDING[body["standing"]])
            tell(session, msg("The file holds no receipt, so it does not show what was scored."))
        return
    from cli.render.card import print_card
    from cli.render.explanation import explanation_tree

    if indicator is None:
        print_card(session, seen)
    else:
        with session.page() as console:
            console.print(explanation_tree(session, seen, indicator))
    scope = msg(
        "This file cannot show whether a later entry supersedes this one: it speaks of a ledger of {entries}.",
        entries=plural("{count} entry", "{count} entries", count=head.size),
    )
    tell(session, scope)


def _asked(proof: InclusionProof, body: Mapping[str, Any], indicator: int | None) -> View | None:
    """Return the evaluation, if there is one; the indicator that is asked for must be in it."""
    seen = _view(proof, body)
    if indicator is None:
        return seen
    if seen is None:
        raise UsageFault(
            Fault(msg("The file holds no receipt, so it does not show what was scored."), msg("Leave out --indicator."))
        )
    require_indicator(seen, indicator)
    return seen


def proof_content(
    proof: InclusionProof, body: Mapping[str, Any], key: PublicKey, indicator: int | None
) -> dict[str, Any]:
    """Return the same as JSON."""
    from cli.render.explanation import explanation_content

    seen = _asked(proof, body, indicator)
    # Whether a later entry supersedes this one is what a proof cannot show.
    summary = {} if seen is None else {key: said for key, said in seen.summary().items() if key != "superseded_by"}
    return {
        "proved": True,
        "origin": proof.checkpoint.origin,
        "size": proof.checkpoint.size,
        "root": encoded(proof.checkpoint.root),
        "key": key.text,
        "entry": dict(body),
        "standing": body.get("standing"),
        "evaluation": summary or None,
        "explanation": None if seen is None or indicator is None else explanation_content(seen, indicator),
    }


def print_consistency(session: Session, proof: ConsistencyProof, key: PublicKey | None, *, as_json: bool) -> None:
    """Print that one checkpoint extends another."""
    if as_json:
        content = {"consistent": True, "origin": proof.new.origin, "old": proof.old.size, "new": proof.new.size}
        session.json({**content, "key": None if key is None else key.text})
        return
    extends = msg(
        "The checkpoint of {new} extends the one of {old}: nothing was changed, removed or reordered between.",
        new=plural("{count} entry", "{count} entries", count=proof.new.size),
        old=proof.old.size,
    )
    tell(session, extends)
    if key is None:
        tell(session, msg("The signatures were not checked; --key names the public key that you trust."))


def _view(proof: InclusionProof, body: Mapping[str, Any]) -> View | None:
    """Return the evaluation as the ledger would show it, from the file alone.

    `ProofError` where a receipt or a ruleset, signed though they are, are not ones that this program can read.
    """
    if proof.receipt is None or proof.sources is None:
        return None
    try:
        return view_of(proof.receipt.encode(), proof.sources, body)
    except (ReceiptError, RulesetError) as error:
        raise unknown_entry(proof.index) from error
