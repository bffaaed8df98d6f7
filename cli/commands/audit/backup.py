"""Copy the ledger into a folder."""

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
from workflow.backup import back_up
from workflow.keys import trusted_key


def command(
    context: typer.Context,
    folder: Annotated[str, typer.Argument(metavar=_("FOLDER"), help=_("The folder to make; it holds nothing yet."))],
    key: KeyOption = None,
    ledger: LedgerOption = None,
    checkpoints: CheckpointsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Copy the ledger."""
    session: Session = context.obj
    where = settings(session, ledger=ledger, checkpoints=checkpoints)
    report = back_up(where, Path(folder), trusted_key(key), workers=os.cpu_count() or 1)
    render_copy(session, msg("The ledger is copied to “{folder}”.", folder=folder), report, as_json=as_json)
