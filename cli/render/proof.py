"""What a checked proof proves, for people and as JSON."""

from __future__ import annotations

from typing import Any

from audit.faults.wording import entry_range
from audit.log.coding import encoded
from audit.log.entries import OFFICIAL, CoverEntry, EvaluationEntry, KeyEntry
from audit.log.keys import PublicKey
from audit.log.proofs import ConsistencyProof
from cli.render.card import card_json, render_card
from cli.render.explanation import render_explanation
from cli.render.explanation_json import explanation_json
from cli.render.words import STANDING
from cli.terminal.printable import printable
from cli.terminal.session import Session
from engine.base.messages import msg, plural
from engine.receipt import plain
from workflow.proofs import CheckedProof


def render_proof(session: Session, checked: CheckedProof, key: PublicKey, indicator: int | None) -> None:
    """Print what is proved: the entry, who signed it, and the evaluation."""
    proof, entry, seen = checked.proof, checked.entry, checked.shown
    head = proof.checkpoint
    proved = msg(
        "Proved: entry {index} of the ledger {origin}, as “{name}” signed it when it had {entries}.",
        index=proof.index,
        origin=head.origin,
        name=key.name,
        entries=plural("{count} entry", "{count} entries", count=head.size),
    )
    session.report(proved)
    session.report(msg("Recorded {at} by {actor}.", at=entry.at, actor=entry.actor))
    if seen is None:
        if isinstance(entry, CoverEntry):
            covered = entry_range(entry.first, entry.last)
            session.report(msg("It covers {entries}, which had no signed checkpoint.", entries=covered))
        elif isinstance(entry, KeyEntry):
            session.report(msg("From that entry on, this key signs the checkpoints:"))
            session.print(printable(entry.key))
        else:
            if entry.standing != OFFICIAL:
                session.report(STANDING[entry.standing])
            session.report(msg("The file contains no receipt, so it does not show what was scored."))
        return
    if indicator is None:
        render_card(session, seen.card, seen.recorded)
    else:
        render_explanation(session, seen.explanation(indicator), seen.recorded)
    scope = msg(
        "This file cannot show whether a later entry supersedes this one: it speaks of a ledger of {entries}.",
        entries=plural("{count} entry", "{count} entries", count=head.size),
    )
    session.report(scope)


def proof_json(checked: CheckedProof, key: PublicKey, indicator: int | None) -> dict[str, Any]:
    """Return the same as JSON."""
    proof, entry, seen = checked.proof, checked.entry, checked.shown
    # Whether a later entry supersedes this one is what a proof cannot show.
    evaluation = None if seen is None else card_json(seen.card, seen.recorded)
    if evaluation is not None:
        del evaluation["superseded_by"]
    return {
        "proved": True,
        "origin": proof.checkpoint.origin,
        "size": proof.checkpoint.size,
        "root": encoded(proof.checkpoint.root),
        "key": key.text,
        "entry": plain(entry),
        "standing": entry.standing if isinstance(entry, EvaluationEntry) else None,
        "evaluation": evaluation,
        "explanation": None
        if seen is None or indicator is None
        else explanation_json(seen.explanation(indicator), seen.recorded, seen.explanation_digest),
    }


def render_consistency(session: Session, proof: ConsistencyProof, key: PublicKey | None, *, as_json: bool) -> None:
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
    session.report(extends)
    if key is None:
        session.report(msg("The signatures were not checked; --key names the public key that you trust."))
