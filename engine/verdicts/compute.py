"""The verdicts of a whole evaluation: every rule, whatever it did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from engine.facts.builtin import left_out
from engine.program.program import CompiledRule, Program
from engine.scoring.evaluation import Evaluation
from engine.verdicts.model import Candidate, Inactive, RuleVerdict, WrittenRule
from engine.verdicts.rule import RuleJudge


@dataclass(frozen=True, slots=True)
class CompiledVerdicts:
    """The conditions of a program's rules, compiled once for any number of evaluations."""

    judges: tuple[RuleJudge, ...]

    def of(self, evaluation: Evaluation, rules: Iterable[int] | None = None) -> tuple[RuleVerdict, ...]:
        """Return the verdicts of an evaluation by the same program, in the program's order.

        `rules` are the positions of those that are wanted; by default all.
        """
        wanted = self.judges if rules is None else [self.judges[index] for index in rules]
        return tuple([_verdict(judge, evaluation) for judge in wanted])

    def written(self, evaluation: Evaluation, rules: Iterable[int] | None = None) -> tuple[WrittenRule, ...]:
        """Return the verdicts of an evaluation, the rows of a band table together."""
        return tuple(_together(self.of(evaluation, rules)))


def compile_verdicts(program: Program) -> CompiledVerdicts:
    """Compile the conditions of a program's rules."""
    return CompiledVerdicts(tuple(RuleJudge(rule, program.ruleset.calendar) for rule in program.rules))


def verdicts_of(evaluation: Evaluation) -> tuple[WrittenRule, ...]:
    """Return the verdicts of one evaluation, the rows of a band table together."""
    return compile_verdicts(evaluation.program).written(evaluation)


def _verdict(judge: RuleJudge, evaluation: Evaluation) -> RuleVerdict:
    rule = judge.rule
    if rule.match.index not in evaluation.active:
        return RuleVerdict(rule, (), _inactive(rule, evaluation))
    return RuleVerdict(rule, judge.candidates(evaluation.context))


def _inactive(rule: CompiledRule, evaluation: Evaluation) -> Inactive:
    """Say why a rule was not matched."""
    if rule.result:
        waiting = next(result.unassessed for result in evaluation.results if result.plan.name == rule.result)
        return Inactive("result_open", waiting)
    number = rule.indicator or 0
    return Inactive("not_assessed", (number,), left_out(evaluation.facts).get(number))


def _together(verdicts: Iterable[RuleVerdict]) -> Iterator[WrittenRule]:
    for name, rows in groupby(verdicts, key=lambda verdict: verdict.rule.name):
        listed = tuple(rows)
        # Every row of a table has the same candidates, in the same order.
        candidates = zip(*(verdict.candidates for verdict in listed), strict=True)
        yield WrittenRule(name, listed, tuple(map(_decisive, candidates)))


def _decisive(of_rows: tuple[Candidate, ...]) -> Candidate:
    """Return the candidate of the row that fired; else the one that got the furthest, which is any if no row has."""
    fired = next((candidate for candidate in of_rows if candidate.fired), None)
    return fired or max(of_rows, key=_reached)


def _reached(candidate: Candidate) -> int:
    return sum(each.truth == "holds" for each in candidate.conditions)
