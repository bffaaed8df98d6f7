"""Files that people name: read whole or not at all, written whole or not at all."""

from __future__ import annotations

import sys
from pathlib import Path

from engine.base.faults import Fault, InvalidInput, NotFound, Refused, Unavailable, problem
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
        raise Unavailable(
            Fault(
                problem(
                    "file.unwritable",
                    "The file “{file}” cannot be written: {reason}.",
                    file=file,
                    reason=reason_of(error),
                ),
                msg("Check the folder, its permissions and the disk."),
                Place(file),
            )
        ) from None
