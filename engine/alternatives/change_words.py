"""Changes of facts in words, by titles and not by ids."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from functools import reduce

from engine.alternatives.improvement import Change, FieldChange, LossImprovement, OpenPoints, Proposal
from engine.base.messages import Message, msg, plural
from engine.base.numbers import Number, percentage, reading_text
from engine.facts.model import Value, value_text
from engine.language.sentence import signed


def change_words(changes: Sequence[Change]) -> Message:
    """Say what is to be changed; of two changes both."""
    if len(changes) == 1:
        return _change(changes[0])
    said = reduce(lambda one, other: msg("{one}; {other}", one=one, other=other), map(_change, changes))
    return msg("all of these: {changes}", changes=said)


def in_a_row(words: Iterable[Message]) -> Message:
    """Join pieces of one sentence."""
    return reduce(lambda one, other: msg("{one}, {other}", one=one, other=other), words)


def further_words(change: Change) -> Message:
    """Say a further value of a field of which another value was said before."""
    return _to(change.fields[0])


def gain_words(proposal: Proposal, grades: tuple[str, ...]) -> Iterable[Message]:
    """Yield what a change gains, and what is special about it."""
    yield plural("{count} point more", "{count} points more", count=reading_text(proposal.gain))
    if proposal.full:
        yield msg("all that was lost here")
    if proposal.total != proposal.gain:
        yield msg("{total} in the total", total=reading_text(proposal.total))
    if proposal.grades != grades:
        yield msg("grade {grades}", grades=_either(proposal.grades))
    if proposal.less:
        yield msg("a lower result scores more here")
    if proposal.found == "search":
        yield msg("found by search")


def _either(grades: Iterable[str]) -> Message:
    """Say which grades are possible."""
    words = (Message("{name}", {"name": grade}) for grade in grades)
    return reduce(lambda one, other: msg("{grade} or {other}", grade=one, other=other), words)


def none_words(loss: LossImprovement) -> Message | None:
    """Say why nothing is proposed for a loss; None where something is."""
    match loss.why_none:
        case "":
            return None
        case "above":
            return msg("What would gain these points is named above.")
        case "fixed" if loss.assumed:
            return msg(
                "Nothing can be changed: the facts behind this loss are past, or somebody else's act. They are assumed "
                "({reason}).",
                reason=loss.assumed,
            )
        case "fixed":
            return msg("Nothing can be changed: the facts behind this loss are past, or somebody else's act.")
        case _ if loss.assumed:
            return msg(
                "No change that was tried gains any of these points. The facts are assumed ({reason}).",
                reason=loss.assumed,
            )
        case _:
            return msg("No change that was tried gains any of these points.")


def open_words(each: OpenPoints) -> Message:
    """Say that an indicator is not assessed, and what that can be worth."""
    return plural(
        "{number} {name}: not assessed, can gain up to {count} point",
        "{number} {name}: not assessed, can gain up to {count} points",
        count=reading_text(each.open), number=each.number, name=each.name,
    )  # fmt: skip


ORDER = msg("Indicators with the most points to gain come first; where nothing can be gained, in the form's order.")
"""How the indicators that lost points are ordered."""


def by_field(proposals: Sequence[Proposal]) -> list[list[Proposal]]:
    """Group the changes of one number or date, each group by what is gained, the groups as they are ranked."""
    groups: dict[tuple[object, ...], list[Proposal]] = {}
    for number, proposal in enumerate(proposals):
        [change, *more] = proposal.changes
        alone = not more and change.act == "set" and len(change.fields) == 1
        key = (change.fact, change.fields[0].field) if alone else (number,)
        groups.setdefault(key, []).append(proposal)
    return [sorted(group, key=lambda proposal: proposal.gain) for group in groups.values()]


def _change(change: Change) -> Message:
    if change.act == "remove":
        return msg("{type} “{name}” avoided", type=change.type_title, name=change.name)
    return msg("{name}: {fields}", name=change.name, fields=in_a_row(map(_field, change.fields)))


def _field(field: FieldChange) -> Message:
    if field.beside:
        if field.after is None:
            return msg("{title} left empty", title=field.title)
        return msg(
            "{title} filled in as well (counted as {after})", title=field.title, after=_value(field, field.after)
        )
    if field.before is None:
        if isinstance(field.after, date):
            return msg("{title} by {after}", title=field.title, after=_value(field, field.after))
        return msg("{title} filled in: {after}", title=field.title, after=_value(field, field.after))
    before = _value(field, field.before)
    if isinstance(field.before, bool | str) and field.after is not None:
        after = _value(field, field.after)
        return msg("{title} from “{before}” to “{after}”", title=field.title, before=before, after=after)
    return msg("{title} from {before} {to}", title=field.title, before=before, to=_to(field))


def _to(field: FieldChange) -> Message:
    """Say to what a field is changed: up or down by how much, or to another value."""
    before, after = field.before, field.after
    said = _value(field, after)
    if _is_number(before) and _is_number(after):
        difference = _difference(field, Fraction(after) - before)  # type: ignore[arg-type,operator]
        values = {"after": said, "difference": difference}
        match field.bound:
            case "above":
                return msg("to more than {after}", **values)
            case "below":
                return msg("to less than {after}", **values)
            case _ if after > before:  # type: ignore[operator]
                return msg("up to {after} ({difference})", **values)
            case _:
                return msg("down to {after} ({difference})", **values)
    if isinstance(before, date) and isinstance(after, date):
        return msg("to {after} at the latest", after=said) if after < before else msg("to {after} or later", after=said)
    return msg("to {after}", after=said)


def _is_number(value: Value | None) -> bool:
    return isinstance(value, Number) and not isinstance(value, bool)


def _difference(field: FieldChange, difference: Number) -> str:
    if field.percent:
        shown = percentage(difference)
        return shown if difference < 0 else f"+{shown}"
    return f"{signed(difference)} {field.unit}".rstrip()


def _value(field: FieldChange, value: Value | None) -> Message:
    """Write a value with its unit."""
    if isinstance(value, bool):
        return msg("yes") if value else msg("no")
    if value is None:
        return msg("nothing")
    if isinstance(value, Number):
        shown = percentage(value) if field.percent else _number(value)
        return Message("{value}", {"value": f"{shown} {field.unit}".rstrip()})
    return Message("{value}", {"value": value_text(value)})


def _number(value: Number) -> str:
    """Write a number: as it is where it is a short decimal, else exactly with what it is about."""
    shown, exact = reading_text(value), value_text(value)
    return shown if "/" not in exact else f"{exact} (≈{shown})"
