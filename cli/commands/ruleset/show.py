"""Show a ruleset whole."""

from __future__ import annotations

import typer

from cli.commands.options import JsonOption, RulesetArgument, RulesetsOption
from cli.render.ruleset import render_ruleset
from cli.render.ruleset_json import ruleset_json
from cli.terminal.session import Session
from cli.terminal.surroundings import settings
from workflow.rulesets import check_ruleset


def command(
    context: typer.Context, ruleset: RulesetArgument, rulesets: RulesetsOption = None, as_json: JsonOption = False
) -> None:
    """Show a ruleset."""
    session: Session = context.obj
    found = check_ruleset(ruleset, settings(session, rulesets=rulesets).rulesets).ruleset
    if as_json:
        session.json(ruleset_json(found))
    else:
        render_ruleset(session, found)
