"""Check a ruleset in every reading and run the golden cases beside it."""

from __future__ import annotations

import typer

from cli.commands.options import JsonOption, RulesetArgument, RulesetsOption
from cli.render.ruleset_test import render_test, test_json
from cli.terminal.session import Session
from cli.terminal.surroundings import settings
from i18n import translator
from workflow.rulesets import run_golden_cases

DIFFERENCE = 1


def command(
    context: typer.Context, ruleset: RulesetArgument, rulesets: RulesetsOption = None, as_json: JsonOption = False
) -> None:
    """Run a ruleset's golden cases."""
    session: Session = context.obj
    done = run_golden_cases(ruleset, settings(session, rulesets=rulesets).rulesets, (str, translator("zh")))
    if as_json:
        session.json(test_json(session, done))
    else:
        render_test(session, done)
    if not done.passed:
        raise typer.Exit(DIFFERENCE)
