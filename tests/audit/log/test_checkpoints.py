"""Laws of the folder of checkpoints: only ever appended to, read whole, and a crash is distinguished from a change."""

from __future__ import annotations

import fcntl
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest

from audit.log.checkpoints import CheckpointFolder
from audit.log.keys import SigningKey
from engine.base.faults import FenmingError, Unavailable
from tests.audit.log.kept import KEYS, SIGNERS, append, checkpoints, head, last, read, stretch, suspicious

ROOT = Path(__file__).parents[3]


def test_a_folder_that_is_not_there_holds_nothing(folder: CheckpointFolder) -> None:
    """Reading makes neither folder nor file; locking makes both, empty."""
    assert list(folder.all()) == []
    assert not folder.folder.exists()
    assert last(folder) is None
    assert folder.file.read_bytes() == b""
    assert list(folder.all()) == []


def test_all_that_is_appended_is_read_in_its_order(folder: CheckpointFolder) -> None:
    """Many checkpoints, with no key, one or two, each at the byte where it begins."""
    written = [head(size, SIGNERS[size % 3]) for size in range(1, 60)]
    for each in written:
        append(folder, each)
    kept = list(folder.all())
    assert checkpoints(kept) == written
    assert folder.file.read_bytes() == b"".join(map(stretch, written))
    assert [each.offset for each in kept] == [sum(len(stretch(w)) for w in written[:n]) for n in range(len(written))]
    assert [(each.text, each.signatures) for each in kept] == [(b"", b"")] * len(written)


@pytest.mark.parametrize("signers", SIGNERS)
def test_the_newest_of_many_is_found_from_the_end(folder: CheckpointFolder, signers: list[SigningKey]) -> None:
    """Whatever note the last 64 KiB begin in, and at whichever of its bytes."""
    written = [head(size, signers) for size in range(1000, 1000 + 66_000 // len(stretch(head(1000, signers))) + 3)]
    data = b"".join(map(stretch, written))
    assert len(data) > 65_536
    folder.folder.mkdir()
    for shift in range(len(stretch(written[0])) + 1):
        folder.file.write_bytes(b"x" * shift + b"\n\n" + data)
        assert last(folder) == written[-1]
    assert checkpoints(list(folder.all())) == written


@pytest.mark.parametrize(
    "garbage", [b"x" * 70_000, b"\n" * 70_000, b"x\n\n" * 30_000, b"\xff" * 1_100_000, b"\0" * 65_536]
)
def test_the_newest_is_found_before_a_tail_of_garbage(folder: CheckpointFolder, garbage: bytes) -> None:
    """However long the garbage is; and the next one is kept behind it."""
    assert not checkpoints(read(folder, garbage))
    assert last(folder) is None
    append(folder, head(1))
    assert checkpoints(read(folder, stretch(head(1)) + stretch(head(2)) + garbage)) == [head(1), head(2)]
    assert last(folder) == head(2)
    append(folder, head(3))
    assert checkpoints(list(folder.all())) == [head(1), head(2), head(3)]


def test_a_tail_that_begins_inside_a_note_makes_no_other_of_it(folder: CheckpointFolder) -> None:
    """Where the last 64 KiB begin within the only note's first line, the note is read whole."""
    long = head(7, KEYS[:1], "x" * 60_000)
    for shift in range(65_530, 65_700, 7):
        pad = b"y" * (shift - len(stretch(long)))
        assert checkpoints(read(folder, stretch(long) + pad)) == [long]
        assert last(folder) == long


def refusal(folder: CheckpointFolder, says: str) -> None:
    """Assert that locking and appending is refused in our own words, with the file's path and a remedy."""
    with pytest.raises(FenmingError, match=says) as caught, folder.locked() as opened:
        opened.append(head(1))
    (fault,) = caught.value.faults
    assert fault.where.file == str(folder.file)
    assert str(fault.remedy)


def test_a_lock_is_waited_for_only_so_long(folder: CheckpointFolder) -> None:
    """While another holds the file it is refused, and then it is free again."""
    append(folder, head(1))
    with folder.file.open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_SH)
        refusal(folder, "The file of checkpoints .* was in use by another program for over 0.02 s")
        fcntl.flock(other, fcntl.LOCK_UN)
        append(folder, head(2))
    with folder.locked():
        refusal(folder, "The file of checkpoints .* was in use by another program for over 0.02 s")
        assert checkpoints(list(folder.all())) == [head(1), head(2)]
    append(folder, head(3))


def test_a_lock_is_waited_for_as_long_as_it_says(folder: CheckpointFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not less and hardly more, by a clock that goes on only while it sleeps."""
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(time, "sleep", lambda seconds: now.append(now.pop() + seconds))
    with folder.locked():
        refusal(CheckpointFolder(folder.folder, 5.0), "for over 5 s")
    assert 105 <= now[0] < 105.1


def test_a_lock_is_let_go_after_an_error(folder: CheckpointFolder) -> None:
    """Whatever happens while the file is held."""
    with pytest.raises(ZeroDivisionError), folder.locked():
        _ = 1 // 0
    append(folder, head(1))


def test_a_checkpoint_is_on_the_disk_when_it_is_kept(folder: CheckpointFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is synchronized after the note is written, and both folders once the file is new."""
    synced: list[tuple[str, int]] = []

    def fsync(descriptor: int) -> None:
        names = {each.stat().st_ino: str(each) for each in (folder.file, folder.folder, folder.folder.parent)}
        synced.append((names[os.fstat(descriptor).st_ino], folder.file.stat().st_size))

    monkeypatch.setattr(os, "fsync", fsync)
    append(folder, head(1))
    one = len(stretch(head(1)))
    file, kept, above = str(folder.file), str(folder.folder), str(folder.folder.parent)
    assert synced == [(kept, 0), (above, 0), (file, one)]
    append(folder, head(2))
    assert synced[3:] == [(file, 2 * one)]


def test_nothing_stays_open(folder: CheckpointFolder) -> None:
    """Neither what was written nor what was refused holds the file."""
    before = os.listdir("/dev/fd")  # noqa: PTH208 - descriptors, not a folder
    append(folder, head(1))
    assert last(folder) == next(folder.all()).checkpoint
    with folder.locked():
        refusal(folder, "was in use")
    assert os.listdir("/dev/fd") == before  # noqa: PTH208 - likewise


def test_what_stands_in_the_way_of_the_folder_is_named(tmp_path: Path) -> None:
    """A missing parent, a file in place of the folder or above it, a folder in place of the file."""
    (tmp_path / "taken").write_text("x")
    (tmp_path / "kept" / "checkpoints").mkdir(parents=True)
    refusal(CheckpointFolder(tmp_path / "no" / "kept"), "cannot be written: No such file")
    refusal(CheckpointFolder(tmp_path / "taken"), "cannot be written: File exists")
    refusal(CheckpointFolder(tmp_path / "taken" / "kept"), "cannot be written: Not a directory")
    refusal(CheckpointFolder(tmp_path / "kept"), "cannot be written: Is a directory")
    assert list(CheckpointFolder(tmp_path / "no" / "kept").all()) == []
    for name, reason in (("taken", "Not a directory"), ("kept", "Is a directory")):
        with pytest.raises(Unavailable, match=f"cannot be read: {reason}"):
            list(CheckpointFolder(tmp_path / name).all())
    assert (tmp_path / "taken").read_text() == "x"


def test_a_disk_that_is_full_loses_the_checkpoint_and_nothing_else(folder: CheckpointFolder) -> None:
    """What was there stays, the rest is cut short, and with room the next one is kept."""
    append(folder, head(1))
    size = folder.file.stat().st_size
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 50, before[1]))
    try:
        refusal(folder, "The checkpoint could not be kept in .*: File too large")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    kept = list(folder.all())
    assert (checkpoints(kept), suspicious(kept), len(kept)) == ([head(1)], [], 2)
    append(folder, head(2))


