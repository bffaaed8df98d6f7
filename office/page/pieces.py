"""What the templates show, taken out of the values: groups, sums, and what is named and what is left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from engine.base.messages import Message, msg, plural
from engine.base.numbers import exact_text, reading_text, simplest
from engine.explanation.value import (
    FactExplained,
    FiringExplained,
    FormulaExplained,
    IndicatorExplained,
    PartExplained,
    PostingExplained,
)
from engine.receipt.model import LevelLine
from office.page.values import Report

MOST_FACTS = 12
"""How many facts are named one by one under a figure."""


class Seen:
    """What has been written in full already, so that it is only named from there on."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def is_new(self, name: str) -> bool:
        """Return whether something has not been written yet, and note that it is now."""
        if name in self._seen:
            return False
        self._seen.add(name)
        return True


def counted(count: int, of: Message) -> Message:
    """Return a heading with a number behind it."""
    return msg("{title} ({count})", title=of, count=count)


def firings_behind(firing: FiringExplained) -> list[FiringExplained]:
    """Return a firing after those that derived what it matched: the numbers of a formula come from those behind it."""
    return list(reversed(list(firing.behind())))


def shown_formulas(firing: FiringExplained) -> Iterator[FormulaExplained]:
    """Yield what a firing computed.

    A field that is only taken over is written with the fact itself, conditions have a place of their own, and a
    formula that is a plain number says no more than the posting does.
    """
    for formula in firing.formulas:
        line = formula.line
        if line.kind not in ("copy", "when") and not (line.text == line.value and line.kind == "points"):
            yield formula


def kept_words(postings: Sequence[PostingExplained]) -> Message:
    """Say how many postings lost nothing, and what they keep together."""
    kept = reading_text(simplest(sum((Fraction(each.line.kept) for each in postings), start=Fraction(0))))
    return plural(
        "{count} posting lost nothing: {kept} points kept",
        "{count} postings lost nothing: {kept} points kept",
        count=len(postings),
        kept=kept,
    )


def is_named(indicator: IndicatorExplained, part: PartExplained) -> bool:
    """Return whether a part is written under its name: it is a row of the form, or one of several."""
    return part.line is not None and (part.line.row is not None or len(indicator.line.parts) > 1)


@dataclass(frozen=True, slots=True)
class FactGroup:
    """The facts of one type."""

    title: Message
    facts: list[FactExplained]


def fact_groups(report: Report) -> Iterator[FactGroup]:
    """Yield the facts by their types, in the order of the first of each; evidence is listed under its fact."""
    found: dict[str, FactGroup] = {}
    for fact in report.explanation.facts:
        if fact.given is not None or fact.derived is not None:
            found.setdefault(fact.type, FactGroup(fact.title, [])).facts.append(fact)
    yield from found.values()


def whole_line(report: Report) -> LevelLine:
    """Return the total as a line of the books."""
    content = report.card.case.content
    lost = simplest(Fraction(content.weight) - Fraction(content.total) - Fraction(content.open))
    return LevelLine(
        path=(), weight=content.weight, kept=content.total, lost=exact_text(max(lost, 0)), open=content.open
    )


def heaviest_weight(report: Report) -> str:
    """Return the weight of the heaviest indicator, by which all bars are measured."""
    weights = [Fraction(line.weight) for line in report.card.case.content.indicators]
    return exact_text(simplest(max(weights, default=Fraction(0))))
