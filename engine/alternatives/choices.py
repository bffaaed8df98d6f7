"""A case scored under other choices of readings; each choice is compiled and scored once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from math import prod
from typing import TypeAlias

from engine.alternatives.deciding import changed, effects
from engine.alternatives.reach import Joined, joined
from engine.alternatives.totals import Choices
from engine.base.faults import Fault, InvalidInput
from engine.program.program import Program
from engine.receipt.model import ResultLine
from engine.receipt.results import result_line
from engine.ruleset.clauses import conditions
from engine.scoring.evaluate import evaluate
from engine.scoring.evaluation import Evaluation, possible_grades
from engine.scoring.firing import Before, Firing

Compile: TypeAlias = Callable[[Mapping[str, str]], Program]
"""Gives the program under a choice of readings."""

MOST_COMBINATIONS = 256
"""How many combinations of one group are tried; a group that has more is bounded by the weights of its indicators."""


@dataclass(frozen=True, slots=True)
class Change:
    """An indicator that scores otherwise than recorded: what is kept and open there, and here."""

    indicator: int
    recorded: Before
    here: Before


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a case scores under some choices."""

    total: Before
    grades: tuple[str, ...]
    """The grades that the total can have with the points that are open."""
    changes: tuple[Change, ...]
    results: tuple[ResultLine, ...]
    """The values besides points that are others than recorded, without their firings."""

    total_changes: bool
    remarks_change: bool
    """Whether there are other remarks on the card."""

    @property
    def differs(self) -> bool:
        """Whether anything that the card shows is otherwise than recorded."""
        return bool(self.changes or self.results) or self.total_changes or self.remarks_change


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of some choices."""

    outcome: Outcome | None
    """None where these facts cannot be scored under them."""
    faults: tuple[Fault, ...] = ()
    """What is missing or wrong then."""
    changed: tuple[Firing, ...] = ()
    """The recorded firings that do something else, or nothing, under them."""


@dataclass(slots=True)
class Trials:
    """The programs and scores of one case under the choices that were asked for."""

    evaluation: Evaluation
    compile: Compile
    programs: dict[Choices, Program | InvalidInput] = field(init=False)
    done: dict[Choices, Trial] = field(init=False)
    effects: Mapping[Firing, Hashable] = field(init=False)

    def __post_init__(self) -> None:
        self.programs, self.done = {(): self.evaluation.program}, {}
        self.effects = effects(self.evaluation)

    def groups(self) -> tuple[Joined, ...]:
        """Return the groups of readings.

        What exists only under a combination may join readings, so whatever the ruleset holds is compiled before they
        count, and each combination of a group.
        """
        for choices in (*self.single(), *self.needed()):
            self.program(choices)
        while True:
            before = len(self.programs)
            groups = joined(self.evaluation, (each for each in self.programs.values() if isinstance(each, Program)))
            for group in groups:
                for choices in self.within(group):
                    self.program(choices)
            if len(self.programs) == before:
                return groups

    def single(self) -> Iterator[Choices]:
        """Yield the choices that differ from the recorded ones in one reading."""
        recorded = self.evaluation.program.readings
        for reading in self.evaluation.program.ruleset.readings.values():
            yield from (((reading.id, name),) for name in reading.alternatives if name != recorded[reading.id])

    def needed(self) -> Iterator[Choices]:
        """Yield the choices under which each rule, row, part and requirement applies, the others as recorded."""
        ruleset, recorded = self.evaluation.program.ruleset, self.evaluation.program.readings
        for under in conditions(ruleset):
            wanted = {name: min(names) for name, names in under if recorded[name] not in names}
            yield tuple((name, wanted[name]) for name in ruleset.readings if name in wanted)

    def within(self, group: Joined) -> Iterator[Choices]:
        """Yield the combinations of a group's alternatives; nothing where there are too many."""
        register, recorded = self.evaluation.program.ruleset.readings, self.evaluation.program.readings
        if self.is_tried(group):
            for chosen in product(*(register[name].alternatives for name in group.readings)):
                pairs = zip(group.readings, chosen, strict=True)
                yield tuple((name, choice) for name, choice in pairs if choice != recorded[name])

    def size(self, group: Joined) -> int:
        """Return how many combinations a group has."""
        register = self.evaluation.program.ruleset.readings
        return prod(len(register[name].alternatives) for name in group.readings)

    def is_tried(self, group: Joined) -> bool:
        """Return whether all combinations of a group are tried."""
        return self.size(group) <= MOST_COMBINATIONS

    def program(self, choices: Choices) -> Program | InvalidInput:
        """Return the program under some choices, or why there is none."""
        if choices not in self.programs:
            try:
                self.programs[choices] = self.compile({**self.evaluation.program.readings, **dict(choices)})
            except InvalidInput as error:
                self.programs[choices] = error
        return self.programs[choices]

    def trial(self, choices: Choices) -> Trial:
        """Score the case under some choices."""
        if choices not in self.done:
            self.done[choices] = self._scored(choices)
        return self.done[choices]

    def _scored(self, choices: Choices) -> Trial:
        program = self.program(choices)
        if isinstance(program, InvalidInput):
            return Trial(None, program.faults)
        try:
            found = evaluate(program, self.evaluation.facts) if choices else self.evaluation
        except InvalidInput as error:
            return Trial(None, error.faults)
        outcome = outcome_of(self.evaluation, found)
        return Trial(outcome, (), tuple(self._changed(found, outcome)) if len(choices) == 1 else ())

    def _changed(self, found: Evaluation, outcome: Outcome) -> Iterator[Firing]:
        """Yield the firings that another reading changes; not where all of them together score the same."""
        scores = {change.indicator for change in outcome.changes}
        for firing in changed(self.effects, effects(found)) if outcome.differs else ():
            if firing.indicator is None or firing.indicator in scores:
                yield firing


def outcome_of(recorded: Evaluation, found: Evaluation) -> Outcome:
    """Return what an evaluation of the same case came to, beside the recorded one."""
    pairs = zip(recorded.scores, found.scores, strict=True)
    changes = (Change(one.number, Before(one.kept, one.open), Before(other.kept, other.open)) for one, other in pairs)
    results = zip(recorded.results, found.results, strict=True)
    total, grades = found.outcome, recorded.program.ruleset.grades
    return Outcome(
        total,
        tuple(possible_grades(grades, total.kept, total.kept + total.open)),
        tuple(change for change in changes if change.recorded != change.here),
        tuple(result_line(other) for one, other in results if (one.status, one.value) != (other.status, other.value)),
        total != recorded.outcome,
        _remarks(recorded) != _remarks(found),
    )


def _remarks(evaluation: Evaluation) -> Counter[Hashable]:
    flags = (firing for firing, _ in evaluation.firings if firing.action == "flag")
    return Counter((flag.option, tuple(sorted((flag.says or {}).items()))) for flag in flags)
