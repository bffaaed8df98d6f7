"""The options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.i18n import _

LedgerOption = Annotated[
    str | None,
    typer.Option(
        "--ledger",
        metavar=_("LEDGER"),
        help=_("The ledger: a path or a database URL. Else FENMING_LEDGER, else fenming.db here."),
    ),
]
RulesetsOption = Annotated[
    str | None,
    typer.Option(
        "--rulesets", metavar=_("FOLDER"), help=_("A folder with rulesets of your own. Else FENMING_RULESETS.")
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", metavar="", help=_("Answer as JSON."))]
EvaluationArgument = Annotated[
    str, typer.Argument(metavar=_("EVALUATION"), help=_("An evaluation: its id, the beginning of it, or `latest`."))
]
