"""What the golden cases of a ruleset gave, and what its examination found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cli.terminal.printable import one_line
from cli.terminal.session import Session
from engine.analysis import Examination, Finding
from engine.base.messages import Message, listing, msg, plural
from workflow.golden import Case
from workflow.library import CASES
from workflow.rulesets import RulesetTest


def render_test(session: Session, done: RulesetTest) -> None:
    """Print what differs, which files no case reads, and the count; then the findings, and what the cases reach.

    An error of the facts that several cases build on is printed once.
    """
    stopping = _stopping(session, done)
    for error, stopped in stopping.items():
        session.print(f"{error}\n  {session.say(_stopped(stopped, done))}")
    for outcome in done.differ:
        told = [said for each in outcome.differences if (said := session.say(each)) not in stopping]
        if told:
            session.print("\n  ".join([str(outcome.case.place), one_line(outcome.case.name), *told]))
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


def _stopping(session: Session, done: RulesetTest) -> Mapping[str, Sequence[Case]]:
    """Return the errors of the facts files that stop several cases, each with these."""
    found: dict[str, list[Case]] = {}
    for outcome in done.differ:
        for error in outcome.of_base:
            found.setdefault(session.say(error), []).append(outcome.case)
    return {error: cases for error, cases in found.items() if len(cases) > 1}


def _stopped(cases: Sequence[Case], done: RulesetTest) -> Message:
    base, count = cases[0].base, len(cases)
    if count == sum(1 for outcome in done.outcomes if outcome.case.base == base):
        return msg("It stops all {count} cases that build on {base}.", count=count, base=base)
    names = listing(one_line(case.name) for case in cases)
    return msg("It stops {count} cases: {names}.", count=count, names=names)


def _render_examination(session: Session, examination: Examination) -> None:
    for finding in examination.findings:
        session.print(f"\n{finding.where}\n  {finding.id}: {one_line(finding.name)}")
        session.print(f"  {session.say(finding.what)}\n  {session.say(finding.remedy)}")
    rules, rows, alternatives = examination.rules, examination.rows, examination.alternatives
    session.print("")
    if examination.findings:
        session.report(msg("docs/checks/README.md has a page for each kind of finding."))
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
