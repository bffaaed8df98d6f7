"""The report of a verification, for people and as JSON."""

from __future__ import annotations

from typing import Any

from audit.log.coding import encoded
from audit.verify import Report
from cli.render.listing import print_table
from cli.session import Session
from engine.errors import msg

_SHOWN = 100


def print_report(session: Session, report: Report) -> None:
    """Print what was found, the first faulty entry first, then what was looked at."""
    if report.findings:
        rows = [(finding.place or "–", session.say(finding.what)) for finding in report.findings[:_SHOWN]]
        print_table(session, [msg("Entry"), msg("What is wrong")], rows)
        if len(report.findings) > _SHOWN:
            more = msg("… and {count} more; --json gives all.", count=len(report.findings) - _SHOWN)
            session.print(session.say(more))
    for notice in report.notices:
        session.print(session.say(notice))
    looked = msg(
        "Entries: {entries}; evaluations: {evaluations}; checkpoints: {checkpoints}; signed: {signed}.",
        entries=report.entries,
        evaluations=report.evaluations,
        checkpoints=report.checkpoints,
        signed=report.signed,
    )
    session.print(session.say(looked))
    if report.sound:
        session.print(session.say(msg("Nothing has been changed, removed or added since it was recorded.")))
    elif report.first is None:
        session.print(session.say(msg("The ledger is not as it was recorded.")))
    else:
        told = msg("The ledger is not as it was recorded, from entry {entry} on.", entry=report.first)
        session.print(session.say(told))


def report_content(session: Session, report: Report) -> dict[str, Any]:
    """Return the report as JSON."""
    return {
        "sound": report.sound,
        "first_faulty_entry": report.first,
        "findings": [
            {"entry": finding.entry, "last": finding.last, "what": session.say(finding.what)}
            for finding in report.findings
        ],
        "notices": [session.say(notice) for notice in report.notices],
        "entries": report.entries,
        "evaluations": report.evaluations,
        "origin": report.origin,
        "root": encoded(report.root),
        "checkpoints": report.checkpoints,
        "signed_checkpoints": report.signed,
        "entries_covered": report.covered,
        "keys": [key.text for key in report.keys],
    }
