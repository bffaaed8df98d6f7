"""One thing that a check has found in a ruleset."""

from __future__ import annotations

from dataclasses import dataclass

from engine.base.messages import Message
from engine.base.places import NOWHERE, Place


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, where, and the remedy."""

    id: str
    """The check, whose page is docs/checks/<id>.md."""
    name: str
    """What it is about, such as a parameter or a rule; by it a ruleset accepts the finding."""
    what: Message
    remedy: Message
    where: Place = NOWHERE
