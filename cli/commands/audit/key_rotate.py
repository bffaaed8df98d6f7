"""Sign with another key from here on."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.commands.options import ActorOption, CheckpointsOption, LedgerOption, SigningKeyOption
from cli.terminal.borrowed import _
from cli.terminal.session import Session
from cli.terminal.surroundings import actor_name, settings, signing_key
from engine.base.messages import msg
from workflow.keys import rotate_key


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
    fresh = rotate_key(
        settings(session, ledger=ledger, checkpoints=checkpoints),
        file,
        actor=actor_name(actor),
        reason=reason,
        former=None if lost else signing_key(signing),
        lost=lost,
    )
    session.report(msg("From now on, “{name}” signs the checkpoints.", name=fresh.name))
    session.print(fresh.public.text)
