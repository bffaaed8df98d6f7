"""Say why a rule did not fire."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.commands.options import EvaluationArgument, JsonOption, LedgerOption
from cli.render.verdicts import answer_why_not
from cli.terminal.borrowed import _
from cli.terminal.session import Session
from cli.terminal.surroundings import settings
from workflow.ledger import open_ledger
from workflow.why_not import why_not


def command(
    context: typer.Context,
    evaluation: EvaluationArgument,
    rule: Annotated[
        str,
        typer.Argument(
            metavar=_("RULE"),
            help=_("A rule as receipts or the ruleset call it, such as 5/none-new; `explain --all-rules` lists them."),
        ),
    ],
    fact: Annotated[
        str | None,
        typer.Argument(
            metavar=_("[FACT]"), help=_("A fact that it could match: its id, or what it is called. Default: all.")
        ),
    ] = None,
    ledger: LedgerOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say why a rule did not fire, or on which facts it did."""
    session: Session = context.obj
    with open_ledger(settings(session, ledger=ledger)) as opened:
        answer_why_not(session, why_not(opened, evaluation, rule, fact), as_json=as_json)
