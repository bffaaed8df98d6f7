"""What the ledger reports, as frozen values: evaluations, changes of keys, and what was covered."""

from __future__ import annotations

from dataclasses import dataclass

from audit.log.entries import OFFICIAL
from audit.log.keys import PublicKey


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


@dataclass(frozen=True, slots=True)
class RecordedEvaluation:
    """One recorded evaluation: which case by which ruleset, how it came out, who recorded it and when."""

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
