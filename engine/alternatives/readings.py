"""What a case would have scored under the other readings of the form, and what the total can be over all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod

from engine.alternatives.choices import Compile, Outcome, Trials
from engine.alternatives.reach import Joined
from engine.alternatives.totals import Choices, Moves, TotalRange, total_range
from engine.base.faults import Fault
from engine.base.numbers import Number, total
from engine.ruleset.model import Reading
from engine.scoring.evaluation import Evaluation, possible_grades
from engine.scoring.firing import Before, Firing


@dataclass(frozen=True, slots=True)
class Alternative:
    """One alternative of a reading, all other readings as recorded."""

    name: str
    is_recorded: bool
    outcome: Outcome | None
    """None where these facts cannot be scored under it."""
    faults: tuple[Fault, ...]
    """What is missing or wrong then."""


@dataclass(frozen=True, slots=True)
class ReadingAlternatives:
    """A reading with all its alternatives."""

    reading: Reading
    alternatives: tuple[Alternative, ...]

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What the alternatives come to under which these facts can be scored."""
        return tuple(each.outcome for each in self.alternatives if each.outcome is not None)

    @property
    def decides(self) -> bool:
        """Whether the card would be another one under another alternative, or none."""
        return len(self.outcomes) < len(self.alternatives) or any(outcome.differs for outcome in self.outcomes)

    @property
    def moves_grade(self) -> bool:
        """Whether another alternative gives another grade."""
        return len({outcome.grades for outcome in self.outcomes}) > 1


@dataclass(frozen=True, slots=True)
class Group:
    """Readings that are looked at together, since they change the same indicators, levels or results."""

    readings: tuple[str, ...]
    indicators: tuple[int, ...]
    combinations: int
    is_tried: bool
    """Whether all its combinations were tried; else it is bounded by the weights of its indicators."""


@dataclass(frozen=True, slots=True)
class Unscorable:
    """Choices under which these facts cannot be scored, each of them needed for that, and what is missing or wrong."""

    choices: Choices
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Readings:
    """How far the score of a case depends on readings."""

    evaluation: Evaluation
    readings: tuple[ReadingAlternatives, ...]
    """Every reading of the ruleset, in its order."""
    groups: tuple[Group, ...]
    unscorable: tuple[Unscorable, ...]
    range: TotalRange
    decided: Mapping[Firing, tuple[str, ...]]
    """For each firing, the readings that decided something in it: another alternative changes what it does here."""

    @property
    def recorded(self) -> Before:
        """What is kept and open in all as recorded."""
        return self.evaluation.outcome

    @property
    def grades(self) -> tuple[str, ...]:
        """The grades that the recorded total can have, several only where points are open."""
        kept, top = self.recorded.kept, self.recorded.kept + self.recorded.open
        return tuple(possible_grades(self.evaluation.program.ruleset.grades, kept, top))

    @property
    def moving_grade(self) -> tuple[str, ...]:
        """The readings of which another alternative by itself gives another grade."""
        return tuple(each.reading.id for each in self.readings if each.moves_grade)


def readings_of(evaluation: Evaluation, compile_: Compile) -> Readings:
    """Return what a case would have scored under the other readings of its ruleset.

    The bounds and grades are exact: readings that change nothing in common add up, and of the others each combination
    is scored, unless there are more of them than `MOST_COMBINATIONS`.
    """
    trials = Trials(evaluation, compile_)
    groups = trials.groups()
    register = evaluation.program.ruleset.readings.values()
    found = tuple(ReadingAlternatives(reading, tuple(_alternatives(reading, trials))) for reading in register)
    return Readings(
        evaluation,
        found,
        tuple(Group(g.readings, g.indicators, trials.size(g), trials.is_tried(g)) for g in groups),
        tuple(_unscorable(trials, groups)),
        _range(trials, groups),
        _decided(trials),
    )


def _alternatives(reading: Reading, trials: Trials) -> Iterator[Alternative]:
    recorded = trials.evaluation.program.readings[reading.id]
    for name in reading.alternatives:
        trial = trials.trial(() if name == recorded else ((reading.id, name),))
        yield Alternative(name, name == recorded, trial.outcome, trial.faults)


def _unscorable(trials: Trials, groups: tuple[Joined, ...]) -> Iterator[Unscorable]:
    """Yield the choices without a score, except those that hold fewer choices without one."""
    within = (choices for group in groups for choices in trials.within(group))
    found: list[set[tuple[str, str]]] = []
    for choices in sorted(dict.fromkeys((*trials.single(), *within)), key=len):
        trial = trials.trial(choices)
        if trial.outcome is None and not any(fewer <= set(choices) for fewer in found):
            found.append(set(choices))
            yield Unscorable(choices, trial.faults)


def _range(trials: Trials, groups: tuple[Joined, ...]) -> TotalRange:
    ruleset, tried = trials.evaluation.program.ruleset, all(map(trials.is_tried, groups))
    moves = [_moves(trials, group) if trials.is_tried(group) else _outer(trials.evaluation, group) for group in groups]
    scored = (sum(trials.trial(choices).outcome is not None for choices in trials.within(group)) for group in groups)
    low, high, grades, is_exact = total_range(
        trials.evaluation.outcome, ruleset.weight, ruleset.grades, moves, known=tried
    )
    combinations = prod(map(trials.size, groups))
    return TotalRange(low, high, grades, combinations, prod(scored) if tried else None, is_exact)


def _moves(trials: Trials, group: Joined) -> Moves:
    """Return by how much the combinations of a group move the total."""
    recorded, found = trials.evaluation.outcome, dict[tuple[Number, Number], Choices]()
    for choices in sorted(trials.within(group), key=len):
        outcome = trials.trial(choices).outcome
        if outcome is not None:
            kept, opened = outcome.total.kept - recorded.kept, outcome.total.open - recorded.open
            found.setdefault((kept, kept + opened), choices)
    return found


def _outer(evaluation: Evaluation, group: Joined) -> Moves:
    """Return by how much a group can move the total at most: its indicators keep nothing, or all their weight."""
    ruleset, recorded = evaluation.program.ruleset, evaluation.outcome
    if group.whole:
        return {(-recorded.kept, ruleset.weight - recorded.kept - recorded.open): ()}
    scores = [score for score in evaluation.scores if score.number in group.indicators]
    kept, above = (total(each.kept for each in scores), total(each.weight - each.kept - each.open for each in scores))
    return {(-kept, above): ()}


def _decided(trials: Trials) -> dict[Firing, tuple[str, ...]]:
    found: dict[Firing, list[str]] = {}
    for choices in trials.single():
        for firing in trials.trial(choices).changed:
            readings = found.setdefault(firing, [])
            if choices[0][0] not in readings:
                readings.append(choices[0][0])
    return {firing: tuple(readings) for firing, readings in found.items()}
