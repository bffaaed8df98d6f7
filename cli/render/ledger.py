"""What a ledger holds, as a table or as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from audit.faults.wording import entry_range
from audit.log.entries import BESIDE, TRIAL
from audit.tables.records import Cover, KeyChange, RecordedEvaluation
from cli.render.listing import print_table
from cli.terminal.printable import one_line
from cli.terminal.session import Session
from engine.base.messages import Message, msg
from engine.explanation.words import PointsRange

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
    "ruleset_revision",
    "ruleset_text",
    "standing",
    "supersedes",
    "superseded_by",
    "reason",
)


def render_ledger(session: Session, found: Sequence[RecordedEvaluation | KeyChange | Cover]) -> None:
    """Print a row for each entry; what is to be noted of it is below its case."""
    columns = [msg("Entry"), msg("Evaluation"), msg("Time"), msg("Actor"), msg("Score"), msg("Case")]
    print_table(session, columns, [_row(session, each) for each in found], whole=1)


def ledger_json(found: Sequence[RecordedEvaluation | KeyChange | Cover]) -> list[dict[str, Any]]:
    """Return the same as JSON."""
    return [_content(each) for each in found]


def _content(each: RecordedEvaluation | KeyChange | Cover) -> dict[str, Any]:
    if isinstance(each, Cover):
        said = {"entry": each.entry, "at": each.at, "actor": each.actor, "reason": each.reason}
        return {**said, "covers_from": each.first, "covers_to": each.last}
    if isinstance(each, KeyChange):
        return {"entry": each.entry, "at": each.at, "actor": each.actor, "key": each.key.text, "reason": each.reason}
    return {"evaluation": each.id, **{field: getattr(each, field) for field in _FIELDS}}


def _row(session: Session, each: RecordedEvaluation | KeyChange | Cover) -> Sequence[str]:
    head = str(each.entry), each.at.replace("T", "\n"), one_line(each.actor)
    if isinstance(each, Cover):
        covered = msg("Covers {entries}, which had no signed checkpoint.", entries=entry_range(each.first, each.last))
        return head[0], "", *head[1:], "", f"{session.say(covered)}\n{one_line(each.reason)}".rstrip()
    if isinstance(each, KeyChange):
        change = session.say(msg("Key {id} signs from here on.", id=each.key.key_id.hex()))
        return head[0], "", *head[1:], "", f"{change}\n{one_line(each.reason)}".rstrip()
    case = one_line(f"{each.department} {each.year}")
    score = one_line(f"{PointsRange.read(each.total, each.open)} {each.grade or '–'}")
    notes = [session.say(line) for line in standing_lines(each, _short)]
    return head[0], each.id, *head[1:], score, "\n".join([case, *notes])


def standing_lines(each: RecordedEvaluation | None, short: Callable[[str], str] = str) -> Iterator[Message]:
    """Say what an evaluation is where it is not simply the one in force; `short` may cut the ids of others."""
    if each is None:
        yield msg("Dry run: nothing was recorded.")
        return
    if each.standing == TRIAL and each.reason:
        yield msg("Trial, not a score of the department: {reason}", reason=one_line(each.reason))
    elif each.standing == TRIAL:
        yield msg("Trial: not a score of the department.")
    elif each.standing == BESIDE and each.supersedes is None:
        yield msg("Recorded beside the evaluation in force: {reason}", reason=one_line(each.reason))
    elif each.standing == BESIDE:
        yield msg("Recorded beside the evaluation in force.")
    if each.superseded_by is not None:
        yield msg("Superseded by {id}.", id=short(each.superseded_by))
    if each.supersedes is not None:
        yield msg("Supersedes {id}: {reason}", id=short(each.supersedes), reason=one_line(each.reason))


def _short(evaluation: str) -> str:
    """Return the beginning of an id, which fits a narrow column on one line; the list has the whole id."""
    return f"{evaluation[:_SHORT]}…"
