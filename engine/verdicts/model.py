"""What a verdict is: of a condition, of a candidate, of a rule."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from engine.base.faults import Problem
from engine.facts.model import Fact, MatchedFacts, value_text
from engine.language.expression import Expression
from engine.language.typed import Compare, Const
from engine.program.program import CompiledRule
from engine.verdicts.observations import Needed, Observation

Truth: TypeAlias = Literal["holds", "fails", "unreached", "unknown"]
"""Whether a condition holds; `unreached` where an earlier one failed, `unknown` where it cannot be computed."""


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """One condition of a rule, as a conjunct."""

    position: int
    """Its place among the rule's conditions as they are written."""
    expression: Expression
    patterns: tuple[int, ...]
    """The patterns that it looks at, ascending; empty for a condition on the case as a whole."""
    of_band: bool
    """Whether it is an end of a row of the rule's band table."""

    @property
    def text(self) -> str:
        """The condition in the one spelling of receipts; the end of a band is not written as a condition anywhere."""
        tree = self.expression.tree
        if not (self.of_band and isinstance(tree, Compare) and isinstance(tree.right, Const)):
            return self.expression.canonical.text
        on, end = replace(self.expression, tree=tree.left), tree.right
        return f"{on.canonical.text} {tree.comparator.value} {end.name or value_text(end.value)}"


@dataclass(frozen=True, slots=True)
class ConditionVerdict:
    """What a condition came to on the facts of a candidate."""

    condition: Condition
    truth: Truth
    observed: Observation | None = None
    """What was found; None where it was not reached or cannot be computed."""
    reason: Problem | None = None
    """Why it cannot be computed."""

    @property
    def needed(self) -> Needed | None:
        """What the value must be for the condition to hold; None where there is no one value, or it holds."""
        return getattr(self.observed, "needed", None) if self.truth == "fails" else None


@dataclass(frozen=True, slots=True)
class Candidate:
    """Facts that a rule could match, and its conditions on them in the order in which they are tried.

    Of a rule of several patterns, a candidate is a fact of the first. `facts` has partners for it: those of the first
    row that fired; else those with which it got the furthest, as far as there are any.
    """

    facts: MatchedFacts
    conditions: tuple[ConditionVerdict, ...]
    rows: tuple[MatchedFacts, ...] = ()
    """Every row that fired and begins with the candidate's fact."""
    tried: int = 0
    """With how many rows of partners the candidate was tried to find the one that got the furthest."""
    untried: int = 0
    """How many more there are, of which the conditions were not looked at one by one."""
    lacks: str = ""
    """The fact type of which there is no fact for a further pattern."""

    @property
    def fired(self) -> bool:
        """Whether the rule fired."""
        return bool(self.rows)

    @property
    def stopped(self) -> ConditionVerdict | None:
        """The first condition that fails or cannot be computed."""
        return next((each for each in self.conditions if each.truth in ("fails", "unknown")), None)


@dataclass(frozen=True, slots=True)
class Inactive:
    """Why a rule was not tried at all."""

    why: Literal["not_assessed", "result_open"]
    indicators: tuple[int, ...]
    """The indicators that are not assessed."""
    fact: Fact | None = None
    """The fact that leaves the rule's indicator unassessed."""


@dataclass(frozen=True, slots=True)
class RuleVerdict:
    """One rule, or one row of its band table, with its candidates; none where there is no fact to match."""

    rule: CompiledRule
    candidates: tuple[Candidate, ...]
    inactive: Inactive | None = None

    @property
    def fired(self) -> bool:
        """Whether the rule fired for any candidate."""
        return any(candidate.fired for candidate in self.candidates)


@dataclass(frozen=True, slots=True)
class WrittenRule:
    """A rule as it is written: the rows of its band table together, each candidate once."""

    name: str
    verdicts: tuple[RuleVerdict, ...] = field(repr=False)
    """That of each row; a single one where there is no table."""
    candidates: tuple[Candidate, ...]
    """For each fact the candidate of the row that fired, else of the one that got the furthest."""

    @property
    def rule(self) -> CompiledRule:
        """The rule, or the first row of its table."""
        return self.verdicts[0].rule

    @property
    def inactive(self) -> Inactive | None:
        """Why it was not tried at all."""
        return self.verdicts[0].inactive

    @property
    def fired(self) -> bool:
        """Whether it fired for any candidate."""
        return any(candidate.fired for candidate in self.candidates)

    def other_rows(self, candidate: Candidate) -> tuple[Candidate, ...]:
        """Return what the other rows of the table came to on the fact of a candidate that fired."""
        if len(self.verdicts) == 1 or not candidate.fired:
            return ()
        of_rows = (each for verdict in self.verdicts for each in verdict.candidates)
        return tuple(each for each in of_rows if each.facts[:1] == candidate.facts[:1] and not each.fired)
