"""List what a ledger holds, the newest first."""

from __future__ import annotations

from itertools import islice
from typing import Annotated

import typer

from audit.tables.records import RecordedEvaluation
from cli.commands.options import JsonOption, LedgerOption
from cli.render.ledger import ledger_json, render_ledger
from cli.terminal.borrowed import _
from cli.terminal.session import Session
from cli.terminal.surroundings import settings
from workflow.ledger import open_ledger


def command(
    context: typer.Context,
    count: Annotated[
        int, typer.Option("--count", "-n", min=1, metavar=_("NUMBER"), help=_("The largest number of entries to list."))
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
    with open_ledger(settings(session, ledger=ledger)) as opened:
        found = list(islice(opened.history(in_force=not every), count))
        for each in found:
            if isinstance(each, RecordedEvaluation):
                opened.checked(each)
    if as_json:
        session.json(ledger_json(found))
    else:
        render_ledger(session, found)
