"""Make a facts file to fill in."""

from __future__ import annotations

from collections.abc import Callable

from engine.facts import template as facts_template
from engine.program import asked, compile_ruleset
from workflow.library import find, places_in
from workflow.settings import Settings


def template(name: str, settings: Settings, translate: Callable[[str], str] = str) -> str:
    """Return a commented facts file for a ruleset, with the comments in the language of `translate`."""
    found = find(name, settings.rulesets)
    read = found.ruleset
    with places_in(found.folder):
        entries = asked(compile_ruleset(read))
    types = read.facts.values()
    return facts_template(read.id, read.title, read.year, types, read.optional, entries, translate)
