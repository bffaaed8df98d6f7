"""Rulesets: list them, show one, run its golden cases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from cli.commands.facts import RulesetArgument
from cli.commands.kinds import Command, Group
from cli.commands.options import JsonOption, RulesetsOption
from cli.i18n import _
from cli.session import Session
from engine.base.faults import Fault
from engine.base.messages import Message, msg, plural

if TYPE_CHECKING:
    from engine.golden import Outcome

app = typer.Typer(cls=Group, no_args_is_help=True)

DIFFERENCE = 1


@app.command("list", cls=Command, help=_("List the rulesets."))
def list_(context: typer.Context, rulesets: RulesetsOption = None, as_json: JsonOption = False) -> None:
    """List the rulesets."""
    session: Session = context.obj
    from cli.library import find
    from cli.library import rulesets as known
    from engine.base.faults import InvalidInput

    found = []
    faults: list[Fault] = []
    for name in known(rulesets):
        try:
            found.append(find(name, rulesets).ruleset)
        except InvalidInput as error:
            faults += error.faults
    if as_json:
        session.json(
            [{"id": r.id, "title": r.title, "issuer": r.issuer, "year": r.year, "digest": r.digest} for r in found]
        )
    else:
        from cli.render.listing import print_table

        rows = [(r.id, r.title, r.issuer, str(r.year), r.digest[:12]) for r in found]
        print_table(session, [msg("Ruleset"), msg("Title"), msg("Issuer"), msg("Year"), msg("Digest")], rows)
    if faults:
        raise InvalidInput(*faults)


@app.command(
    "show",
    cls=Command,
    help=_("Show a whole ruleset: each clause with its rules, their conditions, bands and amounts; the readings."),
)
def show(
    context: typer.Context, ruleset: RulesetArgument, rulesets: RulesetsOption = None, as_json: JsonOption = False
) -> None:
    """Show a ruleset."""
    session: Session = context.obj
    from cli.library import find, places_in
    from engine.program import compile_ruleset

    found = find(ruleset, rulesets)
    with places_in(found.folder):
        compile_ruleset(found.ruleset)
    if as_json:
        from cli.render.ruleset_json import ruleset_json

        session.json(ruleset_json(found.ruleset))
        return
    from cli.render.ruleset import ruleset_tree

    with session.page() as console:
        console.print(ruleset_tree(session, found.ruleset))


@app.command("test", cls=Command, help=_("Check a ruleset in every reading and run the golden cases beside it."))
def run_golden_cases(
    context: typer.Context, ruleset: RulesetArgument, rulesets: RulesetsOption = None, as_json: JsonOption = False
) -> None:
    """Run a ruleset's golden cases."""
    session: Session = context.obj
    from cli.i18n import translator
    from cli.library import CASES, case_names, cases_of, find, places_in
    from engine.golden import run_cases, unread
    from engine.program import compile_ruleset

    found = find(ruleset, rulesets)
    with places_in(found.folder):
        for name, reading in found.ruleset.readings.items():
            for alternative in reading.alternatives:
                compile_ruleset(found.ruleset, {name: alternative})
    languages = (str, translator("zh"))
    with places_in(found.folder / CASES), places_in(found.folder):
        outcomes = list(run_cases(cases_of(found.folder), found.ruleset, found.found_as, languages))
    left = unread(case_names(found.folder), (outcome.case for outcome in outcomes))
    wrong = [outcome for outcome in outcomes if outcome.differences]
    if as_json:
        session.json(
            {
                "cases": len(outcomes),
                "differ": [
                    {"case": o.case.name, "differences": [session.say(difference) for difference in o.differences]}
                    for o in wrong
                ],
                "unread": left,
            }
        )
    else:
        _print_outcomes(session, outcomes, left)
    if wrong or left or not outcomes:
        raise typer.Exit(DIFFERENCE)


def _cases(count: int) -> Message:
    return plural("{count} case", "{count} cases", count=count)


def _print_outcomes(session: Session, outcomes: Sequence[Outcome], left: Sequence[str]) -> None:
    """Print what differs, which files no case reads, and the count."""
    from cli.library import CASES
    from cli.render.printable import one_line
    from cli.render.wrapping import tell

    wrong = [outcome for outcome in outcomes if outcome.differences]
    for outcome in wrong:
        session.print(f"{outcome.case.place}\n  {one_line(outcome.case.name)}")
        for difference in outcome.differences:
            session.print(f"  {session.say(difference)}")
    for name in left:
        tell(
            session,
            msg(
                "{file} is not read: cases are in files named *.cases.yaml, and a facts file is named as their `base`.",
                file=f"{CASES}/{name}",
            ),
        )
    if not outcomes:
        tell(session, msg("There are no golden cases: write some in {folder}/*.cases.yaml.", folder=CASES))
    session.print(session.say(msg("{cases}, {differ} differ.", cases=_cases(len(outcomes)), differ=len(wrong))))
