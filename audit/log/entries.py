"""What an entry says: its body, and the words that people put into it."""

from __future__ import annotations

import json
import secrets
import unicodedata
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from typing import Any, ClassVar, TypeAlias

import msgspec
from jsonschema import Draft202012Validator
from msgspec import UNSET, Struct, UnsetType, structs

from audit.log.keys import PublicKey, parse_public_key
from engine.base.faults import FenmingError, InvalidInput, UsageFault, problem
from engine.base.messages import Message, msg
from engine.base.sources import canonical, sha256
from engine.receipt import Receipt
from schemas import schema

ENTRY_FORMAT = "fenming/entry/1"

EVALUATION_KIND = "evaluation"
"""The kind of entry that records an evaluation."""

KEY_KIND = "key"
"""The kind of entry that names the key by which checkpoints are signed from here on."""

COVER_KIND = "cover"
"""The kind of entry that takes entries without a checkpoint into the record, and says why."""

OFFICIAL, BESIDE, TRIAL = "official", "beside", "trial"
"""The standings of an evaluation: it scores its case, is recorded next to the one that does, or tries something out."""

MOST_ACTOR, MOST_REASON = 200, 2_000
"""How many characters an actor and a reason may have."""

ID_DIGITS = 16
"""How many hexadecimal digits an evaluation's id has."""


def evaluation_id(index: int, receipt_sha256: str) -> str:
    """Return the id of the evaluation with this receipt at this entry."""
    return sha256(f"{index}:{receipt_sha256}".encode())[:ID_DIGITS]


class _Said(Struct, frozen=True, kw_only=True, tag_field="kind", forbid_unknown_fields=True):
    """What every entry says."""

    kind: ClassVar[str]
    format: str = ENTRY_FORMAT
    index: int
    at: str
    actor: str
    reason: str
    ledger: str | UnsetType = UNSET
    """A random number, in entry 0 alone: two ledgers may begin with the same entry in the same second."""


class EvaluationEntry(_Said, frozen=True, kw_only=True, tag=EVALUATION_KIND):
    """An entry that records an evaluation: through digests it represents all that was recorded."""

    kind: ClassVar[str] = EVALUATION_KIND
    evaluation: str
    receipt_sha256: str
    ruleset: str
    standing: str
    supersedes: str | None


class KeyEntry(_Said, frozen=True, kw_only=True, tag=KEY_KIND):
    """An entry that names the key by which checkpoints are signed from here on."""

    kind: ClassVar[str] = KEY_KIND
    key: str


class CoverEntry(_Said, frozen=True, kw_only=True, tag=COVER_KIND, rename={"first": "from", "last": "to"}):
    """An entry that covers the entries before it that no checkpoint covered."""

    kind: ClassVar[str] = COVER_KIND
    first: int
    last: int


Entry: TypeAlias = EvaluationEntry | KeyEntry | CoverEntry


def evaluation_entry(
    index: int,
    receipt: Receipt,
    *,
    actor: str,
    at: datetime,
    standing: str,
    supersedes: str | None,
    reason: str,
) -> EvaluationEntry:
    """Return the entry that records an evaluation."""
    return EvaluationEntry(
        **_said(index, actor, at, reason),
        evaluation=evaluation_id(index, receipt.sha256),
        receipt_sha256=receipt.sha256,
        ruleset=receipt.content.ruleset.digest,
        standing=standing,
        supersedes=supersedes,
    )


def key_entry(index: int, key: PublicKey, *, actor: str, at: datetime, reason: str) -> KeyEntry:
    """Return the entry that names the key by which checkpoints are signed from here on."""
    return KeyEntry(**_said(index, actor, at, reason), key=key.text)


def cover_entry(index: int, first: int, *, actor: str, at: datetime, reason: str) -> CoverEntry:
    """Return the entry that covers all entries from `first` to the one before it."""
    return CoverEntry(**_said(index, actor, at, reason), first=first, last=index - 1)


def is_cover(index: int, first: object, last: object) -> bool:
    """Return whether an entry of this number can cover these entries: those right before it."""
    return type(first) is int and type(last) is int and 0 <= first <= last == index - 1


