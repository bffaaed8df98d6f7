"""Compare two evaluations, or what a department claimed with its score."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.commands.options import EvaluationArgument, JsonOption, LedgerOption
from cli.render.comparison import comparison_json, render_side_by_side
from cli.terminal.borrowed import _
from cli.terminal.session import Session
from cli.terminal.surroundings import settings
from workflow.compare import side_by_side
from workflow.ledger import open_ledger


def command(
    context: typer.Context,
    evaluation: EvaluationArgument,
    other: Annotated[
        str | None,
        typer.Argument(
            metavar=_("OTHER"),
            help=_("The evaluation that it is compared with. Without it, what was claimed is compared with the score."),
        ),
    ] = None,
    ledger: LedgerOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare two evaluations: indicator by indicator, with the postings that account for each difference."""
    session: Session = context.obj
    with open_ledger(settings(session, ledger=ledger)) as opened:
        found = side_by_side(opened, evaluation, other)
    if as_json:
        session.json(comparison_json(found.comparison, found.first.recorded, found.second.recorded))
    else:
        render_side_by_side(session, found)
