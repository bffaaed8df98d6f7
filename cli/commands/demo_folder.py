"""The folder of `fenming demo`: in the working folder, made anew by each demo, and easy to remove."""

from __future__ import annotations

import shutil
from pathlib import Path

from cli.terminal.session import Session
from engine.base.faults import Fault, Refused, Unavailable, problem
from engine.base.messages import msg, reason_of
from engine.base.places import Place

FOLDER = "fenming-demo"
LEDGER = f"{FOLDER}/fenming.db"
CHECKPOINTS = f"{LEDGER}.checkpoints"

_NOTE = "README.txt"
_BESIDE = {"", "-journal", "-wal", "-shm", ".checkpoints"}
_OURS = {_NOTE, *(f"fenming.db{end}" for end in _BESIDE)}


def fresh_folder(session: Session) -> None:
    """Make the demo's folder, in place of an older demo's; `Refused` where it holds anything else."""
    folder = Path(FOLDER)
    try:
        if folder.is_symlink() or folder.exists():
            if not _is_a_demos(folder):
                raise Refused(
                    Fault(
                        problem(
                            "demo.foreign-folder",
                            "“{folder}” is not the folder of an earlier demo; it was left as it is.",
                            folder=FOLDER,
                        ),
                        msg("Move it, or run `fenming demo` in another folder."),
                        Place(FOLDER),
                    )
                )
            shutil.rmtree(folder)
        folder.mkdir()
        note = msg("`fenming demo` made this folder and replaces it each time; remove it whenever you like.")
        (folder / _NOTE).write_text(f"{session.say(note)}\n", "utf-8")
    except OSError as error:
        raise Unavailable(
            Fault(
                problem(
                    "demo.unwritable",
                    "The folder “{folder}” cannot be created: {reason}.",
                    folder=FOLDER,
                    reason=reason_of(error),
                ),
                msg("Run `fenming demo` in a folder that you may write to."),
                Place(FOLDER),
            )
        ) from None


def _is_a_demos(folder: Path) -> bool:
    if folder.is_symlink() or not folder.is_dir():
        return False
    names = {entry.name for entry in folder.iterdir()}
    return _NOTE in names and names <= _OURS
