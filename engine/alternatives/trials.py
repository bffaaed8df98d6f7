"""Score changed facts: quickly to look, and in full before anything is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.alternatives.allowed import Allowance
from engine.base.faults import FenmingError, MatchersDisagree
from engine.base.numbers import Number
from engine.facts.model import Fact, Facts, Value
from engine.language.typed import Scored
from engine.scoring.evaluate import evaluate
from engine.scoring.evaluation import Evaluation

MOST_TRIALS = 400
"""How many changes are looked at in one case at most."""

LEAST_TRIALS = 60
"""How many changes are looked at in a case however large it is."""

_MOST_FACTS = 40_000
"""How many facts are scored in all, beyond the least number of changes."""


def most_trials(evaluation: Evaluation) -> int:
    """Return how many changes may be looked at in a case: fewer of a large one, which takes longer to score."""
    return min(MOST_TRIALS, max(LEAST_TRIALS, _MOST_FACTS // max(len(evaluation.facts.facts), 1)))


class Exhausted(Exception):
    """As many changes were scored as may be."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A fact as it would be; `values` is None for a fact that is removed."""

    fact: Fact
    values: Mapping[str, Value] | None

    @property
    def key(self) -> tuple[object, ...]:
        """What two equal edits have in common."""
        values = None if self.values is None else tuple(sorted((n, type(v), v) for n, v in self.values.items()))
        return self.fact.id, values


class Trials:
    """The changes that were scored so far, each once."""

    def __init__(self, evaluation: Evaluation, most: int) -> None:
        self.evaluation = evaluation
        self.allowance = Allowance(evaluation.program.ruleset.facts)
        self.most = self.until = most
        self.found: dict[frozenset[tuple[object, ...]], Evaluation | None] = {}

    def share(self, of: int) -> None:
        """Let the next of so many searches have its share of what is left."""
        used = len(self.found)
        self.until = used + (self.most - used) // of

    def require_room(self) -> None:
        """Raise `Exhausted` where as many changes were looked at as may be."""
        if len(self.found) >= self.until:
            raise Exhausted

    def look(self, *edits: Edit) -> Evaluation | None:
        """Return how changed facts would be scored, by the plain matcher; None where they cannot be."""
        key = frozenset(edit.key for edit in edits)
        if key not in self.found:
            self.require_room()
            self.found[key] = self.scored(edits, screening=True)
        return self.found[key]

    def confirmed(self, *edits: Edit) -> Evaluation | None:
        """Return how changed facts are scored in full, by both matchers."""
        return self.scored(edits, screening=False)

    def kept(self, scored: Scored, *edits: Edit) -> Number | None:
        """Return what an indicator, a level or the total would keep; None where the changed facts cannot be scored."""
        found = self.look(*edits)
        return None if found is None else found.scored(scored).kept

    def scored(self, edits: tuple[Edit, ...], *, screening: bool) -> Evaluation | None:
        """Score changed facts; None where they are refused. `MatchersDisagree` is no refusal, but a fault."""
        facts = changed(self.evaluation.facts, edits, self.allowance)
        if facts is None:
            return None
        try:
            return evaluate(self.evaluation.program, facts, screening=screening)
        except MatchersDisagree:
            raise
        except FenmingError:
            return None


def changed(facts: Facts, edits: tuple[Edit, ...], allowance: Allowance) -> Facts | None:
    """Return facts with some of them changed; None where one no longer keeps to its type."""
    by_id = {edit.fact.id: edit for edit in edits}
    made: list[Fact] = []
    for fact in facts.facts:
        edit = by_id.get(fact.id)
        if edit is None:
            made.append(fact)
        elif edit.values is not None:
            new = replace(fact, values=edit.values, converted={})
            if not allowance.allows(new):
                return None
            made.append(new)
    return replace(facts, facts=tuple(made))


def together(*edits: Edit) -> tuple[Edit, ...] | None:
    """Return edits as one, those of one fact merged; None where two of them change the same field or remove a fact."""
    merged: dict[str, Edit] = {}
    touched: set[tuple[str, str]] = set()
    for edit in edits:
        fields = {name for name in {*edit.fact.values, *(edit.values or {})} if _differs(edit, name)}
        if any((edit.fact.id, name) in touched for name in fields):
            return None
        touched |= {(edit.fact.id, name) for name in fields}
        before = merged.get(edit.fact.id)
        if before is None:
            merged[edit.fact.id] = edit
        elif before.values is None or edit.values is None:
            return None
        else:
            values = {name: value for name, value in before.values.items() if name not in fields}
            merged[edit.fact.id] = Edit(
                edit.fact, {**values, **{n: edit.values[n] for n in fields if n in edit.values}}
            )
    return tuple(merged.values())


def _differs(edit: Edit, name: str) -> bool:
    after = edit.values or {}
    return (name in edit.fact.values) != (name in after) or edit.fact.values.get(name) != after.get(name)
