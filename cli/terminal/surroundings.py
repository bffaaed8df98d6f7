"""What the environment says: where things are, who records, which key signs. Options come first."""

from __future__ import annotations

import getpass
import os
from pathlib import Path
from typing import TYPE_CHECKING

from cli.terminal.progress import counter
from cli.terminal.session import Session
from engine.base.faults import Fault, UsageFault, problem
from engine.base.messages import msg
from engine.documents.text import break_in, forbidden_code, shortened
from workflow.settings import DEFAULT_LEDGER, Settings

if TYPE_CHECKING:
    from audit.log.keys import SigningKey

MOST_OF_A_NAME = 200
"""How long the name of an actor may be, in characters."""


def settings(
    session: Session, *, ledger: str | None = None, checkpoints: str | None = None, rulesets: str | None = None
) -> Settings:
    """Return the settings: each option, else its environment variable, else the default."""
    folder = checkpoints or os.environ.get("FENMING_CHECKPOINTS")
    own = rulesets or os.environ.get("FENMING_RULESETS")
    return Settings(
        ledger=ledger or os.environ.get("FENMING_LEDGER") or DEFAULT_LEDGER,
        checkpoints=Path(folder) if folder else None,
        rulesets=Path(own) if own else None,
        notify=session.warn,
        progress=lambda title: counter(session, title),
    )


def signing_key(file: str | None) -> SigningKey | None:
    """Return the key that signs: the option, else FENMING_KEY; None where neither names one."""
    named = file or os.environ.get("FENMING_KEY")
    if not named:
        return None
    from audit.log.keys import read_key  # noqa: PLC0415 - most commands need no key

    return read_key(Path(named))


def actor_name(given: str | None) -> str:
    """Return who records: the option, else FENMING_ACTOR, else the user's name; `UsageFault` unless it is a name."""
    name = given or os.environ.get("FENMING_ACTOR") or _user()
    if len(name) > MOST_OF_A_NAME or not name.strip() or break_in(name) is not None or forbidden_code(name) is not None:
        raise UsageFault(
            Fault(
                problem("option.actor", "The actor “{name}” is not a name.", name=shortened(name)),
                msg(
                    "Give a name on one line with --actor or FENMING_ACTOR, {most} characters at most, "
                    "without invisible characters.",
                    most=MOST_OF_A_NAME,
                ),
            )
        )
    return name


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
