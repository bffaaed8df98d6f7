"""Print a checkpoint, to be kept where the operator of the ledger cannot reach it."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.commands.options import CheckpointsOption, LedgerOption
from cli.terminal.borrowed import _
from cli.terminal.session import Session
from cli.terminal.surroundings import settings
from workflow.proofs import kept_checkpoint


def command(
    context: typer.Context,
    size: Annotated[
        int | None,
        typer.Argument(
            metavar=_("SIZE"), help=_("How many entries the checkpoint covers; without it, the newest checkpoint.")
        ),
    ] = None,
    ledger: LedgerOption = None,
    checkpoints: CheckpointsOption = None,
) -> None:
    """Print a checkpoint."""
    session: Session = context.obj
    session.write(kept_checkpoint(settings(session, ledger=ledger, checkpoints=checkpoints), size).note)
