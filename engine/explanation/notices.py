"""The sentences of the notices that a receipt holds: what is not wrong, but should be known."""

from __future__ import annotations

from engine.base.messages import Message, listing, msg, plural
from engine.base.numbers import read_decimal, reading_text
from engine.explanation.scored import ScoredCase
from engine.explanation.words import short_points
from engine.scoring.notice import AwardCapped, ClaimsIncomplete, Converted, Notice, OtherYear, UnusedFact


def notice_words(case: ScoredCase, notice: Notice) -> Message:
    """Return the sentence of a notice."""
    match notice:
        case OtherYear():
            return other_year_words(notice)
        case UnusedFact():
            return _unused_fact(case, notice)
        case AwardCapped():
            return _award_capped(case, notice)
        case Converted():
            return _converted(case, notice)
        case ClaimsIncomplete():
            return msg(
                "The claimed total of {claimed} covers {count} of {indicators} indicators; without a claim: {missing}.",
                claimed=notice.claimed,
                count=notice.count,
                indicators=notice.indicators,
                missing=listing(notice.missing),
            )


def other_year_words(notice: OtherYear) -> Message:
    """Return the sentence about a case of another year than the ruleset's."""
    return msg("The case is for {case}, but the ruleset is for {ruleset}.", case=notice.case, ruleset=notice.ruleset)


def _award_capped(case: ScoredCase, notice: AwardCapped) -> Message:
    indicator = case.content.indicator(notice.indicator)
    row = next((part for part in indicator.parts if part.id == notice.part and part.row is not None), None)
    values = {
        "number": notice.indicator,
        "name": indicator.name,
        "asked": short_points(notice.asked),
        "kept": short_points(notice.kept),
    }
    if row is None:
        return msg("Indicator {number} {name}: the rule gives {asked}; the weight allows only {kept}.", **values)
    return msg(
        "Indicator {number} {name}, row {row}: the rule gives {asked}; the weight allows only {kept}.",
        row=row.title or row.id,
        **values,
    )


def _unused_fact(case: ScoredCase, notice: UnusedFact) -> Message:
    title = case.ruleset.facts[notice.type].title
    if notice.unassessed:
        return plural(
            "Fact {fact} ({title}) has no effect on the score, because indicator {indicators} is not assessed.",
            "Fact {fact} ({title}) has no effect on the score, because indicators {indicators} are not assessed.",
            count=len(notice.unassessed),
            fact=notice.fact,
            title=title,
            indicators=listing(notice.unassessed),
        )
    return msg("No rule looked at fact {fact} ({title}): it has no effect on the score.", fact=notice.fact, title=title)


def _converted(case: ScoredCase, notice: Converted) -> Message:
    field = case.ruleset.facts[notice.type].fields[notice.field]
    number = read_decimal(notice.value)
    return msg(
        "Fact {fact}, {title}: “{written}” was converted to {value} {unit}.",
        fact=notice.fact,
        title=field.title,
        written=notice.written,
        value=notice.value if number is None else reading_text(number),
        unit=field.unit,
    )
