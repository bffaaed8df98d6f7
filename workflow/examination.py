"""The examination of a ruleset: its golden cases run in every reading, and the checks of `engine.analysis`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from engine.analysis import Coverage, Examination, Finding, Material, examine
from engine.analysis.material.coverage import Observer
from engine.analysis.material.observed import meetings, observed
from engine.base.sources import RULESET
from engine.program import Program
from engine.ruleset import Ruleset
from engine.ruleset.clauses import conditions
from engine.ruleset.expressions import applies
from engine.ruleset.spoken import spoken
from engine.scoring.evaluation import Evaluation
from workflow.golden import Case, Outcome, Programs
from workflow.library import CASES


def compile_every_reading(programs: Programs) -> None:
    """Compile a ruleset as it is chosen, under each alternative, and under each combination that something needs."""
    ruleset = programs.ruleset
    programs.under({})
    for name, reading in ruleset.readings.items():
        for alternative in reading.alternatives:
            programs.under({name: alternative})
    for under in conditions(ruleset):
        if not any(applies(under, program.readings) for program in programs.compiled.values()):
            programs.under({reading: min(alternatives) for reading, alternatives in under})


def material_of(programs: Programs, outcomes: Iterable[Outcome]) -> Material:
    """Return what the checks look at."""
    done = tuple(outcomes)  # first: to run a case may compile another program
    compiled = tuple(programs.compiled.values())
    return Material(programs.ruleset, compiled, _coverage(compiled, done))


def _coverage(programs: Iterable[Program], outcomes: Iterable[Outcome]) -> Coverage:
    coverage = Coverage()
    observers: dict[int, Observer] = {id(program): Observer.of(program) for program in programs}
    for outcome in outcomes:
        evaluation = outcome.evaluation
        seen = None if evaluation is None else observers[id(evaluation.program)].reached(evaluation)
        coverage.add(outcome.case.readings, seen)
        if evaluation is not None:
            _watch(coverage, outcome.case, evaluation)
    return coverage


def _watch(coverage: Coverage, case: Case, evaluation: Evaluation) -> None:
    """Add what a case shows besides its points."""
    coverage.meetings += meetings(case.name, evaluation)
    if case.expected.get("notices") is None:
        coverage.observed += observed(case.name, case.document, evaluation, as_chosen=not case.readings)


def examination(material: Material, folder: Path) -> Examination:
    """Return what the checks find, with the files of the ruleset and its cases as they are on disk."""
    found = examine(material)
    return replace(
        found,
        findings=tuple(_shown(finding, folder, material.ruleset) for finding in found.findings),
        accepted=tuple(_shown(finding, folder, material.ruleset) for finding in found.accepted),
    )


def _shown(finding: Finding, folder: Path, ruleset: Ruleset) -> Finding:
    """Return a finding in the form in which the ruleset is written, at its file on disk."""
    remedy = spoken(finding.remedy, ruleset.node)
    return _placed(replace(finding, remedy=remedy), folder)


def _placed(finding: Finding, folder: Path) -> Finding:
    file = finding.where.file
    on_disk = folder / RULESET if file == RULESET else folder / CASES / file
    if not file or not on_disk.is_file():
        return finding
    return replace(finding, where=replace(finding.where, file=str(on_disk)))
