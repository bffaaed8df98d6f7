"""Back up a ledger that is in use, and put a backup into its place."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from audit.backup import copy_checkpoints, copy_ledger
from audit.backup.copy import already_there, unwritable
from audit.database.interface import default_checkpoints
from audit.faults.errors import no_checkpoints
from audit.log.checkpoints import FILE
from audit.log.fsync import sync_folder
from audit.log.keys import PublicKey
from audit.verify import Report
from engine.base.faults import Damaged, NotFound, Refused, problem
from engine.base.messages import Message, msg
from engine.base.places import Place
from workflow.settings import Settings
from workflow.verify import verify_ledger

LEDGER = "fenming.db"
"""The ledger in the folder of a backup; its checkpoints are beside it, where every command looks for them."""


def back_up(settings: Settings, folder: Path, key: PublicKey | None = None, workers: int = 1) -> Report:
    """Copy the ledger and its checkpoints into a new folder, and verify the copy; return what was found.

    The folder is there once the copy is whole and verified, never before. `Refused` where it holds anything,
    `Damaged` where the copy has a fault. That entries have no signed checkpoint is no fault of the copy: it is
    reported.
    """
    kept = _checkpoints_of(settings)
    if settings.checkpoints is not None and not kept.is_dir():
        raise no_checkpoints(settings.ledger, str(kept))
    with _new_folder(folder) as part:
        copy = Settings(ledger=str(part / LEDGER), progress=settings.progress)
        copy_checkpoints(kept, _checkpoints_of(copy))
        _copy(settings, settings.ledger, copy.ledger)
        report = _named(verify_ledger(copy, key, workers), part, folder)
        _require_sound(report, folder)
    return report


def restore(settings: Settings, folder: Path, key: PublicKey | None = None, workers: int = 1) -> Report:
    """Put a backup where the settings say that the ledger and its checkpoints are, and verify the outcome.

    The backup is verified before. `Refused` where something is in either place, but for checkpoints that are the same.
    """
    backup = Settings(ledger=str(folder / LEDGER), progress=settings.progress)
    if not Path(backup.ledger).is_file():
        raise NotFound.because(
            problem(
                "backup.none",
                "“{folder}” does not hold a backup: there is no {name} in it.",
                folder=folder,
                name=LEDGER,
            ),
            msg("Name the folder that `fenming audit backup` made."),
            Place(str(folder)),
        )
    _require_sound(verify_ledger(backup, key, workers), folder)
    with _placed_checkpoints(_checkpoints_of(backup), _checkpoints_of(settings)):
        _copy(settings, backup.ledger, settings.ledger)
    kept = settings.checkpoints if _checkpoints_of(settings).is_dir() else None
    return verify_ledger(replace(settings, checkpoints=kept), key, workers)


def _copy(settings: Settings, source: str, target: str) -> None:
    with settings.progress(msg("Copying")) as count:
        copy_ledger(source, target, progress=count)


def _checkpoints_of(settings: Settings) -> Path:
    return settings.checkpoints or default_checkpoints(settings.ledger)


@contextmanager
def _new_folder(folder: Path) -> Iterator[Path]:
    """Give a folder that takes this one's place at the end, and is gone if anything fails."""
    folder = folder.absolute()
    part = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.part")
    try:
        if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
            raise Refused.because(
                problem("backup.exists", "“{folder}” is there and not empty; it was left as it is.", folder=folder),
                msg("Name a new folder, such as one with the date."),
                Place(str(folder)),
            )
        part.mkdir()
        try:
            yield part
            sync_folder(part)
            part.rename(folder)
            sync_folder(folder.parent)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    except OSError as error:
        raise unwritable(str(folder), error) from error


@contextmanager
def _placed_checkpoints(source: Path, target: Path) -> Iterator[None]:
    """Put checkpoints in their place before the ledger, which goes on only with them; take them away if that fails."""
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        kept = copy_checkpoints(source, part)
        made = kept is not None and not _holds(target, kept)
        if made:
            part.rename(target)  # takes the place of an empty folder, too
            sync_folder(target.parent)
    except OSError as error:
        raise unwritable(str(target), error) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    try:
        yield
    except BaseException:
        if made:
            with suppress(OSError):
                (target / FILE).unlink()
                target.rmdir()
        raise


def _holds(target: Path, kept: bytes) -> bool:
    """Return whether a folder holds just these checkpoints; `Refused` where it holds others."""
    file = target / FILE
    if file.is_file() and file.read_bytes() != kept:
        raise already_there(str(target))
    return file.is_file()


def _named(report: Report, part: Path, folder: Path) -> Report:
    """Return a report that names the folder in place of the one in which it was made."""

    def moved(value: object) -> object:
        return str(value).replace(str(part), str(folder)) if isinstance(value, str | Path) else value

    def reworded(said: Message) -> Message:
        return replace(said, values={name: moved(value) for name, value in said.values.items()})

    findings = tuple(replace(each, what=reworded(each.what)) for each in report.findings)
    notices = tuple(map(reworded, report.notices))
    return replace(report, folder=str(moved(report.folder)), findings=findings, notices=notices)


def _require_sound(report: Report, folder: Path) -> None:
    """Refuse a copy with a fault, other than that its entries have no signed checkpoint."""
    if report.sound or report.only_unsealed:
        return
    raise Damaged.because(
        problem(
            "backup.unsound",
            "The backup “{folder}” does not verify: {what}.",
            folder=folder,
            what=report.findings[0].what,
        ),
        msg(
            "Nothing was put in place. `fenming audit verify` shows whether the ledger itself has the fault; if not, "
            "the disk that is copied to has it."
        ),
        Place(str(folder)),
    )
