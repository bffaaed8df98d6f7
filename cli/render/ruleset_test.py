"""What the golden cases of a ruleset gave, and what its examination found."""

from __future__ import annotations

from typing import Any

from cli.terminal.printable import one_line
from cli.terminal.session import Session
from engine.analysis import Examination, Finding
from engine.base.messages import msg, plural
from workflow.library import CASES
from workflow.rulesets import RulesetTest


def render_test(session: Session, done: RulesetTest) -> None:
    """Print what differs, which files no case reads, and the count; then the findings, and what the cases reach."""
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
    _render_examination(session, done.examination)


def _render_examination(session: Session, examination: Examination) -> None:
    for finding in examination.findings:
        session.print(f"\n{finding.where}\n  {finding.id}: {one_line(finding.name)}")
        session.print(f"  {session.say(finding.what)}\n  {session.say(finding.remedy)}")
    rules, rows, alternatives = examination.rules, examination.rows, examination.alternatives
    session.print("")
    session.report(
        msg(
            "The cases reach {rules} of {all_rules} rules, {rows} of {all_rows} rows of bands and {alternatives} of "
            "{all_alternatives} alternatives.",
            rules=rules.reached,
            all_rules=rules.of,
            rows=rows.reached,
            all_rows=rows.of,
            alternatives=alternatives.reached,
            all_alternatives=alternatives.of,
        )
    )
    found = plural("{count} finding", "{count} findings", count=len(examination.findings))
    session.print(session.say(msg("{findings}, {accepted} accepted.", findings=found,
                                  accepted=len(examination.accepted))))  # fmt: skip


def test_json(session: Session, done: RulesetTest) -> dict[str, Any]:
    """Return the same as JSON."""
    examination = done.examination
    reached = {"rules": examination.rules, "rows": examination.rows, "alternatives": examination.alternatives}
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
        "findings": [_finding_json(session, finding) for finding in examination.findings],
        "accepted": [_finding_json(session, finding) for finding in examination.accepted],
        "reached": {name: {"reached": tally.reached, "of": tally.of} for name, tally in reached.items()},
    }


def _finding_json(session: Session, finding: Finding) -> dict[str, Any]:
    where = finding.where
    return {
        "id": finding.id,
        "name": finding.name,
        "what": session.say(finding.what),
        "remedy": session.say(finding.remedy),
        "file": where.file,
        "line": where.line,
        "column": where.column,
        "pointer": where.pointer,
    }
