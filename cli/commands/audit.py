"""The ledger: what was recorded, when and by whom."""

from __future__ import annotations

from itertools import islice
from typing import Annotated

import typer

from cli.commands.kinds import Command, Group
from cli.commands.options import JsonOption, LedgerOption
from cli.i18n import _
from cli.session import Session
from engine.errors import msg

app = typer.Typer(cls=Group, no_args_is_help=True)


@app.callback()
def group() -> None:
    """Keep `log` a command of its own, although it is the only one yet."""


@app.command("log", cls=Command, help=_("List what the ledger holds, the newest first."))
def log(
    context: typer.Context,
    count: Annotated[int, typer.Option("--count", "-n", min=1, metavar=_("NUMBER"), help=_("How many at most."))] = 20,
    ledger: LedgerOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the ledger's evaluations."""
    session: Session = context.obj
    with session.ledger(ledger) as opened:
        found = list(islice(opened.evaluations(newest_first=True), count))
    if as_json:
        fields = (
            "entry",
            "at",
            "actor",
            "department",
            "year",
            "ruleset",
            "total",
            "grade",
            "receipt_sha256",
            "supersedes",
            "superseded_by",
            "reason",
        )
        session.json([{"evaluation": e.id, **{field: getattr(e, field) for field in fields}} for e in found])
        return
    from cli.render.listing import print_table

    rows = [
        (
            str(e.entry),
            e.id,
            e.at,
            e.actor,
            f"{e.department} {e.year}",
            f"{e.total} {e.grade}",
            _note(session, e.supersedes, e.superseded_by, e.reason),
        )
        for e in found
    ]
    columns = [msg("Entry"), msg("Evaluation"), msg("Time"), msg("Actor"), msg("Case"), msg("Score"), msg("Correction")]
    print_table(session, columns, rows, whole=1)


def _note(session: Session, supersedes: str | None, superseded_by: str | None, reason: str) -> str:
    notes = []
    if supersedes is not None:
        notes.append(session.say(msg("Supersedes {id}: {reason}", id=supersedes, reason=reason)))
    if superseded_by is not None:
        notes.append(session.say(msg("Superseded by {id}.", id=superseded_by)))
    return "\n".join(notes)
