"""What evaluations, or firings, are looked for by: as a query that indexes answer, and exactly on a receipt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, exists, or_, select

from audit.tables import schema
from audit.tables.making import losses, millionths
from audit.tables.queries import ENTRY, EVALUATION, RULESET, listing
from audit.tables.schema import table
from audit.tables.stored import plain_text
from engine.base.folding import folded
from engine.receipt import Content

FIRING = table(schema.FiringTable)
POSTING = table(schema.PostingTable)
CITATION = table(schema.CitationTable)
SCORE = table(schema.ScoreTable)


@dataclass(frozen=True, slots=True)
class Criteria:
    """What is looked for; all that is given must be met. Points are those that are kept, open ones aside."""

    department: str | None = None
    year: str | None = None
    ruleset: str | None = None
    """An id, or the beginning of one up to a slash: `bureau/form` is every year of the form."""
    grade: str | None = None
    at_least: Fraction | None = None
    at_most: Fraction | None = None
    indicator: int | None = None
    clause: str | None = None
    rule: str | None = None
    lost: bool = False
    """Whether points must have been lost: under the clause, by the rule, in the indicator, or at all."""
    actor: str | None = None
    since: str | None = None
    until: str | None = None
    """The first moment that is too late, as entries write it."""
    open: bool = False
    """Whether points must be open."""
    in_force: bool = True

    @property
    def words(self) -> dict[str, Any]:
        """The criteria that are a word or a number of their own, by the names of their options."""
        names = ("department", "year", "ruleset", "grade", "indicator", "clause", "rule", "actor")
        return {name: value for name in names if (value := getattr(self, name)) is not None}

    @property
    def is_about_firings(self) -> bool:
        """Whether a firing must meet something."""
        return self.clause is not None or self.rule is not None

    @property
    def query(self) -> Select[Any]:
        """The query of the evaluations that may meet the criteria; `meets` decides."""
        conditions = [*self._of_evaluation(), *self._of_entry(), *self._within()]
        return listing(in_force=self.in_force).where(*conditions)

    def meets(self, content: Content) -> bool:
        """Return whether an evaluation that the query found has the exact total, and the firing, that is asked for."""
        total = Fraction(content.total)
        if (self.at_least is not None and total < self.at_least) or (self.at_most is not None and total > self.at_most):
            return False
        return not self.is_about_firings or any(True for _ in self.firings(content))

    def firings(self, content: Content) -> Iterator[int]:
        """Yield the numbers of the firings that meet what is asked of firings."""
        taken, deriving = losses(content, self.indicator), {fact.firing for fact in content.derived}
        places = {(posting.firing, posting.indicator) for posting in content.postings}
        for number, firing in enumerate(content.firings):
            if (
                (self.indicator in (None, firing.indicator) or (number, self.indicator) in places)
                and (self.clause is None or (self.clause in firing.clauses and number not in deriving))
                and self.rule in (None, firing.rule)
                and (not self.lost or taken.get(number, 0) > 0)
            ):
                yield number

    def _of_evaluation(self) -> Iterator[ColumnElement[bool]]:
        if self.department is not None:
            yield _is(EVALUATION.c.department_key, folded(self.department))
        if self.year is not None:
            yield _is(EVALUATION.c.year, self.year)
        if self.ruleset is not None:
            # All that begin with the id and a slash are between it and the next character.
            id_ = _askable(self.ruleset)
            below = RULESET.c.id.between(f"{id_}/", f"{id_}0")
            yield EVALUATION.c.ruleset.in_(select(RULESET.c.digest).where(or_(RULESET.c.id == id_, below)))
        if self.grade is not None:
            yield _is(EVALUATION.c.grade, self.grade)
        if self.at_least is not None:
            yield EVALUATION.c.total_rounded >= millionths(self.at_least)
        if self.at_most is not None:
            yield EVALUATION.c.total_rounded <= millionths(self.at_most)

        if self.open:
            yield _is_more_than_zero(EVALUATION.c.open)

    def _of_entry(self) -> Iterator[ColumnElement[bool]]:
        if self.actor is not None:
            yield _is(ENTRY.c.actor, self.actor)
        if self.since is not None:
            yield ENTRY.c.at >= self.since
        if self.until is not None:
            yield ENTRY.c.at < self.until

    def _within(self) -> Iterator[ColumnElement[bool]]:
        """Yield what the rows behind an evaluation must say."""
        if self.clause is not None:
            cited = select(CITATION.c.entry).where(_is(CITATION.c.clause, self.clause))
            # A citation says what its firing takes in all, which is not what it takes in the indicator.
            if self.lost and self.indicator is None:
                cited = cited.where(_is_more_than_zero(CITATION.c.lost))
            yield EVALUATION.c.entry.in_(cited)
        if self.rule is not None:
            fired = select(FIRING.c.entry).where(_is(FIRING.c.rule, self.rule))
            posted = exists().where(
                POSTING.c.entry == FIRING.c.entry,
                POSTING.c.firing == FIRING.c.position,
                _is_more_than_zero(POSTING.c.lost),
            )
            yield EVALUATION.c.entry.in_(fired.where(posted) if self.lost else fired)
        if self.indicator is not None or (self.lost and not self.is_about_firings):
            scored = select(SCORE.c.entry)
            if self.indicator is not None:
                scored = scored.where(SCORE.c.indicator == self.indicator)
            if self.lost and not self.is_about_firings:
                scored = scored.where(_is_more_than_zero(SCORE.c.lost))
            yield EVALUATION.c.entry.in_(scored)


def _is(column: Column[Any], text: str) -> ColumnElement[bool]:
    return column == _askable(text)


def _askable(text: str) -> str:
    """Return a text that a database can be asked for; one that no database holds is turned into one that none has."""
    return plain_text(text).replace("\0", "\ufffd")


def _is_more_than_zero(column: ColumnElement[str]) -> ColumnElement[bool]:
    """Return the condition on an exact text: below zero it begins with a minus, which is less than any digit."""
    return column > "0"