def read_entry(text: str) -> Entry | None:
    """Return the entry with this body; None where it is not one to the byte, or of a kind that we do not know."""
    try:
        if not _schema().is_valid(json.loads(text)):
            return None
        entry: Entry = _DECODER.decode(text)
    except (TypeError, ValueError, RecursionError):
        return None
    if canonical(entry) != text.encode() or (entry.ledger is not UNSET and entry.index):
        return None
    # To a pattern the text may end before a last line break.
    texts = structs.asdict(entry) | {"reason": ""}
    if any(isinstance(said, str) and said.endswith("\n") for said in texts.values()):
        return None
    return entry if _is_sound(entry) else None


def _is_sound(entry: Entry) -> bool:
    """Return whether what an entry says fits together."""
    match entry:
        case KeyEntry():
            return parse_public_key(entry.key) is not None
        case CoverEntry():
            return is_cover(entry.index, entry.first, entry.last)
        case EvaluationEntry():
            tried = entry.standing == TRIAL and entry.supersedes is not None
            return not tried and entry.evaluation == evaluation_id(entry.index, entry.receipt_sha256)


_DECODER = msgspec.json.Decoder(Entry)


@cache
def _schema() -> Draft202012Validator:
    return Draft202012Validator(schema("entry.json"))


def _said(index: int, actor: str, at: datetime, reason: str) -> dict[str, Any]:
    said = {"index": index, "at": _time(at), "actor": actor, "reason": reason}
    return said if index else said | {"ledger": secrets.token_hex(16)}


def _time(at: datetime) -> str:
    return at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def is_late(before: object, at: object) -> bool:
    """Return whether an entry's time is more than five minutes before that of the entry before it."""
    if not isinstance(before, str) or not isinstance(at, str):
        return False
    try:
        return datetime.fromisoformat(before) - datetime.fromisoformat(at) > _TOLERANCE
    except (ValueError, TypeError):
        return False


_TOLERANCE = timedelta(minutes=5)
"""How far the clocks of the machines that record may be apart."""

_UNPRINTED = {"Cc", "Cs", "Zl", "Zp"}
"""The Unicode categories of control characters, lone surrogates and line separators."""


@lru_cache(maxsize=1024)
def is_plain(text: str) -> bool:
    """Return whether a text has only characters that print, and no line breaks; the same few come again and again."""
    return text.isprintable() or not any(unicodedata.category(character) in _UNPRINTED for character in text)


def check_text(actor: str, reason: str, *, needs_reason: bool) -> None:
    """Refuse an actor or a reason that is not plain text or is too long, and a missing reason where one is needed."""
    for name, text, most in ((msg("actor"), actor, MOST_ACTOR), (msg("reason"), reason, MOST_REASON)):
        if len(text) > most:
            raise InvalidInput.because(
                problem(
                    "recording.long-text",
                    "The {name} has {length} characters; at most {most} can be recorded.",
                    name=name,
                    length=len(text),
                    most=most,
                ),
                msg("Nothing was written. Shorten it."),
            )
    if not actor.strip() or not is_plain(actor):
        raise _bad_text(msg("actor"), ascii(actor)[1:-1])
    if not is_plain(reason.replace("\n", "")):
        raise _bad_text(msg("reason"), ascii(reason)[1:-1])
    if needs_reason and not reason.strip():
        raise UsageFault.because(
            problem(
                "recording.no-reason",
                "A correction, an evaluation beside another, a change of keys, and the covering of entries each need a "
                "reason.",
            ),
            msg("Nothing was written. Give the reason with --reason."),
        )


def _bad_text(name: Message, value: str) -> FenmingError:
    """The actor or the reason cannot be kept as text."""
    return InvalidInput.because(
        problem(
            "recording.bad-text",
            "“{value}” cannot be recorded as the {name}: it is empty or has characters that do not print.",
            name=name,
            value=value,
        ),
        msg("Nothing was written. Write it as plain text."),
    )
