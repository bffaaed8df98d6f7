"""Backups: the copy has every row of one state of the ledger, verifies, and is there whole or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from audit.backup import copy_checkpoints, copy_ledger
from audit.ledger.ledger import open_ledger
from audit.log.checkpoints import FILE
from engine.base.faults import Damaged, NotFound, Refused, Unavailable
from tests.audit.bare import bare_connection, on_sqlite
from tests.audit.conftest import Fresh
from tests.audit.filled import KEY
from tests.audit.postgres import Server
from tests.audit.receipts import ACTOR, AT, make_receipt, make_sources
from workflow.backup import LEDGER, back_up, restore
from workflow.proofs import kept_checkpoint, prove_extension
from workflow.settings import Settings
from workflow.verify import verify_ledger

ROOT = Path(__file__).parents[2]


@pytest.fixture
def settings(filled: str, tmp_path: Path) -> Settings:
    """A ledger that is signed and has a complete tile, with its checkpoints."""
    return Settings(filled, tmp_path / "kept")


def append(settings: Settings, number: int) -> None:
    """Record one more evaluation."""
    with open_ledger(settings.ledger, create=False, checkpoints=settings.checkpoints, signer=KEY) as ledger:
        ledger.append(make_receipt(1, department=f"后来{number}"), make_sources(), actor=ACTOR, at=AT)


def contents(url: str | Path) -> dict[str, list[str]]:
    """Return every row of every table, in an order that no database chooses."""
    with bare_connection(url) as bare:
        return {name: sorted(map(repr, map(_plain, rows))) for name, rows in bare.contents().items()}


def _plain(row: tuple[object, ...]) -> list[object]:
    return [int(value) if isinstance(value, bool) else value for value in row]


def copy_of(folder: Path) -> Settings:
    """Return the settings with which the copy is read: no others are needed."""
    return Settings(str(folder / LEDGER))


def test_a_backup_is_the_ledger(settings: Settings, tmp_path: Path) -> None:
    """Every row of every table and every checkpoint are in it, and its guards; it verifies by itself."""
    report = back_up(settings, tmp_path / "backup", KEY.public)
    assert report.sound
    assert report.folder == str(tmp_path / "backup" / "fenming.db.checkpoints")
    assert contents(tmp_path / "backup" / LEDGER) == contents(settings.ledger)
    copied = tmp_path / "backup" / "fenming.db.checkpoints" / FILE
    assert copied.read_bytes() == (tmp_path / "kept" / FILE).read_bytes()
    assert verify_ledger(copy_of(tmp_path / "backup"), KEY.public).root == verify_ledger(settings).root
    assert sorted(file.name for file in tmp_path.iterdir() if file.name.startswith(".")) == []


def test_an_append_meanwhile_is_in_it_whole_or_not_at_all(settings: Settings, tmp_path: Path) -> None:
    """The copy verifies, and the ledger's newest checkpoint extends that of the copy."""
    done, appended = threading.Event(), threading.Semaphore(0)

    def go_on() -> None:
        number = 0
        while not done.is_set():
            append(settings, number)
            appended.release()
            number += 1

    writer = threading.Thread(target=go_on)
    writer.start()
    try:
        for number in range(3):
            assert appended.acquire(timeout=60)
            folder = tmp_path / f"backup{number}"
            assert back_up(settings, folder, KEY.public).sound
            newest = kept_checkpoint(copy_of(folder))
            note = tmp_path / f"note{number}"
            note.write_text(newest.note, "utf-8")
            assert appended.acquire(timeout=60)
            assert prove_extension(settings, str(note), "latest", KEY.public).new.size >= newest.size
    finally:
        done.set()
        writer.join()
    assert verify_ledger(settings, KEY.public).sound


