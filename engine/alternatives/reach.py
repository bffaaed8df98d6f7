"""What each reading can change, and which readings have to be looked at together.

Two readings that change nothing in common add up: what both change together is the sum of what each changes by itself.
So combinations are needed only within groups of readings that share a rule, an indicator, a level or a result.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.language.fold import readings_in
from engine.language.typed import TOTAL, Scored
from engine.program.placement import EXCLUDED
from engine.program.program import CompiledRule, IndicatorPlan, Program
from engine.program.scopes import indicators_under, level_weights
from engine.program.strata import Dependencies, score_of
from engine.ruleset.model import Ruleset
from engine.scoring.evaluation import Evaluation


@dataclass(frozen=True, slots=True)
class _Link:
    """Something that needs some names, gives others, and is decided by some readings."""

    readings: frozenset[str]
    needs: frozenset[str]
    gives: frozenset[str]


@dataclass(frozen=True, slots=True)
class Joined:
    """Readings that have to be looked at together, and the indicators whose scores they can change."""

    readings: tuple[str, ...]
    indicators: tuple[int, ...]
    whole: bool
    """Whether they can change a level or the total as a whole too."""


def joined(evaluation: Evaluation, programs: Iterable[Program]) -> tuple[Joined, ...]:
    """Return the groups of the readings of a case, by what programs under several of them consist of.

    A reading that changes nothing is a group of its own.
    """
    ruleset = evaluation.program.ruleset
    compiled = tuple(programs)
    touched = _touched(ruleset, {link for program in compiled for link in _links(program)})
    for names in _not_added_up(evaluation, compiled, touched):
        for own in touched.values():
            if own & names:
                own.update(names)
    groups: list[tuple[list[str], set[str]]] = []
    for reading, names in touched.items():
        together = [group for group in groups if group[1] & names]
        groups = [group for group in groups if group not in together]
        readings = [name for group in together for name in group[0]]
        groups.append(([*readings, reading], names.union(*(group[1] for group in together))))
    order = list(ruleset.readings)
    found = [_group(ruleset, sorted(readings, key=order.index), names) for readings, names in groups]
    return tuple(sorted(found, key=lambda group: order.index(group.readings[0])))


def _group(ruleset: Ruleset, readings: Sequence[str], names: set[str]) -> Joined:
    numbers = (indicator.number for indicator in ruleset.indicators)
    return Joined(
        tuple(readings),
        tuple(number for number in numbers if score_of(number) in names),
        any(score_of(path) in names for path in level_weights(ruleset)),
    )


def _links(program: Program) -> Iterator[_Link]:
    """Yield the rules of a program, and what else of an indicator readings decide."""
    for rule, need in zip(program.rules, program.dependencies, strict=True):
        readings = frozenset((*rule.readings, *rule.readings_unused))
        yield _Link(readings, need.matches | need.completes, _given(rule, need))
    requirements = {indicator.number: indicator.requires for indicator in program.ruleset.indicators}
    for plan in program.indicators:
        decided = {reading for each in requirements[plan.number] for reading, _ in each.under}
        if plan.rows is not None:
            decided |= {reading for each in program.ruleset.every_row.requires for reading, _ in each.under}
        yield _Link(frozenset(decided) | _deciding(plan), frozenset(), frozenset({score_of(plan.number)}))


def _given(rule: CompiledRule, need: Dependencies) -> frozenset[str]:
    """Name what a rule gives: a remark too, for two readings of one rule may come to an error only together."""
    return need.gives | {f"rule {rule.name}"}


def _deciding(plan: IndicatorPlan) -> frozenset[str]:
    trees = [each.tree for requirement in plan.requires for each in (*requirement.where, requirement.that)]
    parts = frozenset(reading for part in plan.parts for reading in part.readings)
    return readings_in(trees) | parts | (plan.rows.readings if plan.rows is not None else frozenset())


def _touched(ruleset: Ruleset, links: Iterable[_Link]) -> dict[str, set[str]]:
    """Return by reading the names of all that it can change, through whatever follows from it."""
    all_of = tuple(links)
    found: dict[str, set[str]] = {}
    for reading in ruleset.readings:
        names = {name for link in all_of if reading in link.readings for name in link.gives}
        front = set(names)
        while front:
            front = {name for link in all_of if link.needs & front for name in link.gives} - names
            names |= front
        found[reading] = names
    return found


def _not_added_up(
    evaluation: Evaluation, programs: Sequence[Program], touched: Mapping[str, set[str]]
) -> Iterator[set[str]]:
    """Yield the names of scores that are not simply added up, since something acts on their sum."""
    ruleset = evaluation.program.ruleset
    changing = set[str]().union(*touched.values())
    fired = {firing.rule for firing, _ in evaluation.firings}
    for rule in {rule.name: rule for program in programs for rule in program.rules}.values():
        changes = f"rule {rule.name}" in changing
        # A cap that readings do not change limits what they do below it; an override by which no reading changes
        # anything replaces it.
        if rule.level is not None and (changes or (rule.action == "cap" and rule.name in fired)):
            yield _under(rule.level, ruleset)
        if rule.option == EXCLUDED and rule.action == "not_applicable" and (changes or rule.name in fired):
            yield _under(TOTAL, ruleset)


def _under(path: Scored, ruleset: Ruleset) -> set[str]:
    return {score_of(path), *map(score_of, indicators_under(path, ruleset))}
