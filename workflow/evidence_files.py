"""The files that evidence names: found in a folder, read as streams, digested; nothing is ever written.

A facts file and its evidence are one folder, which can be handed over, copied and checked anywhere as a whole. So a
path begins at that folder and stays in it, links and all. It is a safeguard too: facts come from other departments,
and no path in them can make the program reveal what a file elsewhere on this machine holds.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from engine.base.faults import Fault, Problem, problem
from engine.base.messages import Message, msg, reason_of
from engine.base.places import Place
from engine.documents.text import shortened
from engine.facts import FileDigest
from engine.facts.hints import nearest
from workflow.settings import Progress, no_progress

BLOCK = 1 << 20
"""How many bytes are read at once."""

MOST_NAMES = 200
"""In a folder that holds more, no other name is suggested: to compare them all would take long."""

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+://|(?:file|mailto):", re.IGNORECASE)
_ABSOLUTE = re.compile(r"[/\\]|[A-Za-z]:")
"""Paths from the root of a machine, or of a drive as Windows names it."""

_MOVE = msg("Put the file into the folder of the facts file or below it, and write the path from there.")


@dataclass(frozen=True, slots=True)
class FileProblem:
    """Why a file has no digest, and what to do."""

    what: Problem
    remedy: Message
    gone: bool = False
    """Whether there is no such file; else it is there and is not read."""


FileState: TypeAlias = FileDigest | FileProblem


def digests(
    named: Sequence[tuple[str, Place]], folder: Path, progress: Progress
) -> tuple[Mapping[str, FileDigest], tuple[Fault, ...]]:
    """Return the digests of the files that a facts file names, and a fault wherever one is named that has none."""
    states = look(folder, [file for file, _ in named], progress)
    found = {file: result for file, result in states.items() if isinstance(result, FileDigest)}
    problems = [(states[file], place) for file, place in named]
    return found, tuple(Fault(t.what, t.remedy, place) for t, place in problems if isinstance(t, FileProblem))


def look(folder: Path, files: Iterable[str], progress: Progress = no_progress) -> Mapping[str, FileState]:
    """Return the digest of each file in a folder, or why there is no digest; a file named twice is read once."""
    shelf = _Shelf(folder)
    spots = {file: shelf.find(file) for file in dict.fromkeys(files)}
    sizes = {spot.path: spot.size for spot in spots.values() if isinstance(spot, _Spot)}
    read: dict[Path, FileDigest | OSError] = {}
    done, of = 0, sum(sizes.values())
    with progress(msg("Reading evidence")) as count:

        def advance(amount: int) -> None:
            nonlocal done
            done += amount
            if count is not None:
                count(done, of)

        for path in sizes:
            try:
                read[path] = _digest(path, advance)
            except OSError as error:
                read[path] = error
    states: dict[str, FileState] = {}
    for file, spot in spots.items():
        result = read[spot.path] if isinstance(spot, _Spot) else spot
        states[file] = _problem(file, result) if isinstance(result, OSError) else result
    return states


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a file really is, links followed, and its size when it was found there."""

    path: Path
    size: int


class _Changing(OSError):
    """What is read becomes something else meanwhile, so that no digest would be that of any one state."""


