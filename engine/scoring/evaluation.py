"""What an evaluation is: a case, the rules that scored it, and all that came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.base.numbers import Number, total
from engine.facts.model import Fact, Facts
from engine.program.program import Program
from engine.scoring.firing import Before, Firing, IndicatorScore
from engine.scoring.notice import Notice
from engine.scoring.results import Result


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A case scored by a program; a receipt, a card and an explanation are made from it."""

    program: Program
    facts: Facts
    firings: tuple[tuple[Firing, Fact | None], ...]
    """Every firing in canonical order, with the fact that it derived."""
    scores: tuple[IndicatorScore, ...]
    """The indicators, in the form's order, each with its postings."""
    notices: tuple[Notice, ...]
    results: tuple[Result, ...] = ()
    """The values besides points, in the ruleset's order."""

    @property
    def outcome(self) -> Before:
        """What is kept and what is open in all."""
        return Before(total(score.kept for score in self.scores), total(score.open for score in self.scores))

    @property
    def before_override(self) -> Before | None:
        """What was kept and open before overrides; None if there was no override."""
        if all(score.before_override is None for score in self.scores):
            return None
        before = [score.before_override or Before(score.kept, score.open) for score in self.scores]
        return Before(total(each.kept for each in before), total(each.open for each in before))


def possible_grades(grades: Sequence[tuple[str, Number]], low: Number, high: Number) -> list[str]:
    """Return the grades that a total between two figures can have, the highest first.

    >>> possible_grades([("优", 90), ("良", 80), ("差", 0)], 86, 91)
    ['优', '良']
    """
    names = [name for name, start in grades if low < start <= high]
    lowest = next((name for name, start in grades if low >= start), None)
    return names if lowest is None else [*names, lowest]
