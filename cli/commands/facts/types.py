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
from engine.base.numbers import exact_text
from engine.base.sources import shared_type_file
from engine.facts import FactType
from engine.facts.model import FieldType
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
            ", ".join(_field_text(field, fact_type) for field in fact_type.fields.values()),
        )
        for fact_type in found
    ]
    print_table(
        session,
        [msg("Type"), msg("Title"), msg("Fields (? may be left out; = no advice to change it; /1 its step)")],
        rows,
    )


def _field_text(field: FieldType, fact_type: FactType) -> str:
    # That a whole number goes in steps of 1 goes without saying.
    whole = fact_type.schema["properties"][field.name].get("type") == "integer" and field.step == 1
    step = "" if field.step is None or whole else f"/{exact_text(field.step)}"
    return f"{field.name}{'?' if field.optional else ''}{'=' if field.fixed else ''}{step}"


def _type_json(fact_type: FactType) -> dict[str, Any]:
    return {
        "name": fact_type.name,
        "title": fact_type.title,
        "single": fact_type.single,
        "fixed": fact_type.fixed,
        "fields": [
            {
                "name": field.name,
                "title": field.title,
                "kind": field.kind.value,
                "unit": field.unit,
                "optional": field.optional,
                "choices": list(field.choices),
                "fixed": field.fixed,
                "step": None if field.step is None else exact_text(field.step),
            }
            for field in fact_type.fields.values()
        ],
    }
