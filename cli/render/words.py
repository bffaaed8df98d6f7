"""The words that the renderers share: statuses, kinds of postings, values, points."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction

from cli.render.printable import one_line
from cli.session import Session
from cli.view import View
from engine.base.messages import Message, msg, plural
from engine.base.numbers import exact_text, reading_text, short_text, simplest
from engine.facts.model import FactType, Kind
from engine.receipt.model import Content, FiringLine, Outcome, PostingLine

SHOWN_DIGITS = 16
"""How much of a digest people see: enough that no other file is likely to have it."""

_LONG_NUMBER = re.compile(r"-?[0-9]+(?:/[1-9][0-9]*|\.[0-9]+)")

DIGEST_DIGITS = 12
"""How many digits of the digest of a ruleset's text its name shows."""

STANDING: Mapping[str, Message] = {
    "official": msg("It is official."),
    "beside": msg("Recorded beside the evaluation in force."),
    "trial": msg("Trial; it scores no case."),
}

STATUS: Mapping[str, Message] = {
    "assessed": msg("assessed"),
    "not_applicable": msg("not applicable"),
    "not_assessed": msg("not assessed"),
}

KIND: Mapping[str, Message] = {
    "award": msg("award"),
    "deduction": msg("deduction"),
    "rest": msg("rest"),
    "cap": msg("cap"),
    "adjustment": msg("judgement"),
    "override": msg("override"),
    "not_applicable": msg("not applicable"),
    "not_assessed": msg("not assessed"),
    "rounding": msg("rounding"),
    "limit": msg("limit of the judgements"),
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
}
"""What a rule does, by the name of its action."""

LIMIT: Mapping[str, Message] = {
    "cap": msg("asked {asked}, limited to what can be given"),
    "floor": msg("asked {asked}, limited to what is left"),
    "stricter": msg("asked {asked}; a stricter one counts"),
}


def limit_words(session: Session, posting: PostingLine) -> str:
    """Return the remark that sets what was asked apart from what was posted; empty where they are the same."""
    if not posting.limit:
        return ""
    asked = Message(LIMIT[posting.limit].template, {"asked": short_points(posting.asked)})
    return session.say(msg(" ({remark})", remark=asked))


def says(session: Session, firing: FiringLine) -> str:
    """Return a firing's sentence, or its formula where the rule has none."""
    sentence = one_line(str(firing.says.in_language(session.language)))
    if sentence:
        return sentence
    formulas = [f"{f.text} = {f.numbers} = {f.value}" for f in firing.formulas if f.kind == "points"]
    return "; ".join(formulas) or str(firing.rule)


def short_points(points: str) -> str:
    """Write an exact number for people: as it is where it has four decimals at most, else rounded to two."""
    return reading_text(simplest(Fraction(points)))


def points_range(low: str, open_points: str) -> str:
    """Write the points that are kept, or the range that they lie in while some are open."""
    if Fraction(open_points) == 0:
        return short_points(low)
    return f"{short_points(low)}–{short_points(str(Fraction(low) + Fraction(open_points)))}"


def grade_words(content: Content | Outcome) -> Message:
    """Say which grade a total has, or which ones are possible while points are open."""
    if content.grade is not None:
        return msg("{grade}", grade=content.grade)
    return msg("possible grades: {grades}", grades=" / ".join(content.grades))


def field_line(session: Session, fact_type: FactType | None, name: str, value: object) -> str:
    """Write a fact's field with its title, its value and its unit."""
    field = fact_type.fields.get(name) if fact_type is not None else None
    shown = one_line(str(value)) if not isinstance(value, bool) else session.say(msg("yes") if value else msg("no"))
    colon = "：" if session.language == "zh" else ": "
    if field is None:
        return f"{name}{colon}{shown}"
    unit = f" {field.unit}" if field.unit and field.kind is Kind.NUMBER else ""
    return f"{field.title or name}{colon}{shown}{unit}"


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


def brief(value: object, kind: Kind = Kind.NUMBER) -> str:
    """Write a value of a receipt for people: a long exact number briefly, everything else as it is."""
    text = str(value)
    if kind is not Kind.NUMBER or not _LONG_NUMBER.fullmatch(text) or exact_text(simplest(Fraction(text))) != text:
        return text
    return short_text(Fraction(text), 4)


def ruleset_name(seen: View) -> Message:
    """Return what scored an evaluation: the ruleset's id and revision, and the beginning of its text's digest."""
    named = seen.content.ruleset
    return msg(
        "ruleset {id}, revision {revision}, text {digest}",
        id=named.id,
        revision=named.revision,
        digest=named.text[:DIGEST_DIGITS],
    )
