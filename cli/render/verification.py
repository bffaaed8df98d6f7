"""The report of a verification, for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from audit.log.coding import encoded
from audit.verify import Report
from cli.render.listing import print_table
from cli.terminal.session import Session
from engine.base.messages import Message, msg, plural

_SHOWN = 100


def render_report(session: Session, report: Report) -> None:
    """Print what was found, the first faulty entry first, then what was looked at."""
    if report.findings:
        rows = [(finding.place or "–", session.say(finding.what)) for finding in report.findings[:_SHOWN]]
        print_table(session, [msg("Entry"), msg("What is wrong")], rows)
        if len(report.findings) > _SHOWN:
            more = msg("… and {count} more; --json gives all.", count=len(report.findings) - _SHOWN)
            session.report(more)
    for notice in report.notices:
        session.report(notice)
    looked = msg(
        "Entries: {entries}; evaluations: {evaluations}; checkpoints: {checkpoints}; signed: {signed}.",
        entries=report.entries,
        evaluations=report.evaluations,
        checkpoints=report.checkpoints,
        signed=report.signed,
    )
    session.report(looked)
    for line in _outcome(report):
        session.report(line)


def _outcome(report: Report) -> Iterator[Message]:
    """Say what it comes to, and what to do."""
    if report.sound:
        yield from _scope(report)
    elif report.only_unsealed and not report.keys:
        yield msg("No fault was found in the entries, but there is no checkpoint to compare them with.")
        yield msg(
            "Name the folder of the checkpoints with --checkpoints or FENMING_CHECKPOINTS. If it is lost, "
            "`fenming audit seal` begins another one with the entries as they are now."
        )
    elif report.only_unsealed:
        yield msg("No fault was found in the entries, but the newest of them are not covered by a signed checkpoint.")
        yield msg(
            "Find out who added them: `fenming audit log --all`. `fenming audit seal --cover-unsealed --reason TEXT` "
            "takes them into the record."
        )
    elif report.only_distrusted:
        yield msg("The ledger agrees with itself, but the key that you named does not vouch for all of it.")
        yield msg("Check that it is the right key; ask the office that signs, by a way other than the ledger.")
    else:
        if report.first is None:
            yield msg("The ledger is not as it was recorded.")
        else:
            yield msg("The ledger is not as it was recorded, from entry {entry} on.", entry=report.first)
        yield msg("Do not rely on it. Compare it with a copy, and find out what changed it.")


def _scope(report: Report) -> Iterator[Message]:
    """Say for which entries it holds that no fault was found, against which checkpoints, and what would not show."""
    if not report.entries:
        return
    last = report.entries - 1
    if not report.checkpoints and not report.stored:
        yield plural(
            "Entry 0 agrees with its rows; there is no checkpoint to compare it with.",
            "Entries 0 to {last} agree with each other; there is no checkpoint to compare them with.",
            count=report.entries,
            last=last,
        )
    elif not report.checkpoints:
        yield plural(
            "Entry 0 agrees with its rows and with the signed checkpoints in the ledger itself ({stored}); there is no "
            "checkpoint in “{folder}”.",
            "Entries 0 to {last} agree with each other and with the signed checkpoints in the ledger itself "
            "({stored}); there is no checkpoint in “{folder}”.",
            count=report.entries,
            last=last,
            stored=report.stored,
            folder=report.folder,
        )
    elif not report.signed and not report.stored:
        yield plural(
            "Entry 0 agrees with its rows and with the checkpoints in “{folder}” ({checkpoints}, not signed; the "
            "newest is of size {size}).",
            "Entries 0 to {last} agree with each other and with the checkpoints in “{folder}” ({checkpoints}, not "
            "signed; the newest is of size {size}).",
            count=report.entries,
            last=last,
            checkpoints=report.checkpoints,
            folder=report.folder,
            size=report.covered,
        )
    else:
        yield plural(
            "Entry 0 agrees with its rows, with the checkpoints in “{folder}” ({checkpoints}; the newest is of size "
            "{size}) and with the signed checkpoints in the ledger itself ({stored}).",
            "Entries 0 to {last} agree with each other, with the checkpoints in “{folder}” ({checkpoints}; the newest "
            "is of size {size}) and with the signed checkpoints in the ledger itself ({stored}).",
            count=report.entries,
            last=last,
            checkpoints=report.checkpoints,
            folder=report.folder,
            size=report.covered,
            stored=report.stored,
        )
    if not report.checkpoints:
        yield msg(
            "If the ledger was put back to an earlier state, that shows only against a checkpoint kept elsewhere: "
            "`fenming audit consistent`."
        )
        return
    yield msg(
        "If ledger and folder were put back together to an earlier state, that shows only against a checkpoint kept "
        "elsewhere: `fenming audit consistent`."
    )


def report_json(session: Session, report: Report) -> dict[str, Any]:
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
        "folder": report.folder,
        "stored_checkpoints": report.stored,
        "entries_sealed": report.sealed,
        "only_unsealed": report.only_unsealed,
        "keys": [key.text for key in report.keys],
    }
