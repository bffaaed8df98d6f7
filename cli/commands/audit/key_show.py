"""Print the public key: of a private key, or the one that signs the ledger."""

from __future__ import annotations

import typer

from cli.commands.options import LedgerOption, SigningKeyOption
from cli.terminal.session import Session
from cli.terminal.surroundings import settings, signing_key
from workflow.keys import key_in_force


def command(
    context: typer.Context,
    signing: SigningKeyOption = None,
    ledger: LedgerOption = None,
) -> None:
    """Print the public key."""
    session: Session = context.obj
    signer = None if ledger is not None and signing is None else signing_key(signing)
    if signer is not None:
        session.print(signer.public.text)
        return
    session.print(key_in_force(settings(session, ledger=ledger)).text)
