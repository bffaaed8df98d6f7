"""List what a ledger holds, the newest first."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.commands.options import MOST, JsonOption, LedgerOption
from cli.render.ledger import ledger_json, render_ledger
from cli.terminal.borrowed import _
from cli.terminal.session import Session
from cli.terminal.surroundings import settings
from workflow.listing import newest


def command(
    context: typer.Context,
    count: Annotated[
        int,
        typer.Option(
            "--count", "-n", min=1, max=MOST, metavar=_("NUMBER"), help=_("The largest number of entries to list.")
        ),
    ] = 20,
    every: Annotated[
        bool,
        typer.Option(
            "--all",
            metavar="",
            help=_("Also list evaluations that are superseded, recorded beside another, or trials."),
        ),
    ] = False,
    ledger: LedgerOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the ledger's evaluations."""
    session: Session = context.obj
    found = newest(settings(session, ledger=ledger), count, everything=every)
    if as_json:
        session.json(ledger_json(found))
    else:
        render_ledger(session, found)
