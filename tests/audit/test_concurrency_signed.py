"""Laws of many processes under one key: each append has its checkpoint, in the order of the entries."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from audit.ledger.ledger import Ledger, open_ledger
from audit.log.checkpoints import CheckpointFolder, OpenCheckpoints
from audit.log.entries import KEY_KIND
from audit.log.keys import SigningKey
from audit.log.notes import Checkpoint
from audit.verify import verify
from engine.base.faults import Busy, FenmingError
from tests.audit.bare import bare_connection
from tests.audit.reading import entries
from tests.audit.receipts import ACTOR, AT, fresh_receipt, make_sources

ROOT = Path(__file__).parents[2]
KEY = SigningKey("czj.example/fenming", bytes(32))

# Waits until all are there. Then it prints the entries of each append; of one that fails, the error.
APPENDS = """
import json, sys
from pathlib import Path
from audit.ledger.submission import Submission
from audit.ledger.ledger import open_ledger
from audit.log.keys import SigningKey
from engine.base.faults import FenmingError
from tests.audit.receipts import AT, make_receipt, make_sources
url, kept, name, count, size, timeout = sys.argv[1:]
key = SigningKey("czj.example/fenming", bytes(32))
made = []
print("there", flush=True)
sys.stdin.readline()
try:
    with open_ledger(url, create=True, checkpoints=Path(kept), signer=key, timeout=float(timeout)) as ledger:
        for number in range(int(count)):
            of = [make_receipt(2, department=f"{name}-{number}-{n}") for n in range(int(size))]
            done = ledger.append_all([Submission(each, make_sources(), name, AT) for each in of])
            made.append([each.entry for each in done])
except FenmingError as error:
    sys.exit(str(error))
print(json.dumps(made))
"""


def at_once(url: str, kept: Path, count: int, batches: Sequence[int], timeout: float = 60) -> Iterator[tuple[str, str]]:
    """Let processes append so many times, each in batches of its size; return what each printed, and its errors."""
    pipes: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    workers: list[Any] = []
    for number, size in enumerate(batches):
        arguments = [url, str(kept), f"w{number}", str(count), str(size), str(timeout)]
        workers.append(subprocess.Popen([sys.executable, "-c", APPENDS, *arguments], text=True, cwd=ROOT, **pipes))
    for worker in workers:
        assert worker.stdout.readline() == "there\n"
    for worker in workers:
        worker.stdin.write("\n")
        worker.stdin.flush()
    for worker in workers:
        yield worker.communicate(timeout=25)


def sizes(kept: Path) -> list[int]:
    """Return how many entries each checkpoint speaks of; each must be one, and signed by the key."""
    checkpoints = [each.checkpoint for each in CheckpointFolder(kept).all()]
    assert all(each is not None and each.is_signed_by(KEY.public) for each in checkpoints)
    return [each.size for each in checkpoints if each is not None]


def test_each_append_of_many_processes_has_its_checkpoint(bare_url: str, tmp_path: Path) -> None:
    """From a missing ledger on: the entries have no gap, the key is named once, no checkpoint is missing or late."""
    kept = tmp_path / "kept"
    made: list[list[int]] = []
    for output, error in at_once(bare_url, kept, 10, (1, 2, 3)):
        assert error == ""
        made += json.loads(output)
    assert sorted(chain.from_iterable(made)) == list(range(1, 61)), "after the key, which is entry 0"
    # The file is only appended to, so this is the order in which they were written.
    assert sizes(kept) == sorted(entries[-1] + 1 for entries in made)
    with open_ledger(bare_url, create=False, checkpoints=kept) as ledger:
        assert [entry.index for entry in entries(ledger) if entry.kind == KEY_KIND] == [0]
        assert [entry.index for entry in entries(ledger)] == list(range(61))
        report = verify(ledger, key=KEY.public)
    assert report.findings == ()
    assert report.notices == ()
    assert (report.entries, report.covered, report.checkpoints, report.signed) == (61, 61, 30, 30)


@pytest.fixture
def signed(url: str, tmp_path: Path) -> Callable[..., AbstractContextManager[Ledger]]:
    """Open the test's ledger, which has a key and one evaluation, to wait so many seconds."""

    def opened(timeout: float = 60) -> Ledger:
        return open_ledger(url, create=True, checkpoints=tmp_path / "kept", signer=KEY, timeout=timeout)

    with opened() as ledger:
        ledger.append(fresh_receipt(2), make_sources(), actor=ACTOR, at=AT)
    return opened


def test_waiting_for_the_ledger_ends_for_every_process(
    url: str, tmp_path: Path, signed: Callable[..., AbstractContextManager[Ledger]]
) -> None:
    """While one holds it, all others are reported so, and leave neither an entry nor a checkpoint."""
    with bare_connection(url) as holder:
        holder.execute("BEGIN IMMEDIATE" if holder.on_sqlite else "BEGIN")
        if not holder.on_sqlite:
            holder.execute("INSERT INTO source VALUES ('x', '')")
        for output, error in at_once(url, tmp_path / "kept", 1, (1, 1), timeout=0.1):
            assert output == ""
            assert "was in use by another program for over 0.1 s. Nothing was written. Wait" in error
            assert "Traceback" not in error
        holder.execute("ROLLBACK")
    assert sizes(tmp_path / "kept") == [2]
    with signed() as ledger:
        assert ledger.append(fresh_receipt(2), make_sources(), actor=ACTOR, at=AT).entry == 2


def test_waiting_for_the_checkpoints_ends(
    tmp_path: Path, signed: Callable[..., AbstractContextManager[Ledger]]
) -> None:
    """Whoever holds the checkpoints keeps an append from being recorded, no reader, and no append afterwards."""
    kept = tmp_path / "kept"
    with CheckpointFolder(kept).locked(), signed(timeout=0.1) as ledger:
        with pytest.raises(FenmingError, match=r"checkpoints” was in use by another program for over 0\.1 s\. Nothing"):
            ledger.append(fresh_receipt(2), make_sources(), actor=ACTOR, at=AT)
        assert ledger.count() == 2
        assert verify(ledger, key=KEY.public).findings == ()
    with signed() as ledger:
        assert ledger.append(fresh_receipt(2), make_sources(), actor=ACTOR, at=AT).entry == 2
    assert sizes(kept) == [2, 3]


def test_no_checkpoint_overtakes_another(
    tmp_path: Path, signed: Callable[..., AbstractContextManager[Ledger]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the commit of an append and its checkpoint, no other append is recorded."""
    write = OpenCheckpoints.append
    tried: list[str] = []

    def interrupted(self: OpenCheckpoints, checkpoint: Checkpoint) -> None:
        if not tried:
            tried.append("")
            with signed(timeout=0.1) as other, pytest.raises(Busy) as caught:
                other.append(fresh_receipt(2), make_sources(), actor=ACTOR, at=AT)
            tried[0] = str(caught.value)
        write(self, checkpoint)

    with signed() as ledger:
        monkeypatch.setattr(OpenCheckpoints, "append", interrupted)
        assert ledger.append(fresh_receipt(2), make_sources(), actor=ACTOR, at=AT).entry == 2
        assert "checkpoints” was in use by another program" in tried[0]
        assert ledger.count() == 3
        assert ledger.append(fresh_receipt(2), make_sources(), actor=ACTOR, at=AT).entry == 3
    assert sizes(tmp_path / "kept") == [2, 3, 4]
