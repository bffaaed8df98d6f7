"""Score the example into a fresh ledger and show its card."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import typer

import examples
from cli.commands.demo_folder import CHECKPOINTS, LEDGER, fresh_folder
from cli.commands.demo_folder import FOLDER as DEMO
from cli.commands.evaluate import answer
from cli.commands.options import JsonOption
from cli.terminal.session import Session
from engine.base.messages import msg
from workflow.ledger import open_ledger
from workflow.record import Recording, record
from workflow.score import score
from workflow.settings import Settings

EXAMPLE = examples.FOLDER / "jiangmen-commerce-2024" / "as-printed.yaml"


def command(context: typer.Context, as_json: JsonOption = False) -> None:
    """Score the example into a fresh ledger and show its card."""
    session: Session = context.obj
    settings = Settings(LEDGER, Path(CHECKPOINTS), notify=session.warn)
    scored = score(str(EXAMPLE), settings)
    fresh_folder(session)
    with open_ledger(settings, create=True) as ledger:
        answer(session, ledger, record(ledger, scored, Recording("demo")), None, as_json=as_json)
    if as_json:
        return
    session.print("")
    # Without fenming in the search path, what is printed here must work all the same.
    program = "fenming" if shutil.which("fenming") or not sys.argv[0].endswith("fenming") else sys.argv[0]
    for hint in (
        msg("Why was a point lost?  {program} explain latest 1 --ledger {ledger}", program=program, ledger=LEDGER),
        msg("Score it again:        {program} replay latest --ledger {ledger}", program=program, ledger=LEDGER),
        msg("Remove this demo:      rm -r {folder}", folder=DEMO),
    ):
        session.print(session.say(hint))
