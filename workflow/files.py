"""Files that people name: read whole or not at all, written whole or not at all."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from engine.base.faults import Busy, Fault, InvalidInput, NotFound, Refused, Unavailable, problem
from engine.base.messages import Message, msg, reason_of
from engine.base.places import Place
from engine.documents import MAX_BYTES, decode

STANDARD_INPUT = "-"


def read_text(file: str) -> str:
    """Return the text of a facts file, or of standard input for `-`; an error that says what to do."""
    remedy = msg("Check the path; `fenming facts template RULESET` prints a file to fill in.")
    return decode(read_bytes(file, MAX_BYTES + 1, remedy), file)


def read_bytes(file: str, most: int, remedy: Message) -> bytes:
    """Return the beginning of a file, or of standard input for `-`; `remedy` is for where there is no such file."""
    path = Path(file)
    try:
        if file == STANDARD_INPUT:
            return sys.stdin.buffer.read(most)
        if path.is_dir():
            raise InvalidInput(
                Fault(
                    problem("file.folder", "“{file}” is a folder.", file=file),
                    msg("Name the file itself."),
                    Place(file),
                )
            )
        with path.open("rb") as stream:
            return stream.read(most)
    except FileNotFoundError:
        raise NotFound(
            Fault(problem("file.missing", "There is no file “{file}”.", file=file), remedy, Place(file))
        ) from None
    except OSError as error:
        if file == STANDARD_INPUT:
            raise Unavailable(
                Fault(
                    problem("file.standard-input", "Standard input cannot be read: {reason}.", reason=reason_of(error)),
                    msg("Name a file in place of `-`, or connect a file or a pipe to standard input."),
                )
            ) from None
        raise Unavailable(
            Fault(
                problem(
                    "file.unreadable", "The file “{file}” cannot be read: {reason}.", file=file, reason=reason_of(error)
                ),
                msg("Check its permissions and the disk."),
                Place(file),
            )
        ) from None


def write_new(file: str, text: str) -> None:
    """Write a new file, whole or not at all."""
    path = Path(file)
    part = path.with_name(f".{path.name}.part")
    try:
        if path.exists() or path.is_symlink():
            raise Refused(
                Fault(
                    problem("file.exists", "There is already a file “{file}”; it was left as it is.", file=file),
                    msg("Name a new file."),
                    Place(file),
                )
            )
        try:
            part.write_text(text, "utf-8")
            part.rename(path)
        except OSError:
            part.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise _unwritable(file, error) from None


def replace_file(file: Path, old: bytes, new: bytes) -> None:
    """Put other content in the place of a file's, whole or not at all; `Refused` unless it still holds the `old`.

    The file that is written beside it keeps others who do the same away until it is done.
    """
    target = file.resolve()
    part = target.with_name(f".{target.name}.part")
    try:
        with part.open("xb") as stream:
            try:
                _fill(stream, new)
                part.chmod(target.stat().st_mode & 0o7777)
                _require(target, old, file)
                part.replace(target)
            except BaseException:
                part.unlink(missing_ok=True)
                raise
    except FileExistsError:
        raise Busy.because(
            problem("file.being-written", "Another program is writing “{file}”.", file=file),
            msg("Try again when it is done. If none is running, remove “{part}”.", part=part),
            Place(str(file)),
        ) from None
    except OSError as error:
        raise _unwritable(str(file), error) from None


def _fill(stream: BinaryIO, content: bytes) -> None:
    stream.write(content)
    stream.flush()
    os.fsync(stream.fileno())


def _require(target: Path, old: bytes, file: Path) -> None:
    if target.read_bytes() != old:
        raise changed_meanwhile(str(file))


def changed_meanwhile(file: str) -> Refused:
    """Return the error of a file that somebody has changed since it was read."""
    return Refused.because(
        problem("file.changed-meanwhile", "The file “{file}” has been changed since it was read.", file=file),
        msg("Nothing was written. Save it in your editor, then run the command again."),
        Place(file),
    )


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write a new folder with its files by their paths in it, whole or not at all."""
    above = [parent for parent in folder.parents if not parent.exists()]
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as beside:
            part = Path(beside) / folder.name
            part.mkdir()
            for name, content in files.items():
                (part / name).parent.mkdir(parents=True, exist_ok=True)
                (part / name).write_bytes(content)
            part.rename(folder)
    except OSError as error:
        for parent in above:
            with suppress(OSError):
                parent.rmdir()
        raise Unavailable.because(
            problem(
                "file.folder-unwritable",
                "The folder “{folder}” cannot be written: {reason}.",
                folder=folder,
                reason=reason_of(error),
            ),
            msg("Name a folder with --rulesets that you may write to, on a disk with free space."),
            Place(str(folder)),
        ) from None


def _unwritable(file: str, error: OSError) -> Unavailable:
    return Unavailable.because(
        problem(
            "file.unwritable", "The file “{file}” cannot be written: {reason}.", file=file, reason=reason_of(error)
        ),
        msg("Check the folder, its permissions and the disk."),
        Place(file),
    )
