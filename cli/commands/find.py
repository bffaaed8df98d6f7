"""Find evaluations, or their firings."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated

import typer

from audit.tables.criteria import Criteria
from cli.commands.options import MOST, JsonOption, LedgerOption
from cli.render.find import (
    evaluations_csv,
    evaluations_json,
    firings_csv,
    firings_json,
    render_evaluations,
    render_firings,
)
from cli.terminal.arguments import moment_of, points_of
from cli.terminal.borrowed import _
from cli.terminal.session import Session
from cli.terminal.surroundings import settings
from engine.base.faults import UsageFault, problem
from engine.base.messages import msg
from workflow.find import find


def command(
    context: typer.Context,
    department: Annotated[
        str | None, typer.Option(metavar=_("NAME"), help=_("The department; spaces and widths do not matter."))
    ] = None,
    year: Annotated[str | None, typer.Option(metavar=_("YEAR"), help=_("The year that is scored."))] = None,
    ruleset: Annotated[
        str | None,
        typer.Option(metavar=_("RULESET"), help=_("The ruleset, or the beginning of its id up to a slash.")),
    ] = None,
    grade: Annotated[str | None, typer.Option(metavar=_("GRADE"), help=_("The grade, such as 优."))] = None,
    from_: Annotated[
        str | None, typer.Option("--from", metavar=_("POINTS"), help=_("The lowest total; open points do not count."))
    ] = None,
    to: Annotated[str | None, typer.Option(metavar=_("POINTS"), help=_("The highest total."))] = None,
    indicator: Annotated[
        int | None, typer.Option(min=0, max=MOST, metavar=_("NUMBER"), help=_("The number of an indicator."))
    ] = None,
    clause: Annotated[
        str | None, typer.Option(metavar=_("CLAUSE"), help=_("A clause, such as 11.1: a firing cites it."))
    ] = None,
    rule: Annotated[
        str | None, typer.Option(metavar=_("RULE"), help=_("A rule, as receipts name it: it has fired."))
    ] = None,
    lost: Annotated[
        bool,
        typer.Option(
            "--lost", metavar="", help=_("Points were lost: under the clause, by the rule, in the indicator.")
        ),
    ] = False,
    open_: Annotated[bool, typer.Option("--open", metavar="", help=_("Points are open: not assessed."))] = False,
    actor: Annotated[str | None, typer.Option(metavar=_("NAME"), help=_("Who recorded it."))] = None,
    since: Annotated[
        str | None, typer.Option(metavar=_("DAY"), help=_("The first day on which it was recorded (UTC)."))
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar=_("DAY"), help=_("The last day on which it was recorded (UTC)."))
    ] = None,
    firings: Annotated[
        bool, typer.Option("--firings", metavar="", help=_("List the firings, with the points that each took."))
    ] = False,
    every: Annotated[
        bool,
        typer.Option(
            "--all",
            metavar="",
            help=_("Also list evaluations that are superseded, recorded beside another, or trials."),
        ),
    ] = False,
    count: Annotated[
        int | None,
        typer.Option(
            "--count", "-n", min=1, max=MOST, metavar=_("NUMBER"), help=_("The largest number of evaluations to list.")
        ),
    ] = None,
    as_csv: Annotated[
        bool, typer.Option("--csv", metavar="", help=_("Answer as a table that a spreadsheet opens."))
    ] = False,
    ledger: LedgerOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the evaluations, or the firings, that meet all that is asked."""
    session: Session = context.obj
    if as_csv and as_json:
        raise UsageFault.because(
            problem("option.one-format", "An answer is CSV or JSON, not both."), msg("Give one of --csv and --json.")
        )
    low, high = points_of("--from", from_), points_of("--to", to)
    criteria = Criteria(
        department=department,
        year=year,
        ruleset=ruleset,
        grade=grade,
        at_least=None if low is None else Fraction(low),
        at_most=None if high is None else Fraction(high),
        indicator=indicator,
        clause=clause,
        rule=rule,
        lost=lost,
        open=open_,
        actor=actor,
        since=moment_of("--since", since),
        until=moment_of("--until", until, after=True),
        in_force=not every,
    )
    found = find(settings(session, ledger=ledger), criteria, count)
    if as_json:
        session.json(firings_json(found) if firings else evaluations_json(found))
    elif as_csv:
        session.write(firings_csv(session, found) if firings else evaluations_csv(session, found))
    elif firings:
        render_firings(session, found)
    else:
        render_evaluations(session, found)
