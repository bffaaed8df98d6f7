"""The folder where a ledger's checkpoints are kept, outside the database: one file, only ever appended to.

Each checkpoint stands as the signed note that it is, then an empty line; without a key it has no signature lines. A
note that a crash cut short stays as it is, and the next one begins after an empty line; a power cut can leave NUL bytes
for what had not reached the disk.
"""

from __future__ import annotations

import fcntl
import os
import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import BytesIO
from itertools import takewhile
from pathlib import Path

from audit.faults.errors import ProofError
from audit.log.fsync import sync_folder
from audit.log.keys import SIGNATURE_BYTES
from audit.log.notes import Checkpoint, parse_checkpoint
from engine.base.faults import Busy, FenmingError, Unavailable, problem
from engine.base.messages import Message, msg, reason_of
from engine.base.places import Place

FILE = "checkpoints"
_DASH = "— ".encode()
_LOST = re.compile(rb"\n?\0+\n?\Z")
_END = b"\n\n"
_BETWEEN_TRIES = 0.01
_CODE = rb"[A-Za-z0-9+/]"
_SIZE = re.compile(rb"(?m)^([0-9]{1,19})\n%b{43}=$" % _CODE)
_LONGEST = 100_000
"""No note is longer."""
_CUT_TEXT = re.compile(rb"[^\n]+(\n([0-9]*(\n%b{0,43})?)?)?\n?|[^\n]+\n[0-9]+\n%b{43}=" % (_CODE, _CODE))


@dataclass(frozen=True, slots=True)
class CheckpointRecord:
    """One part of the file: the checkpoint that it is, or None where it is something else."""

    offset: int
    """At which byte it begins."""
    checkpoint: Checkpoint | None
    text: bytes = b""
    signatures: bytes = b""

    def is_cut_short(self, origin: str, signers: Iterable[str]) -> bool:
        """Tell whether this is the beginning of a note, as a crash leaves it: it proves and disproves nothing."""
        if self.signatures:
            return _is_cut_line(_LOST.sub(b"", self.signatures), signers)
        text = _LOST.sub(b"", self.text)
        first = text.split(b"\n")[0]
        of_origin = first == origin.encode() or (first == text.strip() and origin.encode().startswith(first))
        return (of_origin and _CUT_TEXT.fullmatch(text) is not None) or _DASH.startswith(text.strip(b"\n"))


@dataclass(frozen=True, slots=True)
class CheckpointFolder:
    """A ledger's checkpoints; `timeout` is how many seconds to wait for another process that is writing one."""

    folder: Path
    timeout: float = 30.0

    @property
    def file(self) -> Path:
        """The one file in the folder."""
        return self.folder / FILE

    def begun(self) -> bool:
        """Tell whether checkpoints have been kept here, or were about to be."""
        try:
            return self.file.exists()
        except OSError as error:
            raise _checkpoints_unread(str(self.file), reason_of(error)) from error

    @contextmanager
    def locked(self) -> Iterator[OpenCheckpoints]:
        """Open the file for appending, made where it is missing, and keep all others from it.

        Where something fails before `keep` is called, a file and a folder that were made for it are removed.
        """
        made_folder, made_file, descriptor = self._open_locked()
        opened = OpenCheckpoints(self.file, descriptor)
        try:
            yield opened
        except BaseException:
            if made_file and not opened.is_kept:
                self._remove(with_folder=made_folder)
            raise
        finally:
            os.close(descriptor)

    def _open_locked(self) -> tuple[bool, bool, int]:
        """Open the file and lock it; tell whether its folder and itself were made for that."""
        while True:
            made_folder, made_file, descriptor = self._open()
            try:
                self._lock(descriptor)
                if self._is_there(descriptor):
                    return made_folder, made_file, descriptor
            except BaseException:
                os.close(descriptor)
                raise
            # Whoever had it locked before has removed it.
            os.close(descriptor)

    def _is_there(self, descriptor: int) -> bool:
        try:
            return os.path.samestat(self.file.stat(), os.fstat(descriptor))
        except FileNotFoundError:
            return False

    def _remove(self, *, with_folder: bool) -> None:
        with suppress(OSError):
            self.file.unlink()
            if with_folder:
                self.folder.rmdir()

    def all(self) -> Iterator[CheckpointRecord]:
        """Read every checkpoint that is there when we begin, the oldest first; nothing where there is no file yet."""
        try:
            with self.file.open("rb") as stream:
                end = os.fstat(stream.fileno()).st_size
                yield from takewhile(lambda kept: kept.offset < end, _records(stream))
        except FileNotFoundError:
            return
        except OSError as error:
            raise _checkpoints_unread(str(self.file), reason_of(error)) from error

    def _open(self) -> tuple[bool, bool, int]:
        try:
            made_folder = not self.folder.is_dir()
            self.folder.mkdir(exist_ok=True)
            fresh = not self.file.exists()
            descriptor = os.open(self.file, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
            if fresh:
                sync_folder(self.folder)
                sync_folder(self.folder.parent)
        except OSError as error:
            raise _checkpoints_unwritten(str(self.file), reason_of(error)) from error
        return made_folder, fresh, descriptor

    def _lock(self, descriptor: int) -> None:
        until = time.monotonic() + self.timeout
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= until:
                    raise Busy.because(
                        problem(
                            "checkpoint.busy",
                            "The file of checkpoints “{path}” was in use by another program for over {seconds} s.",
                            path=str(self.file),
                            seconds=f"{self.timeout:g}",
                        ),
                        msg("Nothing was written. Wait for the other program to end, then try again."),
                        Place(str(self.file)),
                    ) from None
                time.sleep(_BETWEEN_TRIES)
            except OSError as error:
                raise _checkpoints_unwritten(str(self.file), reason_of(error)) from error
            else:
                return


@dataclass(slots=True)
class OpenCheckpoints:
    """The file while nobody else may append to it."""

    file: Path
    descriptor: int
    is_kept: bool = False
    """Whether the file stays even if what follows fails."""

    def keep(self) -> None:
        """Let the file stay, even empty: from the commit on, a ledger with entries goes on only where it is."""
        self.is_kept = True

    def last(self, counts: Callable[[Checkpoint], bool]) -> Checkpoint | None:
        """Return the checkpoint of most entries that counts, or None where there is none yet.

        Sizes never go down, so it is the newest; a copy of an older one that somebody puts behind it is not.
        """
        data = self._bytes(0, os.fstat(self.descriptor).st_size)
        # Whole files are searched for their sizes alone; only what may be the newest is read as a note.
        for _, at in sorted(((int(found[1]), found.start()) for found in _SIZE.finditer(data)), reverse=True):
            before = data.rfind(_END, max(at - _LONGEST, 0), at)
            start = before + len(_END) if before >= 0 else 0
            offset, text, signatures = next(_notes(BytesIO(data[start : at + _LONGEST])))
            checkpoint = _read(offset, text, signatures).checkpoint
            if checkpoint is not None and counts(checkpoint):
                return checkpoint
        return None

    def _bytes(self, start: int, end: int) -> bytes:
        try:
            return os.pread(self.descriptor, end - start, start)
        except OSError as error:
            raise _checkpoints_unread(str(self.file), reason_of(error)) from error

    def append(self, checkpoint: Checkpoint) -> None:
        """Write a checkpoint and see that it is on the disk."""
        self.keep()
        note = checkpoint.note.encode() + b"\n"
        try:
            end = os.fstat(self.descriptor).st_size
            if end and os.pread(self.descriptor, len(_END), max(end - len(_END), 0)) != _END:
                note = _END + note
            while note:
                note = note[os.write(self.descriptor, note) :]
            os.fsync(self.descriptor)
        except OSError as error:
            raise Unavailable.because(
                problem(
                    "checkpoint.not-kept",
                    "The checkpoint could not be kept in “{path}”: {reason}.",
                    path=str(self.file),
                    reason=reason_of(error),
                ),
                msg(
                    "What was recorded stays: do not record it again. Mend the folder; then `fenming audit seal` keeps "
                    "the checkpoint, or, after a change of keys, the same `fenming audit key rotate` once more."
                ),
                Place(str(self.file)),
            ) from error


def _records(lines: Iterable[bytes]) -> Iterator[CheckpointRecord]:
    return (_read(*note) for note in _notes(lines))


def _notes(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes, bytes]]:
    """Put the parts that empty lines separate together: a text, and the signatures that follow it."""
    text: tuple[int, bytes] | None = None
    for offset, part in _parts(lines):
        if part.startswith(_DASH) and text is not None:
            yield *text, part
            text = None
            continue
        if text is not None:
            yield *text, b""
        text = offset, part
    if text is not None:
        yield *text, b""


