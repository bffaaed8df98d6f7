"""Show what an evaluation would have scored under the other readings of its ruleset."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.commands.options import EvaluationArgument, JsonOption, LedgerOption
from cli.render.readings import render_readings
from cli.render.readings_json import readings_json
from cli.terminal.borrowed import _
from cli.terminal.session import Session
from cli.terminal.surroundings import settings
from workflow.ledger import open_ledger
from workflow.readings import readings


def command(
    context: typer.Context,
    evaluation: EvaluationArgument,
    every: Annotated[
        bool, typer.Option("--all", metavar="", help=_("Show the readings too that decide nothing in this case."))
    ] = False,
    ledger: LedgerOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what an evaluation would have scored under the other readings of its ruleset."""
    session: Session = context.obj
    with open_ledger(settings(session, ledger=ledger)) as opened:
        found = readings(opened, evaluation)
    if as_json:
        session.json(readings_json(session, found))
    else:
        render_readings(session, found, every=every)
