"""What became of the evidence files of an evaluation: a table, and their numbers below it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from cli.render.listing import print_table
from cli.render.words import file_words
from cli.terminal.printable import one_line
from cli.terminal.session import Session
from engine.base.messages import Message, msg, plural
from engine.facts import FileDigest
from workflow.evidence import STATES, FileCheck, State

STATE: Mapping[State, Message] = {
    "changed": msg("changed"),
    "gone": msg("gone"),
    "unreadable": msg("unreadable"),
    "not_recorded": msg("no digest recorded"),
    "same": msg("unchanged"),
}

_NONE_WHOLE = -1
"""No column is copied as a whole."""


def render_evidence(session: Session, evaluation: str, checks: Sequence[FileCheck]) -> None:
    """Print the table of the files that were checked, and how many there are of each state."""
    if not checks:
        session.report(msg("The evidence of {id} names no files.", id=evaluation))
        return
    counts = Counter(check.state for check in checks)
    comma = "、" if session.language == "zh" else ", "
    rows = [
        (
            one_line(comma.join(one.named.facts)),
            one_line(comma.join(one.named.titles)),
            one_line(one.named.file),
            "\n".join(session.say(line) for line in _state(one)),
        )
        for one in checks
    ]
    columns = [msg("Facts"), msg("Title"), msg("File"), msg("State")]
    print_table(session, columns, rows, whole=_NONE_WHOLE)
    numbers = [
        session.say(msg("{count} {state}", count=counts[state], state=words))
        for state, words in STATE.items()
        if counts[state]
    ]
    session.report(
        plural("{count} file: {numbers}.", "{count} files: {numbers}.", count=len(checks), numbers=comma.join(numbers)),
    )
    if any(check.needs_a_look for check in checks):
        session.report(msg("Find the files as they were recorded; --folder names another folder to search."))


def evidence_json(session: Session, evaluation: str, checks: Sequence[FileCheck]) -> dict[str, Any]:
    """Return the same as JSON."""
    return {
        "evaluation": evaluation,
        "counts": {state: sum(check.state == state for check in checks) for state in STATES},
        "files": [
            {
                "file": check.named.file,
                "state": check.state,
                "facts": list(check.named.facts),
                "titles": list(check.named.titles),
                "was": _digest_json(check.named.recorded),
                "now": _digest_json(check.found),
                "reason": None if check.reason is None else session.say(check.reason),
            }
            for check in checks
        ],
    }


def _digest_json(digest: FileDigest | None) -> dict[str, Any]:
    return {"sha256": digest and digest.sha256, "size": digest and digest.size}


def _state(checked: FileCheck) -> list[Message]:
    lines = [STATE[checked.state]]
    recorded, found = checked.named.recorded, checked.found
    if checked.state == "changed" and recorded is not None and found is not None:
        lines.append(msg("was {file}", file=file_words(recorded.sha256, recorded.size)))
        lines.append(msg("now {file}", file=file_words(found.sha256, found.size)))
    elif checked.state == "unreadable" and checked.reason is not None:
        lines.append(checked.reason)
    return lines