class _Shelf:
    """A folder that files are states for in; its folders are listed only where a name is not found, and once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = Path(os.path.realpath(folder))
        self.listed: dict[Path, Mapping[str, list[str]]] = {}

    def find(self, file: str) -> _Spot | FileProblem:
        """Return where a file is, or what is wrong with its path or with what is there."""
        refused = _refused(file)
        if refused is not None:
            return refused
        shown = shortened(file)
        if not Path(os.path.realpath(self.folder / file)).is_relative_to(self.root):
            return FileProblem(
                problem("evidence.link", "“{file}” is a link that leads out of its folder.", file=shown), _MOVE
            )
        try:
            path = Path(os.path.realpath(self.folder / file, strict=True))
            mode, size = path.stat().st_mode, path.stat().st_size
        except (FileNotFoundError, NotADirectoryError) as error:
            return self.find_otherwise(file) or _problem(file, error, self.near(file))
        except OSError as error:
            return _problem(file, error)
        if stat.S_ISDIR(mode):
            remedy = msg("Name each file, or pack the folder into one file and name that.")
            return FileProblem(problem("evidence.folder", "“{file}” is a folder.", file=shown), remedy)
        if not stat.S_ISREG(mode):
            # Before anything is opened: a pipe would let the program wait for ever, a device may do anything.
            what = problem(
                "evidence.not-a-file", "“{file}” is not an ordinary file, but a pipe, a socket or a device.", file=shown
            )
            return FileProblem(what, msg("Save its content in a file, and name that file."))
        return _Spot(path, size)

    def find_otherwise(self, file: str) -> _Spot | FileProblem | None:
        """Find a file whose name is stored in other characters that spell the same, as macOS and archives do (NFD)."""
        here: list[str] = []
        for part in _parts(file):
            spelt = self.names(here).get(_composed(part), [])
            if part not in spelt and len(spelt) != 1:
                return None
            here.append(part if part in spelt else spelt[0])
        other = "/".join(here)
        return self.find(other) if other != "/".join(_parts(file)) else None

    def near(self, file: str) -> str | None:
        """Return the path that was probably meant."""
        parts = _parts(file)
        for number, part in enumerate(parts):
            names = self.names(parts[:number])
            if _composed(part) not in names:
                # A name that cannot be shown as it is, cannot be copied either.
                meant = nearest(part, filter(str.isprintable, names)) if len(names) <= MOST_NAMES else None
                return "/".join((*parts[:number], meant, *parts[number + 1 :])) if meant else None
        return None

    def names(self, parts: Sequence[str]) -> Mapping[str, list[str]]:
        """Return the names in a folder below this one by how they are spelt; none where a link leads out of it."""
        folder = Path(os.path.realpath(self.folder.joinpath(*parts)))
        if folder not in self.listed:
            found: dict[str, list[str]] = {}
            with suppress(OSError):
                for entry in folder.iterdir() if folder.is_relative_to(self.root) else ():
                    found.setdefault(_composed(entry.name), []).append(entry.name)
            self.listed[folder] = dict(sorted(found.items()))
        return self.listed[folder]


def _refused(file: str) -> FileProblem | None:
    """Refuse a path that says another thing on another machine, or that is not a path."""
    shown = shortened(file)
    if _ADDRESS.match(file):
        what = problem("evidence.address", "“{file}” is a web address, not a file.", file=shown)
        return FileProblem(what, msg("Write it after `reference:`; `file:` names a saved file."))
    if _ABSOLUTE.match(file):
        return FileProblem(
            problem("evidence.absolute-path", "“{file}” is a path on one machine only.", file=shown), _MOVE
        )
    if "\\" in file:
        # Linux takes the sign for a part of a name, Windows for a separator; the receipt must mean one thing.
        plain = shortened(file.replace("\\", "/"))
        return FileProblem(
            problem("evidence.backslash", "The path “{file}” contains a backslash.", file=shown),
            msg("Write it with “/”: `{example}`.", example=plain),
        )
    if ".." in file.split("/"):
        # Also where it would come back again: through a link, `a/../b` need not be `b`.
        return FileProblem(
            problem("evidence.leaves-folder", "The path “{file}” leaves a folder by “..”.", file=shown), _MOVE
        )
    return None


def _digest(path: Path, advance: Callable[[int], None]) -> FileDigest:
    """Read a file to its end; `OSError` where that cannot be, or where it changes meanwhile."""
    # What is there may have been exchanged since it was states at: never wait for a pipe, never follow a link.
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    try:
        before = os.fstat(handle)
        if not stat.S_ISREG(before.st_mode):
            raise _Changing
        digest, size = hashlib.sha256(), 0
        # A file that grows faster than it is read has no end.
        while size <= before.st_size and (block := os.read(handle, BLOCK)):
            digest.update(block)
            size += len(block)
            advance(len(block))
        after = os.fstat(handle)
    finally:
        os.close(handle)
    if not size == before.st_size == after.st_size or before.st_mtime_ns != after.st_mtime_ns:
        raise _Changing
    return FileDigest(digest.hexdigest(), size)


def _problem(file: str, error: OSError, near: str | None = None) -> FileProblem:
    """Say why a file cannot be read."""
    shown = shortened(file)
    if isinstance(error, _Changing):
        what = problem("evidence.changing", "“{file}” changed while it was read.", file=shown)
        return FileProblem(what, msg("Wait until no program writes to it, and try again."))
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        remedy = msg("Put it there or correct the path, which begins at the folder of the facts file.")
        if near is not None:
            remedy = msg("Did you mean “{near}”?", near=near)
        return FileProblem(problem("evidence.missing", "There is no file “{file}”.", file=shown), remedy, gone=True)
    reason = reason_of(error)
    what = problem("evidence.unreadable", "The file “{file}” cannot be read: {reason}.", file=shown, reason=reason)
    return FileProblem(what, msg("Check its permissions and the disk."))


def _parts(file: str) -> list[str]:
    return [part for part in file.split("/") if part not in ("", ".")]


def _composed(name: str) -> str:
    """Return a name in the one form (NFC) that all its spellings have in common."""
    return unicodedata.normalize("NFC", name)
