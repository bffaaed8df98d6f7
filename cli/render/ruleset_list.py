"""The list of rulesets, as a table or as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cli.render.listing import print_table
from cli.render.words import DIGEST_DIGITS
from cli.terminal.session import Session
from engine.base.messages import msg
from engine.ruleset import Ruleset


def render_rulesets(session: Session, found: Sequence[Ruleset]) -> None:
    """Print a row for each ruleset; the digest is that of its own text, which cards and explanations show."""
    rows = [(r.id, r.title, r.issuer, str(r.year), str(r.revision), r.text[:DIGEST_DIGITS]) for r in found]
    columns = [msg("Ruleset"), msg("Title"), msg("Issuer"), msg("Year"), msg("Revision"), msg("Text")]
    print_table(session, columns, rows)


def rulesets_json(found: Sequence[Ruleset]) -> list[dict[str, Any]]:
    """Return the same as JSON."""
    return [
        {
            "id": ruleset.id,
            "title": ruleset.title,
            "issuer": ruleset.issuer,
            "year": ruleset.year,
            "revision": ruleset.revision,
            "text": ruleset.text,
            "digest": ruleset.digest,
        }
        for ruleset in found
    ]
