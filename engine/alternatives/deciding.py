"""What the firings of an evaluation do, comparable with those of the same case under another reading.

What a rule is called decides nothing: where another reading lets another rule do the same, nothing has changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field

from engine.facts.model import Fact, Value
from engine.scoring.evaluation import Evaluation
from engine.scoring.firing import Firing, Posting


def effects(evaluation: Evaluation) -> dict[Firing, Hashable]:
    """Return what each firing does, the engine's own included: on what it acts, what it gives, what it posts."""
    return _Effects(evaluation).all()


def changed(recorded: Mapping[Firing, Hashable], other: Mapping[Firing, Hashable]) -> Iterator[Firing]:
    """Yield the firings that do something which the other evaluation's do not."""
    left = Counter(other.values())
    for firing, effect in recorded.items():
        if left[effect]:
            left[effect] -= 1
        else:
            yield firing


@dataclass(slots=True)
class _Effects:
    """The firings of one evaluation, with the facts that they derived and the postings that they made."""

    evaluation: Evaluation
    derived: dict[Firing, Fact] = field(init=False)
    origins: dict[Fact, Firing] = field(init=False)
    postings: dict[Firing, list[Posting]] = field(init=False)
    names: dict[Fact, Hashable] = field(init=False)

    def __post_init__(self) -> None:
        self.derived = {firing: fact for firing, fact in self.evaluation.firings if fact is not None}
        self.origins = {fact: firing for firing, fact in self.derived.items()}
        self.postings, self.names = {}, {}
        booked = (posting for score in self.evaluation.scores for posting in score.postings)
        for posting in (*booked, *self.evaluation.levels.postings):
            self.postings.setdefault(posting.firing, []).append(posting)

    def all(self) -> dict[Firing, Hashable]:
        """Return the effect of each firing, those of rules first."""
        firings = [firing for firing, _ in self.evaluation.firings]
        return {firing: self.effect(firing) for firing in dict.fromkeys((*firings, *self.postings))}

    def effect(self, firing: Firing) -> Hashable:
        """Return on what a firing acts and what it does."""
        fact = self.derived.get(firing)
        says = tuple(sorted((firing.says or {}).items())) if firing.action == "flag" else ()
        posted = ((p.kind, p.part, p.level, p.kept, p.lost, p.open) for p in self.postings.get(firing, ()))
        return (
            firing.indicator, firing.part, firing.action, firing.option, firing.settles,
            tuple(map(self.name, firing.facts)), firing.points, firing.stake, self.value(firing.value), says,
            None if fact is None else (fact.type, self.values(fact)), tuple(posted),
        )  # fmt: skip

    def values(self, fact: Fact) -> Hashable:
        """Return the values of a fact by field."""
        return tuple((name, self.value(value)) for name, value in sorted(fact.values.items()))

    def value(self, value: Value | None) -> Hashable:
        """Return a value; a fact by its name."""
        return self.name(value) if isinstance(value, Fact) else value

    def name(self, fact: Fact) -> Hashable:
        """Name a fact: by its id, or a derived one by the facts that it came from."""
        origin = self.origins.get(fact)
        if origin is None:
            return fact.id
        if fact not in self.names:
            self.names[fact] = (fact.type, *map(self.name, origin.facts))
        return self.names[fact]
