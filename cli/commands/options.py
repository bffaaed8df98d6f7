"""The options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.terminal.borrowed import _

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
CheckpointsOption = Annotated[
    str | None,
    typer.Option(
        "--checkpoints",
        metavar=_("FOLDER"),
        help=_("Where the checkpoints are kept. Else FENMING_CHECKPOINTS, else beside the ledger."),
    ),
]
SigningKeyOption = Annotated[
    str | None,
    typer.Option(
        "--signing-key",
        metavar=_("FILE"),
        help=_("The private key that signs the checkpoint. Else FENMING_KEY; without one it is not signed."),
    ),
]
KEY_OPTION = typer.Option(
    "--key", metavar=_("FILE"), help=_("The public key that you trust, as `audit key show` prints it.")
)
KeyOption = Annotated[str | None, KEY_OPTION]
ActorOption = Annotated[
    str | None,
    typer.Option("--actor", metavar=_("NAME"), help=_("Who records it. Else FENMING_ACTOR, else the user's name.")),
]
OutputOption = Annotated[
    str | None, typer.Option("--output", "-o", metavar=_("FILE"), help=_("The file to write; it must be a new one."))
]
EvaluationArgument = Annotated[
    str,
    typer.Argument(
        metavar=_("EVALUATION"),
        help=_("An evaluation: its entry's number, its id or how that begins, or `latest`, the last one in force."),
    ),
]
RulesetArgument = Annotated[
    str, typer.Argument(metavar=_("RULESET"), help=_("A ruleset: its id, or the path of its folder."))
]
