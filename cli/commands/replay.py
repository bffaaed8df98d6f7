"""Score recorded cases again from the ledger alone."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.commands.options import JsonOption, LedgerOption
from cli.render.replay import render_replay, replay_json
from cli.terminal.borrowed import _
from cli.terminal.progress import steps
from cli.terminal.session import Session
from cli.terminal.surroundings import settings
from engine.base.faults import Fault, UsageFault, problem
from engine.base.messages import msg
from workflow.ledger import open_ledger
from workflow.replay import replay

DIFFERENCE = 1


def command(
    context: typer.Context,
    evaluation: Annotated[
        str | None,
        typer.Argument(
            metavar=_("EVALUATION"), help=_("An evaluation: its id, the first characters of the id, or `latest`.")
        ),
    ] = None,
    every: Annotated[bool, typer.Option("--all", metavar="", help=_("Replay every evaluation of the ledger."))] = False,
    ledger: LedgerOption = None,
    as_json: JsonOption = False,
) -> None:
    """Score recorded cases again from the ledger alone."""
    session: Session = context.obj
    if every == (evaluation is not None):
        raise UsageFault(
            Fault(
                problem("option.evaluation-missing", "The command must name exactly one of: an evaluation, or --all."),
                msg("Name an evaluation or `latest`, or give --all, but not both."),
            )
        )
    with open_ledger(settings(session, ledger=ledger)) as opened:
        wanted = [found.id for found in opened.evaluations()] if every else [opened.find(str(evaluation)).id]
        results = replay(opened, steps(session, wanted, msg("Replaying")))
        differing = [result for result in results if not result.same]
    if as_json:
        session.json(replay_json(session, len(wanted), differing))
    else:
        render_replay(session, len(wanted), differing)
    if differing:
        raise typer.Exit(DIFFERENCE)
