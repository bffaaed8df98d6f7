"""Reading the file of checkpoints: where each note begins and ends, and whether the last one was cut short."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from audit.faults.errors import ProofError
from audit.log.keys import SIGNATURE_BYTES
from audit.log.notes import Checkpoint, parse_checkpoint

CODE = rb"[A-Za-z0-9+/]"
"""A character of base 64."""

_DASH = "— ".encode()
_LOST = re.compile(rb"\n?\0+\n?\Z")
_CUT_TEXT = re.compile(rb"[^\n]+(\n([0-9]*(\n%b{0,43})?)?)?\n?|[^\n]+\n[0-9]+\n%b{43}=" % (CODE, CODE))


@dataclass(frozen=True, slots=True)
class CheckpointRecord:
    """One part of the file: the checkpoint that it is, or None where it is something else."""

    offset: int
    """At which byte it begins."""
    checkpoint: Checkpoint | None
    text: bytes = b""
    signatures: bytes = b""

    def is_cut_short(self, origin: str, signers: Iterable[str]) -> bool:
        """Return whether this is the beginning of a note, as a crash leaves it: it proves and disproves nothing."""
        if self.signatures:
            return _is_cut_line(_LOST.sub(b"", self.signatures), signers)
        text = _LOST.sub(b"", self.text)
        first = text.split(b"\n")[0]
        of_origin = first == origin.encode() or (first == text.strip() and origin.encode().startswith(first))
        return (of_origin and _CUT_TEXT.fullmatch(text) is not None) or _DASH.startswith(text.strip(b"\n"))


def records_in(lines: Iterable[bytes]) -> Iterator[CheckpointRecord]:
    """Return what each part of the file is, from its lines."""
    return (read_record(*note) for note in notes_in(lines))


def notes_in(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes, bytes]]:
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


def read_record(offset: int, text: bytes, signatures: bytes) -> CheckpointRecord:
    """Return what a part of the file is, which begins at a byte."""
    try:
        found = parse_checkpoint(f"{text.decode()}\n{signatures.decode()}")
    except (UnicodeDecodeError, ProofError):
        return CheckpointRecord(offset, None, text, signatures)
    # The newline before the next note makes a whole line of one that was cut where base 64 may end.
    if any(len(each.signature) != SIGNATURE_BYTES for each in found.signatures):
        return CheckpointRecord(offset, None, text, signatures)
    return CheckpointRecord(offset, found)


def _is_cut_line(signatures: bytes, signers: Iterable[str]) -> bool:
    """Return whether signature lines of these keys end in the middle of one, or before its newline."""
    *whole, last = signatures.removesuffix(b"\n").split(b"\n")
    starts = [_DASH + name.encode() + b" " for name in signers]
    line = b"(%b)%b{91}" % (b"|".join(map(re.escape, starts)), CODE)
    if not all(re.fullmatch(line + b"=", each) for each in whole):
        return False
    ended = signatures.endswith(b"\n")
    cut = line.replace(b"{91}", b"{0,91}") if ended else line.replace(b"{91}", b"{0,91}=?")
    return any(start.startswith(last) for start in starts) or re.fullmatch(cut, last) is not None
