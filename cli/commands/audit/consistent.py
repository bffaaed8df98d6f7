"""Prove that one checkpoint extends another: nothing between was changed."""

from __future__ import annotations

from typing import Annotated

import typer

from audit.faults.errors import cut_back, other_ledger
from audit.ledger.proofs import extend
from audit.ledger.references import LATEST
from audit.log.proofs import check_signed
from cli.commands.audit.proof_files import about, checkpoint_named, trusted_key
from cli.commands.options import CheckpointsOption, JsonOption, KeyOption, LedgerOption, OutputOption
from cli.render.proof import render_consistency
from cli.terminal.borrowed import _
from cli.terminal.session import Session
from cli.terminal.surroundings import settings
from engine.base.faults import Fault, UsageFault, problem
from engine.base.messages import msg, plural
from workflow.files import write_new
from workflow.ledger import open_ledger

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
    with open_ledger(settings(session, ledger=ledger, checkpoints=checkpoints)) as opened:
        first, second = checkpoint_named(opened, old), checkpoint_named(opened, new)
        if first.origin != second.origin:
            raise other_ledger(first.origin, second.origin)
        if first.size > second.size and new == LATEST:
            raise cut_back(first.size, second.size)
        if first.size > second.size:
            raise UsageFault(
                Fault(
                    problem(
                        "proof.order",
                        "The first checkpoint has {old}, the second {new}.",
                        old=plural("{count} entry", "{count} entries", count=first.size),
                        new=second.size,
                    ),
                    msg("Name the older one first."),
                )
            )
        for which, head in ((old, first), (new, second)):
            if trusted is not None:
                with about(which):
                    check_signed(head, trusted)
        with about(opened.path):
            proof = extend(opened, first, second)
    if output is not None:
        write_new(output, proof.text)
    render_consistency(session, proof, trusted, as_json=as_json)
