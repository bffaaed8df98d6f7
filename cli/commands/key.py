"""The key that signs checkpoints: make one, show its public half, change over to another."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from cli.commands.evaluate import actor_name
from cli.commands.kinds import Command, Group
from cli.commands.options import ActorOption, CheckpointsOption, LedgerOption, SigningKeyOption
from cli.i18n import _
from cli.session import OutputLost, Session, signing_key
from engine.base.messages import msg

app = typer.Typer(cls=Group, no_args_is_help=True)


@app.command(
    "new", cls=Command, help=_("Create a key in a new file that only you can read, and print its public half.")
)
def new(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar=_("FILE"), help=_("The file to create for the private key."))],
    name: Annotated[
        str,
        typer.Option("--name", metavar=_("OFFICE"), help=_("Whose key it is, such as czj.jiangmen.gov.cn/fenming.")),
    ],
) -> None:
    """Make a key."""
    session: Session = context.obj
    from audit.log.keys import new_key, write_key

    key = new_key(name)
    write_key(key, Path(file))
    try:
        session.print(key.public.text)
    except OutputLost as error:
        remedy = msg(
            "The key is in “{file}”; `fenming audit key show --signing-key {file}` prints its public half.", file=file
        )
        raise OutputLost(replace(error.faults[0], remedy=remedy)) from None


@app.command("show", cls=Command, help=_("Print the public key: of a private key, or the one that signs the ledger."))
def show(
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
    from audit.log.checkpoint_errors import unsigned_ledger

    with session.ledger(ledger) as opened:
        key = opened.key()
        if key is None:
            raise unsigned_ledger(opened.path)
    session.print(key.text)


@app.command("rotate", cls=Command, help=_("Sign with another key from now on; the former key vouches for it."))
def rotate(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar=_("FILE"), help=_("The new private key."))],
    reason: Annotated[str, typer.Option("--reason", metavar=_("TEXT"), help=_("Why the key is changed."))],
    signing: SigningKeyOption = None,
    lost: Annotated[
        bool, typer.Option("--lost", metavar="", help=_("The former key is lost and cannot vouch for the new one."))
    ] = False,
    actor: ActorOption = None,
    ledger: LedgerOption = None,
    checkpoints: CheckpointsOption = None,
) -> None:
    """Change over to another key."""
    session: Session = context.obj
    from audit.log.keys import read_key
    from cli.render.wrapping import tell

    fresh = read_key(Path(file))
    former = None if lost else signing_key(signing)
    if former is not None and former.public == fresh.public:
        former = None
    with session.ledger(ledger, checkpoints=checkpoints, signer=former) as opened:
        opened.rotate(fresh, actor=actor_name(actor), at=datetime.now(UTC), reason=reason, lost=lost)
    tell(session, msg("From now on, “{name}” signs the checkpoints.", name=fresh.name))
    session.print(fresh.public.text)
