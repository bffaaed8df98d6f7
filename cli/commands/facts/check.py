"""Check a facts file."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.commands.options import JsonOption, RulesetsOption
from cli.terminal.borrowed import _
from cli.terminal.session import Session
from cli.terminal.surroundings import settings
from engine.base.messages import plural
from workflow.score import score


def command(
    context: typer.Context,
    file: Annotated[
        str, typer.Argument(metavar=_("FILE"), help=_("The facts file, YAML or JSON; - reads standard input."))
    ],
    rulesets: RulesetsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check a facts file."""
    session: Session = context.obj
    content = score(file, settings(session, rulesets=rulesets)).receipt.content
    if as_json:
        session.json({"ruleset": content.ruleset.id, "facts": len(content.facts), "faults": 0})
        return
    checked = plural(
        "{count} fact for {ruleset}: no fault.",
        "{count} facts for {ruleset}: no fault.",
        count=len(content.facts),
        ruleset=content.ruleset.id,
    )
    session.print(session.say(checked))
