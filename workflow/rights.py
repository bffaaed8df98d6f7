"""The rights of a role on a server: to append and read, or only to read."""

from __future__ import annotations

from audit.database.postgresql.grants import grants, reading_grants
from engine.base.faults import Fault, UsageFault, problem
from engine.base.messages import msg


def rights_of(role: str, *, reading: bool) -> str:
    """Return the SQL that gives a role its rights; `UsageFault` where no role is named."""
    if not role.strip():
        raise UsageFault(
            Fault(problem("option.role", "A role has a name."), msg("Name the role that gets the rights."))
        )
    return reading_grants(role) if reading else grants(role)