def test_a_file_that_is_no_file_is_an_error_of_ours(folder: CheckpointFolder) -> None:
    """Nor is it read from a pipe."""
    folder.folder.mkdir()
    os.mkfifo(folder.file)
    with folder.locked() as opened, pytest.raises(Unavailable, match="cannot be read: Illegal seek"):
        opened.last(lambda _: True)


UNPRIVILEGED = """
import os, sys
from pathlib import Path
from audit.log.checkpoints import CheckpointFolder
from engine.base.faults import FenmingError
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
folder = Path(sys.argv[1])
for name in ("new", "empty", "open"):
    try:
        with CheckpointFolder(folder / name).locked():
            print("wrote")
    except FenmingError as error:
        print(error)
for name in ("open", "secret"):
    try:
        print("reads", len(list(CheckpointFolder(folder / name).all())))
    except FenmingError as error:
        print(error)
"""


def test_a_read_only_folder_can_be_read_and_takes_nothing() -> None:
    """Whoever may not write reads the checkpoints, and is refused on the attempt to append."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        for kept in ("open", "secret"):
            append(CheckpointFolder(place / kept), head(1))
            (place / kept / "checkpoints").chmod(0o444 if kept == "open" else 0)
        (place / "empty").mkdir()
        for each in (place / "open", place / "secret", place / "empty", place):
            each.chmod(0o555)
        arguments = [sys.executable, "-c", UNPRIVILEGED, name]
        done = subprocess.run(arguments, capture_output=True, text=True, check=False, cwd=ROOT)
        for each in (place, place / "open", place / "secret", place / "empty"):
            each.chmod(0o755)
        assert done.stderr == ""
        said = done.stdout.splitlines()
        assert [line.count("cannot be written: Permission denied. Nothing was written.") for line in said] == [
            1,
            1,
            1,
            0,
            0,
        ]
        assert said[3] == "reads 1"
        assert "cannot be read: Permission denied" in said[4]
        assert sorted(each.name for each in place.iterdir()) == ["empty", "open", "secret"]
        assert list((place / "empty").iterdir()) == []


def test_the_newest_is_the_one_of_most_entries(folder: CheckpointFolder) -> None:
    """Not the last in the file, where anyone may put a copy of an older one."""
    read(folder, b"".join(stretch(head(size)) for size in (3, 5, 4, 10, 9)))
    assert last(folder) == head(10)
    with folder.locked() as opened:
        assert opened.last(lambda each: each.size < 10) == head(9)
        assert opened.last(lambda each: each.size < 5) == head(4)
        assert opened.last(lambda _: False) is None


def test_whoever_waits_for_a_file_that_is_removed_makes_it_again(tmp_path: Path) -> None:
    """Or what he keeps would be in no file that anybody finds."""
    waiting = CheckpointFolder(tmp_path / "kept", 10.0)
    waiter = threading.Thread(target=append, args=(waiting, head(1)))

    def fail() -> None:
        waiter.start()
        time.sleep(0.2)
        raise KeyError

    with pytest.raises(KeyError), CheckpointFolder(tmp_path / "kept", 0.02).locked():
        fail()
    waiter.join()
    assert [kept.checkpoint for kept in waiting.all()] == [head(1)]