def _parts(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    offset, start = 0, 0
    part: list[bytes] = []
    for line in lines:
        if line == b"\n":
            if part:
                yield start, b"".join(part)
            part = []
        else:
            start = start if part else offset
            part.append(line)
        offset += len(line)
    if part:
        yield start, b"".join(part)


def _read(offset: int, text: bytes, signatures: bytes) -> CheckpointRecord:
    try:
        found = parse_checkpoint(f"{text.decode()}\n{signatures.decode()}")
    except (UnicodeDecodeError, ProofError):
        return CheckpointRecord(offset, None, text, signatures)
    # The newline before the next note makes a whole line of one that was cut where base 64 may end.
    if any(len(each.signature) != SIGNATURE_BYTES for each in found.signatures):
        return CheckpointRecord(offset, None, text, signatures)
    return CheckpointRecord(offset, found)


def _is_cut_line(signatures: bytes, signers: Iterable[str]) -> bool:
    """Tell whether signature lines of these keys end in the middle of one, or before its newline."""
    *whole, last = signatures.removesuffix(b"\n").split(b"\n")
    starts = [_DASH + name.encode() + b" " for name in signers]
    line = b"(%b)%b{91}" % (b"|".join(map(re.escape, starts)), _CODE)
    if not all(re.fullmatch(line + b"=", each) for each in whole):
        return False
    ended = signatures.endswith(b"\n")
    cut = line.replace(b"{91}", b"{0,91}") if ended else line.replace(b"{91}", b"{0,91}=?")
    return any(start.startswith(last) for start in starts) or re.fullmatch(cut, last) is not None


def _checkpoints_unread(path: str, reason: Message) -> FenmingError:
    """The system does not let us at the checkpoints."""
    return Unavailable.because(
        problem(
            "checkpoint.unreadable", "The checkpoints “{path}” cannot be read: {reason}.", path=path, reason=reason
        ),
        msg("Check the folder and its permissions, or name another with --checkpoints or FENMING_CHECKPOINTS."),
        Place(path),
    )


def _checkpoints_unwritten(path: str, reason: Message) -> FenmingError:
    """The checkpoints take no writing, which shows before anything is recorded."""
    return Unavailable.because(
        problem(
            "checkpoint.unwritable", "The checkpoints “{path}” cannot be written: {reason}.", path=path, reason=reason
        ),
        msg(
            "Nothing was written. Check the folder and its permissions, or name another with --checkpoints or "
            "FENMING_CHECKPOINTS."
        ),
        Place(path),
    )
