"""What an evaluation is: a case, the rules that scored it, and all that came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from engine.base.numbers import Number
from engine.facts.model import Fact, Facts
from engine.language.context import Context
from engine.language.typed import Scored
from engine.program.program import Program
from engine.scoring.firing import Before, Firing, IndicatorScore, LevelScore
from engine.scoring.levels import LevelBook
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
    levels: LevelBook
    """The levels and the total, with the postings on them."""
    notices: tuple[Notice, ...]
    results: tuple[Result, ...] = ()
    """The values besides points, in the ruleset's order."""
    before_override: Before | None = None
    """What would be kept and open in all without the overrides of indicators and levels; None if there was none."""
    context: Context = field(kw_only=True, repr=False, compare=False)
    """What was known at the end; each rule saw the same, since a stratum looks only at itself and those below it."""
    active: frozenset[int] = field(kw_only=True, repr=False)
    """The positions of the rules that were matched; the others belong to what is not assessed or not known."""

    @property
    def outcome(self) -> Before:
        """What is kept and what is open in all."""
        return Before(self.levels.total.kept, self.levels.total.open)

    def scored(self, scored: Scored) -> IndicatorScore | LevelScore:
        """Return how an indicator or a level came out; the empty path is the total."""
        if isinstance(scored, int):
            return next(score for score in self.scores if score.number == scored)
        return next(level for level in (*self.levels.levels, self.levels.total) if level.path == scored)


def possible_grades(grades: Sequence[tuple[str, Number]], low: Number, high: Number) -> list[str]:
    """Return the grades that a total between two figures can have, the highest first.

    >>> possible_grades([("优", 90), ("良", 80), ("差", 0)], 86, 91)
    ['优', '良']
    """
    names = [name for name, start in grades if low < start <= high]
    lowest = next((name for name, start in grades if low >= start), None)
    return names if lowest is None else [*names, lowest]
