"""Print the SQL for a role that may only read and append, on PostgreSQL."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.terminal.borrowed import _
from cli.terminal.session import Session
from workflow.rights import rights_of


def command(
    context: typer.Context,
    role: Annotated[str, typer.Argument(metavar=_("ROLE"), help=_("The name of the role."))],
    reading: Annotated[bool, typer.Option("--read-only", metavar="", help=_("For a role that may only read."))] = False,
) -> None:
    """Print the rights of a role."""
    session: Session = context.obj
    session.write(rights_of(role, reading=reading))
