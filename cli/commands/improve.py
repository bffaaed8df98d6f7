"""Show what it would take to gain the points that were lost."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.commands.options import EvaluationArgument, JsonOption, LedgerOption
from cli.render.improvement import render_improvement
from cli.render.improvement_json import improvement_json
from cli.terminal.borrowed import _
from cli.terminal.session import Session
from cli.terminal.surroundings import settings
from workflow.improve import improve
from workflow.ledger import open_ledger


def command(
    context: typer.Context,
    evaluation: EvaluationArgument,
    indicator: Annotated[
        int | None,
        typer.Argument(
            metavar=_("INDICATOR"), help=_("Number of an indicator. Without it, every one that lost points.")
        ),
    ] = None,
    ledger: LedgerOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what it would take to gain the points that were lost."""
    session: Session = context.obj
    where = settings(session, ledger=ledger)
    with open_ledger(where) as opened:
        improved = improve(opened, evaluation, indicator, where.progress)
    if as_json:
        session.json(improvement_json(improved))
    else:
        render_improvement(session, improved)
