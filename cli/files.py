"""Evidence on disk: the files that facts name, identified when the facts are submitted and compared afterwards."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path, PurePosixPath, PureWindowsPath

from engine.errors import FactsError, Fault, Message, msg, raise_all
from engine.facts import Evidence, Facts, FileIdentity, evidence_files, with_identities

_BLOCK = 1 << 20


class Unidentified(Exception):
    """A file cannot be identified; the message tells why."""

    def __init__(self, why: Message) -> None:
        super().__init__(str(why))
        self.why = why


def identify(path: Path) -> FileIdentity:
    """Read a file through and return its SHA-256 and size; `Unidentified` where that cannot be."""
    try:
        # Not waiting for a writer: a pipe in the place of a file would keep us for ever.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            before = os.fstat(descriptor)
            if not stat.S_ISREG(before.st_mode):
                raise Unidentified(msg("it is not a file"))
            digest, size = hashlib.sha256(), 0
            while block := os.read(descriptor, _BLOCK):
                digest.update(block)
                size += len(block)
            after = os.fstat(descriptor)
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        raise Unidentified(msg("it is not there")) from None
    except (OSError, ValueError) as error:
        raise Unidentified(msg("{reason}", reason=getattr(error, "strerror", None) or str(error))) from None
    if (size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        raise Unidentified(msg("it was changed while it was read"))
    return FileIdentity(digest.hexdigest(), size)


def identified(facts: Facts, folder: Path) -> Facts:
    """Return the facts with the identity of each file that they name; `FactsError` with every one that has none."""
    identities: dict[str, FileIdentity] = {}
    faults: list[Fault] = []
    for evidence in evidence_files(facts):
        if evidence.file in identities:
            continue
        try:
            identities[evidence.file] = identify(folder / evidence.file)
            faults += _improper(evidence)
        except Unidentified as error:
            faults += list(_improper(evidence)) or [_fault(evidence, folder, error.why)]
    raise_all(FactsError, faults)
    return with_identities(facts, identities)


def _improper(evidence: Evidence) -> Iterator[Fault]:
    """Refuse a path that means something on one machine only, and what is no path."""
    name = evidence.file
    if "://" in name:
        what = msg("“{file}” is an address, not a file.", file=name)
        yield Fault(what, msg("Write it as the `reference`; `file` names a file that is submitted."), evidence.place)
    elif PurePosixPath(name).is_absolute() or PureWindowsPath(name).drive or "\\" in name:
        what = msg("“{file}” is a path of one machine only.", file=name)
        remedy = msg("Write the path from the facts file's folder, with / between folders.")
        yield Fault(what, remedy, evidence.place)


def _fault(evidence: Evidence, folder: Path, why: Message) -> Fault:
    return Fault(
        msg("The evidence file “{file}” cannot be taken in: {why}.", file=evidence.file, why=why),
        msg("Put it into the folder “{folder}”, or correct the path.", folder=folder),
        evidence.place,
    )
