"""What the ledger reports, as frozen values: evaluations, changes of keys, and what was covered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from audit.log.entries import OFFICIAL, EvaluationEntry
from audit.log.keys import PublicKey
from engine.receipt import Content


@dataclass(frozen=True, slots=True)
class KeyChange:
    """One entry that names the key by which checkpoints are signed from there on: who made it, when and why."""

    entry: int
    at: str
    actor: str
    reason: str
    key: PublicKey


@dataclass(frozen=True, slots=True)
class Cover:
    """One entry that takes entries without a checkpoint into the record: which ones, who did so, when and why."""

    entry: int
    at: str
    actor: str
    reason: str
    first: int
    last: int


class RecordedEvaluation(NamedTuple):
    """One recorded evaluation: which case by which ruleset, how it came out, who recorded it and when.

    Its fields are the columns of the query that lists evaluations, in their order, so that long lists are quick.
    """

    id: str
    entry: int
    at: str
    actor: str
    ruleset: str
    ruleset_revision: int
    ruleset_title: str
    ruleset_digest: str
    ruleset_text: str
    department: str
    year: str
    total: str
    open: str
    """The points that are not assessed; the total may still rise by them."""
    grade: str | None
    """None where the open points leave more than one grade possible."""
    receipt_sha256: str
    standing: str
    """official, beside or trial."""
    supersedes: str | None
    superseded_by: str | None
    reason: str
    repeated: bool = False
    """Whether an append found this evaluation instead of recording a new one: the same facts gave its receipt."""

    @property
    def in_force(self) -> bool:
        """Whether it scores its case: it is official, and no later one supersedes it."""
        return self.standing == OFFICIAL and self.superseded_by is None


def recorded_evaluation(
    entry: EvaluationEntry, content: Content, superseded_by: str | None = None
) -> RecordedEvaluation:
    """Return what the ledger reports of an evaluation, from its entry and its receipt."""
    return RecordedEvaluation(
        id=entry.evaluation,
        entry=entry.index,
        at=entry.at,
        actor=entry.actor,
        ruleset=content.ruleset.id,
        ruleset_revision=content.ruleset.revision,
        ruleset_title=content.ruleset.title,
        ruleset_digest=entry.ruleset,
        ruleset_text=content.ruleset.text,
        department=content.case.department,
        year=content.case.year,
        total=content.total,
        open=content.open,
        grade=content.grade,
        receipt_sha256=entry.receipt_sha256,
        standing=entry.standing,
        supersedes=entry.supersedes,
        superseded_by=superseded_by,
        reason=entry.reason,
    )
