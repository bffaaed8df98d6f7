"""Check a ruleset in every reading, run the golden cases beside it, and examine it."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.commands.options import JsonOption, RulesetArgument, RulesetsOption
from cli.render.ruleset_test import render_test, test_json
from cli.render.suggested_cases import suggested_cases, suggested_json
from cli.terminal.borrowed import _
from cli.terminal.session import Session
from cli.terminal.surroundings import settings
from i18n import translator
from workflow.rulesets import run_golden_cases, suggest_cases

DIFFERENCE = 1


def command(
    context: typer.Context,
    ruleset: RulesetArgument,
    rulesets: RulesetsOption = None,
    strict: Annotated[
        bool, typer.Option("--strict", metavar="", help=_("Exit with 1 where the examination finds anything."))
    ] = False,
    suggest: Annotated[
        bool,
        typer.Option(
            "--suggest",
            metavar="",
            help=_("Print cases for the thresholds without one, as YAML, for a person to confirm; nothing else."),
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Run a ruleset's golden cases, and examine it."""
    session: Session = context.obj
    folder = settings(session, rulesets=rulesets).rulesets
    if suggest:
        suggested = suggest_cases(ruleset, folder)
        if as_json:
            session.json(suggested_json(suggested))
        else:
            session.write(suggested_cases(session, suggested))
        return
    done = run_golden_cases(ruleset, folder, (str, translator("zh")))
    if as_json:
        session.json(test_json(session, done))
    else:
        render_test(session, done)
    if not done.passed or (strict and done.examination.findings):
        raise typer.Exit(DIFFERENCE)
