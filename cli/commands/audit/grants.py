"""Print the SQL for a role that may only read and append, on PostgreSQL."""

from __future__ import annotations

from typing import Annotated

import typer

from audit.database.postgresql.grants import grants, reading_grants
from cli.terminal.borrowed import _
from cli.terminal.session import Session
from engine.base.faults import Fault, UsageFault, problem
from engine.base.messages import msg


def command(
    context: typer.Context,
    role: Annotated[str, typer.Argument(metavar=_("ROLE"), help=_("The name of the role."))],
    reading: Annotated[bool, typer.Option("--read-only", metavar="", help=_("For a role that may only read."))] = False,
) -> None:
    """Print the rights of a role."""
    session: Session = context.obj
    if not role.strip():
        raise UsageFault(
            Fault(problem("option.role", "A role has a name."), msg("Name the role that gets the rights."))
        )
    session.write(reading_grants(role) if reading else grants(role))
