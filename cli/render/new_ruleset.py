"""What was done to make a ruleset from another, and what to do next."""

from __future__ import annotations

import shlex
from typing import Any

from cli.render.review import provenance_json
from cli.render.words import DIGEST_DIGITS
from cli.terminal.session import Session
from engine.base.messages import listing, msg, plural
from engine.base.sources import RULESET
from engine.ruleset.review import items
from workflow.new_ruleset import NewRuleset


def render_new_ruleset(session: Session, made: NewRuleset, rulesets: str | None) -> None:
    """Print what was copied and changed, and the commands that come next."""
    origin, ruleset = made.origin, made.ruleset
    session.report(
        plural(
            "Copied {origin}, revision {revision}, text {digest}, to {folder}: {count} file.",
            "Copied {origin}, revision {revision}, text {digest}, to {folder}: {count} files.",
            count=len(made.files),
            origin=origin.origin,
            revision=origin.revision,
            digest=origin.text[:DIGEST_DIGITS],
            folder=made.folder,
        )
    )
    session.report(
        msg(
            "{file} now has the id {id}, the year {year} and revision 1, and says where it comes from.",
            file=RULESET,
            id=ruleset.id,
            year=ruleset.year,
        )
    )
    if made.changed:
        session.report(
            msg(
                "Ruleset or year of the case changed in: {files}. Dates in their facts are as they were.",
                files=listing(made.changed),
            )
        )
    if made.calendar is not None:
        session.report(msg("Working-day calendar copied to {file}.", file=made.calendar))
    if made.hides is not None:
        session.report(
            msg(
                "The program comes with a ruleset {id} as well; where this folder is named, yours counts.",
                id=ruleset.id,
            )
        )
    count = len(items(ruleset))
    session.report(
        plural(
            "{count} clause, parameter or reading is to be reviewed.",
            "All {count} clauses, parameters and readings are to be reviewed.",
            count=count,
        )
    )
    below = f" --rulesets {shlex.quote(rulesets)}" if rulesets else ""
    session.print("")
    session.report(msg("Next, change the clauses, parameters and rules as the new notice says, and run:"))
    for command in (
        f"ruleset diff {origin.origin} {ruleset.id}{below}",
        f"ruleset confirm {ruleset.id} --unchanged --by {session.say(msg('NAME'))}{below}",
        f"ruleset confirm {ruleset.id} {session.say(msg('ITEM'))} --by {session.say(msg('NAME'))}{below}",
        f"ruleset test {ruleset.id} --strict{below}",
    ):
        session.print(f"  fenming {command}")


def new_ruleset_json(made: NewRuleset) -> dict[str, Any]:
    """Return the same as JSON."""
    ruleset = made.ruleset
    return {
        "id": ruleset.id,
        "year": ruleset.year,
        "revision": ruleset.revision,
        "text": ruleset.text,
        "folder": str(made.folder),
        "provenance": provenance_json(ruleset),
        "files": list(made.files),
        "changed": [RULESET, *made.changed],
        "calendar": None if made.calendar is None else str(made.calendar),
        "hides": None if made.hides is None else str(made.hides),
        "unreviewed": len(items(ruleset)),
    }
