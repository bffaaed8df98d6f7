"""The options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.terminal.borrowed import _

MOST = 2**31 - 1
"""The largest number that an option takes: every database and every list has room for it."""

LedgerOption = Annotated[
    str | None,
    typer.Option(
        "--ledger",
        metavar=_("LEDGER"),
        help=_("The ledger: a path or a database URL. Default: FENMING_LEDGER, then fenming.db in the working folder."),
    ),
]
RulesetsOption = Annotated[
    str | None,
    typer.Option(
        "--rulesets", metavar=_("FOLDER"), help=_("A folder with your own rulesets. Default: FENMING_RULESETS.")
    ),
]
ReadingOption = Annotated[
    list[str] | None,
    typer.Option(
        "--reading",
        metavar=_("READING=ALTERNATIVE"),
        help=_("Another reading of an unclear clause, such as R10=each-part."),
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", metavar="", help=_("Answer as JSON."))]
CheckpointsOption = Annotated[
    str | None,
    typer.Option(
        "--checkpoints",
        metavar=_("FOLDER"),
        help=_("The folder of the checkpoints. Default: FENMING_CHECKPOINTS, then a folder next to the ledger."),
    ),
]
SigningKeyOption = Annotated[
    str | None,
    typer.Option(
        "--signing-key",
        metavar=_("FILE"),
        help=_("The private key that signs the checkpoint. Default: FENMING_KEY; without a key it is not signed."),
    ),
]
KEY_OPTION = typer.Option(
    "--key", metavar=_("FILE"), help=_("The public key that you trust, as `audit key show` prints it.")
)
KeyOption = Annotated[str | None, KEY_OPTION]
ActorOption = Annotated[
    str | None,
    typer.Option("--actor", metavar=_("NAME"), help=_("Who records it. Default: FENMING_ACTOR, then the user name.")),
]
OutputOption = Annotated[
    str | None, typer.Option("--output", "-o", metavar=_("FILE"), help=_("The file to write; it must not exist yet."))
]
EvaluationArgument = Annotated[
    str,
    typer.Argument(
        metavar=_("EVALUATION"),
        help=_(
            "An evaluation: entry number, id or the first characters of the id, or `latest`, the last one in force."
        ),
    ),
]
OptionalRulesetArgument = Annotated[
    str | None, typer.Argument(metavar=_("RULESET"), help=_("A ruleset: its id, or the path of its folder."))
]
RulesetArgument = Annotated[
    str, typer.Argument(metavar=_("RULESET"), help=_("A ruleset: its id, or the path of its folder."))
]
