"""Put a backup into its place."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from cli.commands.options import CheckpointsOption, JsonOption, KeyOption, LedgerOption
from cli.render.backup import render_copy
from cli.terminal.borrowed import _
from cli.terminal.session import Session
from cli.terminal.surroundings import settings
from engine.base.messages import msg
from workflow.backup import restore
from workflow.keys import trusted_key


def command(
    context: typer.Context,
    folder: Annotated[str, typer.Argument(metavar=_("FOLDER"), help=_("The folder that `audit backup` made."))],
    key: KeyOption = None,
    ledger: LedgerOption = None,
    checkpoints: CheckpointsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Restore a ledger."""
    session: Session = context.obj
    where = settings(session, ledger=ledger, checkpoints=checkpoints)
    report = restore(where, Path(folder), trusted_key(key), workers=os.cpu_count() or 1)
    render_copy(session, msg("The backup “{folder}” is restored.", folder=folder), report, as_json=as_json)
