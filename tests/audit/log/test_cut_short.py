"""Laws of what a crash leaves among the checkpoints: it is reported as such, and nothing else is."""

from __future__ import annotations

import os
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.log.checkpoint_records import CheckpointRecord
from audit.log.checkpoints import CheckpointFolder
from audit.log.keys import SigningKey
from tests.audit.log.kept import ORIGIN, SIGNERS, append, checkpoints, head, last, read, stretch, suspicious


@pytest.mark.parametrize("signers", SIGNERS)
def test_what_a_crash_leaves_is_reported_as_cut_short(folder: CheckpointFolder, signers: list[SigningKey]) -> None:
    """Cut at any byte, a note is cut short or a head without all its signatures; the next stands whole behind it."""
    first, torn, following = head(9), head(10, signers), head(11, signers)
    whole = stretch(torn)
    for cut in range(len(whole)):
        data = stretch(first) + whole[:cut]
        kept = read(folder, data)
        assert suspicious(kept) == []
        found = checkpoints(kept)
        assert found[0] == first
        assert [(each.text, each in (torn, *found[1:])) for each in found[1:]] == [(torn.text, True)] * (len(found) - 1)
        assert all(set(each.signatures) <= set(torn.signatures) for each in found[1:])
        assert last(folder) == found[-1]
        append(folder, following)
        kept = list(folder.all())
        assert suspicious(kept) == []
        assert checkpoints(kept)[0] == first
        assert checkpoints(kept)[-1] == following
        assert {each.text for each in checkpoints(kept)[1:-1]} <= {torn.text}


@pytest.mark.parametrize("signers", SIGNERS)
def test_what_a_power_cut_leaves_is_reported_as_cut_short(folder: CheckpointFolder, signers: list[SigningKey]) -> None:
    """A file may have got its length and not all of its bytes: NULs stand for these."""
    first, torn, following = head(9), head(10, signers), head(11, signers)
    whole = stretch(torn)
    for cut in range(len(whole) - 1):
        kept = read(folder, stretch(first) + whole[:cut] + bytes(len(whole) - cut))
        assert suspicious(kept) == [], whole[:cut]
        assert checkpoints(kept)[0] == first
        assert set(checkpoints(kept)[1:]) <= {torn, replace(torn, signatures=())}
        append(folder, following)
        kept = list(folder.all())
        assert suspicious(kept) == [], whole[:cut]
        assert checkpoints(kept)[-1] == following


@pytest.mark.parametrize("signers", SIGNERS)
def test_what_was_changed_is_not_reported_as_cut_short(folder: CheckpointFolder, signers: list[SigningKey]) -> None:
    """A note with one byte changed is reported, or is another checkpoint, but where the change is itself a cut."""
    original = head(1234, signers)
    whole = stretch(original)
    end = len(original.note.encode())
    for at, byte in enumerate(whole):
        for value in {byte ^ 1, byte ^ 0x20, byte ^ 0x80, 0, 0x0A, 0x20, 0x3D, 0x41} - {byte}:
            changed = whole[:at] + bytes([value]) + whole[at + 1 :]
            kept = read(folder, changed)
            if at == end:  # The empty line at the end is no part of the note.
                continue
            if value == 0x0A and not checkpoints(kept) and changed.rstrip(b"\n") == whole.rstrip(b"=\n"):
                continue  # A newline for the last “=” leaves what a crash leaves just before it.
            after = changed[at + 1 :]
            if value == 0 and (after.startswith(b"\n\n") or not after.strip(b"\n")):
                continue  # A NUL before an empty line is what a power cut leaves, and the next note's newlines.
            assert suspicious(kept) or original not in checkpoints(kept), changed
            assert suspicious(kept) or checkpoints(kept), changed


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        (b"f", True),
        (b"fenming/", True),
        (f"{ORIGIN}\n12".encode(), True),
        (b"\xe2\x80", True),
        (b"g", False),
        (b"fenming/1", False),
        (f"{ORIGIN}x".encode(), False),
        (f"{ORIGIN[:-1]}\n12".encode(), False),
        (f"{ORIGIN}\n12x".encode(), False),
        (f"{ORIGIN}\n12\nAB\nC".encode(), False),
        (f"{ORIGIN}\n12\nA=".encode(), False),
        (b"\xe2\x81", False),
        ("— name AAAA\n".encode(), False),
        (b"garbage " * 1000, False),
        (b"\0" * 100, True),
        (f"{ORIGIN}\n12\0\0\n".encode(), True),
        (f"{ORIGIN}\n1\0002".encode(), False),
        (b"g\0", False),
    ],
)
def test_only_the_beginning_of_a_note_of_this_ledger_is_cut_short(text: bytes, cut: bool) -> None:
    """Another origin, other characters, more lines: no crash of ours leaves them."""
    assert CheckpointRecord(0, None, text).is_cut_short(ORIGIN, []) is cut


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 400)), max_size=6), st.integers(0, 2**32))
@settings(max_examples=30)
def test_appending_goes_on_after_any_crashes(
    tmp_path_factory: pytest.TempPathFactory, writes: list[tuple[int, int]], seed: int
) -> None:
    """Whole notes and torn ones in any order: every whole one is read, in its order, and nothing is suspicious."""
    folder = CheckpointFolder(tmp_path_factory.mktemp("crashes") / "kept")
    random = Random(seed)
    whole = []
    for number, (signers, length) in enumerate(writes, 1):
        checkpoint = head(number, SIGNERS[signers])
        append(folder, checkpoint)
        whole.append(checkpoint)
        if random.random() < 0.5:
            start = folder.file.stat().st_size - len(stretch(checkpoint))
            kept = min(length, len(stretch(checkpoint)) - 2)
            os.truncate(folder.file, start + kept)
            whole.pop()
    found = list(folder.all())
    assert suspicious(found) == []
    assert [each for each in checkpoints(found) if each in whole] == whole
    assert {each.text for each in checkpoints(found)} <= {head(n).text for n in range(1, len(writes) + 1)}
