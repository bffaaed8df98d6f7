"""Write an evaluation with all that explains it as one file, for those who have no ledger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from audit.ledger.proofs import first_proof
from audit.tables.records import RecordedEvaluation
from engine.alternatives.improve import improve
from engine.base.faults import Damaged, Fault, UsageFault, problem
from engine.base.messages import listing, msg
from engine.verdicts import verdicts_of
from engine.verdicts.words import VerdictWords
from office.page import Record, Report, Verdicts, page
from workflow.files import write_new
from workflow.ledger import open_ledger
from workflow.readings import ReadingsShown, readings
from workflow.settings import Settings
from workflow.show import show

if TYPE_CHECKING:
    from audit.ledger.ledger import Ledger

FORMATS = (".html",)
"""What can be written, by the suffix of the file."""


def report(
    settings: Settings, reference: str, file: str, language: str, translate: Callable[[str], str]
) -> RecordedEvaluation:
    """Write the report of an evaluation to a new file, in a language; return what the ledger says of the evaluation.

    The same evaluation gives the same file: what was recorded after it is not in it. `UsageFault` where the suffix of
    the file names no format, `Refused` where the file exists.
    """
    require_format(file)
    made, recorded = evaluation_report(settings, reference)
    write_new(file, page(made, language, translate))
    return recorded


def evaluation_report(settings: Settings, reference: str) -> tuple[Report, RecordedEvaluation]:
    """Return what the report of an evaluation shows, and what the ledger says of it.

    What can be said only of a case that is being scored is left out where this version does not make the recorded
    receipt again.
    """
    with open_ledger(settings) as ledger:
        shown = show(ledger, reference)
        recorded = shown.recorded
        assert recorded is not None  # noqa: S101 - it is in the ledger
        proof = first_proof(ledger, recorded)
        found = _reproduced(ledger, recorded.id)
    record = Record(
        recorded.entry, recorded.at, recorded.actor, recorded.standing, recorded.supersedes, recorded.reason
    )
    explanation, digest = shown.whole_explanation, shown.explanation_digest
    made = Report(shown.card, explanation, digest, record, None if proof is None else proof.text)
    if found is None:
        return made, recorded
    evaluation = found.readings.evaluation
    verdicts = Verdicts(VerdictWords(evaluation), verdicts_of(evaluation))
    return replace(
        made, verdicts=verdicts, improvement=improve(evaluation), readings=found.readings, decided=dict(found.decided)
    ), recorded


def _reproduced(ledger: Ledger, evaluation: str) -> ReadingsShown | None:
    """Return what other readings would have scored, if the recorded receipt is made again."""
    try:
        return readings(ledger, evaluation)
    except Damaged as error:
        if [fault.code for fault in error.faults] == ["evaluation.not-reproduced"]:
            return None
        raise


def require_format(file: str) -> None:
    """Refuse a file whose suffix names no format."""
    suffix = PurePath(file).suffix.lower()
    if suffix not in FORMATS:
        raise UsageFault(
            Fault(
                problem("report.format", "The suffix of “{file}” does not say what to write.", file=file),
                msg("Name a file that ends in: {suffixes}.", suffixes=listing(FORMATS)),
            )
        )
