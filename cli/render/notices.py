"""The sentences of the notices that a receipt holds: what is not wrong, but should be known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cli.render.words import short_points
from cli.view import View
from engine.base.messages import Message, msg
from engine.base.numbers import read_decimal, reading_text


def notice_words(seen: View, notice: Mapping[str, Any]) -> Message:
    """Return the sentence of a notice."""
    return _SENTENCES[notice["kind"]](seen, notice, notice["values"])


def _other_year(_seen: View, _notice: Mapping[str, Any], values: Mapping[str, str]) -> Message:
    return msg("The case is of {case}, but the ruleset is for {ruleset}.", **values)


def _unused_fact(seen: View, notice: Mapping[str, Any], values: Mapping[str, str]) -> Message:
    title = seen.ruleset.facts[values["type"]].title
    if values["unassessed"]:
        return msg(
            "Fact {fact} ({title}) has no effect on the score, because indicator {indicators} is not assessed.",
            fact=notice["facts"][0],
            title=title,
            indicators=values["unassessed"],
        )
    return msg(
        "No rule looked at fact {fact} ({title}): it has no effect on the score.", fact=notice["facts"][0], title=title
    )


def _award_capped(seen: View, notice: Mapping[str, Any], values: Mapping[str, str]) -> Message:
    indicator = seen.indicator(notice["indicator"])
    return msg(
        "Indicator {number} {name}: the rule gives {asked}, and {kept} is all that is left to give.",
        number=indicator["number"],
        name=indicator["name"],
        asked=short_points(values["asked"]),
        kept=short_points(values["kept"]),
    )


def _converted(seen: View, notice: Mapping[str, Any], values: Mapping[str, str]) -> Message:
    field = seen.ruleset.facts[values["type"]].fields[values["field"]]
    number = read_decimal(values["value"])
    return msg(
        "Fact {fact}, {title}: “{written}” was converted to {value} {unit}.",
        fact=notice["facts"][0],
        title=field.title,
        written=values["written"],
        value=values["value"] if number is None else reading_text(number),
        unit=field.unit,
    )


def _claims_incomplete(_seen: View, _notice: Mapping[str, Any], values: Mapping[str, str]) -> Message:
    return msg(
        "The claimed total of {claimed} is that of {count} of {indicators} indicators; without a claim: {missing}.",
        **values,
    )


_SENTENCES: Mapping[str, Callable[[View, Mapping[str, Any], Mapping[str, str]], Message]] = {
    "other_year": _other_year,
    "unused_fact": _unused_fact,
    "award_capped": _award_capped,
    "converted": _converted,
    "claims_incomplete": _claims_incomplete,
}
