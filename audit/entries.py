"""What an entry says: its body, and the words that people put into it."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from typing import Any

from audit import errors
from audit.log.keys import PublicKey
from audit.tables import EVALUATION_KIND, KEY_KIND
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
        "at": _time(at),
        "actor": actor,
        "evaluation": evaluation,
        "receipt_sha256": receipt.sha256,
        "ruleset": receipt.content["ruleset"]["digest"],
        "supersedes": supersedes,
        "reason": reason,
    }


def key_body(index: int, key: PublicKey, *, actor: str, at: datetime, reason: str) -> dict[str, Any]:
    """Return the body of an entry that names the key by which checkpoints are signed from here on."""
    return {
        "format": ENTRY_FORMAT,
        "index": index,
        "kind": KEY_KIND,
        "at": _time(at),
        "actor": actor,
        "key": key.text,
        "reason": reason,
    }


def _time(at: datetime) -> str:
    return at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


_UNPRINTED = {"Cc", "Cs", "Zl", "Zp"}
"""The Unicode categories of control characters, lone surrogates and line separators."""


def _plain(text: str) -> bool:
    return text.isprintable() or not any(unicodedata.category(character) in _UNPRINTED for character in text)


def check_text(actor: str, reason: str, *, correcting: bool) -> None:
    """Refuse an actor or a reason that is no plain text, and a correction without a reason."""
    if not actor.strip() or not _plain(actor):
        raise errors.bad_text(msg("actor"), ascii(actor)[1:-1])
    if not _plain(reason.replace("\n", "")):
        raise errors.bad_text(msg("reason"), ascii(reason)[1:-1])
    if correcting and not reason.strip():
        raise errors.no_reason()
