"""An append that is interrupted right after its commit leaves a ledger that goes on."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from audit.ledger.ledger import open_ledger
from audit.log.checkpoints import OpenCheckpoints
from audit.log.keys import SigningKey
from audit.log.notes import Checkpoint
from audit.verify import verify
from engine.base.faults import FenmingError
from tests.audit.receipts import ACTOR, AT, make_receipt, make_sources
from tests.audit.sealed import KEYS


def record(url: str, kept: Path, signer: SigningKey | None, department: str) -> None:
    """Record an evaluation of a department."""
    with open_ledger(url, create=True, checkpoints=kept, signer=signer) as ledger:
        ledger.append(make_receipt(department=department), make_sources(), actor=ACTOR, at=AT)


def interrupt(_: OpenCheckpoints, __: Checkpoint) -> None:
    """Stand for Ctrl-C."""
    raise KeyboardInterrupt


def fill_disk(_: int, __: bytes) -> int:
    """Stand for a full disk."""
    raise OSError(errno.ENOSPC, "No space left on device")


ENDS: list[tuple[object, str, Callable[..., object]]] = [
    (OpenCheckpoints, "append", interrupt),
    (os, "write", fill_disk),
]


@pytest.mark.parametrize("signer", [None, KEYS[0]])
@pytest.mark.parametrize("end", ENDS)
def test_the_first_append_is_gone_on_from(
    url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    signer: SigningKey | None,
    end: tuple[object, str, Callable[..., object]],
) -> None:
    """The file of the checkpoints, though empty, says that this is their folder."""
    kept = tmp_path / "kept"
    with monkeypatch.context() as patched:
        patched.setattr(*end)
        with pytest.raises((KeyboardInterrupt, FenmingError)):
            record(url, kept, signer, "甲局")
    assert (kept / "checkpoints").read_bytes() == b""
    record(url, kept, signer, "乙局")
    with open_ledger(url, create=False, checkpoints=kept) as ledger:
        report = verify(ledger)
    assert report.findings == ()
    assert report.evaluations == 2
    assert report.covered == report.entries
