"""What it would take: changes of facts that gain points, each confirmed by scoring the changed facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from engine.base.messages import Message
from engine.base.numbers import Number
from engine.facts.model import Value

Act: TypeAlias = Literal["set", "supply", "remove"]
Bound: TypeAlias = Literal["", "above", "below"]
"""On which side of the value the change must be, where the value itself is not enough."""
WhyNone: TypeAlias = Literal["", "above", "fixed", "nothing"]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a fact before and after; None where it is not filled in."""

    field: str
    title: str
    before: Value | None
    after: Value | None
    unit: str = ""
    percent: bool = False
    bound: Bound = ""
    beside: bool = False
    """Whether it is only filled in or emptied because of another field's change; points count as if it were so."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one fact."""

    act: Act
    fact: str
    type: str
    type_title: str
    name: str
    """What people call the fact; its type's title where it has no name."""
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change, or two where one alone does not help, and what it gains."""

    changes: tuple[Change, ...]
    gain: Number
    """What the indicator keeps more."""
    kept: Number
    """What the indicator keeps then."""
    total: Number
    """What the case keeps more in all."""
    grades: tuple[str, ...]
    """The grades that the case can have then."""
    full: bool
    """Whether it gains all that was lost here."""
    found: Literal["exact", "search"] = "exact"
    less: bool = False
    """Whether doing less scores more."""
    assumed: str = ""
    """Why a changed fact is assumed: such a change is marked, and is no advice."""


@dataclass(frozen=True, slots=True)
class LossImprovement:
    """What would gain the points that one firing, or one part, lost."""

    part: str
    title: str
    lost: Number
    says: Mapping[str, str]
    """What the heaviest firing says."""
    others: int
    """How many other firings lost the rest of it."""
    clauses: tuple[str, ...]
    proposals: tuple[Proposal, ...]
    why_none: WhyNone = ""
    """Why nothing is proposed: it was for another loss, the facts behind it cannot be changed, or no change gains."""
    assumed: str = ""
    """Why a fact behind it is assumed, where nothing is proposed."""

    @property
    def most(self) -> Number:
        """The most that a change gains which is advice."""
        return max((proposal.gain for proposal in self.proposals if not proposal.assumed), default=0)


@dataclass(frozen=True, slots=True)
class IndicatorImprovement:
    """What would gain the points that an indicator lost, or a level or the total as a whole."""

    number: int | None
    """None for a level or the total."""
    name: str
    """Of a level its path; empty for the total."""
    weight: Number
    kept: Number
    lost: Number
    losses: tuple[LossImprovement, ...]

    @property
    def most(self) -> Number:
        """The most that a change gains which is advice."""
        return max((loss.most for loss in self.losses), default=0)


@dataclass(frozen=True, slots=True)
class OpenPoints:
    """An indicator that is not assessed: what to supply, and how many points that can be worth."""

    number: int
    name: str
    open: Number
    reason: str
    supply: tuple[Message, ...]
    fact: str = ""
    """The fact that says that the indicator is not assessed; empty where no fact does."""
    remove: Message | None = None
    """That this fact is to be removed."""


@dataclass(frozen=True, slots=True)
class Improvement:
    """What it would take to gain what is open and what was lost; what gains the most first, then by number."""

    opens: tuple[OpenPoints, ...]
    indicators: tuple[IndicatorImprovement, ...]
    bounded: bool = False
    """Whether the search stopped at its bound, so that there may be more."""
