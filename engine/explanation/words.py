"""The words that the card and the explanation share: statuses, kinds of postings, points, sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from engine.base.messages import Message, bilingual_text, listing, msg
from engine.base.numbers import Number, percentage, reading_text, simplest
from engine.explanation.names import rule_name
from engine.facts.model import FactType, Kind
from engine.receipt.model import BookedLine, FiringLine, PostingLine, ResultLine
from engine.receipt.results import result_number
from engine.ruleset.model import Reading

STATUS: Mapping[str, Message] = {
    "assessed": msg("assessed"),
    "not_applicable": msg("not applicable"),
    "not_assessed": msg("not assessed"),
}

_KIND: Mapping[str, Message] = {
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
    "rescaling": msg("scaling up"),
}

_LIMIT: Mapping[str, Message] = {
    "cap": msg("asked {asked}, limited to what can be given"),
    "floor": msg("asked {asked}, limited to what is left"),
    "slice": msg("only part of its slice was left"),
    "stricter": msg("asked {asked}; a stricter one counts"),
}


@dataclass(frozen=True, slots=True)
class PointsRange:
    """Points that are kept, and those that may still come."""

    kept: Number
    open: Number

    @classmethod
    def read(cls, kept: str, left: str) -> PointsRange:
        """Return the range that two amounts of a receipt make."""
        return cls(simplest(Fraction(kept)), simplest(Fraction(left)))

    def __str__(self) -> str:
        if not self.open:
            return reading_text(self.kept)
        return f"{reading_text(self.kept)}–{reading_text(simplest(Fraction(self.kept + self.open)))}"


def short_points(points: str) -> str:
    """Write an exact number for people: as it is where it has four decimals at most, else rounded to two."""
    return reading_text(simplest(Fraction(points)))


def kind_words(posting: PostingLine) -> Message:
    """Say what kind of posting it is."""
    if posting.kind == "override" and Fraction(posting.asked) == 0:
        return msg("set to zero")
    return _KIND[posting.kind]


def limit_words(posting: PostingLine) -> Message | None:
    """Return the remark that sets what was asked apart from what was posted; None where they are the same."""
    if not posting.limit:
        return None
    return Message(_LIMIT[posting.limit].template, {"asked": short_points(posting.asked)})


def amounts(line: BookedLine) -> Message:
    """Say what a line of the books keeps and loses, and what is open in it, if anything is."""
    kept, lost, left = map(short_points, (line.kept, line.lost, line.open))
    if Fraction(line.open) != 0:
        return msg("kept {kept}, lost {lost}, open {open}", kept=kept, lost=lost, open=left)
    if Fraction(line.kept) == -Fraction(line.lost) != 0:
        # Points that move between what is kept and what is lost, as by a judgement or an override.
        if Fraction(line.kept) < 0:
            return msg("takes back {points}", points=lost)
        return msg("gives back {points}", points=kept)
    return msg("kept {kept}, lost {lost}", kept=kept, lost=lost)


def result_words(line: ResultLine) -> Message:
    """Write the value of a result for people: rounded, with its unit; or say why it has none."""
    number = result_number(line)
    if line.status == "open":
        numbers = listing(line.unassessed)
        return msg("not known, since these indicators are not assessed: {numbers}", numbers=numbers)
    if line.status == "none" or line.value is None:
        return msg("none")
    if line.kind == "yes or no":
        return msg("yes") if line.value == "true" else msg("no")
    if number is None:
        return Message("{value}", {"value": line.value})
    shown = percentage(number) if line.kind == "percent" else reading_text(number)
    return Message("{value}", {"value": f"{shown} {line.unit}".rstrip()})


def authority_words(reading: Reading) -> Message:
    """Say on what a reading is based, and who decided it when."""
    return msg(
        "Authority: {authority}; decided by {by} on {on}",
        authority=reading.authority,
        by=reading.decided_by,
        on=reading.decided_on,
    )


def says(firing: FiringLine, own: Mapping[str, str] = MappingProxyType({})) -> Message:
    """Return a firing's sentence; where its rule has none, the rule's name and its clauses.

    `own` is what the ruleset calls what has another name in receipts.
    """
    rule = rule_name(firing.rule, own)
    if firing.says.zh or firing.says.en or rule is None:
        return bilingual_text({"zh": firing.says.zh, "en": firing.says.en})
    zh, en = rule.values["zh"], rule.values["en"]
    if not firing.clauses:
        return bilingual_text({"zh": f"规则“{zh}”", "en": f"Rule “{en}”"})
    chinese, english = "、".join(firing.clauses), ", ".join(firing.clauses)
    return bilingual_text({"zh": f"规则“{zh}”，条款 {chinese}", "en": f"Rule “{en}”, clause {english}"})


@dataclass(frozen=True, slots=True)
class FieldValue:
    """One field of a fact, as people read it."""

    name: str
    title: str | Message
    value: str | bool | Message
    unit: str = ""


def field_values(fact_type: FactType, values: Mapping[str, str | bool]) -> tuple[FieldValue, ...]:
    """Return a fact's fields in its type's order, with their titles and units."""
    return tuple(
        FieldValue(name, field.title or name, values[name], field.unit if field.kind is Kind.NUMBER else "")
        for name, field in fact_type.fields.items()
        if name in values
    )
