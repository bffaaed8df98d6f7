"""Make a ruleset from another, for the next year."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.commands.options import JsonOption, RulesetsOption
from cli.render.new_ruleset import new_ruleset_json, render_new_ruleset
from cli.terminal.borrowed import _
from cli.terminal.session import Session
from cli.terminal.surroundings import settings
from workflow.new_ruleset import new_ruleset


def command(
    context: typer.Context,
    id_: Annotated[
        str,
        typer.Argument(metavar=_("ID"), help=_("The id of the new ruleset, such as jiangmen/department-special/2025.")),
    ],
    origin: Annotated[
        str,
        typer.Option("--from", metavar=_("RULESET"), help=_("The ruleset to copy: its id, or the path of its folder.")),
    ],
    year: Annotated[
        int | None,
        typer.Option(
            "--year",
            min=1990,
            max=2100,
            metavar=_("YEAR"),
            help=_("Its year. Default: the last part of the id, if that is a year."),
        ),
    ] = None,
    rulesets: RulesetsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a ruleset from another."""
    session: Session = context.obj
    made = new_ruleset(id_, origin, year, settings(session, rulesets=rulesets).rulesets)
    if as_json:
        session.json(new_ruleset_json(made))
    else:
        render_new_ruleset(session, made, rulesets)
