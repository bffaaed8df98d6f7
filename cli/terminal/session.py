"""What every command needs to speak to its reader: the language, and the two streams."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, Any, TextIO

from engine.base.faults import Unavailable, problem
from engine.base.messages import Message, msg, reason_of
from i18n import language, translator

if TYPE_CHECKING:
    from rich.console import Console

PIPED_WIDTH = 100
"""How wide the output is where there is no terminal to ask."""

NARROWEST = 40
"""How narrow the output gets; a terminal narrower than that wraps it itself."""


class OutputLost(Unavailable):
    """Standard output takes no more, as on a full disk; a reader who left is not such a case."""

    exit_code = 74


@dataclass(frozen=True, slots=True)
class Session:
    """The surroundings of one run of the program."""

    language: str
    translate: Callable[[str], str]

    @classmethod
    def begin(cls) -> Session:
        """Return the session that the environment asks for."""
        chosen = language(os.environ)
        return cls(chosen, translator(chosen))

    def say(self, message: Message) -> str:
        """Return a message in the reader's language."""
        from cli.terminal.printable import printable  # noqa: PLC0415 - --help says nothing by it

        return printable(message.text(self.translate))

    def console(self, *, stderr: bool = False) -> Console:
        """Return where to print: as wide as the terminal, plain and of a fixed width without a terminal."""
        from rich.console import Console  # noqa: PLC0415 - an answer as JSON does without

        stream = sys.stderr if stderr else sys.stdout
        width = None if stream.isatty() or os.environ.get("COLUMNS") else PIPED_WIDTH
        console = Console(file=stream, width=width, highlight=False, soft_wrap=False, emoji=False, markup=False)
        console.width = max(console.width, NARROWEST)
        return console

    def error_width(self) -> int | None:
        """Return how wide standard error is; None where nobody reads it on a terminal, and a sentence is a line."""
        known = sys.stderr.isatty() or os.environ.get("COLUMNS")
        return self.console(stderr=True).width if known else None

    def warn(self, message: Message) -> None:
        """Print to standard error what is not wrong but should be known."""
        width, text = self.error_width(), self.say(message)
        write_error(f"{text if width is None else _fitted(text, width)}\n")

    def report(self, message: Message) -> None:
        """Print a sentence in lines that fit the terminal."""
        self.print(_fitted(self.say(message), self.console().width))

    @contextmanager
    def page(self) -> Iterator[Console]:
        """Give a console whose output is printed at the end, without spaces at the ends of lines."""
        text = StringIO()
        console = self.console()
        console.file = text
        yield console
        self.write(re.sub(r"[ \t]+$", "", text.getvalue(), flags=re.MULTILINE))

    def write(self, text: str) -> None:
        """Write to standard output and see that it arrived."""
        try:
            sys.stdout.write(text)
            sys.stdout.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise OutputLost.because(
                problem("output.lost", "The output could not be written: {reason}.", reason=reason_of(error)),
                msg(
                    "Write to a disk with free space. If the command records anything, it is already "
                    "recorded: `fenming audit log` lists it."
                ),
            ) from None

    def print(self, text: str) -> None:
        """Print plain text to standard output."""
        self.write(f"{text}\n")

    def json(self, content: Any) -> None:
        """Print JSON to standard output."""
        self.print(json.dumps(content, ensure_ascii=False, indent=2))


def open_streams() -> None:
    """Put the null device in the place of standard streams that are closed: what is printed there goes nowhere.

    Otherwise the next file that is opened would be taken for the stream, also by a process that we start.
    """
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            # Nor can it be read, so that whoever reads standard input gets an error.
            descriptor = os.open(os.devnull, os.O_WRONLY)
            os.set_inheritable(descriptor, True)
            setattr(sys, name, os.fdopen(descriptor, "r" if name == "stdin" else "w", encoding="utf-8"))


def write_error(text: str) -> None:
    """Write to standard error; where it takes no more, nobody reads it, and the command ends as it would."""
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        drop(sys.stderr)


def drop(stream: TextIO) -> None:
    """Let what is left of an output go nowhere: whoever read it has left, or there is no room for it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _fitted(text: str, width: int) -> str:
    from cli.terminal.wrapping import wrapped  # noqa: PLC0415 - an answer as JSON does without

    return "\n".join(wrapped(text, width, whole=True))
