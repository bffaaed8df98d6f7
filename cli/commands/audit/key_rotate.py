"""Sign with another key from here on."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from audit.log.keys import read_key
from cli.commands.options import ActorOption, CheckpointsOption, LedgerOption, SigningKeyOption
from cli.terminal.borrowed import _
from cli.terminal.session import Session
from cli.terminal.surroundings import actor_name, settings, signing_key
from engine.base.messages import msg
from workflow.ledger import open_ledger


def command(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar=_("FILE"), help=_("The new private key."))],
    reason: Annotated[str, typer.Option("--reason", metavar=_("TEXT"), help=_("Why the key is changed."))],
    signing: SigningKeyOption = None,
    lost: Annotated[
        bool, typer.Option("--lost", metavar="", help=_("The former key is lost and cannot vouch for the new one."))
    ] = False,
    actor: ActorOption = None,
    ledger: LedgerOption = None,
    checkpoints: CheckpointsOption = None,
) -> None:
    """Change over to another key."""
    session: Session = context.obj
    fresh = read_key(Path(file))
    former = None if lost else signing_key(signing)
    if former is not None and former.public == fresh.public:
        former = None
    with open_ledger(settings(session, ledger=ledger, checkpoints=checkpoints), signer=former) as opened:
        opened.rotate(fresh, actor=actor_name(actor), at=datetime.now(UTC), reason=reason, lost=lost)
    session.report(msg("From now on, “{name}” signs the checkpoints.", name=fresh.name))
    session.print(fresh.public.text)
