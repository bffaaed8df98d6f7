"""Show a ruleset whole."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

import typer

from cli.commands.options import JsonOption, RulesetArgument, RulesetsOption
from cli.render.ruleset import render_ruleset
from cli.render.ruleset_json import ruleset_json
from cli.terminal.borrowed import _
from cli.terminal.session import Session
from cli.terminal.surroundings import settings
from workflow.rulesets import check_ruleset


class Form(Enum):
    """A form of the rule language."""

    ZH = "zh"
    EN = "en"


FormOption = Annotated[
    Form | None,
    typer.Option(
        "--language", metavar="zh|en", help=_("The form of its expressions: zh or en. Default: the reader's language.")
    ),
]


def command(
    context: typer.Context,
    ruleset: RulesetArgument,
    form: FormOption = None,
    rulesets: RulesetsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a ruleset."""
    session: Session = context.obj
    found = check_ruleset(ruleset, settings(session, rulesets=rulesets).rulesets).ruleset
    if as_json:
        session.json(ruleset_json(found))
    else:
        render_ruleset(session, found, chinese=(form.value if form else session.language) == Form.ZH.value)
