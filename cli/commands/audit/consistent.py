"""Prove that one checkpoint extends another: nothing between was changed."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.commands.options import CheckpointsOption, JsonOption, KeyOption, LedgerOption, OutputOption
from cli.render.proof import render_consistency
from cli.terminal.borrowed import _
from cli.terminal.session import Session
from cli.terminal.surroundings import settings
from workflow.files import write_new
from workflow.keys import trusted_key
from workflow.proofs import prove_extension

_WHICH = _("A file with a checkpoint or a proof, the number of entries of a kept checkpoint, or `latest`.")


def command(
    context: typer.Context,
    old: Annotated[str, typer.Argument(metavar=_("OLD"), help=_WHICH)],
    new: Annotated[str, typer.Argument(metavar=_("NEW"), help=_WHICH)] = "latest",
    output: OutputOption = None,
    key: KeyOption = None,
    ledger: LedgerOption = None,
    checkpoints: CheckpointsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Prove that one checkpoint extends another."""
    session: Session = context.obj
    trusted = trusted_key(key)
    proof = prove_extension(settings(session, ledger=ledger, checkpoints=checkpoints), old, new, trusted)
    if output is not None:
        write_new(output, proof.text)
    render_consistency(session, proof, trusted, as_json=as_json)
