"""Check the whole ledger."""

from __future__ import annotations

import os

import typer

from cli.commands.options import CheckpointsOption, JsonOption, KeyOption, LedgerOption
from cli.render.verification import render_report, report_json
from cli.terminal.session import Session
from cli.terminal.surroundings import settings
from engine.base.faults import Damaged
from workflow.keys import trusted_key
from workflow.verify import verify_ledger

UNSEALED = 1
"""The exit code of a verification that finds entries without a signed checkpoint, and nothing else."""


def command(
    context: typer.Context,
    key: KeyOption = None,
    ledger: LedgerOption = None,
    checkpoints: CheckpointsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check the whole ledger."""
    session: Session = context.obj
    trusted = trusted_key(key)
    where = settings(session, ledger=ledger, checkpoints=checkpoints)
    report = verify_ledger(where, trusted, workers=os.cpu_count() or 1)
    if as_json:
        session.json(report_json(session, report))
    else:
        render_report(session, report)
    if not report.sound:
        raise typer.Exit(UNSEALED if report.only_unsealed else Damaged.exit_code)
