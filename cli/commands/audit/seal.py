"""Keep a checkpoint of the ledger as it is."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.commands.options import ActorOption, CheckpointsOption, LedgerOption, SigningKeyOption
from cli.terminal.borrowed import _
from cli.terminal.session import Session
from cli.terminal.surroundings import actor_name, settings, signing_key
from engine.base.faults import Fault, UsageFault, problem
from engine.base.messages import msg, plural
from workflow.seal import seal


def command(
    context: typer.Context,
    signing: SigningKeyOption = None,
    cover: Annotated[
        bool,
        typer.Option(
            "--cover-unsealed", metavar="", help=_("Take entries without a signed checkpoint into the record.")
        ),
    ] = False,
    reason: Annotated[
        str, typer.Option("--reason", metavar=_("TEXT"), help=_("Why the entries without a checkpoint are covered."))
    ] = "",
    actor: ActorOption = None,
    ledger: LedgerOption = None,
    checkpoints: CheckpointsOption = None,
) -> None:
    """Keep a checkpoint."""
    session: Session = context.obj
    if cover != bool(reason.strip()):
        raise UsageFault(
            Fault(
                problem("option.cover-reason", "--cover-unsealed and --reason belong together."),
                msg("Give both to take entries without a signed checkpoint into the record; otherwise give neither."),
            )
        )
    where = settings(session, ledger=ledger, checkpoints=checkpoints)
    sealed = seal(where, signing_key(signing), actor=actor_name(actor), cover=reason if cover else "")
    if cover:
        session.report(msg("Entries taken into the record: {count}.", count=sealed.covered))
    head, folder = sealed.checkpoint, sealed.folder or ""
    entries = plural("{count} entry", "{count} entries", count=head.size)
    session.report(msg("A checkpoint of {entries} is kept in “{folder}”.", entries=entries, folder=folder))
    if not head.signatures:
        session.report(msg("It is not signed: no signing key was given."))
