"""What a backup or a restored ledger holds, and that it was verified."""

from __future__ import annotations

import typer

from audit.faults.wording import entry_count
from audit.verify import Report
from cli.render.verification import report_json
from cli.terminal.session import Session
from engine.base.faults import Damaged
from engine.base.messages import Message, msg

_UNSEALED = 1
"""The exit code of a verification that finds entries without a signed checkpoint, and nothing else."""


def render_copy(session: Session, done: Message, report: Report, *, as_json: bool) -> None:
    """Print what was done and what the verification found; leave with its exit code."""
    if as_json:
        session.json(report_json(session, report))
    else:
        session.report(done)
        session.report(
            msg(
                "Entries: {entries}; evaluations: {evaluations}; checkpoints: {checkpoints}; signed: {signed}.",
                entries=report.entries,
                evaluations=report.evaluations,
                checkpoints=report.checkpoints,
                signed=report.signed,
            )
        )
        if report.sound:
            covered = entry_count(report.sealed)
            session.report(msg("All of it verifies; the newest checkpoint covers {entries}.", entries=covered))
        for finding in report.findings:
            session.report(msg("Entries {place}: {what}", place=finding.place or "–", what=finding.what))
        for notice in report.notices:
            session.report(notice)
    if not report.sound:
        raise typer.Exit(_UNSEALED if report.only_unsealed else Damaged.exit_code)
