"""What a page shows, as frozen values; what is None is left out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.alternatives.improvement import Improvement
from engine.alternatives.readings import Readings
from engine.explanation import Card, Explanation
from engine.verdicts import WrittenRule
from engine.verdicts.words import VerdictWords


@dataclass(frozen=True, slots=True)
class Record:
    """What the ledger recorded with an evaluation and never changes; what came later is not in it."""

    entry: int
    at: str
    actor: str
    standing: str
    """official, beside or trial."""
    supersedes: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What every rule did, and the words for it."""

    words: VerdictWords
    rules: tuple[WrittenRule, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """An evaluation with all that is said of it."""

    card: Card
    explanation: Explanation
    """The whole explanation."""
    digest: str
    """The digest of the whole explanation."""
    record: Record
    proof: str | None = None
    """The text of the proof of the entry, under the first signed checkpoint that covers it."""
    verdicts: Verdicts | None = None
    improvement: Improvement | None = None
    readings: Readings | None = None
    decided: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    """For firings by their positions in the receipt, the readings that decided something in them."""

    @property
    def is_reproduced(self) -> bool:
        """Whether the receipt was made again, which all is based on that goes beyond the explanation."""
        return self.verdicts is not None
