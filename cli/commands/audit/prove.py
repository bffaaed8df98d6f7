"""Write a file that proves an entry to anyone who has the public key, without the ledger."""

from __future__ import annotations

from typing import Annotated

import typer

from audit.ledger.proofs import prove
from audit.ledger.references import entry_number
from cli.commands.audit.proof_files import trusted_key
from cli.commands.options import CheckpointsOption, KeyOption, LedgerOption, OutputOption
from cli.terminal.borrowed import _
from cli.terminal.session import Session
from cli.terminal.surroundings import settings
from engine.base.messages import msg
from workflow.files import write_new
from workflow.ledger import open_ledger


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
    with open_ledger(settings(session, ledger=ledger, checkpoints=checkpoints)) as opened:
        number = entry_number(entry)
        index = opened.find(entry).entry if number is None else number
        made = prove(opened, index, trusted_key(key))
    if output is None:
        session.write(made.text)
        return
    write_new(output, made.text)
    proved = msg(
        "The proof of entry {entry} is in “{file}”; check it with `fenming audit check`.", entry=index, file=output
    )
    session.report(proved)
