"""What a verification finds."""

from __future__ import annotations

from dataclasses import dataclass

from audit.log.keys import PublicKey
from engine.base.messages import Message


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was recorded; `entry` is where, or None where it is of no entry."""

    entry: int | None
    what: Message
    last: int | None = None
    """The last entry that it is about, where it is about several."""
    of_key: bool = False
    """Whether it is of the key that the reader trusts, and not of the ledger."""
    unsealed: bool = False
    """Whether it is only that no checkpoint covers the entries, or no signed one where the ledger is signed."""

    @property
    def place(self) -> str:
        """The entry or entries, as people write them."""
        if self.entry is None:
            return ""
        return str(self.entry) if self.last in (None, self.entry) else f"{self.entry}–{self.last}"


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome: what was looked at, what is wrong, and what should be known although it is not wrong."""

    entries: int
    evaluations: int
    root: bytes
    origin: str
    folder: str
    """The folder of the checkpoints; empty where none was named."""
    checkpoints: int
    """How many checkpoints the folder holds."""
    covered: int
    """How many entries the newest checkpoint of the folder speaks of."""
    stored: int
    """How many signed checkpoints the ledger itself holds."""
    sealed: int
    """How many entries the newest checkpoint of either speaks of."""
    signed: int
    """How many of the checkpoints are signed."""
    keys: tuple[PublicKey, ...]
    """The keys that the ledger names, the oldest first."""
    findings: tuple[Finding, ...]
    notices: tuple[Message, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    @property
    def only_distrusted(self) -> bool:
        """Whether all that is wrong is that the reader's key does not vouch for the ledger."""
        return bool(self.findings) and all(finding.of_key for finding in self.findings)

    @property
    def only_unsealed(self) -> bool:
        """Whether all that is wrong is that entries have no checkpoint, or no signed one."""
        return bool(self.findings) and all(finding.unsealed for finding in self.findings)

    @property
    def first(self) -> int | None:
        """The first faulty entry."""
        return min((finding.entry for finding in self.findings if finding.entry is not None), default=None)
