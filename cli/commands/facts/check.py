"""Check a facts file."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.commands.options import JsonOption, RulesetsOption
from cli.terminal.borrowed import _
from cli.terminal.session import Session
from cli.terminal.surroundings import settings
from engine.base.messages import plural
from engine.explanation.notices import other_year_words
from engine.receipt import plain
from engine.scoring.notice import OtherYear
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
    other_year = [notice for notice in content.notices if isinstance(notice, OtherYear)]
    if as_json:
        answer = {"ruleset": content.ruleset.id, "facts": len(content.facts), "faults": 0}
        session.json({**answer, "notices": plain(other_year)})
        return
    checked = plural(
        "{count} fact for {ruleset}: no fault.",
        "{count} facts for {ruleset}: no fault.",
        count=len(content.facts),
        ruleset=content.ruleset.id,
    )
    session.print(session.say(checked))
    for notice in other_year:
        session.print(session.say(other_year_words(notice)))
