"""What an entry says: its body, and the words that people put into it."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from typing import Any

from audit import errors
from audit.tables import EVALUATION_KIND
from engine.errors import msg
from engine.receipt import Receipt

ENTRY_FORMAT = "fenming/entry/1"


def evaluation_body(
    index: int,
    evaluation: str,
    receipt: Receipt,
    *,
    actor: str,
    at: datetime,
    supersedes: str | None,
    reason: str,
) -> dict[str, Any]:
    """Return the body of an entry that records an evaluation: through digests it stands for all that was recorded."""
    return {
        "format": ENTRY_FORMAT,
        "index": index,
        "kind": EVALUATION_KIND,
        "at": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "actor": actor,
        "evaluation": evaluation,
        "receipt_sha256": receipt.sha256,
        "ruleset": receipt.content["ruleset"]["digest"],
        "supersedes": supersedes,
        "reason": reason,
    }


_UNPRINTED = {"Cc", "Cs", "Zl", "Zp"}
"""The Unicode categories of control characters, lone surrogates and line separators."""


def _plain(text: str) -> bool:
    return not any(unicodedata.category(character) in _UNPRINTED for character in text)


def check_text(actor: str, reason: str, *, correcting: bool) -> None:
    """Refuse an actor or a reason that is no plain text, and a correction without a reason."""
    if not actor.strip() or not _plain(actor):
        raise errors.bad_text(msg("actor"), ascii(actor)[1:-1])
    if not _plain(reason.replace("\n", "")):
        raise errors.bad_text(msg("reason"), ascii(reason)[1:-1])
    if correcting and not reason.strip():
        raise errors.no_reason()
