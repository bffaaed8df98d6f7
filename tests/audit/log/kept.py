"""A folder of checkpoints as the tests write and read it."""

from __future__ import annotations

import hashlib

from audit.log.checkpoint_records import CheckpointRecord
from audit.log.checkpoints import CheckpointFolder
from audit.log.keys import SigningKey
from audit.log.notes import Checkpoint

ORIGIN = "fenming/0123456789abcdef0123456789abcdef"
KEYS = [SigningKey("czj.jiangmen.gov.cn/fenming", bytes(range(32))), SigningKey("审计局=1", bytes(range(32, 64)))]
SIGNERS = [[], KEYS[:1], KEYS]


def head(size: int, signers: list[SigningKey] = KEYS[:1], origin: str = ORIGIN) -> Checkpoint:
    """Return a checkpoint; each size has its root."""
    return Checkpoint(origin, size, hashlib.sha256(b"%d" % size).digest()).signed(signers)


def stretch(checkpoint: Checkpoint) -> bytes:
    """Return what the file holds for a checkpoint."""
    return checkpoint.note.encode() + b"\n"


def append(folder: CheckpointFolder, checkpoint: Checkpoint) -> None:
    """Append one checkpoint, and see that nothing before it is touched and that it is the newest."""
    before = folder.file.read_bytes() if folder.file.exists() else b""
    with folder.locked() as opened:
        opened.append(checkpoint)
        assert opened.last(lambda _: True) == checkpoint
    after = folder.file.read_bytes()
    assert after.startswith(before)
    assert after.endswith(stretch(checkpoint))


def read(folder: CheckpointFolder, data: bytes) -> list[CheckpointRecord]:
    """Return what is in a file of these bytes."""
    folder.folder.mkdir(exist_ok=True)
    folder.file.write_bytes(data)
    return list(folder.all())


def last(folder: CheckpointFolder) -> Checkpoint | None:
    """Return the newest checkpoint."""
    with folder.locked() as opened:
        return opened.last(lambda _: True)


def checkpoints(kept: list[CheckpointRecord]) -> list[Checkpoint]:
    """Return the checkpoints among what was kept."""
    return [each.checkpoint for each in kept if each.checkpoint is not None]


def suspicious(kept: list[CheckpointRecord]) -> list[CheckpointRecord]:
    """Return what is neither a checkpoint nor what a crash leaves of one."""
    return [
        each for each in kept if each.checkpoint is None and not each.is_cut_short(ORIGIN, [key.name for key in KEYS])
    ]
