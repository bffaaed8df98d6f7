"""Make a facts file to fill in."""

from __future__ import annotations

from collections.abc import Callable

from engine.base.faults import Fault, UsageFault, problem
from engine.base.messages import listing, msg
from engine.facts import template as facts_template
from engine.program import asked, compile_ruleset
from workflow.library import find, places_in, rulesets
from workflow.settings import Settings


def template(name: str | None, settings: Settings, translate: Callable[[str], str] = str) -> str:
    """Return a commented facts file for a ruleset, with the comments in the language of `translate`."""
    if name is None:
        raise UsageFault(
            Fault(
                problem("option.ruleset-missing", "The command does not say for which ruleset."),
                msg("Name one of: {names}.", names=listing(rulesets(settings.rulesets))),
            )
        )
    found = find(name, settings.rulesets)
    read = found.ruleset
    with places_in(found.folder):
        entries = asked(compile_ruleset(read))
    types = read.facts.values()
    return facts_template(read.id, read.title, read.year, types, read.optional, entries, translate)
