"""Evidence: whether the files that facts named are still the same."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from cli.commands.kinds import Command, Group
from cli.commands.options import EvaluationArgument, JsonOption, LedgerOption
from cli.i18n import _
from cli.session import Session
from engine.errors import msg

DIFFERENCE = 1
SAME, CHANGED, GONE, UNREADABLE, UNKNOWN = "same", "changed", "gone", "unreadable", "unknown"

app = typer.Typer(cls=Group, no_args_is_help=True)


@app.callback()
def group() -> None:
    """Keep `check` a command of its own, although it is the only one yet."""


@app.command("check", cls=Command, help=_("Tell which evidence files are still the same, changed, or gone."))
def check(
    context: typer.Context,
    evaluation: EvaluationArgument,
    folder: Annotated[
        str,
        typer.Option(
            "--folder", metavar=_("FOLDER"), help=_("The folder where the facts file stood; else the working folder.")
        ),
    ] = ".",
    ledger: LedgerOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare the evidence files with what was recorded."""
    session: Session = context.obj
    from cli.progress import steps

    with session.ledger(ledger) as opened:
        recorded = opened.find(evaluation)
        content = opened.receipt(recorded.id).content
    named = [(fact, item) for fact in content["facts"] for item in fact["evidence"] if item["file"]]
    found = [_compared(fact, item, Path(folder)) for fact, item in steps(session, named, msg("Comparing"))]
    if as_json:
        session.json({"evaluation": recorded.id, "files": found})
    elif not found:
        session.print(session.say(msg("No fact of evaluation {id} names a file.", id=recorded.id)))
    else:
        _print(session, found)
    if any(each["state"] != SAME for each in found):
        raise typer.Exit(DIFFERENCE)


def _compared(fact: dict[str, Any], item: dict[str, Any], folder: Path) -> dict[str, Any]:
    from cli.files import Unidentified, identify

    path = folder / item["file"]
    was = {"sha256": item.get("sha256"), "size": item.get("size")}
    now: dict[str, Any] = {"sha256": None, "size": None}
    try:
        identity = identify(path)
    except Unidentified:
        state = UNREADABLE if path.exists() else GONE
    else:
        now = {"sha256": identity.sha256, "size": identity.size}
        state = UNKNOWN if was["sha256"] is None else SAME if now == was else CHANGED
    return {"fact": fact["id"], "title": item["title"], "file": item["file"], "state": state, "was": was, "now": now}


def _print(session: Session, found: list[dict[str, Any]]) -> None:
    from cli.render.listing import print_table

    words = {
        SAME: msg("the same"),
        CHANGED: msg("changed"),
        GONE: msg("gone"),
        UNREADABLE: msg("cannot be read"),
        UNKNOWN: msg("recorded without a digest"),
    }
    rows = [
        (each["file"], each["fact"], each["title"], session.say(words[each["state"]]), _sizes(each)) for each in found
    ]
    print_table(session, [msg("File"), msg("Fact"), msg("Evidence"), msg("State"), msg("Bytes")], rows, whole=3)
    same = sum(each["state"] == SAME for each in found)
    session.print(session.say(msg("{same} of {count} evidence files are the same.", same=same, count=len(found))))


def _sizes(each: dict[str, Any]) -> str:
    sizes = dict.fromkeys((each["was"]["size"], each["now"]["size"]))
    return " → ".join(f"{size:,}" for size in sizes if size is not None)
