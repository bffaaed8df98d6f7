"""Score a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from engine.base.faults import NotFound
from engine.base.sources import Sources
from engine.facts import FactsFile, named_files, open_facts, read_facts
from engine.receipt import Receipt
from engine.receipt.make import make_receipt
from engine.ruleset import Ruleset
from engine.scoring.evaluate import evaluate
from workflow.evidence_files import digests
from workflow.files import STANDARD_INPUT, read_text
from workflow.library import LoadedRuleset, find, places_in
from workflow.programs import PROGRAMS
from workflow.settings import Settings


@dataclass(frozen=True, slots=True)
class Scored:
    """A case that was scored and is not recorded."""

    receipt: Receipt
    ruleset: Ruleset
    sources: Sources
    instead_of: str = ""
    """The ruleset that the facts file names, where another was asked for; such a score is only a trial."""


def score(
    file: str, settings: Settings, readings: Mapping[str, str] | None = None, *, ruleset: str | None = None
) -> Scored:
    """Score a facts file, or standard input for `-`, by the ruleset that it names, or by another `ruleset`.

    Files of evidence are looked for in the facts file's folder, or in the working folder for standard input.
    """
    document = open_facts(read_text(file), file)
    found = _named(document, settings) if ruleset is None else find(ruleset, settings.rulesets)
    other = document.ruleset not in (found.ruleset.id, ruleset or document.ruleset)
    beside = Path() if file == STANDARD_INPUT else Path(file).parent
    digested, faults = digests(list(named_files(document.root)), beside, settings.progress)
    document = replace(document, faults=(*document.faults, *faults))
    facts = read_facts(document, found.ruleset.facts, found.ruleset.conversions, digested)
    with places_in(found.folder):
        program = PROGRAMS.program(found.ruleset, readings or {})
    PROGRAMS.keep(found.ruleset)
    receipt = make_receipt(evaluate(program, facts))
    return Scored(receipt, found.ruleset, found.sources, document.ruleset if other else "")


def _named(document: FactsFile, settings: Settings) -> LoadedRuleset:
    """Return the ruleset that a facts file names; where there is none, the fault is at that place."""
    try:
        return find(document.ruleset, settings.rulesets)
    except NotFound as error:
        place = document.root["ruleset"].place
        raise NotFound(*(replace(fault, where=place) for fault in error.faults)) from None
