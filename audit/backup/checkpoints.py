"""Copying the checkpoints of a ledger, which others may be appending to."""

from __future__ import annotations

import os
from pathlib import Path

from audit.log.checkpoints import END, FILE, checkpoints_unread
from audit.log.fsync import sync_folder
from engine.base.messages import reason_of


def copy_checkpoints(source: Path, target: Path) -> bytes | None:
    """Copy the present checkpoints into a new folder and return them, or None if there is no checkpoint file.

    An incomplete checkpoint at the end is ignored: it is being written, or a crash cut it short. Copy the checkpoints
    before the ledger, so that the copied ledger has every entry that they cover.
    """
    try:
        content = (source / FILE).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise checkpoints_unread(str(source / FILE), reason_of(error)) from error
    whole = content[: content.rfind(END) + len(END)] if END in content else b""
    target.mkdir()
    with (target / FILE).open("xb") as stream:
        stream.write(whole)
        stream.flush()
        os.fsync(stream.fileno())
    sync_folder(target)
    return whole
