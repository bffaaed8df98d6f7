"""List fact types with their fields."""

from __future__ import annotations

from typing import Any

import typer

import schemas
from cli.commands.options import JsonOption, OptionalRulesetArgument, RulesetsOption
from cli.render.listing import print_table
from cli.terminal.session import Session
from cli.terminal.surroundings import settings
from engine.base.messages import msg
from engine.base.sources import shared_type_file
from engine.facts import FactType
from engine.facts.types import read_fact_type
from workflow.library import find


def command(
    context: typer.Context,
    ruleset: OptionalRulesetArgument = None,
    rulesets: RulesetsOption = None,
    as_json: JsonOption = False,
) -> None:
    """List fact types."""
    session: Session = context.obj
    if ruleset is None:
        found = [read_fact_type(name, text, shared_type_file(name)) for name, text in schemas.fact_types().items()]
    else:
        read = find(ruleset, settings(session, rulesets=rulesets).rulesets).ruleset
        found = [fact_type for fact_type in read.facts.values() if fact_type.schema]
    if as_json:
        session.json([_type_json(fact_type) for fact_type in found])
        return
    rows = [
        (
            fact_type.name,
            fact_type.title,
            ", ".join(f.name + ("?" if f.optional else "") for f in fact_type.fields.values()),
        )
        for fact_type in found
    ]
    print_table(session, [msg("Type"), msg("Title"), msg("Fields (? may be left out)")], rows)


def _type_json(fact_type: FactType) -> dict[str, Any]:
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
