"""Make a key, and print its public half."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from cli.terminal.borrowed import _
from cli.terminal.session import OutputLost, Session
from engine.base.messages import msg
from workflow.keys import make_key


def command(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar=_("FILE"), help=_("The file to create for the private key."))],
    name: Annotated[
        str,
        typer.Option("--name", metavar=_("OFFICE"), help=_("Whose key it is, such as czj.jiangmen.gov.cn/fenming.")),
    ],
) -> None:
    """Make a key."""
    session: Session = context.obj
    key = make_key(name, file)
    try:
        session.print(key.public.text)
    except OutputLost as error:
        remedy = msg(
            "The key is in “{file}”; `fenming audit key show --signing-key {file}` prints its public half.", file=file
        )
        raise OutputLost(replace(error.faults[0], remedy=remedy)) from None
