"""Compare the evidence files of an evaluation with what was recorded of them."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.commands.options import EvaluationArgument, JsonOption, LedgerOption
from cli.render.evidence import evidence_json, render_evidence
from cli.terminal.borrowed import _
from cli.terminal.session import Session
from cli.terminal.surroundings import settings
from workflow.evidence import check_evidence
from workflow.ledger import open_ledger

DIFFERENCE = 1


def command(
    context: typer.Context,
    evaluation: EvaluationArgument,
    folder: Annotated[
        str | None,
        typer.Option(
            "--folder", metavar=_("FOLDER"), help=_("The folder of the facts file. Default: the working folder.")
        ),
    ] = None,
    ledger: LedgerOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare the files of evidence with the receipt."""
    session: Session = context.obj
    where = settings(session, ledger=ledger)
    with open_ledger(where) as opened:
        recorded = opened.find(evaluation)
        content = opened.receipt(recorded.id).content
    checks = check_evidence(content, folder or ".", where.progress)
    if as_json:
        session.json(evidence_json(session, recorded.id, checks))
    else:
        render_evidence(session, recorded.id, checks)
    if any(check.needs_a_look for check in checks):
        raise typer.Exit(DIFFERENCE)
