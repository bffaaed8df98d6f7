"""What an entry says: its body, and the words that people put into it."""

from __future__ import annotations

import json
import secrets
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any

from jsonschema import Draft202012Validator

from audit import errors
from audit.log.keys import PublicKey, parse_public_key
from engine.errors import msg
from engine.receipt import Receipt
from engine.sources import canonical, sha256
from schemas import schema

ENTRY_FORMAT = "fenming/entry/1"

EVALUATION_KIND = "evaluation"
"""The kind of entry that records an evaluation."""

KEY_KIND = "key"
"""The kind of entry that names the key by which checkpoints are signed from here on."""

ID_DIGITS = 16
"""How many hexadecimal digits an evaluation's id has."""


def evaluation_id(index: int, receipt_sha256: str) -> str:
    """Return the id of the evaluation with this receipt at this entry."""
    return sha256(f"{index}:{receipt_sha256}".encode())[:ID_DIGITS]


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
    return _body(index, EVALUATION_KIND, actor, at, reason) | {
        "evaluation": evaluation,
        "receipt_sha256": receipt.sha256,
        "ruleset": receipt.content["ruleset"]["digest"],
        "supersedes": supersedes,
    }


def key_body(index: int, key: PublicKey, *, actor: str, at: datetime, reason: str) -> dict[str, Any]:
    """Return the body of an entry that names the key by which checkpoints are signed from here on."""
    return _body(index, KEY_KIND, actor, at, reason) | {"key": key.text}


def read_body(text: str) -> Mapping[str, Any] | None:
    """Return what the body of an entry says; None where it is none to the byte, or of a kind that we do not know."""
    try:
        body = json.loads(text)
        if not _schema().is_valid(body) or canonical(body) != text.encode():
            return None
    except (TypeError, ValueError, RecursionError):
        return None
    if type(body["index"]) is not int or ("ledger" in body and body["index"]):
        return None
    # To a pattern the text may end before a last line break.
    if any(isinstance(said, str) and said.endswith("\n") for name, said in body.items() if name != "reason"):
        return None
    if body["kind"] == KEY_KIND:
        return body if parse_public_key(body["key"]) is not None else None
    return body if body["evaluation"] == evaluation_id(body["index"], body["receipt_sha256"]) else None


@cache
def _schema() -> Draft202012Validator:
    return Draft202012Validator(schema("entry.json"))


def _body(index: int, kind: str, actor: str, at: datetime, reason: str) -> dict[str, Any]:
    body = {"format": ENTRY_FORMAT, "index": index, "kind": kind, "at": _time(at), "actor": actor, "reason": reason}
    # Two ledgers may begin with the same evaluation, by the same hand, in the same second.
    return body if index else body | {"ledger": secrets.token_hex(16)}


def _time(at: datetime) -> str:
    return at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


_UNPRINTED = {"Cc", "Cs", "Zl", "Zp"}
"""The Unicode categories of control characters, lone surrogates and line separators."""


@lru_cache(maxsize=1024)
def is_plain(text: str) -> bool:
    """Tell whether a text has only characters that print, and no line breaks; the same few come again and again."""
    return text.isprintable() or not any(unicodedata.category(character) in _UNPRINTED for character in text)


def check_text(actor: str, reason: str, *, correcting: bool) -> None:
    """Refuse an actor or a reason that is no plain text, and a correction without a reason."""
    if not actor.strip() or not is_plain(actor):
        raise errors.bad_text(msg("actor"), ascii(actor)[1:-1])
    if not is_plain(reason.replace("\n", "")):
        raise errors.bad_text(msg("reason"), ascii(reason)[1:-1])
    if correcting and not reason.strip():
        raise errors.no_reason()
