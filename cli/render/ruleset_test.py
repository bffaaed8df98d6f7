"""What the golden cases of a ruleset gave."""

from __future__ import annotations

from typing import Any

from cli.terminal.printable import one_line
from cli.terminal.session import Session
from engine.base.messages import msg, plural
from workflow.library import CASES
from workflow.rulesets import RulesetTest


def render_test(session: Session, done: RulesetTest) -> None:
    """Print what differs, which files no case reads, and the count."""
    for outcome in done.differ:
        session.print(f"{outcome.case.place}\n  {one_line(outcome.case.name)}")
        for difference in outcome.differences:
            session.print(f"  {session.say(difference)}")
    for name in done.unread:
        session.report(
            msg(
                "{file} is not read: cases are in files named *.cases.yaml or *.cases.csv, and a facts file is named "
                "as their `base`.",
                file=f"{CASES}/{name}",
            )
        )
    if not done.outcomes:
        session.report(msg("There are no golden cases: write some in {folder}/*.cases.yaml.", folder=CASES))
    cases = plural("{count} case", "{count} cases", count=len(done.outcomes))
    session.print(session.say(msg("{cases}, {differ} differ.", cases=cases, differ=len(done.differ))))


def test_json(session: Session, done: RulesetTest) -> dict[str, Any]:
    """Return the same as JSON."""
    return {
        "cases": len(done.outcomes),
        "differ": [
            {
                "case": outcome.case.name,
                "differences": [session.say(difference) for difference in outcome.differences],
            }
            for outcome in done.differ
        ],
        "unread": list(done.unread),
    }
