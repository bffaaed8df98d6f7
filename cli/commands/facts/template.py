"""Print a facts file to fill in."""

from __future__ import annotations

import typer

from cli.commands.options import OptionalRulesetArgument, RulesetsOption
from cli.terminal.session import Session
from cli.terminal.surroundings import settings
from workflow.template import template


def command(context: typer.Context, ruleset: OptionalRulesetArgument = None, rulesets: RulesetsOption = None) -> None:
    """Print a facts file to fill in."""
    session: Session = context.obj
    session.print(template(ruleset, settings(session, rulesets=rulesets), session.translate))