def test_an_append_between_the_parts_does_no_harm(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before either part is copied: no checkpoint in the copy speaks of more entries than it has."""
    numbers = count()

    def after_an_append(part: Callable[..., Any]) -> Callable[..., Any]:
        def copied(*arguments: Any, **more: Any) -> Any:
            append(settings, next(numbers))
            return part(*arguments, **more)

        return copied

    for part in (copy_checkpoints, copy_ledger):
        monkeypatch.setattr(f"workflow.backup.{part.__name__}", after_an_append(part))
    report = back_up(settings, tmp_path / "backup", KEY.public)
    assert report.sound
    assert next(numbers) == 2
    assert report.entries == verify_ledger(settings).entries


def test_a_checkpoint_that_is_being_written_is_left_out(settings: Settings, tmp_path: Path) -> None:
    """The copy ends with the last whole one."""
    kept = tmp_path / "kept" / FILE
    whole = kept.read_bytes()
    kept.write_bytes(whole + whole[:50])
    assert back_up(settings, tmp_path / "backup", KEY.public).sound
    assert (tmp_path / "backup" / "fenming.db.checkpoints" / FILE).read_bytes() == whole


KILLED = """
import os, signal, sys
from contextlib import nullcontext
from pathlib import Path
from workflow.backup import back_up
from workflow.settings import Settings
left = int(sys.argv[1])
def count(*_):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
back_up(Settings(sys.argv[2], Path(sys.argv[3]), progress=lambda _: nullcontext(count)), Path(sys.argv[4]))
"""
"""A backup that is killed when its progress is reported for the nth time, be it of copying or of verifying."""


def test_a_killed_backup_leaves_nothing_that_looks_whole(settings: Settings, tmp_path: Path) -> None:
    """At whatever point: the folder is not there, and the next backup makes it."""
    folder = tmp_path / "backup"
    killed = 0
    for point in (1, 2, 4, 8, 16, 32, 64):
        command = [sys.executable, "-c", KILLED, str(point), settings.ledger, str(settings.checkpoints), str(folder)]
        environ = {**os.environ, "PYTHONPATH": str(ROOT)}
        ended = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False)
        if ended.returncode == 0:
            break
        assert ended.returncode == -signal.SIGKILL, ended.stderr
        assert not folder.exists()
        killed += 1
    assert killed >= 2, "once while it copies, once while it verifies"
    assert verify_ledger(copy_of(folder), KEY.public).sound


def test_a_folder_with_anything_in_it_is_refused(settings: Settings, tmp_path: Path) -> None:
    """An empty one is taken; a file, a link or a folder in use is not; nothing is changed."""
    (tmp_path / "empty").mkdir()
    assert back_up(settings, tmp_path / "empty").sound
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to("nowhere")
    before = sorted(tmp_path.rglob("*"))
    for name in ("empty", "file", "link"):
        with pytest.raises(Refused, match="left as it is"):
            back_up(settings, tmp_path / name)
    with pytest.raises(Unavailable, match="cannot be written"):
        back_up(settings, tmp_path / "missing" / "backup")
    with pytest.raises(NotFound, match="no checkpoint"):
        back_up(Settings(settings.ledger, tmp_path / "typo"), tmp_path / "backup")
    assert sorted(tmp_path.rglob("*")) == before


def test_a_damaged_ledger_makes_no_backup(settings: Settings, tmp_path: Path) -> None:
    """A row that was changed shows in the copy, and there is no folder that could replace a good one."""
    with bare_connection(settings.ledger) as bare:
        bare.disarm()
        bare.execute("UPDATE firing SET says_en = 'No reason.' WHERE entry = 1")
        bare.arm()
    with pytest.raises(Damaged, match="does not verify"):
        back_up(settings, tmp_path / "backup", KEY.public)
    assert {file.name for file in tmp_path.iterdir()} <= {"kept", "fenming.db"}


def test_a_restored_ledger_goes_on(settings: Settings, tmp_path: Path, bare_url: str) -> None:
    """It has all that the lost one had, and the next entry follows."""
    back_up(settings, tmp_path / "backup")
    target = Settings(bare_url, tmp_path / "again")
    assert restore(target, tmp_path / "backup", KEY.public).sound
    assert contents(bare_url) == contents(settings.ledger)
    append(target, 0)
    assert verify_ledger(target, KEY.public).sound
    with pytest.raises(Refused, match="already something"):
        restore(target, tmp_path / "backup")
    assert verify_ledger(target, KEY.public).entries == verify_ledger(settings).entries + 1


@pytest.mark.parametrize("fresh", ["sqlite"], indirect=True)
def test_a_ledger_moves_from_a_file_to_a_server_and_back(settings: Settings, tmp_path: Path, server: Server) -> None:
    """The same rows are in each, and each verifies."""
    back_up(settings, tmp_path / "one")
    with server.database("nothing") as name:
        there = Settings(server.url(name), tmp_path / "there")
        assert restore(there, tmp_path / "one", KEY.public).sound
        back_up(there, tmp_path / "two")
    assert contents(tmp_path / "two" / LEDGER) == contents(settings.ledger)


def test_restoring_overwrites_nothing(settings: Settings, tmp_path: Path, bare_url: str, fresh: Fresh) -> None:
    """Neither other checkpoints nor a ledger; checkpoints that are the same are no hindrance."""
    back_up(settings, tmp_path / "backup")
    other = tmp_path / "other"
    other.mkdir()
    (other / FILE).write_text("something else\n\n", "utf-8")
    with pytest.raises(Refused, match="already something"):
        restore(Settings(bare_url, other), tmp_path / "backup")
    with pytest.raises(NotFound, match="does not hold a backup"):
        restore(Settings(bare_url, tmp_path / "again"), tmp_path / "other")
    with fresh() as url:
        open_ledger(url, create=True).close()
        with pytest.raises(Refused, match="already something"):
            restore(Settings(url, tmp_path / "again"), tmp_path / "backup")
        assert not (tmp_path / "again").exists()
    assert restore(Settings(bare_url, tmp_path / "kept"), tmp_path / "backup").sound


@on_sqlite
@pytest.mark.parametrize("failing", ["copy_ledger", "verify_ledger"])
def test_a_backup_that_fails_leaves_nothing(
    settings: Settings, tmp_path: Path, failing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even hidden."""

    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(f"workflow.backup.{failing}", fail)
    with pytest.raises(Unavailable, match="No space left"):
        back_up(settings, tmp_path / "backup")
    assert {file.name for file in tmp_path.iterdir()} == {"kept", "fenming.db"}
