"""Print a checkpoint, to be kept out of the reach of whoever runs the ledger."""

from __future__ import annotations

from typing import Annotated

import typer

from audit.ledger.proofs import checkpoint_of
from cli.commands.options import CheckpointsOption, LedgerOption
from cli.terminal.borrowed import _
from cli.terminal.session import Session
from cli.terminal.surroundings import settings
from workflow.ledger import open_ledger


def command(
    context: typer.Context,
    size: Annotated[
        int | None,
        typer.Argument(metavar=_("SIZE"), help=_("How many entries it speaks of; the newest one without it.")),
    ] = None,
    ledger: LedgerOption = None,
    checkpoints: CheckpointsOption = None,
) -> None:
    """Print a checkpoint."""
    session: Session = context.obj
    with open_ledger(settings(session, ledger=ledger, checkpoints=checkpoints)) as opened:
        session.write(checkpoint_of(opened, size).note)
