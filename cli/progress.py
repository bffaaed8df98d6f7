"""A progress bar for what takes longer than a second."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from cli.session import Session
from engine.errors import Message

Step = TypeVar("Step")

PATIENCE = 1.0
"""Seconds before a bar appears."""


def steps(session: Session, wanted: Sequence[Step], title: Message) -> Iterator[Step]:
    """Yield the steps, and show how many are done."""
    with progress(session, len(wanted), title) as advance:
        for step in wanted:
            yield step
            advance(1)


@contextmanager
def progress(session: Session, total: int, title: Message) -> Iterator[Callable[[int], None]]:
    """Give a function that notes how much more is done.

    It shows a bar on standard error once that takes longer than a second, on a terminal only.
    """
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.progress import Progress

    started = time.monotonic()
    bar = Progress(console=session.console(stderr=True), transient=True)
    task = bar.add_task(session.say(title), total=total)
    shown = False

    def advance(amount: int) -> None:
        nonlocal shown
        bar.advance(task, amount)
        if not shown and time.monotonic() - started > PATIENCE:
            bar.start()
            shown = True

    try:
        yield advance
    finally:
        if shown:
            bar.stop()
