"""What became of the evidence files of an evaluation: a table, and their numbers below it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from cli.render.listing import print_table
from cli.render.printable import one_line
from cli.render.words import file_words
from cli.render.wrapping import tell
from cli.session import Session
from engine.base.messages import Message, msg, plural

if TYPE_CHECKING:
    from cli.commands.evidence import Checked

STATE: Mapping[str, Message] = {
    "changed": msg("changed"),
    "gone": msg("gone"),
    "unreadable": msg("unreadable"),
    "not_recorded": msg("no digest recorded"),
    "same": msg("unchanged"),
}

_NONE_WHOLE = -1
"""No column is copied as a whole."""


def print_checked(session: Session, evaluation: str, checked: Sequence[Checked], counts: Mapping[str, int]) -> None:
    """Print the table of the files that were checked, and how many there are of each state."""
    if not checked:
        tell(session, msg("The evidence of {id} names no files.", id=evaluation))
        return
    comma = "、" if session.language == "zh" else ", "
    rows = [
        (
            one_line(comma.join(one.named.facts)),
            one_line(comma.join(one.named.titles)),
            one_line(one.named.file),
            "\n".join(session.say(line) for line in _state(one)),
        )
        for one in checked
    ]
    columns = [msg("Facts"), msg("Title"), msg("File"), msg("State")]
    print_table(session, columns, rows, whole=_NONE_WHOLE)
    numbers = [
        session.say(msg("{count} {state}", count=counts[state], state=words))
        for state, words in STATE.items()
        if counts[state]
    ]
    tell(
        session,
        plural(
            "{count} file: {numbers}.", "{count} files: {numbers}.", count=len(checked), numbers=comma.join(numbers)
        ),
    )
    if any(counts[state] for state in ("changed", "gone", "unreadable")):
        tell(session, msg("Find the files as they were recorded; --folder names another folder to search."))


def _state(checked: Checked) -> list[Message]:
    lines = [STATE[checked.state]]
    recorded, found = checked.named.recorded, checked.found
    if checked.state == "changed" and recorded is not None and found is not None:
        lines.append(msg("was {file}", file=file_words(recorded.sha256, recorded.size)))
        lines.append(msg("now {file}", file=file_words(found.sha256, found.size)))
    elif checked.state == "unreadable" and checked.reason is not None:
        lines.append(checked.reason)
    return lines
