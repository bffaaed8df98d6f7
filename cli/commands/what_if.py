"""Show what an evaluation would come to with other facts or readings."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.commands.options import EvaluationArgument, JsonOption, LedgerOption, ReadingOption
from cli.render.comparison import comparison_json, render_what_if
from cli.terminal.arguments import parsed_readings, parsed_values
from cli.terminal.borrowed import _
from cli.terminal.session import Session
from cli.terminal.surroundings import settings
from workflow.ledger import open_ledger
from workflow.what_if import Changes, what_if


def command(
    context: typer.Context,
    evaluation: EvaluationArgument,
    values: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar=_("FACT.FIELD=VALUE"),
            help=_("Another value of a field, such as T05.actual=21; without a value the field is left out."),
        ),
    ] = None,
    dropped: Annotated[
        list[str] | None, typer.Option("--drop", metavar=_("FACT"), help=_("A fact that is not there, by its id."))
    ] = None,
    added: Annotated[
        list[str] | None,
        typer.Option("--add", metavar=_("FILE"), help=_("A file whose facts are there as well, below `facts:`.")),
    ] = None,
    reading: ReadingOption = None,
    ledger: LedgerOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the score with changes beside the recorded one; nothing is written."""
    session: Session = context.obj
    changes = Changes(
        tuple(parsed_values(values or [])), tuple(dropped or ()), tuple(added or ()), parsed_readings(reading or [])
    )
    with open_ledger(settings(session, ledger=ledger)) as opened:
        found = what_if(opened, evaluation, changes)
    if as_json:
        recorded = found.recorded.shown.recorded
        session.json({"reproduced": True, **comparison_json(found.comparison, recorded, None)})
    else:
        render_what_if(session, found)
