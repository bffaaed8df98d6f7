"""Write a file that proves an entry to anyone who has the public key, without the ledger."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.commands.options import CheckpointsOption, KeyOption, LedgerOption, OutputOption
from cli.terminal.borrowed import _
from cli.terminal.session import Session
from cli.terminal.surroundings import settings
from engine.base.messages import msg
from workflow.files import write_new
from workflow.keys import trusted_key
from workflow.proofs import prove_entry


def command(
    context: typer.Context,
    entry: Annotated[
        str,
        typer.Argument(metavar=_("ENTRY"), help=_("An entry number, the id of an evaluation, or `latest`.")),
    ],
    output: OutputOption = None,
    key: KeyOption = None,
    ledger: LedgerOption = None,
    checkpoints: CheckpointsOption = None,
) -> None:
    """Prove an entry."""
    session: Session = context.obj
    made = prove_entry(settings(session, ledger=ledger, checkpoints=checkpoints), entry, trusted_key(key))
    if output is None:
        session.write(made.text)
        return
    write_new(output, made.text)
    proved = msg(
        "The proof of entry {entry} is in “{file}”; check it with `fenming audit check`.", entry=made.index, file=output
    )
    session.report(proved)
