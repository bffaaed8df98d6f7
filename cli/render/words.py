"""The words that the renderers share: standings, values, files, the name of a ruleset."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cli.terminal.printable import one_line
from cli.terminal.session import Session
from engine.base.messages import Message, msg, plural
from engine.explanation import ScoredCase
from engine.explanation.card import grade_words
from engine.explanation.words import FieldValue, PointsRange
from engine.ruleset import Ruleset

SHOWN_DIGITS = 16
"""How much of a digest people see: enough that no other file is likely to have it."""

DIGEST_DIGITS = 12
"""How many digits of the digest of a ruleset's text its name shows."""

STANDING: Mapping[str, Message] = {
    "official": msg("It is official."),
    "beside": msg("Recorded beside the evaluation in force."),
    "trial": msg("Trial: not a score of the department."),
}

ACTION: Mapping[str, Message] = {
    "derive": msg("derives a fact"),
    "award": msg("award"),
    "deduct": msg("deduction"),
    "cap": msg("cap"),
    "adjust": msg("judgement"),
    "override": msg("override"),
    "not_applicable": msg("not applicable"),
    "flag": msg("remark on the card"),
    "result": msg("result"),
}
"""What a rule does, by the name of its action."""


def case_words(case: ScoredCase) -> Message:
    """Say which case it is, and how it came out."""
    content = case.content
    return msg(
        "{department}, {year}: {total} of {weight}, {grade}",
        department=content.case.department,
        year=content.case.year,
        total=str(PointsRange.read(content.total, content.open)),
        weight=content.weight,
        grade=grade_words(content),
    )


def field_text(session: Session, field: FieldValue) -> str:
    """Write a fact's field with its title, its value and its unit."""
    value, title = field.value, field.title
    if isinstance(value, Message):
        shown = one_line(session.say(value))
    elif isinstance(value, bool):
        shown = session.say(msg("yes") if value else msg("no"))
    else:
        # A number with a true minus, as everywhere else.
        shown = one_line(f"−{value[1:]}" if value[:1] == "-" and value[1:2].isdecimal() else value)
    colon = "：" if session.language == "zh" else ": "
    named = session.say(title) if isinstance(title, Message) else title
    return f"{named}{colon}{shown}{f' {field.unit}' if field.unit else ''}"


def file_words(sha256: str, size: int) -> Message:
    """Say what a file held: its size, and as much of its SHA-256 as people compare."""
    return plural(
        "{size} byte, SHA-256 {digest}…",
        "{size} bytes, SHA-256 {digest}…",
        count=size,
        size=f"{size:,}",
        digest=sha256[:SHOWN_DIGITS],
    )


def listed(session: Session, entries: Iterable[str]) -> str:
    """Write the fields of a fact one after another."""
    return ("；" if session.language == "zh" else "; ").join(entries)


def ruleset_name(ruleset: Ruleset) -> Message:
    """Return the name of a ruleset: its id and revision, what that corrects, and the beginning of its text's digest."""
    corrigendum = ruleset.corrigendum
    if corrigendum is None:
        revision = msg("revision {revision}", revision=ruleset.revision)
    else:
        revision = msg(
            "revision {revision} ({on}: {reason})",
            revision=ruleset.revision,
            on=corrigendum.on,
            reason=corrigendum.reason,
        )
    return msg("ruleset {id}, {revision}, text {digest}", id=ruleset.id, revision=revision,
               digest=ruleset.text[:DIGEST_DIGITS])  # fmt: skip
