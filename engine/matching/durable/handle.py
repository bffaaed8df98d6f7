"""Partitions of rules inside the rule engine's C module, driven strictly: one session each, every answer checked.

The module's own Python layer is not used: it starts threads that fire rules too, and swallows exceptions.
"""

from __future__ import annotations

import weakref
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import TracebackType
from typing import Protocol, Self, cast

from engine.base.faults import FenmingError, Unavailable, problem
from engine.base.messages import msg

MAX_IDLE = 8
"""The handles of one partition that are kept for the next evaluations; one more is given back to the engine."""

_SESSION = "0"
_TAKEN = (0, 1)
"""What a fact may be answered: matched by some pattern, or by none. A duplicate (2) must not be."""


class _Module(Protocol):
    error: type[Exception]

    def create_ruleset(self, name: str, definition: str) -> int: ...
    def delete_ruleset(self, handle: int) -> None: ...
    def assert_fact(self, handle: int, fact: str) -> tuple[int, int]: ...
    def start_action_for_state(self, handle: int, offset: int) -> tuple[str, str] | None: ...
    def complete_and_start_action(self, handle: int, offset: int) -> str | None: ...
    def delete_state(self, handle: int, session: str) -> None: ...


class Handle:
    """A handle of the engine. As a context it is one session, which begins and ends without facts.

    The engine gets it back when nothing refers to it any more.
    """

    def __init__(self, definition: str, sentinel: str) -> None:
        self._module = cast("_Module", import_module("durable_rules_engine"))
        self._failures = (self._module.error, MemoryError)
        self._begun = False
        self._used = False
        self._offset = 0
        try:
            self._number = self._module.create_ruleset("fenming", definition)
        except self._failures as error:
            raise _failed(error) from error
        self._release = weakref.finalize(self, self._module.delete_ruleset, self._number)
        self._release.atexit = False
        self._prime(sentinel)

    def _prime(self, sentinel: str) -> None:
        """Run one action in the new session: to delete one that never ran any would abort the process."""
        self.put(sentinel)
        if len(list(self.firings())) != 1:
            raise self._died("the sentinel did not fire")
        self._clear()

    def __enter__(self) -> Self:
        if self._begun:
            raise _failed("its session has begun already")
        self._clear()
        self._begun = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._begun = False
        self._clear()

    def put(self, fact: str) -> None:
        """Give the engine one fact, which it matches at once."""
        self._used = True
        try:
            code, self._offset = self._module.assert_fact(self._number, fact)
        except self._failures as error:
            raise self._died(error) from error
        if code not in _TAKEN:
            raise self._died(f"answer {code} to {fact}")

    def firings(self) -> Iterator[str]:
        """Take out what has fired since the last time, as the engine writes it."""
        if not self._used:
            return
        try:
            started = self._module.start_action_for_state(self._number, self._offset)
            message = started[1] if started else None
            while message is not None:
                yield message
                message = self._module.complete_and_start_action(self._number, self._offset)
        except self._failures as error:
            raise self._died(error) from error

    def _clear(self) -> None:
        if self._used and self.alive:
            try:
                self._module.delete_state(self._number, _SESSION)
            except self._failures as error:
                raise self._died(error) from error
        self._used = False

    @property
    def alive(self) -> bool:
        """Whether it can still be used; after a failure it cannot."""
        return self._release.alive

    def _died(self, why: object) -> FenmingError:
        self._release()
        return _failed(why)


class Handles:
    """The handles of one partition of rules: whoever evaluates borrows one, and nobody else has it meanwhile.

    A deque gives and takes atomically. So two threads never have the same handle, and neither do a process and the
    child that it forks in the midst of an evaluation; no lock could be left closed between them.
    """

    def __init__(self, definition: str, sentinel: str) -> None:
        self._definition = definition
        self._sentinel = sentinel
        self._idle: deque[Handle] = deque(maxlen=MAX_IDLE)

    def __len__(self) -> int:
        """Count the handles that are idle."""
        return len(self._idle)

    @contextmanager
    def session(self) -> Iterator[Handle]:
        """Lend a handle for one session: an idle one, or a new one where all are lent."""
        try:
            handle = self._idle.pop()
        except IndexError:
            handle = Handle(self._definition, self._sentinel)
        try:
            with handle:
                yield handle
        finally:
            if handle.alive:
                self._idle.append(handle)


def _failed(why: object) -> FenmingError:
    return Unavailable.because(
        problem("matcher.failed", "The rule engine failed: {why}.", why=str(why)),
        msg("Run the evaluation again; if it fails again, report this with the ruleset and the facts file."),
    )
