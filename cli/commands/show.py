"""Show the card of an evaluation."""

from __future__ import annotations

import typer

from cli.commands.options import EvaluationArgument, JsonOption, LedgerOption
from cli.render.card import answer_card
from cli.terminal.session import Session
from cli.terminal.surroundings import settings
from workflow.ledger import open_ledger
from workflow.show import show


def command(
    context: typer.Context, evaluation: EvaluationArgument, ledger: LedgerOption = None, as_json: JsonOption = False
) -> None:
    """Show the card of an evaluation."""
    session: Session = context.obj
    with open_ledger(settings(session, ledger=ledger)) as opened:
        answer_card(session, show(opened, evaluation), as_json=as_json)
