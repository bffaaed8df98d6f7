"""A ruleset of usual schemes, in English, with one thing changed, read, run and examined."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.analysis import Examination, Finding, Material, examine
from engine.base.sources import RULESET, Sources
from engine.ruleset import Ruleset, read_ruleset
from workflow.examination import compile_every_reading, material_of
from workflow.golden import Programs, read_cases, run_cases
from workflow.library import cases_of, sources_of

FOLDER = Path(__file__).parents[1] / "schemes"
"""Written out in full, so that each word that a test changes is there."""
CASES = cases_of(FOLDER)
SOURCES = sources_of(FOLDER)
TEXT = SOURCES.files[RULESET]


@dataclass(frozen=True)
class Examined:
    """A changed ruleset and what its examination gave."""

    text: str
    material: Material
    found: Examination

    def of(self, check: str) -> list[Finding]:
        """Return the findings of one check."""
        return [finding for finding in self.found.findings if finding.id == check]

    def line(self, words: str) -> int:
        """Return the line on which some words are, which only one line holds."""
        assert self.text.count(words) == 1, words
        return self.text[: self.text.index(words)].count("\n") + 1

    def lines(self, check: str) -> list[tuple[str, int | None]]:
        """Return the name and the line of each finding of one check."""
        return [(finding.name, finding.where.line) for finding in self.of(check)]


def changed(*changes: tuple[str, str], text: str = TEXT) -> str:
    """Return the ruleset's text with some words replaced, each of which it holds once."""
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def ruleset_of(text: str, types: dict[str, str] | None = None) -> Ruleset:
    """Read a changed ruleset, perhaps with other fact types."""
    return read_ruleset(Sources({**SOURCES.files, **(types or {}), RULESET: text}))


def examined(
    *changes: tuple[str, str], cases: dict[str, str] | None = None, types: dict[str, str] | None = None
) -> Examined:
    """Change the ruleset, run its golden cases or others, and examine it."""
    text = changed(*changes)
    programs = Programs(ruleset_of(text, types))
    compile_every_reading(programs)
    read = read_cases(CASES if cases is None else cases, types=programs.ruleset.facts)
    material = material_of(programs, run_cases(read, programs, (str,)))
    return Examined(text, material, examine(material))


def with_cases(*changes: tuple[str, str]) -> dict[str, str]:
    """Return the golden cases with some words of their file replaced."""
    name = "schemes.cases.yaml"
    return {**CASES, name: changed(*changes, text=CASES[name])}
