"""What a use case needs of its surroundings."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from engine.base.messages import Message

Count: TypeAlias = Callable[[int, int], None]
"""Is called with how much is done, and of how much."""

Progress: TypeAlias = Callable[[Message], AbstractContextManager[Count | None]]
"""Shows how far something with this title has come, if anybody looks."""


def no_progress(_title: Message) -> AbstractContextManager[Count | None]:
    """Show nothing."""
    return nullcontext()


DEFAULT_LEDGER = "fenming.db"


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are, and who hears of progress."""

    ledger: str = DEFAULT_LEDGER
    """The address of the ledger: a path, a `sqlite:///` or a `postgresql://` address."""
    checkpoints: Path | None = None
    """The folder of its checkpoints; the one beside the ledger where none is named."""
    rulesets: Path | None = None
    """A folder of rulesets that is looked into before the program's own."""
    notify: Callable[[Message], None] = lambda _: None
    """Is called with what somebody should know although it is not wrong."""
    progress: Progress = no_progress
