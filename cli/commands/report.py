"""Write an evaluation with all that explains it as one file."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.commands.options import CheckpointsOption, EvaluationArgument, LedgerOption
from cli.terminal.borrowed import _
from cli.terminal.session import Session
from cli.terminal.surroundings import settings
from engine.base.messages import msg
from workflow.report import report


def command(
    context: typer.Context,
    evaluation: EvaluationArgument,
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            metavar=_("FILE"),
            help=_("The file to write; it must not exist yet. Its suffix says what is written: .html for a page."),
        ),
    ],
    ledger: LedgerOption = None,
    checkpoints: CheckpointsOption = None,
) -> None:
    """Write the report of an evaluation."""
    session: Session = context.obj
    chosen = settings(session, ledger=ledger, checkpoints=checkpoints)
    recorded = report(chosen, evaluation, output, session.language, session.translate)
    if recorded.superseded_by is not None:
        session.warn(msg("This evaluation was superseded by {id}.", id=recorded.superseded_by))
    session.report(msg("The report of {id} is in “{file}”.", id=recorded.id, file=output))
