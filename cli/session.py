"""What every command needs of its surroundings: language, output, where ledger and rulesets are."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from cli.i18n import language, translator
from engine.base.faults import Fault, FenmingError
from engine.base.messages import Message, msg, reason_of
from engine.base.places import Place

if TYPE_CHECKING:
    from rich.console import Console

    from audit.ledger.ledger import Ledger
    from audit.log.keys import SigningKey

PIPED_WIDTH = 100
"""How wide the output is where there is no terminal to ask."""

NARROWEST = 40
"""How narrow the output gets; a terminal narrower than that wraps it itself."""


class UsageFault(FenmingError):
    """The command was used wrongly."""

    exit_code = 2


class OutputLost(FenmingError):
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
        from cli.render.printable import printable

        return printable(message.text(self.translate))

    def console(self, *, stderr: bool = False) -> Console:
        """Return where to print: as wide as the terminal, plain and of a fixed width without a terminal."""
        from rich.console import Console

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
        from cli.render.wrapping import wrapped

        width, text = self.error_width(), self.say(message)
        lines = [text] if width is None else wrapped(text, width, whole=True)
        write_error("\n".join(lines) + "\n")

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
                msg("The output could not be written: {reason}.", reason=reason_of(error)),
                msg(
                    "Write to a disk with free space. If the command records anything, it is "
                    "already recorded: `fenming audit log` lists it."
                ),
            ) from None

    def print(self, text: str) -> None:
        """Print plain text to standard output."""
        self.write(f"{text}\n")

    def json(self, content: Any) -> None:
        """Print JSON to standard output."""
        self.print(json.dumps(content, ensure_ascii=False, indent=2))

    def ledger(
        self,
        url: str | None,
        *,
        create: bool = False,
        checkpoints: str | None = None,
        signer: SigningKey | None = None,
    ) -> Ledger:
        """Open the ledger: the option, else FENMING_LEDGER, else fenming.db here; its checkpoints likewise."""
        from audit.database.interface import default_checkpoints
        from audit.ledger.ledger import open_ledger

        address = url or os.environ.get("FENMING_LEDGER") or "fenming.db"
        folder = checkpoints or os.environ.get("FENMING_CHECKPOINTS")
        kept = Path(folder) if folder else default_checkpoints(address)
        return open_ledger(address, create=create, checkpoints=kept, signer=signer, notify=self.warn)


def open_streams() -> None:
    """Put the null device in the place of standard streams that are closed: what is printed there goes nowhere.

    Otherwise the next file that is opened would be taken for the stream, also by a process that we start.
    """
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            # It cannot be read either: reading standard input gives an error.
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
    """Discard the rest of an output: its reader has left, or there is no room for it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def signing_key(file: str | None) -> SigningKey | None:
    """Return the key that signs: the option, else FENMING_KEY; None where neither names one."""
    named = file or os.environ.get("FENMING_KEY")
    if not named:
        return None
    from audit.log.keys import read_key

    return read_key(Path(named))


def write_output(file: str, text: str) -> None:
    """Write a new file, whole or not at all."""
    path = Path(file)
    part = path.with_name(f".{path.name}.part")
    try:
        if path.exists() or path.is_symlink():
            raise UsageFault(
                Fault(
                    msg("There is already a file “{file}”; it was left as it is.", file=file),
                    msg("Name a new file."),
                    Place(file),
                )
            )
        try:
            part.write_text(text, "utf-8")
            part.rename(path)
        except OSError:
            part.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise UsageFault(
            Fault(
                msg("The file “{file}” cannot be written: {reason}.", file=file, reason=reason_of(error)),
                msg("Check the folder, its permissions and the disk."),
                Place(file),
            )
        ) from None


def read_input(file: str) -> str:
    """Return the text of a facts file, or of standard input for `-`; an error that says what to do."""
    from engine.documents import MAX_BYTES, decode

    remedy = msg("Check the path; `fenming facts template RULESET` prints a file to fill in.")
    return decode(read_bytes(file, MAX_BYTES + 1, remedy), file)


def read_bytes(file: str, most: int, remedy: Message) -> bytes:
    """Return the beginning of a file, or of standard input for `-`; `remedy` is for where there is no such file."""
    path = Path(file)
    try:
        if file == "-":
            return sys.stdin.buffer.read(most)
        if path.is_dir():
            raise UsageFault(Fault(msg("“{file}” is a folder.", file=file), msg("Name the file itself."), Place(file)))
        with path.open("rb") as stream:
            return stream.read(most)
    except FileNotFoundError:
        raise UsageFault(
            Fault(
                msg("There is no file “{file}”.", file=file),
                remedy,
                Place(file),
            )
        ) from None
    except OSError as error:
        if file == "-":
            raise UsageFault(
                Fault(
                    msg("Standard input cannot be read: {reason}.", reason=reason_of(error)),
                    msg("Name a file in place of `-`, or connect a file or a pipe to standard input."),
                )
            ) from None
        raise UsageFault(
            Fault(
                msg("The file “{file}” cannot be read: {reason}.", file=file, reason=reason_of(error)),
                msg("Check its permissions and the disk."),
                Place(file),
            )
        ) from None
