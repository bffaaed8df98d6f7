"""What a ledger holds, as a table or as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from audit.records import Evaluation, KeyChange
from cli.render.listing import print_table
from cli.render.words import points_range
from cli.session import Session
from engine.errors import msg

_SHORT = 8
_FIELDS = (
    "entry",
    "at",
    "actor",
    "department",
    "year",
    "ruleset",
    "total",
    "open",
    "grade",
    "receipt_sha256",
    "supersedes",
    "superseded_by",
    "reason",
)


def print_ledger(session: Session, found: Sequence[Evaluation | KeyChange]) -> None:
    """Print a row for each entry."""
    columns = [msg("Entry"), msg("Evaluation"), msg("Time"), msg("Actor"), msg("Case"), msg("Score"), msg("Note")]
    print_table(session, columns, [_row(session, each) for each in found], whole=1)


def ledger_content(found: Sequence[Evaluation | KeyChange]) -> list[dict[str, Any]]:
    """Return the same as JSON."""
    return [_content(each) for each in found]


def _content(each: Evaluation | KeyChange) -> dict[str, Any]:
    if isinstance(each, KeyChange):
        return {"entry": each.entry, "at": each.at, "actor": each.actor, "key": each.key.text, "reason": each.reason}
    return {"evaluation": each.id, **{field: getattr(each, field) for field in _FIELDS}}


def _row(session: Session, each: Evaluation | KeyChange) -> Sequence[str]:
    head = str(each.entry), each.at.replace("T", " "), each.actor
    if isinstance(each, KeyChange):
        told = session.say(msg("Key {id} signs from here on.", id=each.key.key_id.hex()))
        return head[0], "", *head[1:], "", "", f"{told}\n{each.reason}".rstrip()
    case, score = f"{each.department} {each.year}", f"{points_range(each.total, each.open)} {each.grade or '–'}"
    return head[0], each.id, *head[1:], case, score, _note(session, each.supersedes, each.superseded_by, each.reason)


def _note(session: Session, supersedes: str | None, superseded_by: str | None, reason: str) -> str:
    notes = []
    if supersedes is not None:
        notes.append(session.say(msg("Supersedes {id}: {reason}", id=_short(supersedes), reason=reason)))
    if superseded_by is not None:
        notes.append(session.say(msg("Superseded by {id}.", id=_short(superseded_by))))
    return "\n".join(notes)


def _short(evaluation: str) -> str:
    """Return the beginning of an id, which a narrow column holds on one line; the id stands whole in the list."""
    return f"{evaluation[:_SHORT]}…"
