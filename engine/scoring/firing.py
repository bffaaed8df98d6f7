"""What a rule's firing is, and what it posts: the lines of the books.

What an evaluation makes by the hundred is a msgspec structure, which is made ten times as fast as a frozen dataclass.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from msgspec import Struct

from engine.base.numbers import Number, total
from engine.base.status import Status
from engine.facts.model import Fact, Value
from engine.language.context import AggregateResult
from engine.program.program import Row
from engine.scoring.formula_line import FormulaLine


class Firing(Struct, frozen=True, eq=False):
    """One firing of a rule, or of the engine itself when it closes a part or rounds."""

    rule: str
    indicator: int | None
    part: str
    action: str
    """The rule's action, or rest, rounding, not_assessed for the engine's own."""
    clauses: tuple[str, ...]
    readings: tuple[str, ...] = ()
    """The readings whose choice decided a row, a rule, a part or a number that was used."""
    readings_unused: tuple[str, ...] = ()
    """The other readings of the same rule, which decided nothing here."""
    facts: tuple[Fact, ...] = ()
    formulas: tuple[FormulaLine, ...] = ()
    aggregates: tuple[AggregateResult, ...] = ()
    says: Mapping[str, str] | None = None
    points: Number = 0
    """What the action asks for: points kept or lost, a cap, the new score of an override."""
    stake: Number | None = None
    """The slice of the part that an award settles; None where it settles none or all."""
    option: str = ""
    settles: bool = False
    value: Value | None = None
    """What it gives as the value of a result."""

    @property
    def assumed(self) -> bool:
        """Whether any fact behind it is assumed."""
        return any(fact.assumed for fact in self.facts) or any(
            f.assumed for aggregate in self.aggregates for f in aggregate.facts
        )


class Posting(Struct, frozen=True):
    """Points kept, lost or left open by one firing; an amount may be negative where points move between the three."""

    indicator: int | None
    """None for what concerns a level, or the total."""
    part: str
    """Empty for what concerns the indicator or the level as a whole."""
    firing: Firing
    kind: str
    asked: Number
    kept: Number
    lost: Number
    open: Number = 0
    limit: str = ""
    """What kept the posting from what was asked.

    `cap` or `floor` where less was posted than asked; `slice` where an award could lose less than its slice, since less
    was left of the part; `stricter` where another act of the same kind counts.
    """
    level: tuple[str, ...] | None = None
    """The path of the level, empty for the total; None for what concerns an indicator."""


class PartScore(Struct, frozen=True):
    """How a part came out."""

    id: str
    title: str
    weight: Number
    kept: Number
    lost: Number
    open: Number
    status: Status
    row: Row | None = None


class LevelScore(Struct, frozen=True):
    """How a level above the indicators came out; the empty path is the total."""

    path: tuple[str, ...]
    weight: Number
    kept: Number
    lost: Number
    open: Number


@dataclass(frozen=True, slots=True)
class Before:
    """What an indicator kept, and what was open in it, before an override."""

    kept: Number
    open: Number


@dataclass(frozen=True, slots=True)
class IndicatorScore:
    """How an indicator came out, and the postings that say so: weight = kept + lost + open."""

    number: int
    weight: Number
    kept: Number
    lost: Number
    open: Number
    status: Status
    before_override: Before | None
    parts: tuple[PartScore, ...]
    postings: tuple[Posting, ...] = field(repr=False)

    def claimed(self, claim: Fact | None) -> Number | None:
        """Return the department's own score: as a claim has it, else that of the rows together where all have one."""
        if claim is not None and "score" in claim.values:
            return claim.values["score"]  # type: ignore[return-value]  # a score is a number
        rows = [part.row.claimed for part in self.parts if part.row is not None]
        given = [claimed for claimed in rows if claimed is not None]
        return total(given) if given and len(given) == len(rows) else None
