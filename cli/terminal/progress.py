"""A progress bar for what takes longer than a second."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from cli.terminal.session import Session
from engine.base.messages import Message

Step = TypeVar("Step")

PATIENCE = 1.0
"""Seconds before a bar appears."""


@contextmanager
def counter(session: Session, title: Message) -> Iterator[Callable[[int, int], None] | None]:
    """Give a function that takes how much of how much is done; it shows a bar as `steps` does."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.progress import Progress  # noqa: PLC0415 - only where somebody looks

    started = time.monotonic()
    bar = Progress(console=session.console(stderr=True), transient=True)
    task = bar.add_task(session.say(title), total=None)

    def count(done: int, of: int) -> None:
        bar.update(task, completed=done, total=of)
        if not bar.live.is_started and time.monotonic() - started > PATIENCE:
            bar.start()

    try:
        yield count
    finally:
        bar.stop()


def steps(session: Session, wanted: Sequence[Step], title: Message) -> Iterator[Step]:
    """Yield the steps; show a bar on standard error once they take longer than a second, on a terminal only."""
    if not sys.stderr.isatty():
        yield from wanted
        return
    from rich.progress import Progress  # noqa: PLC0415 - only where somebody looks

    started = time.monotonic()
    bar = Progress(console=session.console(stderr=True), transient=True)
    task = bar.add_task(session.say(title), total=len(wanted))
    shown = False
    try:
        for step in wanted:
            yield step
            bar.advance(task)
            if not shown and time.monotonic() - started > PATIENCE:
                bar.start()
                shown = True
    finally:
        if shown:
            bar.stop()
