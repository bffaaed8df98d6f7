"""Confirm what a copied ruleset says."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from cli.commands.options import JsonOption, RulesetArgument, RulesetsOption
from cli.render.confirmed import confirmed_json, render_confirmed, render_selection
from cli.terminal.borrowed import _
from cli.terminal.session import Session
from cli.terminal.surroundings import settings
from workflow.confirm import Wanted, confirm, day, person, select


def command(
    context: typer.Context,
    ruleset: RulesetArgument,
    by: Annotated[str, typer.Option("--by", metavar=_("NAME"), help=_("Who confirms them."))],
    items: Annotated[
        list[str] | None,
        typer.Argument(
            metavar=_("ITEM"),
            help=_("What to confirm, such as “clause 5.1”, “parameter pass_line”, “reading R1”."),
            show_default=False,
        ),
    ] = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar=_("DATE"), help=_("When, such as 2025-01-10. Default: today."))
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", metavar="", help=_("List all that are left, and confirm them."))
    ] = False,
    unchanged: Annotated[
        bool,
        typer.Option(
            "--unchanged",
            metavar="",
            help=_("Confirm those that are word for word as in the ruleset from which it was copied."),
        ),
    ] = False,
    rulesets: RulesetsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Confirm clauses, parameters and readings."""
    session: Session = context.obj
    who = person(by)
    when = day(on) if on is not None else date.today()  # noqa: DTZ011 - the local day of the person
    selection = select(
        ruleset, Wanted(items or (), everything, unchanged), settings(session, rulesets=rulesets).rulesets
    )
    if not as_json:
        render_selection(session, selection)
    done = confirm(selection, who, when)
    if as_json:
        session.json(confirmed_json(selection, done, who, when))
    else:
        render_confirmed(session, selection, done, who, when)
