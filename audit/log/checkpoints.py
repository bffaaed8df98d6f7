"""The folder where a ledger's checkpoints are kept, outside the database: one file, only ever appended to.

Each checkpoint is its signed note, then an empty line; without a key it has no signature lines. A
note that a crash cut short stays as it is, and the next one begins after an empty line; a power cut can leave NUL bytes
for what had not reached the disk.
"""

from __future__ import annotations

import fcntl
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import BytesIO
from itertools import takewhile
from pathlib import Path

from audit.faults.errors import CheckpointNotKept
from audit.log.checkpoint_records import CODE, CheckpointRecord, notes_in, read_record, records_in
from audit.log.fsync import sync_folder
from audit.log.notes import Checkpoint
from engine.base.faults import Busy, FenmingError, Unavailable, problem
from engine.base.messages import Message, msg, reason_of
from engine.base.places import Place

FILE = "checkpoints"
END = b"\n\n"
_BETWEEN_TRIES = 0.01
_SIZE = re.compile(rb"(?m)^([0-9]{1,19})\n%b{43}=$" % CODE)
_LONGEST = 100_000
"""No note is longer."""


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
        """Return whether checkpoints have been kept here, or were about to be."""
        try:
            return self.file.exists()
        except OSError as error:
            raise checkpoints_unread(str(self.file), reason_of(error)) from error

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
        """Open the file and lock it; return whether its folder and itself were made for that."""
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
                yield from takewhile(lambda kept: kept.offset < end, records_in(stream))
        except FileNotFoundError:
            return
        except OSError as error:
            raise checkpoints_unread(str(self.file), reason_of(error)) from error

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
            before = data.rfind(END, max(at - _LONGEST, 0), at)
            start = before + len(END) if before >= 0 else 0
            offset, text, signatures = next(notes_in(BytesIO(data[start : at + _LONGEST])))
            checkpoint = read_record(offset, text, signatures).checkpoint
            if checkpoint is not None and counts(checkpoint):
                return checkpoint
        return None

    def _bytes(self, start: int, end: int) -> bytes:
        try:
            return os.pread(self.descriptor, end - start, start)
        except OSError as error:
            raise checkpoints_unread(str(self.file), reason_of(error)) from error

    def append(self, checkpoint: Checkpoint) -> None:
        """Write a checkpoint and see that it is on the disk."""
        self.keep()
        note = checkpoint.note.encode() + b"\n"
        try:
            end = os.fstat(self.descriptor).st_size
            if end and os.pread(self.descriptor, len(END), max(end - len(END), 0)) != END:
                note = END + note
            while note:
                note = note[os.write(self.descriptor, note) :]
            os.fsync(self.descriptor)
        except OSError as error:
            raise CheckpointNotKept.because(
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


def checkpoints_unread(path: str, reason: Message) -> FenmingError:
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
