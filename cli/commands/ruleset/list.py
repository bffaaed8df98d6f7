"""List the rulesets."""

from __future__ import annotations

import typer

from cli.commands.options import JsonOption, RulesetsOption
from cli.render.ruleset_list import render_rulesets, rulesets_json
from cli.terminal.session import Session
from cli.terminal.surroundings import settings
from engine.base.faults import InvalidInput
from workflow.rulesets import list_rulesets


def command(context: typer.Context, rulesets: RulesetsOption = None, as_json: JsonOption = False) -> None:
    """List the rulesets."""
    session: Session = context.obj
    found, faults = list_rulesets(settings(session, rulesets=rulesets).rulesets)
    if as_json:
        session.json(rulesets_json(found))
    else:
        render_rulesets(session, found)
    if faults:
        raise InvalidInput(*faults)
