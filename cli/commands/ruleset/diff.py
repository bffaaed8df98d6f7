"""Show what one ruleset changes compared with another."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.commands.options import JsonOption, RulesetsOption
from cli.render.ruleset_diff import comparison_json, render_comparison
from cli.terminal.borrowed import _
from cli.terminal.session import Session
from cli.terminal.surroundings import settings
from workflow.comparison import compare


def command(
    context: typer.Context,
    old: Annotated[
        str, typer.Argument(metavar=_("OLD"), help=_("The ruleset before: its id, or the path of its folder."))
    ],
    new: Annotated[
        str, typer.Argument(metavar=_("NEW"), help=_("The ruleset after: its id, or the path of its folder."))
    ],
    rulesets: RulesetsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare two rulesets."""
    session: Session = context.obj
    found = compare(old, new, settings(session, rulesets=rulesets).rulesets)
    if as_json:
        session.json(comparison_json(found))
    else:
        render_comparison(session, found)
