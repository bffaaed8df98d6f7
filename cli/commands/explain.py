"""Explain the points of an evaluation."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.commands.options import EvaluationArgument, JsonOption, LedgerOption
from cli.render.explanation import render_explanation
from cli.render.explanation_json import explanation_json
from cli.render.verdicts import answer_all_rules
from cli.terminal.borrowed import _
from cli.terminal.session import Session
from cli.terminal.surroundings import settings
from workflow.ledger import open_ledger
from workflow.show import show
from workflow.why_not import all_rules


def command(
    context: typer.Context,
    evaluation: EvaluationArgument,
    what: Annotated[
        str | None,
        typer.Argument(
            metavar=_("INDICATOR"),
            help=_("Number of an indicator, or name of a result. Without it, what lost points, and all results."),
        ),
    ] = None,
    every_rule: Annotated[
        bool, typer.Option("--all-rules", metavar="", help=_("Every rule, and why those did not fire that did not."))
    ] = False,
    ledger: LedgerOption = None,
    as_json: JsonOption = False,
) -> None:
    """Explain the points of an evaluation."""
    session: Session = context.obj
    with open_ledger(settings(session, ledger=ledger)) as opened:
        if every_rule:
            answer_all_rules(session, all_rules(opened, evaluation, what), as_json=as_json)
            return
        shown = show(opened, evaluation)
    explanation = shown.explanation(what, whole=as_json)
    if as_json:
        session.json(explanation_json(explanation, shown.recorded))
    else:
        render_explanation(session, explanation, shown.recorded)
