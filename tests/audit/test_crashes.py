"""After a crash each evaluation is there whole or not at all, the ledger verifies, and the next append works."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.base.faults import FenmingError
from tests.crashes import (
    CALLS,
    PROJECT,
    QUICK,
    Injection,
    append,
    check,
    injected,
    injections,
    kill_often,
    prepare,
    traced,
)

WITHOUT = "FENMING_WITHOUT_STRACE"


@pytest.fixture
def strace() -> None:
    """Let a test be left out only where that was asked for."""
    if os.environ.get(WITHOUT) == "1":
        pytest.skip(f"strace is left out, because {WITHOUT} is set")
    if shutil.which("strace") is None:
        pytest.fail("strace is missing: install it (on Debian: apt install strace), or set FENMING_WITHOUT_STRACE=1")


@pytest.mark.long
def test_a_process_killed_at_any_moment_loses_nothing(tmp_path: Path) -> None:
    """A hundred of them."""
    assert kill_often(tmp_path, 100) > 20


@pytest.mark.long
@pytest.mark.usefixtures("strace")
def test_a_failing_system_call_loses_nothing(tmp_path: Path) -> None:
    """At each kind of call on the ledger's files, the first, the last and one between fail or end the process."""
    dice = random.Random(0)
    before = prepare(tmp_path / "before")
    every = injections(before, tmp_path / "calls")
    assert {each.call for each in every} >= {"openat", "write", "pwrite64", "fsync", "fdatasync", "unlink"}
    assert {each.call for each in every} <= set(CALLS)
    chosen: dict[Injection, None] = {}
    for call in CALLS:
        for what in ("EIO", "ENOSPC", "KILL"):
            of_call = [each for each in every if (each.call, each.what) == (call, what)]
            some = (*of_call[:1], *of_call[-1:], *dice.sample(of_call, len(of_call) > 2))
            chosen |= dict.fromkeys(some)
    ends = [injected(before, tmp_path / f"injected{number}", each) for number, each in enumerate(chosen)]
    assert len(ends) > 30
    assert set(ends) == {"recorded", "refused", "killed"}


@pytest.mark.long
@pytest.mark.usefixtures("strace")
def test_a_system_call_that_fails_during_recovery_loses_nothing(tmp_path: Path) -> None:
    """The append before was killed in its commit: the first call of each kind is one that puts the ledger right."""
    before = prepare(tmp_path / "before", crashed=True)
    every = injections(before, tmp_path / "calls")
    chosen = [each for each in every if each.number == 1]
    assert {each.call for each in chosen} >= {"openat", "pwrite64", "fdatasync", "ftruncate", "unlink"}
    ends = [injected(before, tmp_path / f"injected{number}", each) for number, each in enumerate(chosen)]
    assert set(ends) == {"refused", "killed"}


@pytest.mark.usefixtures("strace")
def test_what_strace_sees_is_an_append(tmp_path: Path) -> None:
    """Without an injection the traced process records, and is seen to write the ledger and the checkpoint."""
    (tmp_path / "here").mkdir()
    append(tmp_path / "here")
    done, calls = traced(tmp_path / "here")
    assert done.returncode == 0
    assert calls["write"] == 1, "the checkpoint"
    assert calls["fsync"] == 1, "the checkpoint, on the disk"
    check(tmp_path / "here", done.stdout.split())


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount, unmount = shutil.which("mount"), shutil.which("umount")
    size = ("-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk))
    if mount is None or unmount is None or subprocess.run([mount, *size], check=False, capture_output=True).returncode:
        pytest.skip("only root can make a disk that is full; test_opening limits the file's size instead")
    yield disk
    subprocess.run([unmount, str(disk)], check=True)


def test_a_full_disk_loses_nothing(small_disk: Path) -> None:
    """With so many bytes left, an append is recorded or refused; with room again the ledger goes on."""
    reported = [append(small_disk)]
    filler = small_disk / "filler"
    outcomes = set()
    for left in (0, 1, 512, 4096, 8192, 20_000, 40_000, 80_000, 160_000):
        with filler.open("wb") as stream:
            free = os.statvfs(small_disk).f_bavail * 4096
            stream.write(bytes(max(free - left, 0)))
        try:
            reported.append(append(small_disk))
            outcomes.add("recorded")
        except FenmingError as error:
            outcomes.add("refused" if "is full" in str(error) or "No space left" in str(error) else str(error))
        filler.unlink()
        check(small_disk, reported)
    assert outcomes == {"recorded", "refused"}


def test_a_full_disk_under_the_checkpoints_is_reported(small_disk: Path, tmp_path: Path) -> None:
    """What is recorded is said to be recorded, and the next checkpoint covers it."""
    (tmp_path / "kept").symlink_to(small_disk)
    reported = [append(tmp_path)]
    filler = small_disk / "filler"
    with filler.open("wb") as stream:
        stream.write(bytes(os.statvfs(small_disk).f_bavail * 4096))
    kept = small_disk / "checkpoints"
    while kept.stat().st_size % 4096 + 400 < 4096:  # up to the end of the page that it has
        reported.append(append(tmp_path))
    outcome = ""
    while not outcome:
        try:
            reported.append(append(tmp_path))
        except FenmingError as error:
            outcome = str(error)
    assert "The checkpoint could not be kept" in outcome
    filler.unlink()
    assert check(tmp_path, reported) > len(reported)


@pytest.mark.parametrize(
    ("call", "what"),
    [
        ("rename", "EIO"),
        pytest.param("write", "ENOSPC", marks=pytest.mark.long),
        pytest.param("openat", "EACCES", marks=pytest.mark.long),
    ],
)
@pytest.mark.usefixtures("strace")
def test_a_proof_is_written_whole_or_not_at_all(tmp_path: Path, call: str, what: str) -> None:
    """Where its file cannot be put in place, nothing is left of it."""
    append(tmp_path)
    proof = tmp_path / "proof.json"
    part = tmp_path / ".proof.json.part"
    arguments = ["audit", "prove", "latest", "-o", str(proof), "--ledger", str(tmp_path / "ledger.db")]
    options = ["-P", str(part), "-P", str(proof), "-e", f"inject={call}:error={what}"]
    command = ["strace", *QUICK, "-qq", "-o", os.devnull, "-e", f"trace={call}", *options, sys.executable, "-c"]
    arguments += ["--checkpoints", str(tmp_path / "kept")]
    done = subprocess.run(
        [*command, "from cli.main import main; main()", *arguments],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "FENMING_LANG": "en"},
        check=False,
    )
    assert done.returncode == 69, (call, done.stderr)
    assert "cannot be written" in done.stderr
    assert not proof.exists()
    assert not part.exists()
