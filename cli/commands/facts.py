"""Facts files: check one, make one to fill in, list the types."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cli.commands.kinds import Command, Group
from cli.commands.options import JsonOption, RulesetsOption
from cli.i18n import _
from cli.session import Session, UsageFault
from engine.base.faults import Fault
from engine.base.messages import listing, msg, plural

app = typer.Typer(cls=Group, no_args_is_help=True)

RulesetArgument = Annotated[
    str, typer.Argument(metavar=_("RULESET"), help=_("A ruleset: its id, or the path of its folder."))
]
OptionalRulesetArgument = Annotated[
    str | None, typer.Argument(metavar=_("RULESET"), help=_("A ruleset: its id, or the path of its folder."))
]


@app.command("check", cls=Command, help=_("Check a facts file against its ruleset and report every fault at once."))
def check(
    context: typer.Context,
    file: Annotated[
        str, typer.Argument(metavar=_("FILE"), help=_("The facts file, YAML or JSON; - reads standard input."))
    ],
    rulesets: RulesetsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check a facts file."""
    session: Session = context.obj
    from cli.commands.evaluate import score
    from cli.render.notices import other_year_words
    from engine.receipt import plain
    from engine.scoring.notice import OtherYear

    receipt, _sources = score(file, {}, rulesets, session)
    content = receipt.content
    other_year = [notice for notice in content.notices if isinstance(notice, OtherYear)]
    if as_json:
        notices = plain(other_year)
        session.json({"ruleset": content.ruleset.id, "facts": len(content.facts), "faults": 0, "notices": notices})
    else:
        session.print(
            session.say(
                plural(
                    "{count} fact for {ruleset}: no fault.",
                    "{count} facts for {ruleset}: no fault.",
                    count=len(content.facts),
                    ruleset=content.ruleset.id,
                )
            )
        )
        for notice in other_year:
            session.print(session.say(other_year_words(notice)))


@app.command("template", cls=Command, help=_("Print a commented facts file to fill in."))
def template(context: typer.Context, ruleset: OptionalRulesetArgument = None, rulesets: RulesetsOption = None) -> None:
    """Print a facts file to fill in."""
    session: Session = context.obj
    from cli.library import find, places_in
    from cli.library import rulesets as known_rulesets
    from engine.facts import template as facts_template
    from engine.program import asked, compile_ruleset

    if ruleset is None:
        raise UsageFault(
            Fault(
                msg("The command does not say for which ruleset."),
                msg("Name one of: {names}.", names=listing(known_rulesets(rulesets))),
            )
        )
    found = find(ruleset, rulesets)
    read = found.ruleset
    with places_in(found.folder):
        entries = asked(compile_ruleset(read))
    types = read.facts.values()
    session.print(facts_template(read.id, read.title, read.year, types, read.optional, entries, session.translate))


@app.command("types", cls=Command, help=_("List the fact types, of a ruleset or all shared ones, with their fields."))
def types(
    context: typer.Context,
    ruleset: OptionalRulesetArgument = None,
    rulesets: RulesetsOption = None,
    as_json: JsonOption = False,
) -> None:
    """List fact types."""
    session: Session = context.obj
    import schemas
    from cli.library import find
    from engine.base.sources import shared_type_file
    from engine.facts.types import read_fact_type

    if ruleset is None:
        found = [read_fact_type(name, text, shared_type_file(name)) for name, text in schemas.fact_types().items()]
    else:
        found = [t for t in find(ruleset, rulesets).ruleset.facts.values() if t.schema]
    if as_json:
        session.json([_type_content(fact_type) for fact_type in found])
        return
    from cli.render.listing import print_table

    rows = [
        (
            fact_type.name,
            fact_type.title,
            ", ".join(f.name + ("?" if f.optional else "") for f in fact_type.fields.values()),
        )
        for fact_type in found
    ]
    print_table(session, [msg("Type"), msg("Title"), msg("Fields (? may be left out)")], rows)


def _type_content(fact_type: Any) -> dict[str, Any]:
    return {
        "name": fact_type.name,
        "title": fact_type.title,
        "single": fact_type.single,
        "fields": [
            {
                "name": field.name,
                "title": field.title,
                "kind": field.kind.value,
                "unit": field.unit,
                "optional": field.optional,
                "choices": list(field.choices),
            }
            for field in fact_type.fields.values()
        ],
    }
