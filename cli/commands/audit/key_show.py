"""Print the public key: of a private key, or the one that signs the ledger."""

from __future__ import annotations

import typer

from audit.faults.errors import unsigned_ledger
from cli.commands.options import LedgerOption, SigningKeyOption
from cli.terminal.session import Session
from cli.terminal.surroundings import settings, signing_key
from workflow.ledger import open_ledger


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

    with open_ledger(settings(session, ledger=ledger)) as opened:
        key = opened.key()
        if key is None:
            raise unsigned_ledger(opened.path)
    session.print(key.text)
