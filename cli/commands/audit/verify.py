"""Check the whole ledger."""

from __future__ import annotations

import os
from pathlib import Path

import typer

from audit.faults.errors import no_checkpoints
from audit.ledger.ledger import Ledger
from audit.log.keys import read_public_key
from audit.verify import verify
from cli.commands.options import CheckpointsOption, JsonOption, KeyOption, LedgerOption
from cli.render.verification import render_report, report_json
from cli.terminal.progress import counter
from cli.terminal.session import Session
from cli.terminal.surroundings import settings
from engine.base.faults import Damaged
from engine.base.messages import msg
from workflow.ledger import open_ledger
from workflow.settings import Settings

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
    trusted = None if key is None else read_public_key(Path(key))
    where = settings(session, ledger=ledger, checkpoints=checkpoints)
    with open_ledger(where) as opened, counter(session, msg("Verifying")) as count:
        _require_folder(opened, where)
        report = verify(opened, key=trusted, progress=count, workers=os.cpu_count() or 1)
    if as_json:
        session.json(report_json(session, report))
    else:
        render_report(session, report)
    if not report.sound:
        raise typer.Exit(UNSEALED if report.only_unsealed else Damaged.exit_code)


def _require_folder(ledger: Ledger, where: Settings) -> None:
    """Refuse a folder that somebody names and that is not there: without checkpoints a ledger verifies all the same."""
    if where.checkpoints is not None and not where.checkpoints.is_dir():
        raise no_checkpoints(ledger.path, str(where.checkpoints))
