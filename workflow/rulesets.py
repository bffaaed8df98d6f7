"""What a rule maintainer does with a ruleset: list those there are, check one in every reading, run its cases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.analysis import Examination
from engine.base.faults import Fault, InvalidInput
from engine.program import compile_ruleset
from engine.ruleset import Ruleset
from workflow.examination import compile_every_reading, examination, material_of
from workflow.golden import Outcome, Programs, read_cases, run_cases, unread
from workflow.library import CASES, LoadedRuleset, case_names, cases_of, find, places_in, rulesets
from workflow.suggestions import SuggestedCases, suggestions_for


def list_rulesets(folder: Path | None) -> tuple[list[Ruleset], tuple[Fault, ...]]:
    """Return the rulesets that can be read, sorted by id, and what is wrong with the others."""
    found: list[Ruleset] = []
    faults: list[Fault] = []
    for name in rulesets(folder):
        try:
            found.append(find(name, folder).ruleset)
        except InvalidInput as error:
            faults += error.faults
    return found, tuple(faults)


def check_ruleset(name: str, folder: Path | None) -> LoadedRuleset:
    """Find a ruleset and see that it compiles; `RulesetError` at its line where it does not."""
    found = find(name, folder)
    with places_in(found.folder):
        compile_ruleset(found.ruleset)
    return found


@dataclass(frozen=True, slots=True)
class RulesetTest:
    """What the golden cases beside a ruleset gave, and what its examination found."""

    outcomes: tuple[Outcome, ...]
    unread: tuple[str, ...]
    """Files beside the cases that no case reads."""
    examination: Examination

    @property
    def differ(self) -> tuple[Outcome, ...]:
        """The cases that did not come out as expected."""
        return tuple(outcome for outcome in self.outcomes if outcome.differences)

    @property
    def passed(self) -> bool:
        """Whether there are cases, all are read, and all came out as expected."""
        return bool(self.outcomes) and not self.differ and not self.unread


def run_golden_cases(name: str, folder: Path | None, languages: Sequence[Callable[[str], str]]) -> RulesetTest:
    """Compile a ruleset in every reading, run the cases beside it, and examine it.

    An expected error is looked for in its message in each of the `languages`.
    """
    found, programs, outcomes = _run(name, folder, languages)
    unread_files = tuple(unread(case_names(found.folder), (outcome.case for outcome in outcomes)))
    return RulesetTest(outcomes, unread_files, examination(material_of(programs, outcomes), found.folder))


def _run(
    name: str, folder: Path | None, languages: Sequence[Callable[[str], str]]
) -> tuple[LoadedRuleset, Programs, tuple[Outcome, ...]]:
    found = find(name, folder)
    programs = Programs(found.ruleset)
    with places_in(found.folder):
        compile_every_reading(programs)
    with places_in(found.folder / CASES), places_in(found.folder):
        outcomes = tuple(
            run_cases(read_cases(cases_of(found.folder), found.found_as, found.ruleset.facts), programs, languages)
        )
    return found, programs, outcomes


def suggest_cases(name: str, folder: Path | None) -> SuggestedCases:
    """Return cases for the thresholds that no golden case tests; they build on the facts of the first case."""
    found, programs, outcomes = _run(name, folder, (str,))
    if not outcomes:
        return SuggestedCases("", (), ())
    base = outcomes[0].case.base
    return suggestions_for(material_of(programs, outcomes), base, cases_of(found.folder)[base])
